#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/catalog/tests/circuit.hpp"

/// Showings: when and where they may be, and who wins.
namespace ticketshow::catalog::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::int64_t> ids(const contract::result<std::vector<schedule_view>>& listed) {
  std::vector<std::int64_t> found;
  for (const auto& each : listed.value()) found.push_back(each.id);
  return found;
}

TEST(schedules, a_showing_is_made_read_moved_and_cancelled) {
  circuit c;
  const auto p = c.add_place();
  const auto start = hours_from_now(30);
  const auto made = c.ask(create_schedule{p.show, p.screen, start}).value();
  EXPECT_EQ(made.show_title, "The Long Wait");
  EXPECT_EQ(made.show_duration, 120);
  EXPECT_EQ(made.screen_name, "One");
  EXPECT_EQ(made.venue_id, p.venue);
  EXPECT_EQ(made.start_time, start);
  EXPECT_EQ(made.end_time, start + 2h);
  EXPECT_EQ(made.price, money{350'00});
  EXPECT_EQ(made.status, schedule_status::ACTIVE);

  const auto two = c.add_screen(p.venue, "Two");
  const auto moved = c.ask(update_schedule{made.id, start + 30min, two}).value();
  EXPECT_EQ(moved.screen_name, "Two");
  EXPECT_EQ(moved.start_time, start + 30min);
  EXPECT_EQ(moved.end_time, start + 150min);
  EXPECT_EQ(c.ask(get_schedule{made.id})->start_time, start + 30min);

  EXPECT_EQ(c.ask(cancel_schedule{made.id})->status, schedule_status::CANCELLED);
  EXPECT_EQ(c.ask(cancel_schedule{made.id})->status, schedule_status::CANCELLED) << "again";
  EXPECT_EQ(code_of(c.ask(update_schedule{made.id, start, {}})), "SCHEDULE_CANCELLED");
}

TEST(schedules, defect_26_an_overlap_is_refused_and_the_other_showing_named) {
  circuit c;
  const auto p = c.add_place();
  const auto start = hours_from_now(30);
  c.add_schedule(p.show, p.screen, start);
  for (const auto shift : {0min, 1min, -1min, 119min, -119min}) {
    const auto refused = c.ask(create_schedule{p.show, p.screen, start + shift});
    ASSERT_EQ(code_of(refused), "SCHEDULE_OVERLAPS") << shift.count();
    EXPECT_THAT(refused.error().detail, HasSubstr("The Long Wait"));
    EXPECT_THAT(refused.error().detail, HasSubstr(to_rfc3339(start)));
  }
  // A longer one around it, one on another screen, and those that touch it.
  EXPECT_EQ(code_of(c.ask(create_schedule{c.add_show("Epic", 400), p.screen, start - 2h})), "SCHEDULE_OVERLAPS");
  c.add_schedule(p.show, c.add_screen(p.venue, "Two"), start);
  c.add_schedule(p.show, p.screen, start + 2h);
  c.add_schedule(p.show, p.screen, start - 2h);
}

TEST(schedules, a_cancelled_showing_makes_room) {
  circuit c;
  const auto p = c.add_place();
  const auto start = hours_from_now(30);
  const auto first = c.add_schedule(p.show, p.screen, start);
  c.ask(cancel_schedule{first}).value();
  c.add_schedule(p.show, p.screen, start + 1h);
}

TEST(schedules, of_sixteen_who_want_one_slot_exactly_one_gets_it) {
  circuit c;
  const auto p = c.add_place();
  for (int round = 0; round < 3; ++round) {
    const auto start = hours_from_now(30 + 10 * round);
    std::vector<rt::task<contract::result<schedule_view>>> work;
    for (int i = 0; i < 16; ++i) {
      work.push_back(c.endpoints().handle(circuit::call_of(), create_schedule{p.show, p.screen, start + 5min * i}));
    }
    std::map<std::string, int> outcomes;
    for (const auto& each : c.run_all(std::move(work))) ++outcomes[code_of(each)];
    EXPECT_EQ(outcomes, (std::map<std::string, int>{{"OK", 1}, {"SCHEDULE_OVERLAPS", 15}}));
  }
  EXPECT_EQ(c.sql("SELECT count(*) FROM catalog.schedule"), "3");
}

TEST(schedules, two_showings_that_want_each_others_place_both_stay) {
  circuit c;
  const auto p = c.add_place();
  const auto start = hours_from_now(30);
  const auto first = c.add_schedule(p.show, p.screen, start);
  const auto second = c.add_schedule(p.show, p.screen, start + 3h);
  std::vector<rt::task<contract::result<schedule_view>>> work;
  work.push_back(c.endpoints().handle(circuit::call_of(), update_schedule{first, start + 3h, {}}));
  work.push_back(c.endpoints().handle(circuit::call_of(), update_schedule{second, start, {}}));
  for (const auto& each : c.run_all(std::move(work))) EXPECT_EQ(code_of(each), "SCHEDULE_OVERLAPS");
}

TEST(schedules, the_past_and_what_is_cancelled_or_closed_are_refused) {
  circuit c;
  const auto p = c.add_place();
  EXPECT_EQ(code_of(c.ask(create_schedule{p.show, p.screen, c.clock.now() - 1s})), "STARTS_IN_THE_PAST");
  EXPECT_EQ(code_of(c.ask(create_schedule{p.show, p.screen, at("1969-07-20T20:17:00Z")})), "STARTS_IN_THE_PAST");
  const auto showing = c.add_schedule(p.show, p.screen, hours_from_now(5));
  EXPECT_EQ(code_of(c.ask(update_schedule{showing, c.clock.now() - 1min, {}})), "STARTS_IN_THE_PAST");
  EXPECT_EQ(code_of(c.ask(update_schedule{showing, {}, 99})), "SCREEN_NOT_FOUND");
  const auto closed = c.add_venue("Closed");
  const auto dark = c.add_screen(closed);
  c.ask(deactivate_venue{closed}).value();
  EXPECT_EQ(code_of(c.ask(create_schedule{p.show, dark, hours_from_now(2)})), "VENUE_INACTIVE");
  EXPECT_EQ(code_of(c.ask(update_schedule{showing, {}, dark})), "VENUE_INACTIVE");
  EXPECT_EQ(c.ask(get_schedule{showing})->screen_id, p.screen);
  EXPECT_THAT(c.bookings.suspended, IsEmpty()) << "on sale again";
  c.ask(cancel_show{p.show}).value();
  EXPECT_EQ(code_of(c.ask(create_schedule{p.show, p.screen, hours_from_now(9)})), "SHOW_CANCELLED");
}

TEST(schedules, a_showing_that_has_begun_is_not_cancelled_by_anything) {
  circuit c;
  const auto p = c.add_place();
  const auto begun = c.add_schedule(p.show, p.screen, hours_from_now(2));
  const auto coming = c.add_schedule(p.show, p.screen, hours_from_now(6));
  c.sql(fmt::format("UPDATE catalog.schedule SET starts_at = now() - interval '1 minute' WHERE id = {}", begun));
  EXPECT_EQ(code_of(c.ask(cancel_schedule{begun})), "SHOWING_HAS_BEGUN");
  c.ask(cancel_show{p.show}).value();
  c.ask(deactivate_venue{p.venue}).value();
  EXPECT_EQ(c.ask(get_schedule{begun})->status, schedule_status::ACTIVE);
  EXPECT_EQ(c.ask(get_schedule{coming})->status, schedule_status::CANCELLED);
  EXPECT_THAT(c.bookings.closed, ElementsAre(coming));
}

TEST(schedules, the_end_follows_from_the_duration_when_it_was_made) {
  circuit c;
  const auto p = c.add_place();
  const auto start = hours_from_now(30);
  const auto showing = c.add_schedule(p.show, p.screen, start);
  c.ask(update_show{.id = p.show, .duration_minutes = 200}).value();
  EXPECT_EQ(c.ask(get_schedule{showing})->end_time, start + 2h);
  EXPECT_EQ(c.ask(update_schedule{showing, start + 1h, {}})->end_time, start + 3h);
  EXPECT_EQ(c.ask(create_schedule{p.show, p.screen, start + 3h})->end_time, start + 3h + 200min);
}

// ---- lists

TEST(schedules, a_venues_showings_are_listed_by_the_days_of_its_own_calendar) {
  circuit c;
  const auto show = c.add_show("Short", 60);
  const auto venue = c.add_venue("Palace", "America/New_York");
  const auto screen = c.add_screen(venue);
  // The tenth of March 2030 has 23 hours there.
  const auto before = c.add_schedule(show, screen, at("2030-03-09T23:59:59-05:00"));
  const auto first = c.add_schedule(show, c.add_screen(venue, "Two"), at("2030-03-10T00:00:00-05:00"));
  const auto last = c.add_schedule(show, screen, at("2030-03-10T23:59:59-04:00"));
  const auto after = c.add_schedule(show, c.add_screen(venue, "Three"), at("2030-03-11T00:00:00-04:00"));
  const auto on = [&](const char* from, const char* to) {
    return ids(
        c.ask(list_venue_schedules{.venue_id = venue, .from_date = parse_date(from), .to_date = parse_date(to)}));
  };
  EXPECT_THAT(on("2030-03-10", "2030-03-10"), ElementsAre(first, last));
  EXPECT_THAT(on("2030-03-09", "2030-03-09"), ElementsAre(before));
  EXPECT_THAT(on("2030-03-09", "2030-03-11"), ElementsAre(before, first, last, after));
  EXPECT_THAT(on("2030-03-11", "2030-03-09"), IsEmpty());
  EXPECT_THAT(ids(c.ask(list_venue_schedules{.venue_id = venue, .from_date = parse_date("2030-03-05")})),
              ElementsAre(before, first, last, after))
      << "seven days when no last one is given";
  EXPECT_THAT(ids(c.ask(list_venue_schedules{.venue_id = venue, .from_date = parse_date("2030-03-04")})),
              ElementsAre(before, first, last));
}

TEST(schedules, today_is_the_venues_today) {
  circuit c;
  const auto show = c.add_show("Short", 60);
  const auto venue = c.add_venue("Palace", "Pacific/Kiritimati");  // 14 hours ahead of UTC
  const auto screen = c.add_screen(venue);
  const auto early = c.add_schedule(show, screen, at("2030-01-01T00:00:00+14:00"));
  const auto eve = c.add_schedule(show, screen, at("2029-12-31T22:00:00+14:00"));
  c.clock.advance(at("2029-12-31T10:30:00Z") - c.clock.now());  // half past midnight there
  EXPECT_THAT(ids(c.ask(list_venue_schedules{.venue_id = venue})), ElementsAre(early));
  c.clock.advance(-1h);
  EXPECT_THAT(ids(c.ask(list_venue_schedules{.venue_id = venue})), ElementsAre(eve, early));
}

TEST(schedules, lists_are_filtered_by_show_and_hide_what_is_cancelled) {
  circuit c;
  const auto p = c.add_place();
  const auto other = c.add_show("Other");
  const auto start = hours_from_now(2);
  const auto first = c.add_schedule(p.show, p.screen, start);
  const auto second = c.add_schedule(other, p.screen, start + 2h);
  const auto third = c.add_schedule(p.show, p.screen, start + 4h);
  c.ask(cancel_schedule{third}).value();
  EXPECT_THAT(ids(c.ask(list_venue_schedules{.venue_id = p.venue})), ElementsAre(first, second));
  EXPECT_THAT(ids(c.ask(list_venue_schedules{.venue_id = p.venue, .show_id = p.show})), ElementsAre(first));
  EXPECT_THAT(ids(c.ask(list_venue_schedules{.venue_id = p.venue, .show_id = p.show, .include_cancelled = true})),
              ElementsAre(first, third));
}

TEST(schedules, the_ends_of_time_are_answered_as_well) {
  circuit c;
  const auto p = c.add_place();
  const auto last = c.ask(create_schedule{p.show, p.screen, at("9999-12-31T23:59:59Z")});
  ASSERT_EQ(code_of(last), "VALIDATION_FAILED");
  EXPECT_EQ(last.error().errors.at(0).pointer, "/start_time");
  for (const auto* day : {"0000-01-01", "0001-01-01", "1969-12-31", "9999-12-31"}) {
    EXPECT_EQ(code_of(c.ask(list_venue_schedules{.venue_id = p.venue, .from_date = parse_date(day)})), "OK") << day;
    EXPECT_EQ(code_of(c.ask(list_venue_schedules{
                  .venue_id = p.venue, .from_date = parse_date("2030-01-01"), .to_date = parse_date(day)})),
              "OK")
        << day;
  }
}

}  // namespace
}  // namespace ticketshow::catalog::testing
