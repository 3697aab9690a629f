#include "contract/tests/samples.hpp"

#include "rt/unavailable.hpp"

namespace ticketshow::contract::samples {

rt::task<result<everything>> service::handle(rt::call call, echo request) {
  ++calls;
  last = call;
  everything same{.flag = request.flag,
                  .small = request.small,
                  .number = request.number,
                  .amount = request.amount,
                  .at = request.at,
                  .day = request.day,
                  .shade = request.shade,
                  .text = request.name + '|' + request.text,
                  .maybe = request.maybe,
                  .ids = request.ids,
                  .parts = request.parts,
                  .secret = {request.secret.value, 60}};
  co_return same;
}

rt::task<result<found_things>> service::handle(rt::call call, find_things request) {
  ++calls;
  last = call;
  found_things all{{request.q}};
  if (request.limit) all.seen.push_back(std::to_string(*request.limit));
  if (request.shade) all.seen.emplace_back(enum_name(*request.shade));
  if (request.since) all.seen.push_back(to_rfc3339(*request.since));
  if (request.all) all.seen.emplace_back(*request.all ? "all" : "not all");
  co_return all;
}

rt::task<result<cached<found_things>>> service::handle(rt::call call, get_thing request) {
  ++calls;
  last = call;
  static const auto json = std::make_shared<const std::string>(R"({"seen":["kept ready"]})");
  co_return cached<found_things>{json, '"' + std::to_string(request.id) + '"'};
}

rt::task<result<found_things>> service::handle(rt::call call, get_mine) {
  ++calls;
  last = call;
  co_return found_things{{call.caller.email}};
}

rt::task<result<nothing>> service::handle(rt::call call, remove_thing) {
  ++calls;
  last = call;
  co_return nothing{};
}

rt::task<result<nothing>> service::handle(rt::call call, misbehave request) {
  ++calls;
  last = call;
  if (request.how == "unavailable") throw rt::unavailable("the database at 10.0.0.7 is down");
  if (request.how == "broken") throw std::runtime_error("secret detail of the inside");
  if (request.how == "odd") throw 42;
  if (request.how == "paint") {
    co_return std::unexpected(problem{.kind = &out_of_paint,
                                      .detail = "Come back tomorrow.",
                                      .errors = {{"/how", "is too much"}},
                                      .seat_ids = {4, 5},
                                      .retry_after_s = 7});
  }
  co_return nothing{};
}

rt::task<result<content>> service::handle(rt::call call, upload request) {
  ++calls;
  last = std::move(call);
  co_return content{.type = request.picture.type + request.x_mark.value,
                    .bytes = std::move(request.picture.bytes),
                    .name = std::move(request.name)};
}

namespace {

class ticks final : public message_source {
 public:
  explicit ticks(std::int64_t last) : last_(last) {}
  rt::task<piece> next() override {
    if (last_ >= 3) co_return nullptr;
    ++last_;
    co_return std::make_shared<const std::string>(write_message(std::to_string(last_), tick{last_, "a\nb"}));
  }
  void close() override { last_ = 3; }

 private:
  std::int64_t last_;
};

}  // namespace

rt::task<result<watch_clock::response>> service::handle(rt::call call, watch_clock request) {
  ++calls;
  last = std::move(call);
  if (request.id == 7) co_return fail(out_of_paint);
  co_return watch_clock::response{std::make_shared<ticks>(request.last_event_id.value == "2" ? 2 : 0)};
}

}  // namespace ticketshow::contract::samples
