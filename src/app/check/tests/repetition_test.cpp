#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/check/tests/records.hpp"

namespace ticketshow::check::testing {
namespace {

using ::testing::ElementsAre;
using namespace steps;

// ---- I9

TEST(check_repetition, a_wish_or_a_refund_request_that_is_there_twice_is_named) {
  const records r;
  r.take({hold(1, ann, 1), hold(2, ann, 2), hold(3, bob, 3)});
  r.take(sold(4, bob, 4, 14));
  r.take(cancelled(4, 14));
  r.drop_constraints();
  r.force({"UPDATE booking.booking SET idempotency_key = 'key 1' WHERE id IN (2, 3)",  // 3's is another user's
           "INSERT INTO booking.refund_request SELECT * FROM booking.refund_request"});
  EXPECT_THAT(rows(r.check()), ElementsAre("I9: user 1, idempotency key \"key 1\": bookings 1, 2",
                                           "I9: booking 4 has 2 refund requests"));
}

TEST(check_repetition, a_payment_or_a_refund_that_is_there_twice_is_named) {
  const records r;
  r.take(sold(2, ann, 2, 13));
  r.take({hold(3, ann, 3), intend(14, 3, ann), fail(14)});
  for (std::int64_t id = 5; id <= 7; ++id) {
    r.take(sold(id, ann, id, 10 + id));
    r.take(cancelled(id, 10 + id));
  }
  r.drop_constraints();
  r.take({hold(1, ann, 1), intend(11, 1, ann), intend(12, 1, ann)});
  r.force({"UPDATE payment.payment SET transaction_id = 26 WHERE id = 14",
           "INSERT INTO payment.refund SELECT payment_id, amount, initiated_by, reason, requested_at "
           "FROM payment.refund WHERE payment_id = 15",
           "UPDATE payment.refund SET transaction_id = 33 WHERE payment_id = 17"});
  // A credit that stands for two refunds was not paid for one of them.
  EXPECT_THAT(
      rows(r.check(60)),
      ElementsAre("I4: payment 17 is REFUNDED by credit 33, the ledger's is 35",
                  "I9: booking 1 has the live payments 11, 12", "I9: the movement 26 stands for the payments 13, 14",
                  "I9: payment 15 has 2 refunds", "I9: the credit 33 stands for the refunds of the payments 16, 17"));
}

TEST(check_repetition, a_reference_that_moved_money_twice_is_named) {
  const records r;
  r.take({credit_wallet(ann, 11, 5'00), credit_wallet(bob, 12, 5'00)});
  r.drop_constraints();
  r.force({"UPDATE auth.ledger_transaction SET reference = 'test:11' WHERE id = 12"});
  EXPECT_THAT(rows(r.check()), ElementsAre("I9: reference test:11: transactions 11, 12"));
}

// ---- I10

TEST(check_resolution, a_booking_that_resolved_twice_or_too_early_is_named) {
  const records r;
  for (std::int64_t id = 1; id <= 5; ++id) r.take({hold(id, ann, id)});
  r.take({resolve(1, "EXPIRED"), resolve(2, "EXPIRED"), resolve(4, "FAILED")});
  r.take(sold(6, ann, 6, 16));
  r.drop_constraints();
  r.force({"UPDATE booking.booking SET expires_at = now() + interval '1 minute' WHERE id = 1",
           "UPDATE booking.booking SET payment_id = 12 WHERE id = 2",
           "UPDATE booking.booking SET payment_id = 13 WHERE id = 3",
           "UPDATE booking.booking SET payment_id = 14 WHERE id = 4"});
  r.take(
      {"INSERT INTO booking.refund_request (booking_id, initiated_by, reason) VALUES (5, 'USER', 'test'), "
       "(6, 'USER', 'test')"});
  EXPECT_THAT(rows(r.check()), ElementsAre("I10: booking 1 is EXPIRED before its time",
                                           "I10: booking 2 is EXPIRED, though payment 12 settled it",
                                           "I10: booking 3 is PENDING, though payment 13 settled it",
                                           "I10: booking 4 is FAILED, though payment 14 settled it",
                                           "I10: booking 5 is PENDING, though its refund was asked for",
                                           "I10: booking 6 is CONFIRMED, though its refund was asked for"));
}

TEST(check_resolution, an_admission_that_should_not_have_been_is_named) {
  const records r;
  r.take(sold(1, ann, 1, 11));  // entered as it should be
  r.take(sold(2, ann, 2, 12));  // entered, then cancelled by an administrator
  r.take(sold(3, ann, 3, 13));  // entered twice
  r.take({hold(4, ann, 4)});    // entered without being paid
  r.take(sold(5, ann, 5, 15));  // entered after its cancellation
  r.take(sold(6, ann, 6, 16));  // entered, then cancelled by its owner
  r.take(sold(7, ann, 7, 17));  // entered on a seat that is another's
  const auto enter = [](int booking, int seat, const char* when) {
    return fmt::format(
        "INSERT INTO booking.admission (booking_id, seat_no, admitted_at, recorded_at, staff_id, scan_id) "
        "VALUES ({}, {}, now(), now() + interval '{}', 1, 'x')",
        booking, seat, when);
  };
  for (const auto& [booking, payment] : {std::pair(2, 12), std::pair(5, 15), std::pair(6, 16)}) {
    r.take(cancelled(booking, payment));
  }
  r.drop_constraints();
  r.force({"UPDATE booking.refund_request SET initiated_by = 'ADMIN' WHERE booking_id IN (2, 5)",
           "UPDATE booking.refund_request SET initiated_by = 'USER' WHERE booking_id = 6"});
  r.force({enter(1, 1, "0"), enter(2, 2, "-1 minute"), enter(3, 3, "0"), enter(3, 3, "0"), enter(4, 4, "0"),
           enter(5, 5, "1 minute"), enter(6, 6, "-1 minute"), enter(7, 8, "0")});
  EXPECT_THAT(rows(r.check()), ElementsAre("I10: seat 3 of booking 3 was entered 2 times",
                                           "I10: seat 4 of booking 4 was entered, though it was PENDING",
                                           "I10: seat 5 of booking 5 was entered, though it was CANCELLED",
                                           "I10: seat 6 of booking 6 was entered, though its owner has the money back",
                                           "I10: seat 8 of booking 7 was entered, which no booking has"));
}

TEST(check_resolution, a_payment_whose_history_is_not_a_legal_way_to_its_step_is_named) {
  const records r;
  for (std::int64_t id = 1; id <= 6; ++id) r.take(sold(id, ann, id, 10 + id));
  r.drop_constraints();
  r.force({"DELETE FROM payment.transition WHERE payment_id = 11",                            // no history
           "DELETE FROM payment.transition WHERE payment_id = 12 AND to_step = 'INTENT'",     // no beginning
           "DELETE FROM payment.transition WHERE payment_id = 13 AND to_step = 'CAPTURED'",   // a step left out
           "DELETE FROM payment.transition WHERE payment_id = 14 AND to_step = 'COMPLETED'",  // not to where it is
           "UPDATE payment.transition SET from_step = 'INTENT' WHERE payment_id = 15 AND to_step = 'COMPLETED'",
           // resolved twice
           R"(INSERT INTO payment.transition (payment_id, from_step, to_step, reason, run)
              VALUES (16, 'COMPLETED', 'FAILED', 'test', 1), (16, 'FAILED', 'COMPLETED', 'test', 1))"});
  EXPECT_THAT(
      rows(r.check()),
      ElementsAre("I10: payment 11 is COMPLETED, its history says nothing",
                  "I10: payment 12 is COMPLETED, its history says CAPTURED → COMPLETED",
                  "I10: payment 13 is COMPLETED, its history says INTENT → COMPLETED",
                  "I10: payment 14 is COMPLETED, its history says INTENT → CAPTURED",
                  "I10: payment 15 is COMPLETED, its history says INTENT → CAPTURED → COMPLETED",
                  "I10: payment 16 is COMPLETED, its history says INTENT → CAPTURED → COMPLETED → FAILED → COMPLETED"));
}

TEST(check_resolution, no_step_a_payment_may_not_take_is_overlooked) {
  const records r;
  r.drop_constraints();
  r.force({R"(
INSERT INTO payment.payment (booking_id, user_id, amount, currency, method, description, correlation_id, step,
                             lease_until, next_attempt_at, in_doubt_until)
SELECT a.n * 10 + b.n, 1, 1, 'INR', 'WALLET', 'test', 'test', b.step, now(), now(), now()
FROM unnest(enum_range(NULL::payment.step)) WITH ORDINALITY a (step, n),
     unnest(enum_range(NULL::payment.step)) WITH ORDINALITY b (step, n))",
           // From INTENT the legal way to the first step, then the step in question.
           R"(
INSERT INTO payment.transition (payment_id, from_step, to_step, reason, run)
SELECT p.id, lag(w.step) OVER (PARTITION BY p.id ORDER BY w.place), w.step, 'test', 1
FROM payment.payment p JOIN unnest(enum_range(NULL::payment.step)) WITH ORDINALITY a (step, n) ON a.n = p.booking_id / 10,
LATERAL (SELECT step, place FROM unnest(CASE a.step
           WHEN 'INTENT' THEN '{INTENT}' WHEN 'CHECKOUT' THEN '{INTENT,CHECKOUT}' WHEN 'CAPTURED' THEN '{INTENT,CAPTURED}'
           WHEN 'COMPLETED' THEN '{INTENT,CAPTURED,COMPLETED}' WHEN 'FAILED' THEN '{INTENT,FAILED}'
           WHEN 'GIVING_BACK' THEN '{INTENT,CAPTURED,GIVING_BACK}'
           ELSE '{INTENT,CAPTURED,GIVING_BACK,REFUNDED}' END::payment.step[] || p.step) WITH ORDINALITY s (step, place)) w)"});
  const auto found = of(r.check(), "I10");
  EXPECT_EQ(found.broken, 49 - 9);
}

}  // namespace
}  // namespace ticketshow::check::testing
