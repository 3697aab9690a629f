#include "services/catalog/venue_hours.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/catalog/tests/circuit.hpp"

/// When a venue is open, by its own clock.
namespace ticketshow::catalog::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr const char* kolkata = "Asia/Kolkata";
constexpr const char* new_york = "America/New_York";

/// Whether a venue is open from `start` for `length`.
bool open(const char* opens, const char* closes, const char* zone, std::string_view start,
          std::chrono::minutes length) {
  return is_open_throughout({parse_clock(opens), parse_clock(closes)}, zone, at(start), at(start) + length);
}

TEST(venue_hours, clocks_are_read_and_printed) {
  EXPECT_EQ(parse_clock("09:30"), 9h + 30min);
  EXPECT_EQ(parse_clock("23:59:59"), 23h + 59min);
  EXPECT_EQ(print_clock(0min), "00:00");
  EXPECT_EQ(print_clock(9h + 5min), "09:05");
}

TEST(venue_hours, a_showing_lies_inside_one_opening_period_to_the_minute) {
  EXPECT_TRUE(open("09:00", "23:00", kolkata, "2030-06-01T09:00:00+05:30", 120min));
  EXPECT_FALSE(open("09:00", "23:00", kolkata, "2030-06-01T08:59:59+05:30", 120min));
  EXPECT_TRUE(open("09:00", "23:00", kolkata, "2030-06-01T21:00:00+05:30", 120min));
  EXPECT_FALSE(open("09:00", "23:00", kolkata, "2030-06-01T21:00:01+05:30", 120min));
  EXPECT_FALSE(open("09:00", "23:00", kolkata, "2030-06-01T22:00:00+05:30", 24h)) << "closed in between";
}

TEST(venue_hours, defect_25_the_zone_counts_not_the_offset_that_was_written) {
  EXPECT_TRUE(open("09:00", "23:00", kolkata, "2030-06-01T03:30:00Z", 120min));
  EXPECT_FALSE(open("09:00", "23:00", kolkata, "2030-06-01T17:00:00-04:00", 120min)) << "half past two in Kolkata";
  EXPECT_TRUE(open("09:00", "23:00", new_york, "2030-06-01T18:30:00+05:30", 120min)) << "nine in New York";
}

TEST(venue_hours, defect_25_hours_pass_midnight) {
  for (const auto* start : {"2030-06-01T18:00:00+05:30", "2030-06-01T23:30:00+05:30", "2030-06-02T00:00:00+05:30"}) {
    EXPECT_TRUE(open("18:00", "02:00", kolkata, start, 120min)) << start;
  }
  for (const auto* start : {"2030-06-01T17:59:00+05:30", "2030-06-02T00:01:00+05:30", "2030-06-02T12:00:00+05:30"}) {
    EXPECT_FALSE(open("18:00", "02:00", kolkata, start, 120min)) << start;
  }
  EXPECT_TRUE(open("10:00", "00:00", kolkata, "2030-06-01T22:00:00+05:30", 120min)) << "until midnight";
  EXPECT_FALSE(open("10:00", "00:00", kolkata, "2030-06-01T22:00:00+05:30", 121min));
}

TEST(venue_hours, equal_times_mean_always_open) {
  for (const auto* clock : {"00:00", "09:00"}) EXPECT_TRUE(open(clock, clock, new_york, "2030-03-10T06:30:00Z", 30h));
}

// On 10 March 2030 the clock of New York goes from 02:00 to 03:00; on 3 November it goes back from 02:00 to 01:00.

TEST(venue_hours, the_night_on_which_the_clock_goes_forward_is_an_hour_shorter) {
  // From 22:00 to 04:00 are five hours.
  EXPECT_TRUE(open("22:00", "04:00", new_york, "2030-03-09T22:00:00-05:00", 5h));
  EXPECT_FALSE(open("22:00", "04:00", new_york, "2030-03-09T22:00:00-05:00", 5h + 1min));
  EXPECT_TRUE(open("22:00", "04:00", new_york, "2030-03-08T22:00:00-05:00", 6h)) << "the night before";
  EXPECT_TRUE(open("22:00", "04:00", new_york, "2030-03-10T22:00:00-04:00", 6h)) << "the night after";
  EXPECT_FALSE(open("22:00", "04:00", new_york, "2030-03-10T22:00:00-05:00", 6h)) << "an hour later, by the new clock";
}

TEST(venue_hours, the_night_on_which_the_clock_goes_back_is_an_hour_longer) {
  EXPECT_TRUE(open("22:00", "04:00", new_york, "2030-11-02T22:00:00-04:00", 7h));
  EXPECT_FALSE(open("22:00", "04:00", new_york, "2030-11-02T22:00:00-04:00", 7h + 1min));
  EXPECT_FALSE(open("22:00", "04:00", new_york, "2030-11-03T22:00:00-05:00", 6h + 1min));
}

TEST(venue_hours, a_moment_that_the_clock_skips_is_the_one_after_the_gap) {
  EXPECT_TRUE(open("22:00", "02:30", new_york, "2030-03-09T22:00:00-05:00", 4h));
  EXPECT_FALSE(open("22:00", "02:30", new_york, "2030-03-09T22:00:00-05:00", 4h + 1min));
  EXPECT_TRUE(open("02:30", "12:00", new_york, "2030-03-10T03:00:00-04:00", 2h));
  EXPECT_FALSE(open("02:30", "12:00", new_york, "2030-03-10T01:59:00-05:00", 2h));
}

TEST(venue_hours, a_moment_that_the_clock_shows_twice_is_the_earlier) {
  EXPECT_TRUE(open("22:00", "01:30", new_york, "2030-11-02T22:00:00-04:00", 3h + 30min));
  EXPECT_FALSE(open("22:00", "01:30", new_york, "2030-11-02T22:00:00-04:00", 3h + 31min)) << "not the second 01:30";
  EXPECT_TRUE(open("01:30", "12:00", new_york, "2030-11-03T01:30:00-04:00", 2h));
}

TEST(venue_hours, a_day_begins_where_the_clock_skips_midnight) {
  // Beirut puts the clock forward at midnight: 31 March 2030 begins at 01:00.
  const auto day = parse_date("2030-03-31").value();
  EXPECT_EQ(day_begins(day, "Asia/Beirut"), at("2030-03-30T22:00:00Z"));
  EXPECT_EQ(day_of(at("2030-03-30T21:59:59Z"), "Asia/Beirut"), parse_date("2030-03-30"));
  EXPECT_EQ(day_of(at("2030-03-30T22:00:00Z"), "Asia/Beirut"), day);
  EXPECT_EQ(day_begins(day, kolkata), at("2030-03-30T18:30:00Z"));
}

// ---- through the port

TEST(venue_hours, a_showing_outside_of_them_is_refused_with_the_hours) {
  circuit c;
  const auto show = c.add_show();
  const auto venue = c.add_venue("Palace", new_york, "18:00", "02:00");
  const auto screen = c.add_screen(venue);
  const auto refused = c.ask(create_schedule{show, screen, at("2030-06-02T00:30:00-04:00")});
  ASSERT_EQ(code_of(refused), "OUTSIDE_VENUE_HOURS");
  EXPECT_THAT(refused.error().detail, HasSubstr("from 18:00 to 02:00 (America/New_York)"));
  EXPECT_THAT(refused.error().detail, HasSubstr("from 2030-06-02 00:30 to 2030-06-02 02:30 there"));
  const auto late = c.add_schedule(show, screen, at("2030-06-02T00:00:00-04:00"));
  EXPECT_EQ(c.ask(get_schedule{late})->end_time, at("2030-06-02T06:00:00Z"));
  EXPECT_EQ(c.ask(get_schedule{late})->time_zone, new_york);

  // From midnight to two are two hours, and three where the clock goes back.
  c.add_schedule(c.add_show("Short", 60), screen, at("2030-03-10T01:00:00-05:00"));
  c.add_schedule(c.add_show("Long", 180), screen, at("2030-11-03T00:00:00-04:00"));
  EXPECT_EQ(code_of(c.ask(create_schedule{c.add_show("Longer", 181), screen, at("2030-11-03T00:00:00-04:00")})),
            "OUTSIDE_VENUE_HOURS");
  EXPECT_EQ(code_of(c.ask(create_schedule{show, screen, at("2030-03-10T01:00:00-05:00")})), "OUTSIDE_VENUE_HOURS");
}

TEST(venue_hours, a_showing_is_moved_by_the_hours_of_where_it_goes) {
  circuit c;
  const auto p = c.add_place();
  const auto strict = c.add_screen(c.add_venue("Strict", kolkata, "10:00", "14:00"));
  const auto showing = c.add_schedule(p.show, p.screen, at("2030-06-02T13:00:00+05:30"));
  EXPECT_EQ(code_of(c.ask(update_schedule{showing, {}, strict})), "OUTSIDE_VENUE_HOURS");
  EXPECT_EQ(code_of(c.ask(update_schedule{showing, at("2030-06-02T12:00:00+05:30"), strict})), "OK");
  EXPECT_EQ(code_of(c.ask(update_schedule{showing, at("2030-06-02T12:01:00+05:30"), {}})), "OUTSIDE_VENUE_HOURS");
}

TEST(venue_hours, new_hours_are_those_of_showings_made_from_now_on) {
  circuit c;
  const auto p = c.add_place();
  const auto showing = c.add_schedule(p.show, p.screen, at("2030-06-02T03:00:00+05:30"));
  c.ask(update_venue{.id = p.venue, .opening_time = "09:00", .closing_time = "23:00"}).value();
  EXPECT_EQ(c.ask(get_schedule{showing})->status, schedule_status::ACTIVE);
  EXPECT_EQ(code_of(c.ask(create_schedule{p.show, p.screen, at("2030-06-03T03:00:00+05:30")})), "OUTSIDE_VENUE_HOURS");
}

}  // namespace
}  // namespace ticketshow::catalog::testing
