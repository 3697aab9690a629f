#include "app/replicas.hpp"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ticketshow::app {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

const rt::steady_clock::time_point now{};

/// Who is asked first for each of a thousand schedules.
std::map<int, std::string> firsts(const std::vector<std::string>& addresses) {
  replicas some(addresses);
  std::map<int, std::string> found;
  for (int schedule = 1; schedule <= 1'000; ++schedule) {
    found[schedule] = addresses[some.order(std::to_string(schedule), now).front()];
  }
  return found;
}

TEST(Replicas, TakeTurns) {
  replicas some({"a", "b", "c"});
  EXPECT_THAT(some.order("", now), ElementsAre(0, 1, 2));
  EXPECT_THAT(some.order("", now), ElementsAre(1, 2, 0));
  EXPECT_THAT(some.order("", now), ElementsAre(2, 0, 1));
  EXPECT_THAT(some.order("", now), ElementsAre(0, 1, 2));
}

TEST(Replicas, OfOneThereIsNoChoice) {
  replicas some({"a"});
  some.leave_alone(0, now);
  EXPECT_THAT(some.order("", now), ElementsAre(0));
  EXPECT_THAT(some.order("7", now), ElementsAre(0));
}

TEST(Replicas, WithAnAffinityAllWhoAskAskTheSameOne) {
  EXPECT_EQ(firsts({"a:1", "b:1", "c:1"}), firsts({"c:1", "a:1", "b:1"}));
}

TEST(Replicas, ShareTheAffinitiesAboutEvenly) {
  std::map<std::string, int> shares;
  for (const auto& [schedule, first] : firsts({"127.0.0.1:14654", "127.0.0.1:32763", "127.0.0.1:9001"}))
    ++shares[first];
  ASSERT_EQ(shares.size(), 3U);
  for (const auto& [address, share] : shares) EXPECT_NEAR(share, 333, 60) << address;
}

TEST(Replicas, WhenOneGoesOnlyWhatItHadMoves) {
  const auto before = firsts({"a:1", "b:1", "c:1"});
  const auto after = firsts({"a:1", "c:1"});
  for (const auto& [schedule, first] : before) {
    if (first != "b:1") EXPECT_EQ(after.at(schedule), first) << schedule;
  }
}

TEST(Replicas, WhoIsLeftAloneComesLastForAWhile) {
  replicas some({"a", "b", "c"});
  const auto usual = some.order("7", now);
  some.leave_alone(usual.front(), now);
  EXPECT_THAT(some.order("7", now), ElementsAre(usual[1], usual[2], usual[0]));
  EXPECT_THAT(some.order("7", now + replicas::left_alone - 1ms), ElementsAre(usual[1], usual[2], usual[0]));
  EXPECT_EQ(some.order("7", now + replicas::left_alone), usual);
}

}  // namespace
}  // namespace ticketshow::app
