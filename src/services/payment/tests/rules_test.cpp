#include "services/payment/rules.hpp"

#include <gtest/gtest.h>

#include "services/payment/card_rules.hpp"
#include "tests/support/seed.hpp"

namespace ticketshow::payment {
namespace {

using namespace std::chrono_literals;

booking::booking_to_settle booking_in(booking::booking_status status, timestamp show_time) {
  return {.id = 1,
          .user_id = 7,
          .total_amount = {350'00},
          .currency = "INR",
          .status = status,
          .expires_at = {},
          .show_time = show_time,
          .show_name = "The Long Wait"};
}

std::string code_of(const std::optional<contract::problem>& refused) {
  return refused ? std::string(refused->kind->code) : "OK";
}

TEST(payment_rules, a_payment_is_refused_by_what_the_booking_is) {
  const timestamp now{1000h};
  using enum booking::booking_status;
  EXPECT_EQ(code_of(rules::refusal(booking_in(PENDING, now + 1h), 7, {}, now)), "OK");
  EXPECT_EQ(code_of(rules::refusal(booking_in(CONFIRMED, now + 1h), 7, {}, now)), "OK");
  EXPECT_EQ(code_of(rules::refusal(booking_in(EXPIRED, now + 1h), 7, {}, now)), "OK");
  EXPECT_EQ(code_of(rules::refusal(booking_in(EXPIRED, now), 7, {}, now)), "BOOKING_NOT_PAYABLE");
  EXPECT_EQ(code_of(rules::refusal(booking_in(CANCELLED, now + 1h), 7, {}, now)), "BOOKING_NOT_PAYABLE");
  EXPECT_EQ(code_of(rules::refusal(booking_in(FAILED, now + 1h), 7, {}, now)), "BOOKING_NOT_PAYABLE");
}

TEST(payment_rules, a_strangers_booking_does_not_exist_whatever_else_is_wrong) {
  const timestamp now{1000h};
  EXPECT_EQ(code_of(rules::refusal(booking_in(booking::booking_status::CANCELLED, now), 8, money{1}, now)),
            "BOOKING_NOT_FOUND");
}

TEST(payment_rules, the_amount_must_be_the_bookings) {
  const timestamp now{1000h};
  const auto what = booking_in(booking::booking_status::PENDING, now + 1h);
  EXPECT_EQ(code_of(rules::refusal(what, 7, money{350'00}, now)), "OK");
  const auto refused = rules::refusal(what, 7, money{349'99}, now);
  ASSERT_EQ(code_of(refused), "AMOUNT_MISMATCH");
  EXPECT_EQ(refused->errors.at(0).pointer, "/amount");
}

TEST(payment_rules, only_a_confirmation_keeps_the_money) {
  using enum booking::settlement;
  EXPECT_FALSE(rules::reason_to_give_back(CONFIRMED));
  for (const auto outcome : {SURPLUS, SEATS_GONE, CANCELLED, SALES_CLOSED, AMOUNT_MISMATCH}) {
    const auto why = rules::reason_to_give_back(outcome);
    ASSERT_TRUE(why);
    EXPECT_TRUE(why->sentence.ends_with("given back."));
  }
}

TEST(payment_rules, what_goes_on_by_itself_is_decided_by_step_and_course) {
  using enum step;
  using enum course;
  for (const auto kind : {wallet, card, top_up}) {
    for (const auto from : {INTENT, CAPTURED}) EXPECT_TRUE(rules::in_flight(from, kind));
    for (const auto from : {CHECKOUT, COMPLETED, FAILED, REFUNDED}) EXPECT_FALSE(rules::in_flight(from, kind));
    EXPECT_EQ(rules::in_flight(GIVING_BACK, kind), kind == wallet) << "refunds to cards go their own way";
  }
  EXPECT_EQ(rules::next_action(CAPTURED, card), rules::action::SETTLE);
  EXPECT_EQ(rules::next_action(CAPTURED, top_up), rules::action::TOP_UP);
}

TEST(payment_rules, only_a_whole_refund_of_somebody_else_stands_for_ours) {
  const refund_attempt ours{
      .number = 1, .reference = "refund:pay_1:1", .provider_refund_id = {}, .state = attempt_state::SENDING};
  ports::card_refund theirs{.id = "ref_9", .payment_id = "pay_1", .reference = "", .state = {}, .amount = {}};
  const auto found = [&] { return rules::find_attempt(ours, {theirs}, money{350'00}).has_value(); };
  EXPECT_TRUE(found()) << "a whole refund without an amount";
  theirs.partial = true;
  EXPECT_FALSE(found()) << "a part of unknown size";
  theirs.partial = false;
  theirs.amount = money{100'00};
  EXPECT_FALSE(found()) << "less than the whole";
  theirs.amount = money{350'00};
  EXPECT_TRUE(found());
  const refund_attempt earlier{
      .number = 1, .reference = "refund:pay_1:0", .provider_refund_id = theirs.id, .state = attempt_state::FAILED};
  EXPECT_FALSE(rules::find_attempt(ours, {theirs}, money{350'00}, {earlier})) << "that of another attempt";
}

TEST(payment_rules, a_description_fits_the_wallets_statement_and_keeps_characters_whole) {
  EXPECT_EQ(rules::describe(5, "Up"), "Booking 5: Up");
  std::string name;
  for (int i = 0; i < 255; ++i) name += "\u0939";
  const auto text = rules::describe(5, name);
  EXPECT_LE(text.size(), 200U);
  EXPECT_TRUE(text.ends_with("\u0939"));
}

}  // namespace
}  // namespace ticketshow::payment
