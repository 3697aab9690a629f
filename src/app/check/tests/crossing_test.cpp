#include "app/check/crossing.hpp"

#include <gtest/gtest.h>

namespace ticketshow::check {
namespace {

// Booking is read first, then payment, then auth. What a later one shows already is excused for as long as the reading
// took, and no longer: these rows cannot be had from a database that stands still.

constexpr std::int64_t reading_ms = 200;

struct verdict {
  std::int64_t broken;
  std::int64_t in_flight;
  bool operator==(const verdict&) const = default;
};
constexpr verdict excused{0, 1};
constexpr verdict broken{1, 0};

payment_row payment_in(std::string step, std::int64_t age_ms) {
  payment_row row{.id = 11,
                  .booking_id = 1,
                  .user_id = 1,
                  .amount = {350'00},
                  .step = std::move(step),
                  .debit_id = 22,
                  .age_ms = age_ms};
  if (row.step == "GIVING_BACK" || row.step == "REFUNDED") row.refund_amount = row.amount;
  return row;
}

verdict settlement(const booking_row* booking, const payment_row& payment, std::int64_t settle_seconds = 60) {
  const options chosen{.settle_seconds = settle_seconds};
  finding settled;
  finding refunded;
  tally into_settled(settled, chosen, reading_ms);
  tally into_refunded(refunded, chosen, reading_ms);
  compare_booking(booking, {&payment, 1}, into_settled, into_refunded);
  return {settled.broken, settled.in_flight};
}

verdict money_of(const payment_row* payment, const std::vector<movement_row>& movements) {
  const options chosen{.settle_seconds = 60};
  finding conserved;
  finding refunded;
  tally into_conserved(conserved, chosen, reading_ms);
  tally into_refunded(refunded, chosen, reading_ms);
  compare_movements(11, payment, movements, into_conserved, into_refunded);
  return {conserved.broken, conserved.in_flight};
}

TEST(check_reading, a_payment_completed_since_its_booking_was_read_is_in_flight) {
  EXPECT_EQ(settlement(nullptr, payment_in("COMPLETED", 200)), excused);
  EXPECT_EQ(settlement(nullptr, payment_in("COMPLETED", -3)), excused);
  EXPECT_EQ(settlement(nullptr, payment_in("COMPLETED", 201)), broken);
}

TEST(check_reading, a_payment_given_back_since_its_booking_was_read_is_in_flight) {
  const booking_row booking{.id = 1, .user_id = 1, .amount = {350'00}, .state = "CONFIRMED", .payment_id = 11};
  for (const auto* step : {"GIVING_BACK", "REFUNDED"}) {
    EXPECT_EQ(settlement(&booking, payment_in(step, 100)), excused) << step;
    EXPECT_EQ(settlement(&booking, payment_in(step, 300)), broken) << step;
  }
}

TEST(check_reading, a_system_that_must_be_at_rest_is_excused_nothing) {
  EXPECT_EQ(settlement(nullptr, payment_in("COMPLETED", 0), 0), broken);
  EXPECT_EQ(settlement(nullptr, payment_in("INTENT", 0), 0), broken);
}

TEST(check_reading, a_payment_made_since_payments_were_read_is_in_flight) {
  const auto debit = [](std::int64_t age_ms) {
    return movement_row{.payment_id = 11,
                        .what = "debit",
                        .id = 22,
                        .kind = "DEBIT",
                        .user_id = 1,
                        .amount = {350'00},
                        .age_ms = age_ms};
  };
  EXPECT_EQ(money_of(nullptr, {debit(100)}), excused);
  EXPECT_EQ(money_of(nullptr, {debit(300)}), broken);
}

TEST(check_reading, a_credit_made_since_payments_were_read_is_in_flight) {
  const auto there_and_back = [](std::int64_t age_ms) {
    return std::vector<movement_row>{{11, "debit", 22, "DEBIT", 1, {350'00}, 5000},
                                     {11, "refund", 23, "REFUND", 1, {350'00}, age_ms}};
  };
  for (const auto* step : {"CAPTURED", "COMPLETED"}) {
    const auto payment = payment_in(step, 4000);
    EXPECT_EQ(money_of(&payment, there_and_back(100)), excused) << step;
    EXPECT_EQ(money_of(&payment, there_and_back(300)), broken) << step;
  }
}

}  // namespace
}  // namespace ticketshow::check
