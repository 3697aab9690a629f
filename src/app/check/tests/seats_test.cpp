#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/check/tests/records.hpp"

namespace ticketshow::check::testing {
namespace {

using ::testing::ElementsAre;
using namespace steps;

TEST(check_seats, each_way_to_have_a_seat_twice_is_named) {
  const records r;
  r.drop_constraints();
  r.take(sold(1, ann, 1, 11));
  r.take({hold(2, bob, 1)});
  r.take({hold(3, ann, 3), hold(4, bob, 3)});
  // The flag says that nobody has the seat; who has it is decided by the bookings.
  r.force({"UPDATE booking.booking_seat SET live = false WHERE booking_id IN (3, 4)"});
  EXPECT_THAT(rows(r.check()), ElementsAre("I1: showing 1, seat 1 is claimed by the live bookings 1, 2",
                                           "I1: showing 1, seat 3 is claimed by the live bookings 3, 4",
                                           "I1: booking 3 is PENDING, but its claim on seat 3 is not live",
                                           "I1: booking 4 is PENDING, but its claim on seat 3 is not live"));
}

TEST(check_seats, a_claim_that_does_not_follow_its_booking_is_named) {
  const records r;
  r.take({hold(1, ann, 1), hold(2, ann, 2), resolve(2, "CANCELLED"), hold(3, ann, 3), hold(4, ann, 4)});
  r.force({"INSERT INTO booking.booking_seat (booking_id, schedule_id, seat_no) VALUES (99, 1, 9)",
           "UPDATE booking.booking_seat SET live = true WHERE booking_id = 2",
           "UPDATE booking.booking_seat SET live = false WHERE booking_id = 3",
           "UPDATE booking.booking_seat SET schedule_id = 2 WHERE booking_id = 4"});
  EXPECT_THAT(rows(r.check()), ElementsAre("I1: booking 2 is CANCELLED, but its claim on seat 2 is live",
                                           "I1: booking 3 is PENDING, but its claim on seat 3 is not live",
                                           "I1: booking 4 is PENDING, but its claim on seat 4 is of another showing",
                                           "I1: booking 99 is missing, but its claim on seat 9 is live"));
}

TEST(check_seats, a_live_booking_without_its_claims_is_named) {
  const records r;
  r.take({hold(1, ann, 1), hold(2, ann, 2), hold(3, ann, 3)});
  r.take(sold(4, bob, 4, 14));
  r.force({"DELETE FROM booking.booking_seat WHERE booking_id IN (1, 4)",
           "UPDATE booking.booking SET seats = '{2,22}' WHERE id = 2"});
  EXPECT_THAT(rows(r.check()), ElementsAre("I1: booking 1 is PENDING, but does not claim the seats it names",
                                           "I1: booking 2 is PENDING, but does not claim the seats it names",
                                           "I1: booking 4 is CONFIRMED, but does not claim the seats it names"));
}

}  // namespace
}  // namespace ticketshow::check::testing
