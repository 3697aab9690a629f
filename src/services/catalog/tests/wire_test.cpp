#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/catalog/tests/circuit.hpp"

/// What the router lets through to catalog: fields within their limits, and administrators where something changes.
namespace ticketshow::catalog::testing {
namespace {

using enum http::method;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

std::string text_of(const http::response& answer, std::string_view name) {
  const auto document = contract::parse_document(answer.bytes());
  const auto* found = document.root.find(name);
  return found == nullptr ? "" : found->text;
}

/// The pointers of a 422; what the answer was instead otherwise.
std::vector<std::string> pointers(const http::response& answer) {
  if (answer.status != 422) return {fmt::format("{} {}", answer.status, answer.bytes())};
  const auto document = contract::parse_document(answer.bytes());
  EXPECT_EQ(text_of(answer, "code"), "VALIDATION_FAILED");
  std::vector<std::string> found;
  const auto* errors = document.root.find("errors");
  if (errors == nullptr) return {"none"};
  for (const auto& each : errors->children) found.push_back(each.find("pointer")->text);
  return found;
}

std::string of_length(std::size_t length, std::string_view what = "x") {
  std::string text;
  for (std::size_t i = 0; i < length; ++i) text += what;
  return text;
}

TEST(wire, only_administrators_write) {
  circuit c;
  const auto p = c.add_place();
  const auto schedule = c.add_schedule(p.show, p.screen, hours_from_now(5));
  struct {
    http::method verb;
    std::string target;
    std::string body;
  } const writes[] = {
      {POST, "/shows", R"({"title":"x","duration_minutes":9,"price":9,"description":""})"},
      {PATCH, fmt::format("/shows/{}", p.show), R"({"title":"Taken over"})"},
      {DELETE, fmt::format("/shows/{}", p.show), ""},
      {POST, "/venues", R"({"name":"x","location":"x","city":"x","opening_time":"09:00","closing_time":"23:00"})"},
      {PATCH, fmt::format("/venues/{}", p.venue), R"({"name":"Taken over"})"},
      {DELETE, fmt::format("/venues/{}", p.venue), ""},
      {POST, "/screens", fmt::format(R"({{"venue_id":{},"name":"x","capacity":9}})", p.venue)},
      {PATCH, fmt::format("/screens/{}", p.screen), R"({"name":"Taken over"})"},
      {POST, "/schedules",
       fmt::format(R"({{"show_id":{},"screen_id":{},"start_time":"2030-01-01T10:00:00Z"}})", p.show, p.screen)},
      {PATCH, fmt::format("/schedules/{}", schedule), R"({"start_time":"2030-01-01T10:00:00Z"})"},
      {DELETE, fmt::format("/schedules/{}", schedule), ""}};
  const auto state = [&] {
    return c.sql(
        "SELECT concat((SELECT string_agg(x::text, ' ') FROM catalog.show x), (SELECT string_agg(x::text, ' ') FROM "
        "catalog.venue x), (SELECT string_agg(x::text, ' ') FROM catalog.screen x), (SELECT string_agg(x::text, ' ') "
        "FROM catalog.schedule x))");
  };
  const auto before = state();
  const rt::principal service{.type = rt::principal::kind::service, .service = "booking"};
  for (const auto& each : writes) {
    SCOPED_TRACE(fmt::format("{} {}", to_string(each.verb), each.target));
    EXPECT_EQ(c.ask(each.verb, each.target, {}, each.body).status, 401);
    EXPECT_EQ(c.ask(each.verb, each.target, circuit::call_of(rt::role::USER).caller, each.body).status, 403);
    EXPECT_EQ(c.ask(each.verb, each.target, service, each.body).status, 401);
  }
  EXPECT_EQ(state(), before);
  for (const auto& each : writes) {
    const auto answer = c.ask_as_admin(each.verb, each.target, each.body);
    // The later ones meet what the earlier ones cancelled; what matters is that they came through.
    EXPECT_THAT(answer.status, ::testing::AnyOf(200, 201, 409)) << each.target << ' ' << answer.bytes();
  }
}

TEST(wire, everybody_reads_and_nobody_outside_sees_what_is_for_services) {
  circuit c;
  const auto p = c.add_place();
  const auto schedule = c.add_schedule(p.show, p.screen, hours_from_now(5));
  for (const auto& path :
       {std::string("/shows"), fmt::format("/shows/{}", p.show), fmt::format("/shows/{}/venues?city=pune", p.show),
        std::string("/venues"), fmt::format("/venues/{}", p.venue), fmt::format("/screens?venue_id={}", p.venue),
        fmt::format("/schedules/{}", schedule), fmt::format("/schedules/venue/{}", p.venue)}) {
    EXPECT_EQ(c.ask(GET, path, {}).status, 200) << path;
  }
  EXPECT_EQ(c.ask_as_admin(GET, fmt::format("/internal/schedules/{}", schedule)).status, 404);
}

TEST(wire, a_show_has_its_limits) {
  circuit c;
  EXPECT_THAT(pointers(c.ask_as_admin(POST, "/shows", "{}")),
              UnorderedElementsAre("/title", "/duration_minutes", "/price", "/description"));
  const auto with = [&](std::string_view field, std::string_view value) {
    std::string body = "{";
    for (const auto& [name, usual] :
         {std::pair("title", R"("x")"), std::pair("duration_minutes", "90"), std::pair("price", "350.00"),
          std::pair("description", R"("")"), std::pair("language", "null"), std::pair("rating", "null")}) {
      body += fmt::format("{}\"{}\":{}", body.size() == 1 ? "" : ",", name, name == field ? value : usual);
    }
    return c.ask_as_admin(POST, "/shows", body + "}");
  };
  const auto text = [](std::size_t length, std::string_view of = "x") { return '"' + of_length(length, of) + '"'; };
  EXPECT_EQ(with("", "").status, 201);
  EXPECT_EQ(with("title", text(255, "रा")).status, 422) << "510 characters";
  EXPECT_EQ(with("title", text(255, "é")).status, 201);
  for (const auto& title : {text(0), text(256), std::string("7"), std::string("null"), std::string(R"("a\u0000b")")}) {
    EXPECT_THAT(pointers(with("title", title)), ElementsAre("/title")) << title;
  }
  for (const auto* minutes : {"0", "-1", "1001", "90.5", "\"90\"", "99999999999999999999"}) {
    EXPECT_THAT(pointers(with("duration_minutes", minutes)), ElementsAre("/duration_minutes")) << minutes;
  }
  for (const auto* price : {"0", "0.00", "-350", "350.001", "1000000.01", "1e400", "\"350\"", "true"}) {
    EXPECT_THAT(pointers(with("price", price)), ElementsAre("/price")) << price;
  }
  EXPECT_EQ(with("price", "0.01").status, 201);
  EXPECT_EQ(with("price", "1000000").status, 201);
  EXPECT_EQ(with("duration_minutes", "1000").status, 201);
  EXPECT_EQ(with("description", text(4000)).status, 201);
  EXPECT_THAT(pointers(with("description", text(4001))), ElementsAre("/description"));
  EXPECT_THAT(pointers(with("language", text(51))), ElementsAre("/language"));
  EXPECT_THAT(pointers(with("rating", text(0))), ElementsAre("/rating"));
}

TEST(wire, status_id_and_poster_in_a_body_change_nothing) {
  circuit c;
  const auto made = c.ask_as_admin(
      POST, "/shows",
      R"({"id":77,"title":"x","duration_minutes":9,"price":1,"description":"","status":"CANCELLED","poster_url":""})");
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(text_of(made, "id"), "1");
  EXPECT_EQ(text_of(made, "status"), "ACTIVE");
  const auto changed = c.ask_as_admin(PATCH, "/shows/1", R"({"id":2,"status":"CANCELLED","currency":"USD"})");
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(changed.bytes(), made.bytes());
}

TEST(wire, a_venue_and_a_screen_have_their_limits) {
  circuit c;
  EXPECT_THAT(pointers(c.ask_as_admin(POST, "/venues", "{}")),
              UnorderedElementsAre("/name", "/location", "/city", "/opening_time", "/closing_time"));
  const auto venue = c.add_venue();
  const auto target = fmt::format("/venues/{}", venue);
  for (const auto* clock : {"9:00", "24:00", "09:60", "09:00:60", "0900", "noon!", "09-00", " 9:00", "-9:00"}) {
    EXPECT_THAT(pointers(c.ask_as_admin(PATCH, target, fmt::format(R"({{"opening_time":"{}"}})", clock))),
                ElementsAre("/opening_time"))
        << clock;
  }
  EXPECT_THAT(pointers(c.ask_as_admin(PATCH, target, fmt::format(R"({{"city":"{}"}})", of_length(101)))),
              ElementsAre("/city"));
  const auto screen = [&](std::string_view rest) {
    return c.ask_as_admin(POST, "/screens", fmt::format(R"({{"venue_id":{},{}}})", venue, rest));
  };
  EXPECT_THAT(pointers(screen(R"("name":"","capacity":0,"seats_per_row":0)")),
              ElementsAre("/name", "/capacity", "/seats_per_row"));
  EXPECT_THAT(pointers(screen(R"("name":"x","capacity":2001,"seats_per_row":61)")),
              ElementsAre("/capacity", "/seats_per_row"));
  EXPECT_EQ(screen(R"("name":"Vast","capacity":2000,"seats_per_row":60)").status, 201);
  EXPECT_EQ(screen(R"("name":"Tiny","capacity":1,"seats_per_row":1)").status, 201);
  EXPECT_THAT(pointers(c.ask_as_admin(POST, "/screens", R"({"venue_id":0,"name":"x","capacity":9})")),
              ElementsAre("/venue_id"));
}

TEST(wire, a_showing_needs_a_time_with_its_offset) {
  circuit c;
  const auto p = c.add_place();
  const auto place = [&](std::string_view time) {
    return c.ask_as_admin(POST, "/schedules",
                          fmt::format(R"({{"show_id":{},"screen_id":{},"start_time":{}}})", p.show, p.screen, time));
  };
  for (const auto* time : {R"("2030-01-05T12:00:00")", R"("2030-02-30T12:00:00Z")", R"("tomorrow")", "1893456000",
                           "null", R"("2030-01-05T25:00:00Z")", R"("2030-01-05")"}) {
    EXPECT_THAT(pointers(place(time)), ElementsAre("/start_time")) << time;
  }
  EXPECT_THAT(pointers(place(R"("3000-01-01T00:00:00Z")")), ElementsAre("/start_time"));
  const auto made = place(R"("2030-01-05T17:30:00+05:30")");
  ASSERT_EQ(made.status, 201) << made.bytes();
  EXPECT_EQ(text_of(made, "start_time"), "2030-01-05T12:00:00Z");
  EXPECT_EQ(text_of(made, "end_time"), "2030-01-05T14:00:00Z");
  EXPECT_EQ(text_of(place(R"("2030-01-05T12:00:00.5Z")"), "code"), "SCHEDULE_OVERLAPS");
  EXPECT_THAT(pointers(c.ask_as_admin(POST, "/schedules", R"({"show_id":0,"screen_id":-1,"start_time":"x"})")),
              ElementsAre("/show_id", "/screen_id", "/start_time"));
}

TEST(wire, queries_have_their_limits) {
  circuit c;
  const auto p = c.add_place();
  const auto venue = fmt::format("/schedules/venue/{}", p.venue);
  for (const auto& [target, pointer] :
       {std::pair("/shows?limit=0", "?limit"), std::pair("/shows?limit=101", "?limit"),
        std::pair("/venues?skip=-1", "?skip"), std::pair("/venues?limit=ten", "?limit"),
        std::pair("/screens?venue_id=0", "?venue_id"), std::pair("/venues?city=", "?city"),
        std::pair("/shows?include_cancelled=maybe", "?include_cancelled")}) {
    EXPECT_THAT(pointers(c.ask(GET, target, {})), ElementsAre(pointer)) << target;
  }
  EXPECT_THAT(pointers(c.ask(GET, venue + "?from_date=2030-02-30&to_date=soon", {})),
              ElementsAre("?from_date", "?to_date"));
  EXPECT_EQ(c.ask(GET, venue + "?from_date=2030-01-05&to_date=2030-01-06&show_id=1", {}).status, 200);
  EXPECT_EQ(c.ask(GET, "/shows/0", {}).status, 422);
  EXPECT_EQ(c.ask(GET, "/venues?limit=100&skip=1000000&city=Pune&include_inactive=true", {}).status, 200);
}

TEST(wire, a_name_is_a_name_and_no_statement) {
  circuit c;
  const std::string name = R"('); DROP TABLE catalog.show; -- "\ %_)";
  const auto show = c.add_show(name);
  c.add_venue(name, "Asia/Kolkata", "00:00", "00:00", name);
  EXPECT_EQ(c.ask(get_show{show})->title, name);
  EXPECT_EQ(c.ask(list_venues{.city = name})->size(), 1U);
}

}  // namespace
}  // namespace ticketshow::catalog::testing
