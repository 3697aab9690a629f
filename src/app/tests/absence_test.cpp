#include "app/absence.hpp"

#include <gtest/gtest.h>

namespace ticketshow::app {
namespace {

using namespace std::chrono_literals;

TEST(Absence, LastsFromTheFirstLookToTheLast) {
  const rt::steady_clock::time_point began{100s};
  absence nobody;
  EXPECT_EQ(nobody.length(), 0s);
  for (auto at = 0s; at <= 8s; at += 2s) nobody.look(began + at);
  EXPECT_EQ(nobody.length(), 8s);
}

TEST(Absence, EndsWhenSomebodyIsThere) {
  const rt::steady_clock::time_point began{100s};
  absence nobody;
  nobody.look(began);
  nobody.look(began + 2s);
  nobody.end();
  EXPECT_EQ(nobody.length(), 0s);
  nobody.look(began + 3s);
  EXPECT_EQ(nobody.length(), 0s);
}

TEST(Absence, AnotherOneBeginsAfterSilence) {
  const rt::steady_clock::time_point began{100s};
  absence nobody;
  nobody.look(began);
  nobody.look(began + 2s);
  nobody.look(began + 1h);
  EXPECT_EQ(nobody.length(), 0s);
  nobody.look(began + 1h + 2s);
  EXPECT_EQ(nobody.length(), 2s);
}

}  // namespace
}  // namespace ticketshow::app
