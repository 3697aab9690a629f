#include "base/time.hpp"

#include <gtest/gtest.h>

namespace ticketshow {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;

constexpr timestamp evening = sys_days{2026y / 11 / 23} + 18h + 30min;

TEST(Time, ReadsZAndOffsets) {  // Defect 25: the reference fails on "Z".
  EXPECT_EQ(parse_rfc3339("2026-11-23T18:30:00Z"), evening);
  EXPECT_EQ(parse_rfc3339("2026-11-24T00:00:00+05:30"), evening);
  EXPECT_EQ(parse_rfc3339("2026-11-23 10:30:00.000000-0800"), evening);
  EXPECT_EQ(parse_rfc3339("2026-11-23T18:30:00.25Z"), evening + 250ms);
}

TEST(Time, RefusesGuessesAndDaysThatDoNotExist) {
  for (const auto* text :
       {"", "2026-11-23", "2026-11-23T18:30:00", "2026-02-30T00:00:00Z", "2026-11-23T24:00:00Z",
        "2026-11-23T18:30:00Zx", "2026-11-23T18:30Z", "2026-11-23T18:30:00.Z", "-026-11-23T18:30:00Z"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
  EXPECT_FALSE(parse_date("2026-02-29"));
  EXPECT_EQ(parse_date("2028-02-29"), 2028y / 2 / 29);
}

TEST(Time, PrintsWhatItReads) {
  EXPECT_EQ(to_rfc3339(evening), "2026-11-23T18:30:00Z");
  EXPECT_EQ(to_rfc3339(evening + 1us), "2026-11-23T18:30:00.000001Z");
  EXPECT_EQ(parse_rfc3339(to_rfc3339(evening + 1us)), evening + 1us);
}

}  // namespace
}  // namespace ticketshow
