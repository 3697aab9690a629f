#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/payment/card_queries.hpp"
#include "services/payment/charge_queries.hpp"
#include "services/payment/queries.hpp"
#include "services/payment/tests/counter.hpp"

namespace ticketshow::payment::testing {
namespace {

using namespace std::chrono_literals;
using enum booking::booking_status;

constexpr std::int64_t ann = 1;
constexpr std::int64_t bob = 2;

TEST(payment, every_statement_holds_against_the_migrated_schema) {
  counter c;
  EXPECT_THAT(test::prepare_all(c.database.service("payment"), queries::all_statements), ::testing::IsEmpty());
  EXPECT_THAT(test::prepare_all(c.database.service("payment"), queries::all_card_statements), ::testing::IsEmpty());
  EXPECT_THAT(test::prepare_all(c.database.service("payment"), queries::all_charge_statements), ::testing::IsEmpty());
}

TEST(payment, a_booking_is_paid_from_the_wallet_and_confirmed) {
  counter c;
  const auto id = c.book(ann);
  const auto paid = c.pay(ann, id);
  ASSERT_EQ(outcome_of(paid), "COMPLETED");
  EXPECT_EQ(paid->amount, money{350'00});
  EXPECT_EQ(paid->user_id, ann);
  EXPECT_TRUE(paid->transaction_id);
  EXPECT_FALSE(paid->failure_reason);
  EXPECT_EQ(c.accounts.balances[ann], 650'00);
  EXPECT_EQ(c.booked(id).payment_id, paid->id);
  EXPECT_EQ(c.sql(fmt::format("SELECT string_agg(to_step::text, ' ' ORDER BY id) FROM payment.transition "
                              "WHERE payment_id = {}",
                              paid->id)),
            "INTENT CAPTURED COMPLETED");
}

TEST(payment, a_repeated_request_is_answered_with_the_same_payment) {
  counter c;
  const auto id = c.book(ann);
  const auto first = c.pay(ann, id);
  const auto second = c.pay(ann, id, money{350'00});
  ASSERT_EQ(outcome_of(second), "COMPLETED");
  EXPECT_EQ(first->id, second->id);
  EXPECT_EQ(c.accounts.balances[ann], 650'00);
}

TEST(payment, defect_10_parallel_payments_take_the_money_once) {
  counter c;
  const auto id = c.book(ann);
  std::vector<rt::task<contract::result<payment_view>>> work;
  for (int i = 0; i < 16; ++i) {
    work.push_back(c.payments().handle(counter::call_of(ann), create_payment{id, payment_method::WALLET, {}}));
  }
  const auto answers = c.run_all(std::move(work));
  for (const auto& each : answers) {
    ASSERT_EQ(outcome_of(each), "COMPLETED");
    EXPECT_EQ(each->id, answers.front()->id);
  }
  EXPECT_EQ(c.accounts.balances[ann], 650'00);
  EXPECT_EQ(c.accounts.ledger.size(), 1U);
}

TEST(payment, defect_10_a_cancelled_or_failed_booking_cannot_be_paid) {
  counter c;
  for (const auto status : {CANCELLED, FAILED}) {
    EXPECT_EQ(outcome_of(c.pay(ann, c.book(ann, status))), "BOOKING_NOT_PAYABLE");
  }
  EXPECT_EQ(outcome_of(c.pay(ann, c.book(ann, CONFIRMED))), "ALREADY_PAID");
  EXPECT_TRUE(c.accounts.ledger.empty());
  EXPECT_EQ(c.sql("SELECT count(*) FROM payment.payment"), "0");
}

TEST(payment, an_amount_that_is_not_the_bookings_and_a_method_that_is_not_offered_are_refused) {
  counter c(counter::quiet(), false);
  const auto id = c.book(ann);
  EXPECT_EQ(outcome_of(c.pay(ann, id, money{1})), "AMOUNT_MISMATCH");
  EXPECT_EQ(outcome_of(c.ask(ann, create_payment{id, payment_method::DODO, {}})), "METHOD_UNAVAILABLE");
  EXPECT_EQ(outcome_of(c.pay(ann, 4711)), "BOOKING_NOT_FOUND");
  EXPECT_TRUE(c.accounts.ledger.empty());
}

TEST(payment, without_enough_money_it_fails_and_can_be_tried_again) {
  counter c;
  const auto id = c.book(ann, PENDING, {349'99});
  ASSERT_EQ(outcome_of(c.pay(ann, id)), "INSUFFICIENT_FUNDS");
  EXPECT_EQ(c.booked(id).shown.status, PENDING);
  const auto failed = c.ask(ann, get_booking_payment{id});
  ASSERT_EQ(outcome_of(failed), "FAILED");
  EXPECT_EQ(failed->failure_reason, auth::insufficient_funds.title);
  c.accounts.balances[ann] += 1;
  const auto paid = c.pay(ann, id);
  ASSERT_EQ(outcome_of(paid), "COMPLETED");
  EXPECT_NE(paid->id, failed->id);
  EXPECT_EQ(c.accounts.balances[ann], 0);
}

TEST(payment, defect_02_an_expired_booking_is_confirmed_or_the_money_goes_back) {
  counter c;
  const auto lucky = c.book(ann, EXPIRED);
  EXPECT_EQ(outcome_of(c.pay(ann, lucky)), "COMPLETED");
  const auto late = c.book(ann, EXPIRED);
  c.booked(late).seats_free = false;
  const auto given_back = c.pay(ann, late);
  ASSERT_EQ(outcome_of(given_back), "REFUNDED");
  EXPECT_THAT(given_back->failure_reason.value_or(""), ::testing::HasSubstr("somebody else"));
  EXPECT_EQ(c.accounts.balances[ann], 650'00);
  EXPECT_EQ(c.sql(fmt::format("SELECT initiated_by || ' ' || amount || ' ' || (completed_at IS NOT NULL) FROM "
                              "payment.refund WHERE payment_id = {}",
                              given_back->id)),
            "SYSTEM 35000 true");
  const auto begun = c.book(ann, EXPIRED);
  c.booked(begun).shown.show_time = c.clock.now() - 1s;
  EXPECT_EQ(outcome_of(c.pay(ann, begun)), "BOOKING_NOT_PAYABLE");
}

TEST(payment, a_booking_cancelled_while_it_is_paid_gets_its_money_back) {
  counter c;
  const auto id = c.book(ann);
  c.bookings.before_settle = [&](std::int64_t which) { c.booked(which).shown.status = CANCELLED; };
  EXPECT_EQ(outcome_of(c.pay(ann, id)), "REFUNDED");
  EXPECT_EQ(c.accounts.balances[ann], 1'000'00);
}

TEST(payment, defect_08_and_09_nobody_pays_reads_or_learns_of_what_is_anothers) {
  counter c;
  const auto id = c.book(ann);
  c.accounts.balances[bob] = 1'000'00;
  EXPECT_EQ(outcome_of(c.pay(bob, id)), "BOOKING_NOT_FOUND");
  const auto paid = c.pay(ann, id);
  ASSERT_EQ(outcome_of(paid), "COMPLETED");
  EXPECT_EQ(outcome_of(c.pay(bob, id)), "BOOKING_NOT_FOUND");
  EXPECT_EQ(outcome_of(c.ask(bob, get_payment{paid->id})), "PAYMENT_NOT_FOUND");
  EXPECT_EQ(outcome_of(c.ask(bob, get_booking_payment{id})), "PAYMENT_NOT_FOUND");
  EXPECT_TRUE(c.ask(bob, list_payments{})->empty());
  EXPECT_EQ(outcome_of(c.ask(ann, get_payment{paid->id})), "COMPLETED");
  EXPECT_EQ(c.accounts.balances[bob], 1'000'00);
}

TEST(payment, ones_own_payments_are_listed_newest_first) {
  counter c;
  const auto first = c.pay(ann, c.book(ann));
  const auto second = c.pay(ann, c.book(ann));
  const auto listed = c.ask(ann, list_payments{});
  ASSERT_EQ(listed->size(), 2U);
  EXPECT_EQ(listed->at(0).id, second->id);
  EXPECT_EQ(c.ask(ann, list_payments{.skip = 1, .limit = 1})->at(0).id, first->id);
}

TEST(payment, a_cancellation_gives_the_money_back_once_however_often_it_is_told) {
  counter c;
  const auto id = c.book(ann);
  const auto paid = c.pay(ann, id);
  c.booked(id).shown.status = CANCELLED;
  for (const auto* event : {"one", "two", "one", "three"}) c.run(c.cancellation_of(id, event));
  c.wait_for(id, "REFUNDED");
  c.run(c.cancellation_of(id, "much later"));
  c.restart(counter::quiet());
  EXPECT_EQ(c.accounts.balances[ann], 1'000'00);
  const auto seen = c.ask(ann, get_payment{paid->id});
  EXPECT_EQ(outcome_of(seen), "REFUNDED");
  EXPECT_EQ(seen->failure_reason, "Cancelled by the customer.");
  EXPECT_EQ(c.sql("SELECT initiated_by FROM payment.refund"), "USER");
}

TEST(payment, everybody_who_must_hear_of_a_payment_does_once) {
  counter c;
  const auto id = c.book(ann);
  const auto paid = c.pay(ann, id);
  c.cancel(id);
  c.wait_for(id, "REFUNDED");
  const auto poor = c.book(bob, PENDING, {1});
  EXPECT_EQ(outcome_of(c.pay(bob, poor)), "INSUFFICIENT_FUNDS");
  c.wait_until([&] { return c.bus.published.size() >= 3; });
  const auto successes = c.bus.of<booking_successful>();
  ASSERT_EQ(successes.size(), 1U);
  EXPECT_EQ(successes.front().booking.booking_id, id);
  EXPECT_EQ(successes.front().payment_id, paid->id);
  EXPECT_EQ(successes.front().email, "somebody@example.com");
  const auto refunds = c.bus.of<refund_completed>();
  ASSERT_EQ(refunds.size(), 1U);
  EXPECT_EQ(refunds.front().amount, paid->amount);
  EXPECT_EQ(refunds.front().reason, "Cancelled by the customer.");
  const auto failures = c.bus.of<booking_failed>();
  ASSERT_EQ(failures.size(), 1U);
  EXPECT_EQ(failures.front().booking_id, poor);
  EXPECT_EQ(failures.front().reason_code, "INSUFFICIENT_FUNDS");
  EXPECT_EQ(c.bus.published.size(), 3U);
}

TEST(payment, what_was_never_captured_is_nothing_to_refund) {
  counter c;
  c.cancel(c.book(ann));
  const auto poor = c.book(bob, PENDING, {1});
  EXPECT_EQ(outcome_of(c.pay(bob, poor)), "INSUFFICIENT_FUNDS");
  c.cancel(poor);
  c.restart(counter::quiet());
  EXPECT_TRUE(c.accounts.ledger.empty());
  EXPECT_EQ(c.sql("SELECT count(*) FROM payment.refund"), "0");
}

TEST(payment, a_cancellation_told_while_the_payment_is_in_flight_undoes_it_at_its_end) {
  counter c;
  const auto id = c.book(ann);
  c.bookings.plan = [n = 0]() mutable { return ++n >= 2 ? mishap::after : mishap::none; };  // settled, answers lost
  ASSERT_EQ(outcome_of(c.pay(ann, id)), "PENDING");
  EXPECT_EQ(c.booked(id).shown.status, CONFIRMED);
  c.cancel(id);
  EXPECT_EQ(c.status_of(id), "PENDING") << "it was in flight no more: this shows nothing";
  c.bookings.plan = nullptr;
  c.restart(counter::quiet());
  c.wait_for(id, "REFUNDED");
  EXPECT_EQ(c.accounts.balances[ann], 1'000'00);
}

TEST(payment, an_unfinished_refund_says_so_and_is_finished_later) {
  counter c;
  const auto id = c.book(ann);
  ASSERT_EQ(outcome_of(c.pay(ann, id)), "COMPLETED");
  c.accounts.plan = [] { return mishap::before; };
  c.cancel(id);
  EXPECT_EQ(c.status_of(id), "REFUND_INITIATED");
  c.accounts.plan = nullptr;
  c.restart(counter::quiet());
  c.wait_for(id, "REFUNDED");
  EXPECT_EQ(c.accounts.balances[ann], 1'000'00);
}

TEST(payment, one_refund_that_cannot_be_made_keeps_no_other_from_its_wallet) {
  counter c;
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 20; ++i) ids.push_back(c.book(100 + i));
  for (const auto id : ids) ASSERT_EQ(outcome_of(c.pay(c.booked(id).shown.user_id, id)), "COMPLETED");
  c.accounts.balances.erase(107);  // an account that is no more
  for (const auto id : ids) c.cancel(id);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i != 7) c.wait_for(ids[i], "REFUNDED");
  }
  EXPECT_EQ(c.status_of(ids[7]), "REFUND_INITIATED") << "it is owed";
}

TEST(payment, a_payment_whose_neighbours_are_away_is_pending_and_ends_by_itself) {
  auto lively = counter::quiet();
  lively.sweep_pause_ms = 20;
  counter c(lively);
  const auto id = c.book(ann);
  c.accounts.plan = [n = 0]() mutable { return ++n == 1 ? mishap::after : mishap::none; };
  const auto pending = c.pay(ann, id);
  ASSERT_EQ(outcome_of(pending), "PENDING");
  c.wait_until([&] { return outcome_of(c.ask(ann, get_payment{pending->id})) == "COMPLETED"; });
  EXPECT_EQ(c.accounts.balances[ann], 650'00);
}

TEST(payment, a_payment_taken_again_while_its_run_is_leaving_is_not_left_lying) {
  auto lively = counter::quiet();
  lively.sweep_pause_ms = 20;
  counter c(lively);
  c.accounts.slowness = 200ms;
  c.accounts.plan = [&, n = 0]() mutable {
    if (++n > 1) return mishap::none;
    c.sql("UPDATE payment.payment SET lease_until = now(), next_attempt_at = now()");  // the sweeper takes it now
    return mishap::after;
  };
  const auto pending = c.pay(ann, c.book(ann));
  ASSERT_TRUE(pending);
  c.wait_until([&] { return outcome_of(c.ask(ann, get_payment{pending->id})) == "COMPLETED"; });
  EXPECT_EQ(c.accounts.balances[ann], 650'00);
}

TEST(payment, it_fails_only_when_no_earlier_debit_can_still_take_effect) {
  auto settings = counter::quiet();
  settings.sweep_pause_ms = 20;
  settings.doubt_s = 2;
  counter c(settings);
  const auto id = c.book(ann, PENDING, {0});
  c.accounts.plan = [n = 0]() mutable {
    return ++n == 1 ? mishap::before : mishap::none;
  };  // "lost", may be on its way
  const auto pending = c.pay(ann, id);
  ASSERT_EQ(outcome_of(pending), "PENDING");
  ASSERT_EQ(outcome_of(c.pay(ann, id)), "PENDING");  // refused, but the first debit is in doubt
  // The first debit arrives after all, and now there is money.
  c.accounts.balances[ann] = 350'00;
  ASSERT_TRUE(c.accounts.move(fmt::format("payment:{}:debit", pending->id), ann, -350'00));
  c.wait_until([&] { return outcome_of(c.ask(ann, get_payment{pending->id})) == "COMPLETED"; });
  EXPECT_EQ(c.accounts.balances[ann], 0);

  const auto poor = c.book(bob, PENDING, {0});
  c.accounts.plan = [n = 0]() mutable { return ++n == 1 ? mishap::before : mishap::none; };
  ASSERT_EQ(outcome_of(c.pay(bob, poor)), "PENDING");
  c.wait_until([&] { return outcome_of(c.ask(bob, get_booking_payment{poor})) == "FAILED"; });
}

TEST(payment, the_database_refuses_every_step_but_the_legal_ones) {
  using enum step;
  const std::set<std::pair<step, step>> legal{
      {INTENT, CHECKOUT},      {INTENT, CAPTURED},       {INTENT, FAILED},
      {CHECKOUT, CAPTURED},    {CHECKOUT, FAILED},       {CAPTURED, COMPLETED},
      {CAPTURED, GIVING_BACK}, {COMPLETED, GIVING_BACK}, {GIVING_BACK, REFUNDED}};
  counter c;
  const step all[] = {INTENT, CHECKOUT, CAPTURED, COMPLETED, FAILED, GIVING_BACK, REFUNDED};
  for (const auto from : all) {
    for (const auto to : all) {
      if (from == to) continue;
      const std::string from_name = boost::describe::enum_to_string(from, "");
      const std::string to_name = boost::describe::enum_to_string(to, "");
      // As a payment by card, which has all steps. Its capture has its id and is of its amount.
      const auto columns = [](step s, int id) {
        const bool captured = s != INTENT && s != CHECKOUT && s != FAILED;
        const bool failed = s == FAILED || s == GIVING_BACK || s == REFUNDED;
        return fmt::format("{}, {}", captured ? std::to_string(id) : "NULL", failed ? "'X'" : "NULL");
      };
      static int id = 1000;
      ++id;
      test::execute(
          c.database.superuser(),
          {"SET session_replication_role = replica",
           fmt::format("INSERT INTO payment.payment (id, booking_id, user_id, amount, currency, method, description, "
                       "step, capture_id, failure_code, correlation_id, lease_until, next_attempt_at, in_doubt_until) "
                       "OVERRIDING SYSTEM VALUE VALUES ({0}, {0}, 1, 5, 'INR', 'DODO', 'x', '{1}', {2}, 'x', now(), "
                       "now(), now())",
                       id, from_name, columns(from, id)),
           fmt::format("INSERT INTO payment.capture (id, payment_id, provider_payment_id, amount, currency, surplus, "
                       "state) OVERRIDING SYSTEM VALUE VALUES ({0}, {0}, 'pay {0}', 5, 'INR', false, 'KEPT')",
                       id),
           fmt::format(
               "INSERT INTO payment.refund (payment_id, amount, initiated_by, reason, capture_id, completed_at) "
               "VALUES ({0}, 5, 'USER', 'x', {0}, now())",
               id)});
      bool accepted = true;
      try {
        c.sql(fmt::format("UPDATE payment.payment SET step = '{}', (capture_id, failure_code) = ROW({}) WHERE id = {}",
                          to_name, columns(to, id), id));
      } catch (const std::exception& error) {
        accepted = false;
        EXPECT_THAT(error.what(), ::testing::HasSubstr("may not go")) << from_name << " → " << to_name;
      }
      EXPECT_EQ(accepted, legal.contains({from, to})) << from_name << " → " << to_name;
    }
  }
}

TEST(payment, a_payment_is_not_refunded_before_its_credit_is_recorded) {
  counter c;
  const auto id = c.book(ann);
  ASSERT_EQ(outcome_of(c.pay(ann, id)), "COMPLETED");
  c.sql("UPDATE payment.payment SET step = 'GIVING_BACK', failure_code = 'X'");
  EXPECT_THROW(c.sql("UPDATE payment.payment SET step = 'REFUNDED'"), std::exception);
}

TEST(payment, its_role_can_delete_nothing_and_change_neither_amounts_nor_history) {
  counter c;
  ASSERT_EQ(outcome_of(c.pay(ann, c.book(ann))), "COMPLETED");
  for (const std::string statement :
       {"DELETE FROM payment.payment", "DELETE FROM payment.refund", "DELETE FROM payment.transition",
        "TRUNCATE payment.payment CASCADE", "UPDATE payment.payment SET amount = 1",
        "UPDATE payment.payment SET user_id = 2", "UPDATE payment.payment SET booking_id = 2",
        "UPDATE payment.refund SET amount = 1", "UPDATE payment.transition SET reason = 'x'",
        "DELETE FROM payment.capture", "DELETE FROM payment.card_refund", "DELETE FROM payment.checkout",
        "UPDATE payment.capture SET amount = 1", "UPDATE payment.capture SET surplus = false",
        "UPDATE payment.card_refund SET reference = 'x'", "UPDATE payment.checkout SET reference = 'x'",
        "CREATE TABLE payment.more (id bigint)"}) {
    EXPECT_THROW(test::execute(c.database.service("payment"), {statement}), std::exception) << statement;
  }
}

}  // namespace
}  // namespace ticketshow::payment::testing
