#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/check/tests/records.hpp"

namespace ticketshow::check::testing {
namespace {

using ::testing::ElementsAre;
using namespace steps;

std::string open_account(std::int64_t id) {
  return fmt::format(
      "INSERT INTO auth.account (id, email, username, password_hash) OVERRIDING SYSTEM VALUE "
      "VALUES ({0}, 'user{0}@example.com', 'User', '-')",
      id);
}

TEST(check_money, each_way_for_a_wallet_not_to_add_up_is_named) {
  const records r;
  for (std::int64_t user = 11; user <= 17; ++user) {
    r.take({open_account(user), credit_wallet(user, 100 * user, 5'00)});
  }
  r.drop_constraints();
  r.force({
      // 11 is negative, though every entry follows from the one before
      R"(UPDATE auth.ledger_transaction SET kind = 'DEBIT', reference = 'payment:1:debit', debit_account = 'wallet:11',
           credit_account = 'clearing' WHERE id = 1100)",
      "UPDATE auth.wallet_entry SET delta = -500, balance = -500 WHERE user_id = 11",
      // 12 has a penny more than it moved
      "UPDATE auth.wallet_entry SET balance = 501 WHERE user_id = 12",
      // 13 misses its first entry
      "UPDATE auth.wallet_entry SET seq = 2 WHERE user_id = 13",
      // 14 moved another amount than the movement's
      "UPDATE auth.wallet_entry SET delta = 600, balance = 600 WHERE user_id = 14",
      // 15 has the money of 16
      "UPDATE auth.wallet_entry SET user_id = 18 WHERE user_id = 15",
      // 16 has an entry of no movement
      "INSERT INTO auth.wallet_entry VALUES (16, 2, 99, 100, 600)",
      // 17's second entry does not begin where the first ended
      R"(INSERT INTO auth.ledger_transaction (id, reference, kind, user_id, debit_account, credit_account, amount,
           description) OVERRIDING SYSTEM VALUE VALUES (1701, 'x', 'CREDIT', 17, 'external', 'wallet:17', 100, 'test'))",
      "INSERT INTO auth.wallet_entry VALUES (17, 2, 1701, 100, 100)",
  });
  // The payment of 11, so that nothing but the balance is wrong.
  r.take({hold(1, 11, 1), intend(1, 1, 11)});
  r.force({"UPDATE payment.payment SET amount = 500 WHERE id = 1", "UPDATE booking.booking SET total_amount = 500"});
  r.force({"UPDATE payment.payment SET step = 'CAPTURED', transaction_id = 1100",
           "INSERT INTO payment.transition (payment_id, from_step, to_step, reason, run) "
           "VALUES (1, 'INTENT', 'CAPTURED', 'test', 1)"});
  EXPECT_THAT(rows(r.check(60)), ElementsAre("I2: wallet 11, entry 1: -500 after 0 and a movement of -500",
                                             "I2: wallet 12, entry 1: 501 after 0 and a movement of 500",
                                             "I2: wallet 13, entry 2: 500 after 0 and a movement of 500",
                                             "I2: wallet 14, entry 1: 600 after 0 and a movement of 600",
                                             "I2: wallet 16, entry 2: 600 after 500 and a movement of 100",
                                             "I2: wallet 17, entry 2: 100 after 500 and a movement of 100",
                                             "I2: wallet 18, entry 1: 500 after 0 and a movement of 500"));
}

TEST(check_money, a_movement_that_does_not_sum_to_zero_is_named) {
  const records r;
  for (std::int64_t id = 11; id <= 16; ++id) r.take({credit_wallet(ann, id, 5'00)});
  r.drop_constraints();
  r.force({
      "DELETE FROM auth.wallet_entry WHERE transaction_id = 16",
      R"(INSERT INTO auth.wallet_entry SELECT user_id, seq + 1, transaction_id, delta, balance + delta
         FROM auth.wallet_entry WHERE transaction_id = 15)",
      "UPDATE auth.ledger_transaction SET amount = 0 WHERE id = 11",
      "UPDATE auth.wallet_entry SET balance = balance - 500 WHERE user_id = 1 AND seq > 1",
      "UPDATE auth.wallet_entry SET delta = 0 WHERE transaction_id = 11",
      "UPDATE auth.ledger_transaction SET credit_account = 'wallet:2' WHERE id = 12",
      "UPDATE auth.ledger_transaction SET debit_account = 'clearing' WHERE id = 13",
  });
  EXPECT_THAT(rows(r.check()),
              ElementsAre("I2: transaction 11 (test:11): 0 from external to wallet:1, in 1 wallet entries",
                          "I2: transaction 12 (test:12): 500 from external to wallet:2, in 1 wallet entries",
                          "I2: transaction 13 (test:13): 500 from clearing to wallet:1, in 1 wallet entries",
                          "I2: transaction 15 (test:15): 500 from external to wallet:1, in 2 wallet entries",
                          "I2: transaction 16 (test:16): 500 from external to wallet:1, in 0 wallet entries"));
}

TEST(check_money, a_movement_that_no_payment_accounts_for_is_named) {
  const records r;
  for (std::int64_t id = 1; id <= 7; ++id) r.take({hold(id, ann, id), intend(10 + id, id, ann)});
  for (const std::int64_t id : {11, 12, 13, 14, 15}) r.take({debit(id)});
  for (const std::int64_t id : {12, 13, 14, 15, 16}) r.take({capture(id)});
  r.take({complete(14), confirm(4, 14), credit(14), fail(17), debit(17)});
  r.force({
      "ALTER TABLE auth.ledger_transaction DROP CONSTRAINT payments_own_references",
      "UPDATE auth.ledger_transaction SET reference = 'payment:99:debit' WHERE id = 22",  // 11's: an intent needs none
      "UPDATE auth.ledger_transaction SET reference = 'by hand' WHERE id = 24",           // 12's
      "UPDATE payment.payment SET amount = 1 WHERE id = 13",
      "UPDATE payment.payment SET transaction_id = 5 WHERE id = 15",
  });
  EXPECT_THAT(rows(r.check(60)), ElementsAre("I2: transaction 24 (by hand) is a DEBIT for no payment",
                                             "I2: payment 12 is CAPTURED by debit 24, the ledger's is none",
                                             "I2: payment 13 is 0.01 by user 1, its debit 26 is 350.00 of user 1",
                                             "I2: payment 14 is COMPLETED, but transaction 29 gave its money back",
                                             "I2: payment 15 is CAPTURED by debit 5, the ledger's is 30",
                                             "I2: payment 16 is CAPTURED by debit 32, the ledger's is none",
                                             "I2: payment 17 failed, but transaction 34 took its money",
                                             "I2: the ledger moved money for payment 99, which does not exist"));
}

TEST(check_money, a_payment_debited_twice_or_by_a_credit_is_named) {
  const records r;
  r.take(sold(1, ann, 1, 1000));
  r.take(sold(2, ann, 2, 1001));
  r.take({credit_wallet(ann, 50, 350'00), credit_wallet(bob, 51, 350'00)});
  r.force({"ALTER TABLE auth.ledger_transaction DROP CONSTRAINT payments_own_references",
           "UPDATE auth.ledger_transaction SET reference = 'payment:01000:debit' WHERE id = 50",
           "UPDATE auth.ledger_transaction SET reference = 'payment:01001:debit' WHERE id = 51"});
  EXPECT_THAT(rows(r.check()), ElementsAre("I2: transaction 50 is a CREDIT and named payment:1000:debit",
                                           "I2: payment 1000 has two movements \"debit\"",
                                           "I2: transaction 51 is a CREDIT and named payment:1001:debit",
                                           "I2: payment 1001 is 350.00 by user 1, its debit 51 is 350.00 of user 2",
                                           "I2: payment 1001 has two movements \"debit\""));
}

}  // namespace
}  // namespace ticketshow::check::testing
