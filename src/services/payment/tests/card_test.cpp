#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rt/metrics.hpp"
#include "services/payment/tests/counter.hpp"

namespace ticketshow::payment::testing {
namespace {

using namespace std::chrono_literals;
using enum booking::booking_status;
using ports::card_status;
using refund_status = ports::card_refund::status;

constexpr std::int64_t ann = 1;
constexpr std::int64_t bob = 2;

TEST(cards, a_booking_is_paid_on_the_providers_page_and_confirmed_by_what_the_provider_says) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto begun = c.pay_by_card(ann, id);
  ASSERT_EQ(outcome_of(begun), "PENDING");
  const auto& order = c.cards.page_at(url_of(begun)).order;
  EXPECT_EQ(order.amount, money{350'00});
  EXPECT_EQ(order.currency, "INR");
  EXPECT_EQ(order.name, "Ann");
  EXPECT_EQ(order.email, "somebody@example.com");
  EXPECT_EQ(order.success_url, fmt::format("http://localhost:8000/checkout/{}", id));

  const auto paid = c.cards.pay(url_of(begun));
  ASSERT_TRUE(c.tell(paid));
  c.wait_for(id, "COMPLETED");
  EXPECT_EQ(c.booked(id).shown.status, CONFIRMED);
  const auto seen = c.ask(ann, get_booking_payment{id});
  EXPECT_EQ(seen->transaction_id, paid);
  EXPECT_FALSE(seen->checkout_url);
  EXPECT_TRUE(c.accounts.ledger.empty()) << "the wallet has nothing to do with it";
  c.wait_until([&] { return c.bus.of<booking_successful>().size() == 1; });
  EXPECT_EQ(c.bus.of<booking_successful>()[0].payment_method, payment_method::DODO);
}

TEST(cards, a_repeated_request_answers_the_same_payment_and_page) {
  counter c;
  const auto id = c.book(ann);
  const auto first = c.pay_by_card(ann, id);
  const auto second = c.pay_by_card(ann, id);
  EXPECT_EQ(first->id, second->id);
  EXPECT_EQ(url_of(first), url_of(second));
  EXPECT_EQ(c.cards.pages.size(), 1U);
}

TEST(cards, nobody_is_sent_to_a_page_for_a_hold_that_is_about_to_end_or_has_ended) {
  counter c;
  const auto id = c.book(ann);
  c.booked(id).shown.expires_at = c.clock.now() + 30s;
  EXPECT_EQ(outcome_of(c.pay_by_card(ann, id)), "BOOKING_NOT_PAYABLE");
  EXPECT_EQ(outcome_of(c.pay_by_card(ann, c.book(ann, EXPIRED))), "BOOKING_NOT_PAYABLE");
  EXPECT_TRUE(c.cards.pages.empty());
}

TEST(cards, a_page_that_the_provider_refuses_is_an_answer_and_the_wallet_still_works) {
  counter c;
  const auto id = c.book(ann);
  c.cards.refuses = ports::card_refused::why::amount;
  EXPECT_EQ(outcome_of(c.pay_by_card(ann, id)), "METHOD_UNAVAILABLE");
  EXPECT_EQ(outcome_of(c.pay(ann, id)), "COMPLETED");
}

TEST(cards, a_decline_is_told_and_not_the_end) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto begun = c.pay_by_card(ann, id);
  ASSERT_TRUE(c.tell(c.cards.attempt(url_of(begun), card_status::failed), "payment.failed"));
  c.wait_until([&] { return c.ask(ann, get_payment{begun->id})->failure_reason == "The card was declined."; });
  EXPECT_EQ(c.status_of(id), "PENDING");
  EXPECT_EQ(c.ask(ann, get_payment{begun->id})->checkout_url, begun->checkout_url);
  ASSERT_TRUE(c.tell(c.cards.pay(url_of(begun))));
  c.wait_for(id, "COMPLETED");
}

TEST(cards, an_attempt_that_was_cancelled_leaves_its_page_open_for_the_next) {
  auto settings = counter::lively();
  settings.card_watch_ms = 5;
  for (const bool told : {true, false}) {
    counter c(settings);
    const auto id = c.book(ann);
    const auto begun = c.pay_by_card(ann, id);
    const auto cancelled = c.cards.attempt(url_of(begun), card_status::cancelled);
    if (told) {
      ASSERT_TRUE(c.tell(cancelled, "payment.cancelled"));
    } else {
      c.sql("UPDATE payment.checkout SET next_look_at = now()");
    }
    c.wait_until([&] { return c.ask(ann, get_payment{begun->id})->failure_reason.has_value(); });
    EXPECT_EQ(c.status_of(id), "PENDING");
    const auto paid = c.cards.pay(url_of(begun));
    ASSERT_TRUE(c.tell(paid));
    c.wait_for(id, "COMPLETED");
    EXPECT_EQ(c.cards.sent_back(paid), 0);
  }
}

TEST(cards, defect_12_a_late_failure_and_a_word_like_one_change_nothing_of_a_paid_booking) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto url = url_of(c.pay_by_card(ann, id));
  const auto declined = c.cards.attempt(url, card_status::failed);
  const auto paid = c.cards.pay(url);
  ASSERT_TRUE(c.tell(paid));
  c.wait_for(id, "COMPLETED");
  ASSERT_TRUE(c.tell(declined, "payment.failed"));
  ASSERT_TRUE(c.tell(paid, "payment.failed")) << "the provider is asked, not the message";
  ASSERT_TRUE(c.tell(paid, "dispute.cancelled"));
  c.wait_until([&] { return c.sql("SELECT count(*) FROM payment.notice WHERE handled_at IS NULL") == "0"; });
  EXPECT_EQ(c.status_of(id), "COMPLETED");
  EXPECT_EQ(c.booked(id).shown.status, CONFIRMED);
}

TEST(cards, a_message_is_recorded_once_and_a_forged_one_never) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto paid = c.cards.pay(url_of(c.pay_by_card(ann, id)));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(c.tell(paid, "payment.succeeded", "msg_same"));
  EXPECT_EQ(c.sql("SELECT count(*) FROM payment.notice"), "1");
  auto forged = c.cards.message("payment.succeeded", paid);
  forged.message.bytes += " ";
  EXPECT_EQ(outcome_code(c.ask(0, forged)), "WEBHOOK_REFUSED");
  EXPECT_EQ(c.sql("SELECT count(*) FROM payment.notice"), "1");
  ASSERT_TRUE(c.tell("whatever", "license_key.created"));
  c.wait_for(id, "COMPLETED");
}

TEST(cards, a_flood_of_forged_messages_is_counted_and_fills_no_log) {
  counter c;
  auto& refused = rt::metrics::counter("ticketshow_payment_webhooks_refused_total", "");
  const auto before = refused.Value();
  auto forged = c.cards.message("payment.succeeded", "pay_1");
  forged.message.bytes += " ";
  ::testing::internal::CaptureStderr();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(outcome_code(c.ask(0, forged)), "WEBHOOK_REFUSED");
  const auto log = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::ranges::count(log, '\n'), 1) << log;
  EXPECT_EQ(refused.Value() - before, 100);
}

TEST(cards, defect_11_a_second_capture_is_refunded_and_the_first_is_kept) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto url = url_of(c.pay_by_card(ann, id));
  const auto first = c.cards.pay(url);
  ASSERT_TRUE(c.tell(first));
  c.wait_for(id, "COMPLETED");
  const auto second = c.cards.pay(url);
  ASSERT_TRUE(c.tell(second));
  c.wait_until([&] { return c.cards.sent_back(second) == 1; });
  c.wait_until([&] { return c.captures() == "KEPT, RETURNED SURPLUS"; });
  EXPECT_EQ(c.cards.sent_back(first), 0);
  EXPECT_EQ(c.status_of(id), "COMPLETED");
}

TEST(cards, defect_11_a_wrong_amount_or_currency_confirms_nothing_and_goes_back) {
  counter c(counter::lively());
  for (const auto& [amount, currency] : {std::pair(money{349'99}, "INR"), std::pair(money{350'00}, "USD")}) {
    const auto id = c.book(ann);
    const auto paid = c.cards.attempt(url_of(c.pay_by_card(ann, id)), card_status::succeeded, amount, currency);
    ASSERT_TRUE(c.tell(paid));
    c.wait_for(id, "FAILED");
    c.wait_until([&] { return c.cards.sent_back(paid) == 1; });
    EXPECT_EQ(c.booked(id).shown.status, PENDING);
    EXPECT_THAT(c.ask(ann, get_booking_payment{id})->failure_reason.value(), ::testing::HasSubstr("another amount"));
  }
  c.wait_until([&] { return c.captures() == "RETURNED AMOUNT_MISMATCH, RETURNED AMOUNT_MISMATCH"; });
}

TEST(cards, a_capture_for_an_expired_booking_takes_the_seats_again_or_goes_back) {
  counter c(counter::lively());
  const auto lucky = c.book(ann);
  const auto late = c.book(bob);
  const auto lucky_url = url_of(c.pay_by_card(ann, lucky));
  const auto late_url = url_of(c.pay_by_card(bob, late));
  c.booked(lucky).shown.status = EXPIRED;
  c.booked(late).shown.status = EXPIRED;
  c.booked(late).seats_free = false;
  const auto lost = c.cards.pay(late_url);
  ASSERT_TRUE(c.tell(c.cards.pay(lucky_url)));
  ASSERT_TRUE(c.tell(lost));
  c.wait_for(lucky, "COMPLETED");
  c.wait_for(late, "REFUNDED");
  EXPECT_EQ(c.cards.sent_back(lost), 1);
  c.wait_until([&] { return c.bus.of<refund_completed>().size() == 1; });
  EXPECT_EQ(c.bus.of<refund_completed>()[0].payment_method, payment_method::DODO);
}

TEST(cards, who_turns_to_the_wallet_closes_the_page_and_what_it_still_brings_goes_back) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto begun = c.pay_by_card(ann, id);
  ASSERT_EQ(outcome_of(c.pay(ann, id)), "COMPLETED");
  EXPECT_EQ(outcome_of(c.ask(ann, get_payment{begun->id})), "FAILED");
  const auto paid = c.cards.pay(url_of(begun));
  ASSERT_TRUE(c.tell(paid));
  c.wait_until([&] { return c.captures() == "RETURNED PAYMENT_CLOSED"; });
  EXPECT_EQ(c.cards.sent_back(paid), 1);
  EXPECT_EQ(c.status_of(id), "COMPLETED");
  EXPECT_EQ(c.accounts.balances[ann], 650'00);
}

// ---- the wallet filled by card

TEST(cards, a_wallet_is_filled_once_by_what_its_card_paid) {
  counter c(counter::lively());
  c.accounts.balances[ann] = 0;
  const auto begun = c.ask(ann, top_up{.amount = {500'00}, .idempotency_key = "k"});
  ASSERT_TRUE(begun && begun->checkout_url);
  EXPECT_EQ(c.ask(ann, top_up{.amount = {500'00}, .idempotency_key = "k"})->id, begun->id);
  EXPECT_EQ(outcome_code(c.ask(ann, top_up{.amount = {600'00}, .idempotency_key = "k"})), "IDEMPOTENCY_CONFLICT");
  const auto paid = c.cards.pay(*begun->checkout_url);
  ASSERT_TRUE(c.tell(paid));
  ASSERT_TRUE(c.tell(paid));
  c.wait_until([&] { return c.ask(ann, get_top_up{begun->id})->status == payment_status::COMPLETED; });
  EXPECT_EQ(c.accounts.balances[ann], 500'00);
  EXPECT_EQ(c.accounts.ledger.size(), 1U);

  const auto second = c.cards.pay(*begun->checkout_url);
  ASSERT_TRUE(c.tell(second));
  c.wait_until([&] { return c.cards.sent_back(second) == 1; });
  EXPECT_EQ(c.accounts.balances[ann], 500'00);
  EXPECT_EQ(outcome_code(c.ask(bob, get_top_up{begun->id})), "PAYMENT_NOT_FOUND");
  EXPECT_EQ(outcome_code(c.ask(ann, get_payment{begun->id})), "PAYMENT_NOT_FOUND") << "it is for no booking";
  EXPECT_TRUE(c.ask(ann, list_payments{}).value().empty());
}

TEST(cards, a_top_up_of_the_wrong_amount_fills_nothing_and_goes_back) {
  counter c(counter::lively());
  c.accounts.balances[ann] = 0;
  const auto begun = c.ask(ann, top_up{.amount = {500'00}, .idempotency_key = "k"});
  const auto paid = c.cards.attempt(*begun->checkout_url, card_status::succeeded, money{1'00});
  ASSERT_TRUE(c.tell(paid));
  c.wait_until([&] { return c.cards.sent_back(paid) == 1; });
  EXPECT_EQ(c.ask(ann, get_top_up{begun->id})->status, payment_status::FAILED);
  EXPECT_TRUE(c.accounts.ledger.empty());
}

}  // namespace
}  // namespace ticketshow::payment::testing
