#include "services/catalog/asked_days.hpp"

#include <gtest/gtest.h>

namespace ticketshow::catalog {
namespace {

constexpr const char* kolkata = "Asia/Kolkata";

timestamp at(const char* text) { return parse_rfc3339(text).value(); }

TEST(asked_days, without_any_it_is_seven_days_from_the_venues_today) {
  const auto asked = period_of({}, kolkata, at("2030-01-01T20:00:00Z"));  // past midnight there
  EXPECT_EQ(asked.begin, at("2030-01-02T00:00:00+05:30"));
  EXPECT_EQ(asked.end, at("2030-01-09T00:00:00+05:30"));
}

TEST(asked_days, the_last_day_is_asked_for_too) {
  const auto asked = period_of({parse_date("2030-05-01"), parse_date("2030-05-01")}, kolkata, {});
  EXPECT_EQ(asked.begin, at("2030-05-01T00:00:00+05:30"));
  EXPECT_EQ(asked.end, at("2030-05-02T00:00:00+05:30"));
}

TEST(asked_days, with_the_first_alone_it_is_seven_from_there) {
  const auto asked = period_of({parse_date("2030-03-08"), {}}, "America/New_York", {});
  EXPECT_EQ(asked.begin, at("2030-03-08T00:00:00-05:00"));
  EXPECT_EQ(asked.end, at("2030-03-15T00:00:00-04:00")) << "clocks change between";
}

TEST(asked_days, beyond_the_calendar_is_its_end) {
  const auto asked = period_of({parse_date("0001-01-01"), parse_date("9999-12-31")}, "UTC", {});
  EXPECT_EQ(asked.begin, at("1970-01-01T00:00:00Z"));
  EXPECT_EQ(asked.end, at("3000-01-01T00:00:00Z"));
}

}  // namespace
}  // namespace ticketshow::catalog
