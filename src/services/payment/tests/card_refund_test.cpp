#include <gtest/gtest.h>

#include "services/payment/tests/counter.hpp"

namespace ticketshow::payment::testing {
namespace {

using namespace std::chrono_literals;
using refund_status = ports::card_refund::status;

constexpr std::int64_t ann = 1;

TEST(card_refunds, a_cancelled_booking_is_refunded_to_its_card_when_the_provider_says_so) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto paid = c.cards.pay(url_of(c.pay_by_card(ann, id)));
  ASSERT_TRUE(c.tell(paid));
  c.wait_for(id, "COMPLETED");
  c.cards.refund_outcome = [] { return refund_status::pending; };
  c.cancel(id);
  c.wait_until([&] { return c.sql("SELECT state FROM payment.card_refund") == "PENDING"; });
  EXPECT_EQ(c.status_of(id), "REFUND_INITIATED");
  EXPECT_TRUE(c.bus.of<refund_completed>().empty());

  auto& refund = c.cards.payments.at(paid).refunds.at(0);
  refund.state = refund_status::succeeded;
  ASSERT_TRUE(c.tell(refund.id, "refund.succeeded"));
  c.wait_for(id, "REFUNDED");
  c.wait_until([&] { return c.bus.of<refund_completed>().size() == 1; });
  EXPECT_EQ(c.bus.of<refund_completed>()[0].refund_id, refund.id);
}

TEST(card_refunds, defect_14_a_refund_whose_answer_was_lost_is_found_before_anything_is_sent_again) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto paid = c.cards.pay(url_of(c.pay_by_card(ann, id)));
  ASSERT_TRUE(c.tell(paid));
  c.wait_for(id, "COMPLETED");
  c.cards.plan = [&] { return c.cards.refunds_asked == 1 ? mishap::after : mishap::none; };
  c.cancel(id);
  c.wait_until([&] { return c.cards.refunds_asked == 1; });
  c.cards.plan = {};
  c.wait_for(id, "REFUNDED");
  EXPECT_EQ(c.cards.refunds_asked, 1);
}

TEST(card_refunds, a_refund_that_never_arrived_is_sent_again_under_its_reference) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto paid = c.cards.pay(url_of(c.pay_by_card(ann, id)));
  ASSERT_TRUE(c.tell(paid));
  c.wait_for(id, "COMPLETED");
  c.cards.plan = [&, lost = false]() mutable {
    return c.cards.refunds_asked == 1 && !std::exchange(lost, true) ? mishap::before : mishap::none;
  };
  c.cancel(id);
  c.wait_for(id, "REFUNDED");
  EXPECT_EQ(c.cards.refunds_asked, 2);
  EXPECT_EQ(c.sql("SELECT count(*) FROM payment.card_refund"), "1");
}

TEST(card_refunds, a_failed_refund_is_sent_anew_some_times_and_then_shown_to_an_operator_who_may_try_again) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto paid = c.cards.pay(url_of(c.pay_by_card(ann, id)));
  ASSERT_TRUE(c.tell(paid));
  c.wait_for(id, "COMPLETED");
  c.cards.refund_outcome = [] { return refund_status::failed; };
  c.cancel(id);
  c.wait_until([&] { return c.captures() == "STUCK BOOKING_CANCELLED"; });
  EXPECT_EQ(c.cards.refunds_asked, 5);
  EXPECT_EQ(c.sql("SELECT count(DISTINCT reference) FROM payment.card_refund"), "5") << "the failed ones are final";
  EXPECT_EQ(c.status_of(id), "REFUND_INITIATED");

  c.cards.refund_outcome = {};
  c.sql("UPDATE payment.capture SET state = 'OWED', attempts_allowed = 6, next_attempt_at = now()");
  c.wait_for(id, "REFUNDED");
  EXPECT_EQ(c.cards.sent_back(paid), 1);
}

TEST(card_refunds, what_somebody_else_sent_back_is_not_sent_again) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto paid = c.cards.pay(url_of(c.pay_by_card(ann, id)));
  ASSERT_TRUE(c.tell(paid));
  c.wait_for(id, "COMPLETED");
  c.cards.payments.at(paid).refunds.push_back({.id = "ref_by_hand",
                                               .payment_id = paid,
                                               .reference = {},
                                               .state = refund_status::succeeded,
                                               .amount = money{350'00},
                                               .reason = {}});
  c.cancel(id);
  c.wait_for(id, "REFUNDED");
  EXPECT_EQ(c.sql("SELECT provider_refund_id FROM payment.card_refund"), "ref_by_hand");
}

}  // namespace
}  // namespace ticketshow::payment::testing
