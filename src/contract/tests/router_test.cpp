#include "contract/router.hpp"

#include <gtest/gtest.h>

#include "contract/binding.hpp"
#include "contract/client.hpp"
#include "contract/tests/samples.hpp"

namespace ticketshow::contract {
namespace {

using samples::echo;
using samples::find_things;
using samples::get_mine;
using samples::get_thing;
using samples::misbehave;
using samples::remove_thing;
using samples::upload;
using samples::watch_clock;

rt::principal user(rt::role role = rt::role::USER) {
  return {.type = rt::principal::kind::user, .user_id = 7, .user_role = role, .email = "a@example.org"};
}

class Router : public testing::Test {
 protected:
  Router() : outside_("/api/v1"), inside_("/api/v1", {.secure_cookies = true}) {
    outside_.mount<samples::port>(service_, router::audience::outside);
    inside_.mount<samples::port>(service_, router::audience::inside);
  }

  http::response ask(const router& routes, http::method verb, std::string_view target, rt::principal caller = {},
                     std::string_view body = {}, std::string_view if_none_match = {}) {
    const http::header_view headers[] = {{"Content-Type", "application/json"}, {"If-None-Match", if_none_match}};
    const http::request incoming{.verb = verb, .target = target, .headers = headers, .body = body};
    rt::call call{.correlation_id = "0123456789abcdef", .caller = std::move(caller)};
    return rt::run(context_, routes.dispatch(std::move(call), incoming));
  }
  http::response ask(http::method verb, std::string_view target, rt::principal caller = {}) {
    return ask(outside_, verb, target, std::move(caller));
  }
  static std::string code_of(const http::response& answer) {
    const auto document = parse_document(answer.bytes());
    const auto* code = document.root.find("code");
    return code == nullptr ? "" : code->text;
  }

  boost::asio::io_context context_;
  samples::service service_;
  router outside_;
  router inside_;
};

TEST_F(Router, UnknownPathsAre404AndKnownOnesWithAnotherMethod405) {
  using enum http::method;
  for (const auto* path : {"/", "/api", "/api/v1", "/api/v1/nothing", "/api/v1/things/1/2", "/api/v2/things", "/things",
                           "", "*", "/api/v1/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r"}) {
    const auto answer = ask(GET, path);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(code_of(answer), "NOT_FOUND");
  }
  const auto put = ask(PUT, "/api/v1/things/1");
  EXPECT_EQ(put.status, 405);
  EXPECT_EQ(code_of(put), "METHOD_NOT_ALLOWED");
  EXPECT_EQ(put.header("Allow"), "GET, HEAD, DELETE");
  EXPECT_EQ(ask(OPTIONS, "/api/v1/echo/x").header("Allow"), "POST");
}

TEST_F(Router, ATrailingSlashIsPassedOver) {
  EXPECT_EQ(ask(http::method::GET, "/api/v1/things/?q=x").status, 200);
  EXPECT_EQ(ask(http::method::GET, "/api/v1/things/4/").status, 200);
}

TEST_F(Router, AFixedSegmentWinsOverAHole) {
  EXPECT_EQ(outside_.find(http::method::GET, "/api/v1/things/mine").label(), "GET /things/mine");
  EXPECT_EQ(outside_.find(http::method::GET, "/api/v1/things/5").label(), "GET /things/{id}");
  EXPECT_EQ(outside_.find(http::method::HEAD, "/api/v1/things/5").label(), "GET /things/{id}");
  EXPECT_EQ(outside_.find(http::method::DELETE, "/api/v1/things/mine").label(), "DELETE /things/{id}");
  EXPECT_EQ(outside_.find(http::method::GET, "/api/v1/none").label(), "");
}

TEST_F(Router, EachEndpointLetsInWhomItDeclares) {
  using enum http::method;
  const rt::principal service{
      .type = rt::principal::kind::service, .user_id = 7, .user_role = rt::role::ADMIN, .service = "x"};
  EXPECT_EQ(ask(GET, "/api/v1/things/mine").status, 401);
  EXPECT_EQ(ask(GET, "/api/v1/things/mine", service).status, 401);
  EXPECT_EQ(ask(GET, "/api/v1/things/mine", user()).status, 200);
  EXPECT_EQ(ask(DELETE, "/api/v1/things/1").status, 401);
  EXPECT_EQ(ask(DELETE, "/api/v1/things/1", service).status, 401);
  EXPECT_EQ(code_of(ask(DELETE, "/api/v1/things/1", user())), "NOT_ALLOWED");
  EXPECT_EQ(ask(DELETE, "/api/v1/things/1", user(rt::role::ADMIN)).status, 204);
  EXPECT_EQ(ask(GET, "/api/v1/things/1").status, 200);
  const auto refused = ask(inside_, POST, "/api/v1/internal/misbehave", user(rt::role::ADMIN), R"({"how":"x"})");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(ask(inside_, POST, "/api/v1/internal/misbehave", service, R"({"how":"x"})").status, 204);
}

TEST_F(Router, StaffAndAdministratorsMayKeepDoors) {
  const spec doors{.verb = http::method::POST, .path = "/doors", .who = access::staff, .summary = ""};
  EXPECT_TRUE(authorize(doors, user(rt::role::STAFF)));
  EXPECT_TRUE(authorize(doors, user(rt::role::ADMIN)));
  EXPECT_EQ(*authorize(doors, user()).error().kind, not_allowed);
  EXPECT_EQ(*authorize(doors, {}).error().kind, not_authenticated);
  const spec admins{.verb = http::method::POST, .path = "/doors", .who = access::admin, .summary = ""};
  EXPECT_FALSE(authorize(admins, user(rt::role::STAFF)));
}

TEST_F(Router, ARequestThatMayNotIsRefusedBeforeItIsRead) {
  EXPECT_EQ(ask(http::method::DELETE, "/api/v1/things/not-a-number").status, 401);
  EXPECT_EQ(service_.calls, 0);
}

// Defect 17: what services offer each other has no path from outside, whoever asks.
TEST_F(Router, Defect17_EndpointsForServicesAreNotMountedOutside) {
  const rt::principal service{.type = rt::principal::kind::service, .service = "payment"};
  const auto answer = ask(outside_, http::method::POST, "/api/v1/internal/misbehave", service, R"({"how":"x"})");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(ask(http::method::OPTIONS, "/api/v1/internal/misbehave").status, 404) << "not even the path is known";
}

TEST_F(Router, ProblemsHaveTheirShape) {
  const auto answer = ask(http::method::GET, "/api/v1/things");
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_EQ(answer.body, R"({"type":"about:blank","title":"Some fields of the request are not valid.","status":422,)"
                         R"("code":"VALIDATION_FAILED","detail":"q is missing.",)"
                         R"("correlation_id":"0123456789abcdef","errors":[{"pointer":"?q","message":"is missing"}]})");
  EXPECT_EQ(ask(http::method::GET, "/api/v1/things/mine").header("WWW-Authenticate"), "Bearer");
}

TEST_F(Router, FailuresOfTheInsideTellNothingOfIt) {
  const rt::principal service{.type = rt::principal::kind::service, .service = "x"};
  const auto misbehave_as = [&](const std::string& how) {
    return ask(inside_, http::method::POST, "/api/v1/internal/misbehave", service, "{\"how\":\"" + how + "\"}");
  };
  const auto down = misbehave_as("unavailable");
  EXPECT_EQ(down.status, 503);
  EXPECT_EQ(code_of(down), "SERVICE_UNAVAILABLE");
  EXPECT_EQ(down.header("Retry-After"), "1");
  EXPECT_FALSE(down.body.contains("10.0.0.7"));
  for (const auto* how : {"broken", "odd"}) {
    const auto broken = misbehave_as(how);
    EXPECT_EQ(broken.status, 500);
    EXPECT_EQ(code_of(broken), "INTERNAL_ERROR");
    EXPECT_FALSE(broken.body.contains("secret"));
    EXPECT_TRUE(broken.body.contains("0123456789abcdef"));
  }
}

TEST_F(Router, WhatIsKeptReadyIsSentWithItsEtagOr304) {
  const auto first = ask(outside_, http::method::GET, "/api/v1/things/5");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.header("ETag"), "\"5\"");
  EXPECT_NE(first.shared_body, nullptr);
  const auto again = ask(outside_, http::method::GET, "/api/v1/things/5", {}, {}, first.header("ETag"));
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.header("ETag"), "\"5\"");
  EXPECT_TRUE(again.bytes().empty());
}

// ---- the client, through JSON into a router

class in_process final : public transport {
 public:
  explicit in_process(const router& routes) : routes_(routes) {}

  rt::task<http::response> send(rt::call call, written_request outgoing) override {
    const auto headers = outgoing.header_views();
    const http::request incoming{
        .verb = outgoing.verb, .target = outgoing.target, .headers = headers, .body = outgoing.body};
    co_return co_await routes_.dispatch(std::move(call), incoming);
  }

 private:
  const router& routes_;
};

class Client : public Router {
 protected:
  template <class E>
  result<typename E::response> call(E request, rt::principal caller = {}) {
    rt::call call{.correlation_id = "0123456789abcdef", .caller = std::move(caller)};
    samples::port& port = client_;
    return rt::run(context_, port.handle(std::move(call), std::move(request)));
  }

  in_process carrier_{inside_};
  client<samples::port> client_{carrier_, "/api/v1"};
};

echo sample() {
  return {.name = "a/b ?#%&ü",
          .flag = true,
          .small = -1,
          .number = 999'999'999'999,
          .amount = {10},
          .at = timestamp(std::chrono::microseconds(1'795'000'000'123'456)),
          .day = std::chrono::year(2028) / 2 / 29,
          .shade = samples::colour::GREEN,
          .text = "\"\\\n\t\x01\x7F Grüße \xE2\x80\xA8",
          .maybe = "",
          .ids = {1, INT64_MAX, INT64_MIN},
          .parts = {{1, "", money{1}}, {2, "x", std::nullopt}},
          .secret = {"abc.def-_", 0}};
}

TEST_F(Client, CarriesEveryKindOfFieldThereAndBack) {
  const auto request = sample();
  const auto answer = call(request);
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->flag, request.flag);
  EXPECT_EQ(answer->small, request.small);
  EXPECT_EQ(answer->number, request.number);
  EXPECT_EQ(answer->amount, request.amount);
  EXPECT_EQ(answer->at, request.at);
  EXPECT_EQ(answer->day, request.day);
  EXPECT_EQ(answer->shade, request.shade);
  EXPECT_EQ(answer->text, request.name + '|' + request.text);
  EXPECT_EQ(answer->maybe, request.maybe);
  EXPECT_EQ(answer->ids, request.ids);
  ASSERT_EQ(answer->parts.size(), 2U);
  EXPECT_EQ(answer->parts[0].price, money{1});
  EXPECT_EQ(answer->parts[1].price, std::nullopt);
  EXPECT_EQ(answer->secret.value, "abc.def-_");
  EXPECT_EQ(answer->secret.max_age_s, 60);
}

TEST_F(Client, CarriesQueries) {
  const auto all = call(find_things{.q = "a&b=c +%",
                                    .limit = 5,
                                    .shade = samples::colour::RED,
                                    .since = timestamp(std::chrono::seconds(1'795'000'000)),
                                    .all = false});
  ASSERT_TRUE(all);
  EXPECT_EQ(all->seen, (std::vector<std::string>{"a&b=c +%", "5", "RED", "2026-11-18T11:06:40Z", "not all"}));
  const auto least = call(find_things{.q = "x"});
  ASSERT_TRUE(least);
  EXPECT_EQ(least->seen, std::vector<std::string>{"x"});
}

TEST_F(Client, CarriesWhatIsKeptReadyAndNothingAtAll) {
  const auto thing = call(get_thing{3});
  ASSERT_TRUE(thing);
  EXPECT_EQ(*thing->json, R"({"seen":["kept ready"]})");
  EXPECT_EQ(thing->etag, "\"3\"");
  EXPECT_TRUE(call(remove_thing{3}, user(rt::role::ADMIN)));
  const auto mine = call(get_mine{}, user());
  ASSERT_TRUE(mine);
  EXPECT_EQ(mine->seen, std::vector<std::string>{"a@example.org"});
}

TEST_F(Client, CarriesBodiesThatAreNoJson) {
  const std::string bytes("\0\xFF\r\n{", 5);
  const auto kept = call(upload{.id = 3, .name = "Plakat \"ü\".png", .x_mark = {"!"}, .picture = {"image/png", bytes}});
  ASSERT_TRUE(kept) << kept.error().detail;
  EXPECT_EQ(kept->type, "image/png!");
  EXPECT_EQ(kept->bytes, bytes);
  EXPECT_EQ(kept->name, "Plakat \"ü\".png");
}

TEST_F(Client, ABodyThatIsNoJsonHasItsLimits) {
  for (const auto size : {0UZ, 101UZ}) {
    const auto refused =
        call(upload{.id = 3, .name = "x", .x_mark = {}, .picture = {"image/png", std::string(size, 'x')}});
    ASSERT_FALSE(refused) << size;
    EXPECT_EQ(refused.error().errors.at(0).pointer, "picture");
  }
  EXPECT_EQ(inside_.find(http::method::PUT, "/api/v1/things/3/picture").max_body(), 100U);
  EXPECT_EQ(inside_.find(http::method::POST, "/api/v1/echo/x").max_body(), 0U);
}

TEST_F(Client, BringsBackProblems) {
  const rt::principal service{.type = rt::principal::kind::service, .service = "x"};
  const auto refused = call(misbehave{"paint"}, service);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, &samples::out_of_paint);
  EXPECT_EQ(refused.error().detail, "Come back tomorrow.");
  EXPECT_EQ(refused.error().seat_ids, (std::vector<std::int64_t>{4, 5}));
  EXPECT_EQ(refused.error().retry_after_s, 7);
  auto invalid = sample();
  invalid.text.clear();
  const auto found = call(invalid);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, &validation_failed);
  EXPECT_EQ(found.error().errors.at(0).pointer, "/text");
  EXPECT_EQ(call(remove_thing{3}).error().kind, &not_authenticated);
}

TEST_F(Router, AStreamIsServerSentEventsThatNobodyKeeps) {
  const auto answer = ask(http::method::GET, "/api/v1/clocks/1/stream");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "text/event-stream");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  ASSERT_TRUE(answer.stream);
  EXPECT_EQ(*rt::run(context_, answer.stream->next()),
            "id: 1\nevent: tick\ndata: {\"number\":1,\"word\":\"a\\nb\"}\n\n");
  EXPECT_EQ(code_of(ask(http::method::GET, "/api/v1/clocks/7/stream")), "OUT_OF_PAINT");
}

TEST_F(Client, AStreamComesThroughAndGoesOnAfterTheLastMessage) {
  const auto opened = call(watch_clock{.id = 1, .last_event_id = {"2"}});
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_TRUE(rt::run(context_, opened->source->next())->starts_with("id: 3\n"));
  EXPECT_EQ(rt::run(context_, opened->source->next()), nullptr);
  EXPECT_EQ(call(watch_clock{.id = 7, .last_event_id = {}}).error().kind, &samples::out_of_paint);
}

TEST_F(Client, ABindingRefusesACallWhoseTimeIsUp) {
  binding<samples::port> bound;
  EXPECT_FALSE(bound.bound());
  bound.bind(service_, "local");
  EXPECT_TRUE(bound.bound());
  samples::port& port = bound;
  rt::call late{.until = rt::deadline::after(std::chrono::seconds(-1))};
  const auto refused = rt::run(context_, port.handle(late, find_things{.q = "x"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, &deadline_exceeded);
  EXPECT_EQ(service_.calls, 0);
  rt::call timely{.until = rt::deadline::after(std::chrono::hours(1)), .correlation_id = "abc"};
  EXPECT_TRUE(rt::run(context_, port.handle(timely, find_things{.q = "x"})));
  EXPECT_EQ(service_.last.correlation_id, "abc");
}

}  // namespace
}  // namespace ticketshow::contract
