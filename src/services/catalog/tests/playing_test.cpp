#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/catalog/playing_queries.hpp"
#include "services/catalog/tests/circuit.hpp"

/// What plays, in which city, on which days.
namespace ticketshow::catalog::testing {
namespace {

using namespace std::chrono_literals;
using enum http::method;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

template <class T>
std::vector<T> read(const contract::cached<std::vector<T>>& answer) {
  const auto document = contract::parse_document(*answer.json);
  std::vector<T> all;
  contract::problems found;
  contract::read_json(document.root, all, "", found);
  EXPECT_TRUE(document.ok && found.empty()) << *answer.json;
  return all;
}

std::vector<playing_show> playing(circuit& c, list_playing_shows wish = {}) {
  return read(c.ask(std::move(wish)).value());
}

std::vector<std::int64_t> ids_playing(circuit& c, list_playing_shows wish = {}) {
  std::vector<std::int64_t> ids;
  for (const auto& each : playing(c, std::move(wish))) ids.push_back(each.id);
  return ids;
}

std::vector<std::int64_t> ids_showing(circuit& c, list_show_schedules wish) {
  std::vector<std::int64_t> ids;
  for (const auto& each : read(c.ask(std::move(wish)).value())) ids.push_back(each.id);
  return ids;
}

TEST(playing, every_statement_holds_against_the_migrated_schema) {
  circuit c;
  EXPECT_THAT(test::prepare_all(c.database.service("catalog"), queries::playing_statements), IsEmpty());
}

// ---- shows

TEST(playing, shows_come_by_their_first_showing_with_how_many_there_are_in_how_many_venues) {
  circuit c;
  const auto p = c.add_place();
  const auto early = c.add_show("Early");
  c.add_show("Nowhere");
  const auto other = c.add_screen(c.add_venue("Palace", "Europe/Paris"));
  c.add_schedule(p.show, p.screen, hours_from_now(5));
  c.add_schedule(p.show, p.screen, hours_from_now(10));
  c.add_schedule(p.show, other, hours_from_now(7));
  c.add_schedule(early, other, hours_from_now(4));
  const auto shows = playing(c);
  ASSERT_EQ(shows.size(), 2U);
  EXPECT_EQ(shows[0].title, "Early");
  EXPECT_EQ(shows[1].id, p.show);
  EXPECT_EQ(shows[1].title, "The Long Wait");
  EXPECT_EQ(shows[1].price, money{350'00});
  EXPECT_EQ(shows[1].showings, 3);
  EXPECT_EQ(shows[1].venues, 2);
  EXPECT_EQ(shows[1].first_start, hours_from_now(5));
  EXPECT_EQ(shows[1].time_zone, "Asia/Kolkata") << "of the first, not of most";
  EXPECT_EQ(shows[0].time_zone, "Europe/Paris");
}

TEST(playing, a_city_has_its_own_showings_in_whatever_case_it_is_written) {
  circuit c;
  const auto p = c.add_place();
  const auto agra = c.add_screen(c.add_venue("Taj", "Asia/Kolkata", "00:00", "00:00", "Agra"));
  c.add_schedule(p.show, p.screen, hours_from_now(5));
  c.add_schedule(p.show, agra, hours_from_now(9));
  const auto there = playing(c, {.city = "aGRA"});
  ASSERT_EQ(there.size(), 1U);
  EXPECT_EQ(there[0].showings, 1);
  EXPECT_EQ(there[0].first_start, hours_from_now(9));
  EXPECT_THAT(playing(c, {.city = "Oslo"}), IsEmpty());
}

TEST(playing, a_day_is_the_one_of_each_venues_own_calendar) {
  circuit c;
  const auto west = c.add_show("West");
  const auto east = c.add_show("East");
  const auto new_york = c.add_screen(c.add_venue("Palace", "America/New_York"));
  const auto kiritimati = c.add_screen(c.add_venue("Atoll", "Pacific/Kiritimati"));
  c.add_schedule(west, new_york, at("2030-03-10T23:00:00-04:00"));
  c.add_schedule(east, kiritimati, at("2030-03-10T01:00:00+14:00"));
  c.add_schedule(east, kiritimati, at("2030-03-11T01:00:00+14:00"));  // the tenth, in New York
  const auto on = [&](const char* day) {
    return playing(c, {.from_date = parse_date(day), .to_date = parse_date(day)});
  };
  const auto tenth = on("2030-03-10");
  ASSERT_EQ(tenth.size(), 2U);
  EXPECT_EQ(tenth[0].id, east);
  EXPECT_EQ(tenth[0].showings, 1);
  EXPECT_EQ(tenth[1].id, west);
  EXPECT_THAT(on("2030-03-09"), IsEmpty());
  EXPECT_EQ(on("2030-03-11").size(), 1U);
  EXPECT_THAT(ids_playing(c), IsEmpty()) << "not in the next seven days";
}

TEST(playing, what_is_cancelled_closed_or_has_begun_is_not_there_at_once) {
  circuit c;
  const auto p = c.add_place();
  const auto cancelled = c.add_schedule(p.show, p.screen, hours_from_now(4));
  c.add_schedule(p.show, p.screen, hours_from_now(8));
  EXPECT_EQ(playing(c).at(0).showings, 2);
  c.ask(cancel_schedule{cancelled}).value();
  EXPECT_EQ(playing(c).at(0).showings, 1);
  EXPECT_EQ(playing(c).at(0).first_start, hours_from_now(8));

  const auto gone = c.add_show("Gone");
  c.add_schedule(gone, c.add_screen(p.venue, "Two"), hours_from_now(3));
  EXPECT_THAT(ids_playing(c), ElementsAre(gone, p.show));
  c.ask(cancel_show{gone}).value();
  EXPECT_THAT(ids_playing(c), ElementsAre(p.show));

  const auto closed = c.add_venue("Closed");
  c.add_schedule(p.show, c.add_screen(closed), hours_from_now(2));
  EXPECT_EQ(playing(c).at(0).venues, 2);
  c.ask(deactivate_venue{closed}).value();
  EXPECT_EQ(playing(c).at(0).venues, 1);

  c.clock.advance(hours_from_now(8) - c.clock.now());
  c.restart();  // nothing is kept
  EXPECT_THAT(ids_playing(c), IsEmpty()) << "it begins now";
}

TEST(playing, a_change_by_another_process_is_seen_within_a_second) {
  circuit c;
  const auto p = c.add_place();
  c.add_schedule(p.show, p.screen, hours_from_now(4));
  EXPECT_EQ(playing(c).at(0).title, "The Long Wait");
  c.sql(fmt::format("UPDATE catalog.show SET title = 'Renamed' WHERE id = {}", p.show));
  const auto changed = rt::steady_clock::now();
  c.wait_until([&] { return playing(c).at(0).title == "Renamed"; });
  EXPECT_LT(rt::steady_clock::now() - changed, 2s);
}

TEST(playing, pages_join_without_gaps_and_shows_that_begin_together_come_by_id) {
  circuit c;
  const auto venue = c.add_venue();
  std::vector<std::int64_t> shows;
  for (int i = 0; i < 5; ++i) {
    shows.push_back(c.add_show(fmt::format("Show {}", i)));
    c.add_schedule(shows.back(), c.add_screen(venue, fmt::format("Screen {}", i)), hours_from_now(6));
  }
  EXPECT_THAT(ids_playing(c, {.limit = 2}), ElementsAre(shows[0], shows[1]));
  EXPECT_THAT(ids_playing(c, {.skip = 2, .limit = 2}), ElementsAre(shows[2], shows[3]));
  EXPECT_THAT(ids_playing(c, {.skip = 4}), ElementsAre(shows[4]));
}

TEST(playing, everybody_may_read_it_and_who_has_it_already_gets_nothing_again) {
  circuit c;
  const auto p = c.add_place();
  c.add_schedule(p.show, p.screen, hours_from_now(4));
  const auto first = c.ask(GET, "/shows/playing?city=Pune&limit=5", {});
  ASSERT_EQ(first.status, 200) << first.bytes();
  EXPECT_THAT(std::string(first.bytes()), HasSubstr("\"showings\":1,\"venues\":1,\"first_start\":"));
  const std::string etag(first.header("ETag"));
  EXPECT_EQ(c.ask(GET, "/shows/playing?city=Pune&limit=5", {}, {}, etag).status, 304);
  c.ask(update_show{.id = p.show, .title = "New"}).value();
  EXPECT_EQ(c.ask(GET, "/shows/playing?city=Pune&limit=5", {}, {}, etag).status, 200);
  EXPECT_EQ(c.ask(GET, "/shows/playing?from_date=2030-02-30", {}).status, 422);
  EXPECT_EQ(c.ask(GET, "/shows/playing?limit=101", {}).status, 422);
}

// ---- showings of a show

TEST(playing, the_showings_of_a_show_come_by_time_from_all_venues_with_their_places) {
  circuit c;
  const auto p = c.add_place();
  const auto agra = c.add_screen(c.add_venue("Taj", "Asia/Kolkata", "00:00", "00:00", "Agra"));
  const auto late = c.add_schedule(p.show, p.screen, hours_from_now(9));
  const auto early = c.add_schedule(p.show, agra, hours_from_now(5));
  c.add_schedule(c.add_show("Other"), p.screen, hours_from_now(5));
  const auto listed = read(c.ask(list_show_schedules{.id = p.show}).value());
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0].id, early);
  EXPECT_EQ(listed[0].venue_name, "Taj");
  EXPECT_EQ(listed[0].venue_city, "Agra");
  EXPECT_EQ(listed[0].venue_location, "1 High Street");
  EXPECT_EQ(listed[0].show_title, "The Long Wait");
  EXPECT_EQ(listed[0].start_time, hours_from_now(5));
  EXPECT_EQ(listed[1].id, late);
  EXPECT_EQ(listed[1].venue_city, "Pune");
  EXPECT_THAT(ids_showing(c, {.id = p.show, .city = "AGRA"}), ElementsAre(early));
  EXPECT_THAT(ids_showing(c, {.id = p.show, .city = "Oslo"}), IsEmpty());
  EXPECT_EQ(code_of(c.ask(list_show_schedules{.id = 99})), "SHOW_NOT_FOUND");
}

TEST(playing, the_showings_of_a_show_are_those_of_the_days_asked_for_that_can_still_be_seen) {
  circuit c;
  const auto p = c.add_place();
  const auto closed = c.add_venue("Closed");
  c.add_schedule(p.show, c.add_screen(closed), hours_from_now(3));
  c.ask(deactivate_venue{closed}).value();
  c.ask(cancel_schedule{c.add_schedule(p.show, p.screen, hours_from_now(3))}).value();
  const auto soon = c.add_schedule(p.show, p.screen, hours_from_now(6));
  const auto later = c.add_schedule(p.show, p.screen, at("2030-03-10T23:00:00+05:30"));
  EXPECT_THAT(ids_showing(c, {.id = p.show}), ElementsAre(soon));
  EXPECT_THAT(
      ids_showing(c, {.id = p.show, .from_date = parse_date("2030-03-10"), .to_date = parse_date("2030-03-10")}),
      ElementsAre(later));
  EXPECT_THAT(ids_showing(c, {.id = p.show, .to_date = parse_date("2031-01-01")}), ElementsAre(soon, later));
  c.clock.advance(hours_from_now(6) - c.clock.now());
  c.restart();  // nothing is kept
  EXPECT_THAT(ids_showing(c, {.id = p.show, .to_date = parse_date("2031-01-01")}), ElementsAre(later));
}

TEST(playing, the_showings_of_a_show_change_at_once_here_and_within_a_second_elsewhere) {
  circuit c;
  const auto p = c.add_place();
  const auto first = c.add_schedule(p.show, p.screen, hours_from_now(4));
  EXPECT_THAT(ids_showing(c, {.id = p.show}), ElementsAre(first));
  const auto second = c.add_schedule(p.show, p.screen, hours_from_now(8));
  EXPECT_THAT(ids_showing(c, {.id = p.show}), ElementsAre(first, second));
  c.ask(cancel_schedule{first}).value();
  EXPECT_THAT(ids_showing(c, {.id = p.show}), ElementsAre(second));
  c.ask(update_venue{.id = p.venue, .city = "Agra"}).value();
  EXPECT_THAT(ids_showing(c, {.id = p.show, .city = "Pune"}), IsEmpty());

  c.sql(fmt::format("UPDATE catalog.screen SET name = 'Renamed' WHERE id = {}", p.screen));
  const auto changed = rt::steady_clock::now();
  c.wait_until([&] { return read(c.ask(list_show_schedules{p.show}).value()).at(0).screen_name == "Renamed"; });
  EXPECT_LT(rt::steady_clock::now() - changed, 2s);
}

TEST(playing, who_has_the_showings_of_a_show_already_gets_nothing_again) {
  circuit c;
  const auto p = c.add_place();
  c.add_schedule(p.show, p.screen, hours_from_now(4));
  const auto path = fmt::format("/shows/{}/schedules", p.show);
  const auto first = c.ask(GET, path, {});
  ASSERT_EQ(first.status, 200) << first.bytes();
  EXPECT_EQ(c.ask(GET, path, {}, {}, first.header("ETag")).status, 304);
  EXPECT_EQ(c.ask(GET, "/shows/99/schedules", {}).status, 404);
  EXPECT_EQ(c.ask(GET, "/shows/99/schedules", {}).status, 404) << "also when the empty list is kept";
}

}  // namespace
}  // namespace ticketshow::catalog::testing
