#include "adapters/bus_common/deliveries.hpp"

#include <gtest/gtest.h>

#include "rt/call.hpp"

namespace ticketshow::bus_common {
namespace {

using namespace std::chrono_literals;

class deliveries_test : public testing::Test {
 protected:
  rt::steady_clock::duration fail() { return record.failed(std::runtime_error("not now")); }

  seeded_random_source random{1};
  deliveries record{"mail", random, 100ms};
};

TEST_F(deliveries_test, the_pause_doubles_up_to_five_seconds_and_differs) {
  for (const auto whole : {100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 5000ms, 5000ms}) {
    const auto pause = fail();
    EXPECT_GE(pause, whole / 2);
    EXPECT_LE(pause, whole);
  }
  EXPECT_NE(fail(), fail()) << "chance is missing";
}

TEST_F(deliveries_test, a_success_begins_anew) {
  for (int i = 0; i < 20; ++i) fail();
  record.succeeded(1);
  EXPECT_LE(fail(), 100ms);
}

TEST_F(deliveries_test, a_consumer_that_just_failed_is_not_stuck) {
  EXPECT_FALSE(record.stuck());
  fail();
  EXPECT_FALSE(record.stuck());
}

TEST_F(deliveries_test, a_consumer_is_stuck_until_it_succeeds_or_gives_its_events_up) {
  const auto fail_for_long = [this] {
    const auto until = rt::deadline::after(150ms);
    while (!until.passed()) fail();
    return record.stuck();
  };
  EXPECT_TRUE(fail_for_long());
  record.succeeded(1);
  EXPECT_FALSE(record.stuck());
  EXPECT_TRUE(fail_for_long());
  record.given_up();
  EXPECT_FALSE(record.stuck());
}

}  // namespace
}  // namespace ticketshow::bus_common
