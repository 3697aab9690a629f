#include <chrono>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "services/payment/tests/counter.hpp"
#include "tests/support/seed.hpp"

namespace ticketshow::payment::testing {
namespace {

using namespace std::chrono_literals;
using enum booking::booking_status;

constexpr std::int64_t ann = 1;

TEST(payment, an_expired_booking_whose_money_went_back_is_not_charged_again) {
  counter c;
  const auto id = c.book(ann, EXPIRED);
  c.booked(id).seats_free = false;
  ASSERT_EQ(outcome_of(c.pay(ann, id)), "REFUNDED");
  const auto movements = c.accounts.ledger.size();
  EXPECT_EQ(outcome_of(c.pay(ann, id)), "BOOKING_NOT_PAYABLE");
  EXPECT_EQ(c.accounts.ledger.size(), movements);
}

TEST(payment, a_confirmed_booking_that_this_service_did_not_take_money_for_is_paid_already) {
  counter c;
  EXPECT_EQ(outcome_of(c.pay(ann, c.book(ann, CONFIRMED))), "ALREADY_PAID");
  EXPECT_TRUE(c.accounts.ledger.empty());
}

TEST(payment, when_the_database_goes_away_a_recorded_payment_is_pending_and_ends_after_the_next_start) {
  auto settings = counter::quiet();
  bool lost = false;
  counter* here = nullptr;
  settings.at_step = [&](std::string_view point) {
    if (lost || point != "payment.debited") return;
    lost = true;
    test::execute(here->database.superuser(),
                  {fmt::format("REVOKE CONNECT ON DATABASE {} FROM PUBLIC, ticketshow_payment", here->database.name()),
                   "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND "
                   "usename = 'ticketshow_payment'"});
  };
  counter c(settings);
  here = &c;
  const auto id = c.book(ann);
  EXPECT_EQ(outcome_of(c.pay(ann, id)), "PENDING");
  ASSERT_TRUE(lost);
  test::execute(c.database.superuser(),
                {fmt::format("GRANT CONNECT ON DATABASE {} TO PUBLIC, ticketshow_payment", c.database.name())});
  c.restart(counter::quiet());
  c.wait_until([&] { return outcome_of(c.ask(ann, get_booking_payment{id})) == "COMPLETED"; });
  EXPECT_EQ(c.accounts.balances[ann], 650'00);
}

TEST(payment, a_cancelled_showing_is_given_back_each_payment_exactly_once) {
  TICKETSHOW_SEEDED(random);
  constexpr std::int64_t payments = 2'000;
  constexpr std::int64_t users = 50;
  counter c;
  c.sql(
      fmt::format("INSERT INTO payment.payment (booking_id, user_id, amount, currency, method, description, step, "
                  "transaction_id, correlation_id, lease_until, next_attempt_at, in_doubt_until) SELECT n, 1 + n % "
                  "{}, 100, 'INR', 'WALLET', 'x', 'COMPLETED', n, 'x', now(), now(), now() FROM "
                  "generate_series(1, {}) n",
                  users, payments));
  for (std::int64_t user = 1; user <= users; ++user) c.accounts.balances[user] = 0;
  std::vector<std::int64_t> told;
  for (std::int64_t id = 1; id <= payments; ++id) {
    for (int times = random.one_in(4) ? 3 : 1; times > 0; --times) told.push_back(id);
  }
  for (const auto id : told) {
    c.run(c.bus.deliver(booking::refund_initiated{.booking_id = id,
                                                  .user_id = 1 + id % users,
                                                  .amount = {100},
                                                  .currency = "INR",
                                                  .reason = "The showing was cancelled.",
                                                  .initiated_by = booking::initiator::ADMIN}));
  }
  c.wait_until([&] { return c.sql("SELECT count(*) FROM payment.payment WHERE step <> 'REFUNDED'") == "0"; });
  EXPECT_EQ(std::ssize(c.accounts.ledger), payments);
  for (std::int64_t user = 1; user <= users; ++user) EXPECT_EQ(c.accounts.balances[user], 100 * payments / users);
  EXPECT_EQ(c.sql("SELECT count(*) FROM payment.payment WHERE step = 'REFUNDED'"), std::to_string(payments));
  EXPECT_EQ(c.sql("SELECT count(*) FROM payment.refund WHERE completed_at IS NOT NULL AND initiated_by = 'ADMIN'"),
            std::to_string(payments));
}

}  // namespace
}  // namespace ticketshow::payment::testing
