#include "base/backoff.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace ticketshow {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, doubles_from_the_first_pause_to_the_last) {
  constexpr backoff<std::chrono::milliseconds> pauses{.first = 500ms, .last = 3s};
  EXPECT_EQ(pauses.after(0), 500ms);
  EXPECT_EQ(pauses.after(1), 500ms);
  EXPECT_EQ(pauses.after(2), 1s);
  EXPECT_EQ(pauses.after(3), 2s);
  EXPECT_EQ(pauses.after(4), 3s);
  EXPECT_EQ(pauses.after(INT64_MAX), 3s);
}

TEST(Backoff, never_exceeds_the_last_pause_though_the_first_does) {
  EXPECT_EQ((backoff<std::chrono::seconds>{.first = 9s, .last = 5s}.after(1)), 5s);
}

TEST(Backoff, jitter_takes_away_up_to_half) {
  seeded_random_source random(7);
  std::int64_t least = 1'000;
  std::int64_t most = 0;
  for (int i = 0; i < 1'000; ++i) {
    const auto pause = with_jitter(std::chrono::milliseconds(1'000), random).count();
    least = std::min(least, pause);
    most = std::max(most, pause);
  }
  EXPECT_GE(least, 500);
  EXPECT_LT(least, 550);
  EXPECT_GT(most, 950);
  EXPECT_LE(most, 1'000);
}

}  // namespace
}  // namespace ticketshow
