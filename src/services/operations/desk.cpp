#include "services/operations/desk.hpp"

#include <algorithm>
#include <tuple>

#include "rt/log.hpp"
#include "rt/unavailable.hpp"

namespace ticketshow::operations {
namespace {

dead_letter_view view_of(const std::string& service, dead_letter letter) {
  auto type = letter.topic.substr(letter.topic.find('.') + 1);
  return {.service = service,
          .id = std::move(letter.id),
          .topic = std::move(letter.topic),
          .type = std::move(type),
          .key = std::move(letter.key),
          .attempts = letter.attempts,
          .reason = std::move(letter.reason),
          .failed_at = letter.failed_at};
}

/// What an administrator decided stays in the log: an event that was given up is seen nowhere else.
void note(const char* what, const rt::call& call, const std::string& service, const std::string& id) {
  rt::log::info(what, {{"service", service},
                       {"event_id", id},
                       {"by", std::to_string(call.caller.user_id)},
                       {"correlation_id", call.correlation_id}});
}

}  // namespace

rt::task<contract::result<std::vector<dead_letter_view>>> desk::handle(rt::call call, list_dead_letters request) {
  const auto skip = request.skip.value_or(0);
  const auto limit = request.limit.value_or(20);
  // The first of all are among the first of each.
  const read_dead_letters first{skip + limit};
  std::vector<dead_letter_view> all;
  for (const auto& [service, box] : boxes_) {
    bool answered = false;
    try {
      auto letters = co_await box.get().handle(call.as_service("operations"), first);
      answered = letters.has_value();
      if (answered) {
        for (auto& each : *letters) all.push_back(view_of(service, std::move(each)));
      }
    } catch (const rt::unavailable&) {
      answered = false;
    }
    if (!answered) co_return contract::fail(contract::service_unavailable, service + " does not answer right now.");
  }
  std::ranges::sort(all, {}, [](const auto& each) { return std::tie(each.failed_at, each.service, each.id); });
  const auto from = std::min(std::ssize(all), static_cast<std::ptrdiff_t>(skip));
  const auto to = std::min(std::ssize(all), static_cast<std::ptrdiff_t>(skip + limit));
  co_return std::vector(std::make_move_iterator(all.begin() + from), std::make_move_iterator(all.begin() + to));
}

rt::task<contract::result<contract::nothing>> desk::handle(rt::call call, replay_dead_letter request) {
  const auto box = boxes_.find(request.service);
  if (box == boxes_.end()) co_return contract::fail(service_not_found);
  auto done = co_await box->second.get().handle(call.as_service("operations"), replay_own_letter{request.id});
  if (done) note("dead letter replayed", call, request.service, request.id);
  co_return done;
}

rt::task<contract::result<contract::nothing>> desk::handle(rt::call call, drop_dead_letter request) {
  const auto box = boxes_.find(request.service);
  if (box == boxes_.end()) co_return contract::fail(service_not_found);
  auto done = co_await box->second.get().handle(call.as_service("operations"), drop_own_letter{request.id});
  if (done) note("dead letter dropped", call, request.service, request.id);
  co_return done;
}

}  // namespace ticketshow::operations
