#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/check/tests/records.hpp"

namespace ticketshow::check::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace steps;

/// A payment by card of an hour ago, for a booking or (0) for the wallet of ann, with an open page.
std::vector<std::string> page(std::int64_t payment, std::int64_t booking) {
  return {
      fmt::format("INSERT INTO payment.payment (id, booking_id, idempotency_key, user_id, amount, currency, method, "
                  "description, correlation_id, lease_until, next_attempt_at, in_doubt_until) OVERRIDING SYSTEM "
                  "VALUE VALUES ({0}, nullif({1}, 0), CASE {1} WHEN 0 THEN 'key {0}' END, 1, 35000, 'INR', 'DODO', "
                  "'test', 'test', now(), now(), now())",
                  payment, booking),
      fmt::format("INSERT INTO payment.checkout (payment_id, reference, session_id, url, opened_at) "
                  "VALUES ({0}, 'payment:{0}', 'cks_{0}', 'http://x/{0}', now())",
                  payment),
      fmt::format("UPDATE payment.payment SET step = 'CHECKOUT' WHERE id = {}", payment)};
}

/// Its capture has its id.
std::vector<std::string> charge(std::int64_t payment) {
  return {
      fmt::format("INSERT INTO payment.capture (id, payment_id, provider_payment_id, amount, currency, surplus, state) "
                  "OVERRIDING SYSTEM VALUE VALUES ({0}, {0}, 'pay_{0}', 35000, 'INR', false, 'KEPT')",
                  payment),
      fmt::format("UPDATE payment.payment SET step = 'CAPTURED', capture_id = {0} WHERE id = {0}", payment)};
}

std::vector<std::string> refund_to_card(std::int64_t payment) {
  return {
      give_back(payment),
      fmt::format("INSERT INTO payment.card_refund (id, capture_id, attempt, reference) OVERRIDING SYSTEM VALUE "
                  "VALUES ({0}, {0}, 1, 'refund:{0}')",
                  payment),
      fmt::format("UPDATE payment.card_refund SET state = 'SUCCEEDED', provider_refund_id = 'ref_{0}' WHERE id = {0}",
                  payment),
      fmt::format("UPDATE payment.capture SET state = 'RETURNED' WHERE id = {}", payment),
      fmt::format("UPDATE payment.refund SET capture_id = {0}, completed_at = now() WHERE payment_id = {0}", payment),
      fmt::format("UPDATE payment.payment SET step = 'REFUNDED' WHERE id = {}", payment)};
}

std::vector<std::string> surplus(std::int64_t capture, std::int64_t payment) {
  return {
      fmt::format("INSERT INTO payment.capture (id, payment_id, provider_payment_id, amount, currency, surplus, state, "
                  "code, reason) OVERRIDING SYSTEM VALUE VALUES ({0}, {1}, 'pay_{0}', 35000, 'INR', true, 'OWED', "
                  "'SURPLUS', 'x')",
                  capture, payment)};
}

void sell_by_card(const records& r, std::int64_t booking, std::int64_t payment) {
  r.take({hold(booking, ann, booking)});
  r.take(page(payment, booking));
  r.take(charge(payment));
  r.take({confirm(booking, payment), complete(payment)});
}

TEST(check_cards, a_booking_paid_by_card_and_one_that_went_back_to_its_card_are_as_they_should_be) {
  const records r;
  sell_by_card(r, 1, 11);
  sell_by_card(r, 2, 12);
  r.take({cancel_paid(2)});
  r.take(refund_to_card(12));
  r.take({hold(3, ann, 3)});
  r.take(page(13, 3));  // somebody pays, perhaps
  r.take(page(14, 0));
  r.take(charge(14));
  r.take({fill(14, 350'00), "UPDATE payment.payment SET step = 'COMPLETED', transaction_id = 28 WHERE id = 14"});
  EXPECT_THAT(rows(r.check()), IsEmpty());
}

TEST(check_cards, each_way_for_a_capture_to_be_nobodys_or_kept_wrongly_is_named) {
  const records r;
  for (std::int64_t id = 1; id <= 5; ++id) sell_by_card(r, id, 10 + id);
  r.take(surplus(20, 15));
  r.drop_constraints();
  r.force({"UPDATE payment.capture SET amount = 34999 WHERE id = 11",
           "UPDATE payment.capture SET state = 'RETURNED', code = 'X', reason = 'x' WHERE id = 12",
           "UPDATE payment.payment SET capture_id = 14 WHERE id = 13",
           "UPDATE payment.capture SET provider_payment_id = 'pay_15' WHERE id = 20"});
  EXPECT_THAT(rows(r.check(60)),
              ElementsAre("I3: payment 11 of 35000 INR is COMPLETED by capture 11: 34999 INR of payment 11, KEPT",
                          "I3: payment 12 of 35000 INR is COMPLETED by capture 12: 35000 INR of payment 12, RETURNED",
                          "I3: payment 13 of 35000 INR is COMPLETED by capture 14: 35000 INR of payment 14, KEPT",
                          "I3: capture 13 (pay_13) of payment 13 is KEPT and pays for 0 payments",
                          "I3: capture 14 (pay_14) of payment 14 is KEPT and pays for 2 payments",
                          "I4: capture 12 (pay_12) is RETURNED with 0 refunds that succeeded and 0 under way",
                          "I9: the provider's payment pay_15 is there 2 times"));
}

TEST(check_cards, a_capture_that_is_sent_back_twice_or_not_at_all_is_named) {
  const records r;
  sell_by_card(r, 1, 11);
  r.take({cancel_paid(1)});
  r.take(refund_to_card(11));
  sell_by_card(r, 2, 12);
  r.take(surplus(21, 12));
  r.drop_constraints();
  r.force(
      {"INSERT INTO payment.card_refund (capture_id, attempt, reference, state, provider_refund_id) "
       "VALUES (11, 2, 'again', 'SUCCEEDED', 'ref_2')",
       "UPDATE payment.capture SET state_at = now() - interval '2 minutes' WHERE id = 21"});
  EXPECT_THAT(rows(r.check(60)),
              ElementsAre("I4: capture 11 (pay_11) is RETURNED with 2 refunds that succeeded and 0 under way",
                          "I4: capture 21 (pay_21) of payment 12 is not given back yet"));
}

TEST(check_cards, what_succeeded_at_the_provider_and_is_no_capture_of_its_payment_is_named) {
  const records r;
  sell_by_card(r, 1, 11);
  sell_by_card(r, 2, 12);
  r.force(
      {"INSERT INTO payment.charge (provider_payment_id, payment_id, state) VALUES ('pay_11', 11, 'SUCCEEDED'), "
       "('pay_12', 11, 'SUCCEEDED'), ('pay_x', 12, 'SUCCEEDED'), ('pay_y', 12, 'FAILED')"});
  EXPECT_THAT(rows(r.check(60)),
              ElementsAre("I3: pay_12 of payment 11 succeeded at the provider and is no capture of it",
                          "I3: pay_x of payment 12 succeeded at the provider and is no capture of it"));
}

TEST(check_cards, a_wallet_filled_by_no_top_up_or_by_another_amount_is_named) {
  const records r;
  for (const std::int64_t id : {14, 15}) {
    r.take(page(id, 0));
    r.take(charge(id));
  }
  r.take({fill(14, 350'01), "UPDATE payment.payment SET step = 'COMPLETED', transaction_id = 28 WHERE id = 14",
          "UPDATE payment.payment SET step = 'COMPLETED', transaction_id = 30 WHERE id = 15", fill(99, 1'00)});
  EXPECT_THAT(rows(r.check(60)), ElementsAre("I2: payment 14 is 350.00 by user 1, its credit 28 is 350.01 of user 1",
                                             "I2: top-up 15 is COMPLETED by credit 30, the ledger's is none",
                                             "I2: the ledger moved money for payment 99, which does not exist"));
}

}  // namespace
}  // namespace ticketshow::check::testing
