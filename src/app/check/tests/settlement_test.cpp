#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/check/tests/records.hpp"

namespace ticketshow::check::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace steps;

void take_all(const records& r, std::initializer_list<std::vector<std::string>> lives) {
  for (const auto& each : lives) r.take(each);
}

// ---- I3

TEST(check_settlement, a_confirmed_booking_without_its_capture_is_named) {
  const records r;
  take_all(r, {sold(1, ann, 1, 11), sold(2, ann, 2, 12), sold(3, bob, 3, 13)});
  r.drop_constraints();
  r.take({hold(4, ann, 4), intend(14, 4, ann), fail(14), confirm(4, 14)});
  r.take({hold(5, ann, 5), intend(15, 5, ann), confirm(5, 15)});
  r.take({hold(6, ann, 6), resolve(6, "CONFIRMED"), mail(6, "SENT")});
  r.take({hold(7, ann, 7), confirm(7, 13)});  // another booking's
  r.force({"UPDATE booking.booking SET total_amount = 70000 WHERE id = 1",
           "UPDATE booking.booking SET user_id = 2 WHERE id = 2"});
  EXPECT_THAT(rows(r.check(60)),
              ElementsAre("I3: booking 1 costs 700.00 to user 1, its payment 11 is 350.00 by user 1",
                          "I3: booking 2 costs 350.00 to user 2, its payment 12 is 350.00 by user 1",
                          "I3: booking 4 is confirmed, its payment 14 is FAILED",
                          "I3: booking 5 is confirmed, its payment 15 is INTENT",
                          "I3: booking 6 is confirmed by payment none, which is none of its payments",
                          "I3: booking 7 is confirmed by payment 13, which is none of its payments"));
}

TEST(check_settlement, a_capture_that_is_kept_without_its_confirmed_booking_is_named) {
  const records r;
  const auto paid = [](std::int64_t payment, std::int64_t booking) {
    return std::vector{intend(payment, booking, ann), debit(payment), capture(payment), complete(payment)};
  };
  take_all(r, {{hold(1, ann, 1)}, paid(11, 1)});
  take_all(r, {{hold(2, ann, 2), resolve(2, "EXPIRED")}, paid(12, 2)});
  take_all(r, {{hold(3, ann, 3), resolve(3, "CANCELLED")}, paid(13, 3)});
  take_all(r, {paid(14, 99)});  // no such booking
  // A second one beside that which settled it.
  r.drop_constraints();
  take_all(r, {sold(5, ann, 5, 15), paid(16, 5)});
  EXPECT_THAT(rows(r.check()), ElementsAre("I3: payment 11 is kept, but did not settle booking 1",
                                           "I3: payment 12 is kept, but did not settle booking 2",
                                           "I3: payment 13 is kept, but did not settle booking 3",
                                           "I3: payment 16 is kept, but did not settle booking 5",
                                           "I3: payment 14 is kept, but did not settle booking 99",
                                           "I9: booking 5 has the live payments 15, 16"));
}

TEST(check_settlement, a_confirmed_booking_whose_money_went_back_is_named) {
  const records r;
  take_all(r, {sold(1, ann, 1, 11), {give_back(11), credit(11), refund(11)}, sold(2, ann, 2, 12), {give_back(12)}});
  r.take({"UPDATE payment.payment SET updated_at = now() - interval '30 seconds'"});
  // Not under way either: booking is read first and would have known of the cancellation.
  EXPECT_THAT(rows(r.check(60)), ElementsAre("I3: booking 1 is confirmed, its payment 11 is REFUNDED",
                                             "I3: booking 2 is confirmed, its payment 12 is GIVING_BACK"));
}

// ---- I4

TEST(check_settlement, a_cancelled_paid_booking_that_is_not_given_back_is_named) {
  const records r;
  for (std::int64_t id = 1; id <= 6; ++id) r.take(sold(id, ann, id, 10 + id));
  r.take({resolve(1, "CANCELLED")});
  r.take({cancel_paid(2), "UPDATE booking.refund_request SET created_at = now() - interval '90 seconds'"});
  r.take({resolve(3, "CANCELLED"), give_back(13), credit(13), refund(13)});
  r.take(cancelled(4, 14));
  r.take({cancel_paid(5), cancel_paid(6), give_back(16), credit(16), refund(16)});
  r.force({"UPDATE booking.booking SET payment_id = 99 WHERE id = 3",
           "UPDATE booking.booking SET total_amount = 70000 WHERE id = 4",
           // Whatever was asked for: a payment that failed is never given back.
           "UPDATE payment.payment SET step = 'FAILED', failure_code = 'X', transaction_id = NULL WHERE id = 15",
           "UPDATE payment.transition SET to_step = 'FAILED' WHERE payment_id = 15 AND to_step = 'CAPTURED'",
           "DELETE FROM payment.transition WHERE payment_id = 15 AND to_step = 'COMPLETED'",
           "DELETE FROM auth.wallet_entry WHERE transaction_id = 30",
           "DELETE FROM auth.ledger_transaction WHERE id = 30", "UPDATE booking.booking SET user_id = 2 WHERE id = 6"});
  r.force(
      {"UPDATE auth.wallet_entry e SET seq = c.seq, balance = c.balance FROM (SELECT transaction_id, row_number() "
       "OVER chain AS seq, sum(delta) OVER chain AS balance FROM auth.wallet_entry WINDOW chain AS (PARTITION BY "
       "user_id ORDER BY seq)) c WHERE c.transaction_id = e.transaction_id"});
  EXPECT_THAT(rows(r.check(60)),
              ElementsAre("I4: booking 1 is cancelled, its payment 11 is COMPLETED and nobody asked for the refund",
                          "I4: booking 2 is cancelled, its payment 12 is COMPLETED",
                          "I4: cancelled booking 3 was paid by payment 99, which is none of its payments",
                          "I4: booking 4 costs 700.00 to user 1, its payment 14 is 350.00 by user 1",
                          "I4: booking 5 is cancelled, its payment 15 is FAILED",
                          "I4: booking 6 costs 350.00 to user 2, its payment 16 is 350.00 by user 1"));
}

TEST(check_settlement, a_refund_of_another_amount_or_without_a_decision_is_named) {
  const records r;
  for (std::int64_t id = 1; id <= 4; ++id) r.take(sold(id, ann, id, 10 + id));
  r.take(cancelled(1, 11));
  r.take(cancelled(2, 12));
  r.take({cancel_paid(3), give_back(13)});
  r.force({"UPDATE payment.refund SET amount = 100 WHERE payment_id = 11",
           "DELETE FROM payment.refund WHERE payment_id IN (12, 13)",
           "INSERT INTO payment.refund (payment_id, amount, initiated_by, reason) VALUES (14, 35000, 'USER', 'test')"});
  EXPECT_THAT(rows(r.check(60)), ElementsAre("I4: payment 12 is REFUNDED by credit 0, the ledger's is 25",
                                             "I4: payment 11 of 350.00 is REFUNDED, to give back: 1.00",
                                             "I4: payment 12 of 350.00 is REFUNDED, to give back: nothing",
                                             "I4: payment 13 of 350.00 is GIVING_BACK, to give back: nothing",
                                             "I4: payment 14 is COMPLETED and has a refund"));
}

TEST(check_settlement, a_refund_that_did_not_reach_the_payers_wallet_once_is_named) {
  const records r;
  for (std::int64_t id = 1; id <= 3; ++id) {
    r.take(sold(id, ann, id, 1000 + id));
    r.take({cancel_paid(id), give_back(1000 + id)});
  }
  // 1001 goes to bob, 1002 to nobody, 1003 twice.
  r.take({"UPDATE payment.payment SET user_id = 2 WHERE id = 1001", credit(1001),
          "UPDATE payment.payment SET user_id = 1 WHERE id = 1001", credit(1003)});
  for (std::int64_t id = 1; id <= 3; ++id) r.take({refund(1000 + id)});
  r.take({credit_wallet(ann, 50, 350'00)});
  r.force(
      {"UPDATE auth.ledger_transaction SET kind = 'REFUND', debit_account = 'clearing', "
       "reference = 'payment:01003:refund' WHERE id = 50"});
  EXPECT_THAT(rows(r.check()), ElementsAre("I4: payment 1001 is 350.00 by user 1, its refund 2003 is 350.00 of user 2",
                                           "I4: payment 1002 is REFUNDED by credit 2005, the ledger's is none",
                                           "I4: payment 1003 has two movements \"refund\""));
}

// ---- in flight

std::vector<std::int64_t> in_flight(const std::vector<finding>& findings) {
  return {of(findings, "I3").in_flight, of(findings, "I4").in_flight};
}

TEST(check_settlement, what_is_under_way_is_in_flight_until_the_settle_time_is_over) {
  const records r;
  take_all(r, {{hold(1, ann, 1), intend(11, 1, ann)},                          // nothing moved yet
               {hold(2, ann, 2), intend(12, 2, ann), debit(12)},               // the debit is not recorded
               {hold(3, ann, 3), intend(13, 3, ann), debit(13), capture(13)},  // not settled
               {hold(4, ann, 4), intend(14, 4, ann), debit(14), capture(14), confirm(4, 14)},  // not recorded
               sold(5, ann, 5, 15),
               {cancel_paid(5)},  // payment was not asked yet
               sold(6, ann, 6, 16),
               {cancel_paid(6), give_back(16)},  // decided
               sold(7, ann, 7, 17),
               {cancel_paid(7), give_back(17), credit(17)},  // the credit is not recorded
               sold(8, ann, 8, 18),
               {cancel_paid(8), give_back(18), credit(18), refund(18)},  // done
               {hold(9, bob, 9), intend(19, 9, bob), debit(19), capture(19), confirm(9, 19), cancel_paid(9)}});
  const auto seen = r.check(60);
  EXPECT_THAT(rows(seen), IsEmpty());
  EXPECT_THAT(in_flight(seen), ElementsAre(4, 4));

  r.take({"UPDATE payment.payment SET updated_at = now() - interval '50 seconds'",
          "UPDATE booking.refund_request SET created_at = now() - interval '50 seconds'"});
  EXPECT_THAT(rows(r.check(60)), IsEmpty());
  const std::vector<std::string> unfinished{"I3: payment 11 of booking 1 is still INTENT",
                                            "I3: payment 12 of booking 2 is still INTENT",
                                            "I3: payment 13 of booking 3 is still CAPTURED",
                                            "I3: booking 4 is confirmed, its payment 14 is CAPTURED",
                                            "I4: booking 5 is cancelled, its payment 15 is COMPLETED",
                                            "I4: payment 16 is not given back yet",
                                            "I4: payment 17 is not given back yet",
                                            "I4: booking 9 is cancelled, its payment 19 is CAPTURED"};
  const auto late = r.check(40);
  EXPECT_EQ(rows(late), unfinished);
  EXPECT_THAT(in_flight(late), ElementsAre(0, 0));
  EXPECT_EQ(rows(r.check(0)), unfinished);
}

}  // namespace
}  // namespace ticketshow::check::testing
