#include "services/booking/rules.hpp"

#include <gtest/gtest.h>

#include "api/catalog/seats.hpp"

namespace ticketshow::booking::rules {
namespace {

schedule showing_of(std::int64_t capacity) {
  return {.id = 1,
          .version = 1,
          .open = true,
          .show_name = "The Long Wait",
          .venue_name = "Odeon",
          .time_zone = "UTC",
          .screen_id = 7,
          .screen_name = "1",
          .capacity = capacity,
          .seats_per_row = 10,
          .start_time = {},
          .price = {350'00},
          .currency = "INR"};
}

std::int64_t seat(std::int64_t position, std::int64_t screen = 7) { return catalog::seat_id_of(screen, position); }

TEST(SeatsOfRequest, ComeInAscendingOrder) {
  const std::int64_t wanted[] = {seat(12), seat(3), seat(7)};
  EXPECT_EQ(seats_of_request(showing_of(20), wanted).value(), (std::vector<seat_no>{3, 7, 12}));
}

TEST(SeatsOfRequest, OfAnotherScreenOrBeyondTheLastAreUnknown) {
  const std::int64_t wanted[] = {seat(1), seat(2, 8), seat(21), seat(0), -5, std::numeric_limits<std::int64_t>::max()};
  const auto refused = seats_of_request(showing_of(20), wanted);
  ASSERT_FALSE(refused);
  EXPECT_EQ(*refused.error().kind, unknown_seats);
  EXPECT_EQ(refused.error().seat_ids, std::vector<std::int64_t>(std::begin(wanted) + 1, std::end(wanted)));
  EXPECT_EQ(refused.error().errors.front().pointer, "/seat_ids/1");
}

TEST(SeatsOfRequest, NamedTwiceAreRefusedWithAPointer) {
  const std::int64_t wanted[] = {seat(1), seat(2), seat(1)};
  const auto refused = seats_of_request(showing_of(20), wanted);
  ASSERT_FALSE(refused);
  EXPECT_EQ(*refused.error().kind, contract::validation_failed);
  EXPECT_EQ(refused.error().errors.front().pointer, "/seat_ids/2");
}

TEST(Labels, AreRowAndNumber) {
  const auto labels = labels_of(10, std::vector<seat_no>{1, 10, 11, 270});
  EXPECT_EQ(labels[1].row_number + labels[1].seat_number, "A10");
  EXPECT_EQ(labels[2].row_number + labels[2].seat_number, "B1");
  EXPECT_EQ(labels[3].row_number + labels[3].seat_number, "AA10");
}

TEST(Cancellation, Defect24_IsNotRefundedOnceTheShowHasBegun) {
  EXPECT_EQ(decide_cancellation(booking_status::CONFIRMED, true, true, false), cancellation::TOO_LATE);
  EXPECT_EQ(decide_cancellation(booking_status::CONFIRMED, true, false, false), cancellation::RELEASE_AND_REFUND);
}

TEST(Cancellation, OfAHoldFreesAndOfAnythingOverDoesNothing) {
  EXPECT_EQ(decide_cancellation(booking_status::PENDING, false, true, false), cancellation::RELEASE);
  EXPECT_EQ(decide_cancellation(booking_status::PENDING, true, false, false), cancellation::OVER);
  EXPECT_EQ(decide_cancellation(booking_status::EXPIRED, true, false, false), cancellation::OVER);
  EXPECT_EQ(decide_cancellation(booking_status::FAILED, true, false, false), cancellation::OVER);
  EXPECT_EQ(decide_cancellation(booking_status::CANCELLED, true, true, false), cancellation::DONE_BEFORE);
}

class Settlement : public ::testing::Test {
 protected:
  settlement_facts known{.state = booking_status::PENDING,
                         .payment_id = {},
                         .total_amount = {700'00},
                         .lapsed = false,
                         .on_sale = true,
                         .seats_free = true};

  [[nodiscard]] settlement_decision decide(std::int64_t amount = 700'00) const {
    return decide_settlement(known, 5, {amount});
  }
};

TEST_F(Settlement, ConfirmsAHoldInTimeEvenWhenSaleHasEnded) {
  known.on_sale = false;
  EXPECT_EQ(decide().step, settlement_step::CONFIRM);
}

TEST_F(Settlement, GivesTheSameCaptureTheSameAnswerForEver) {
  known.payment_id = 5;
  for (const auto state : {booking_status::CONFIRMED, booking_status::CANCELLED}) {
    known.state = state;
    EXPECT_EQ(decide().step, settlement_step::ANSWER);
    EXPECT_EQ(decide().outcome, settlement::CONFIRMED);
  }
}

TEST_F(Settlement, CallsASecondCaptureSurplus) {
  known.state = booking_status::CONFIRMED;
  known.payment_id = 4;
  EXPECT_EQ(decide().outcome, settlement::SURPLUS);
}

TEST_F(Settlement, RefusesAnotherAmount) {
  EXPECT_EQ(decide(699'99).outcome, settlement::AMOUNT_MISMATCH);
  EXPECT_EQ(decide(699'99).step, settlement_step::ANSWER);
}

TEST_F(Settlement, Defect02_OfAnExpiredHoldNeedsItsSeatsFree) {
  for (const auto state : {booking_status::PENDING, booking_status::EXPIRED}) {
    known = {.state = state,
             .payment_id = {},
             .total_amount = {700'00},
             .lapsed = true,
             .on_sale = true,
             .seats_free = true};
    EXPECT_EQ(decide().step, settlement_step::RETAKE);
    known.seats_free = false;
    EXPECT_EQ(decide().step, settlement_step::ANSWER);
    EXPECT_EQ(decide().outcome, settlement::SEATS_GONE);
    known.on_sale = false;
    EXPECT_EQ(decide().outcome, settlement::SALES_CLOSED);
  }
}

TEST_F(Settlement, NeverConfirmsWhatWasCancelledOrFailed) {
  for (const auto state : {booking_status::CANCELLED, booking_status::FAILED}) {
    known.state = state;
    EXPECT_EQ(decide().step, settlement_step::ANSWER);
    EXPECT_EQ(decide().outcome, settlement::CANCELLED);
  }
}

}  // namespace
}  // namespace ticketshow::booking::rules
