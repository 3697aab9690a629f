#include "rt/seldom.hpp"

#include <gtest/gtest.h>

namespace ticketshow::rt {
namespace {

using namespace std::chrono_literals;

TEST(Seldom, the_first_is_told_at_once_and_of_a_flood_one_a_pause_with_their_number) {
  const steady_clock::time_point start{1h};
  seldom tested(1min);
  EXPECT_EQ(tested.count(start), 1);
  std::int64_t told = 1;
  int lines = 1;
  for (auto now = start + 10ms; now < start + 10min; now += 10ms) {
    const auto many = tested.count(now);
    told += many.value_or(0);
    lines += many ? 1 : 0;
  }
  EXPECT_EQ(lines, 10);
  EXPECT_EQ(told, 9 * 60 * 100 + 1) << "all but those of the last minute";
  EXPECT_EQ(tested.count(start + 1h), 60 * 100) << "and these with the next";
  EXPECT_EQ(tested.count(start + 2h), 1);
}

}  // namespace
}  // namespace ticketshow::rt
