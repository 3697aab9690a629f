#include <fmt/format.h>
#include <gtest/gtest.h>

#include "services/payment/tests/counter.hpp"
#include "tests/support/seed.hpp"

namespace ticketshow::payment::testing {
namespace {

using namespace std::chrono_literals;
using enum booking::booking_status;

constexpr std::int64_t ann = 1;

/// Stops the work where kill -9 would: nothing behind it is recorded, not even that it failed.
struct cut_off : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class cut_at : public ::testing::TestWithParam<const char*> {};

TEST_P(cut_at, a_payment_cut_off_at_a_step_is_taken_up_again_at_start) {
  const std::string_view point = GetParam();
  auto settings = counter::quiet();
  settings.patience_ms = 300;  // for what a dead process will never finish
  bool dead = false;
  settings.at_step = [&](std::string_view step) {
    if (dead || step == point) {
      dead = true;
      throw cut_off("cut off");
    }
  };
  counter c(settings);
  const auto id = c.book(ann);
  try {
    std::ignore = c.pay(ann, id);
  } catch (const std::exception&) {
    EXPECT_TRUE(dead);  // the caller of a process that died hears nothing either
  }
  if (!dead) {
    c.cancel(id);
    c.wait_until([&] { return dead; });
  }
  c.restart(counter::quiet());
  const auto resting = [&] {
    const auto seen = c.ask(ann, get_booking_payment{id});
    return seen && (seen->status == payment_status::COMPLETED || seen->status == payment_status::REFUNDED);
  };
  c.wait_until(resting);
  if (c.booked(id).shown.status == CANCELLED) {
    c.wait_for(id, "REFUNDED");
    EXPECT_EQ(c.accounts.balances[ann], 1'000'00);
  } else {
    EXPECT_EQ(c.booked(id).shown.status, CONFIRMED);
    EXPECT_EQ(c.accounts.balances[ann], 650'00);
  }
}

INSTANTIATE_TEST_SUITE_P(payment_faults, cut_at,
                         ::testing::Values("payment.intent_recorded", "payment.debited", "payment.capture_recorded",
                                           "payment.settled", "payment.completed", "payment.refund_credited",
                                           "payment.refund_completed"));

/// What must be true of every booking and wallet when nothing is under way any more.
void expect_all_well(counter& c, std::int64_t wallets_at_first) {
  EXPECT_EQ(c.sql("SELECT count(*) FROM payment.payment WHERE step IN ('INTENT', 'CAPTURED', 'GIVING_BACK')"), "0");
  std::int64_t kept = 0;
  for (auto& [id, entry] : c.bookings.bookings) {
    const auto completed =
        c.rows({fmt::format("SELECT id FROM payment.payment WHERE booking_id = {} AND step = 'COMPLETED'", id)});
    ASSERT_LE(completed.size(), 1U);
    const bool confirmed = entry.shown.status == CONFIRMED;
    EXPECT_EQ(confirmed, !completed.empty()) << "booking " << id;  // I3, and I4 for those cancelled
    if (confirmed) {
      EXPECT_EQ(std::to_string(entry.payment_id.value_or(0)), completed.front());
      kept += entry.shown.total_amount.minor;
    }
  }
  std::int64_t moved = 0;
  for (const auto& [reference, movement] : c.accounts.ledger) moved += movement.minor;
  EXPECT_EQ(moved, -kept);
  std::int64_t held = 0;
  for (const auto& [user, balance] : c.accounts.balances) {
    EXPECT_GE(balance, 0);
    held += balance;
  }
  EXPECT_EQ(held, wallets_at_first - kept);
  // Both records name the same movements.
  for (const auto& row : c.rows({"SELECT id || ' ' || coalesce(transaction_id, 0) FROM payment.payment"})) {
    const auto blank = row.find(' ');
    const auto found = c.accounts.ledger.find(fmt::format("payment:{}:debit", row.substr(0, blank)));
    const auto debit = found == c.accounts.ledger.end() ? 0 : found->second.id;
    EXPECT_EQ(std::to_string(debit), row.substr(blank + 1));
  }
}

/// A metric's value as the operator reads it; -1 when it is not there.
double metric(const std::string& name) {
  const auto text = '\n' + rt::metrics::scrape();
  const auto at = text.find('\n' + name + ' ');
  return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
}

TEST(payment_faults, what_is_not_finished_is_counted_with_its_age) {
  auto settings = counter::quiet();
  settings.gauge_pause_ms = 5;
  counter c(settings);
  const auto paid = c.book(ann);
  ASSERT_TRUE(c.pay(ann, paid));
  c.wait_until([] { return metric("ticketshow_payment_in_flight") == 0; });

  c.accounts.plan = [] { return mishap::before; };
  ASSERT_TRUE(c.pay(ann, c.book(ann)));
  c.cancel(paid);
  c.sql("UPDATE payment.payment SET created_at = now() - interval '90 seconds' WHERE step = 'INTENT'");
  c.wait_until([] { return metric("ticketshow_payment_oldest_in_flight_seconds") >= 90; });
  EXPECT_EQ(metric("ticketshow_payment_in_flight"), 1);
  c.sql("UPDATE payment.payment SET updated_at = now() - interval '40 seconds' WHERE step = 'GIVING_BACK'");
  c.wait_until([] { return metric("ticketshow_payment_oldest_refund_owed_seconds") >= 40; });
  EXPECT_EQ(metric("ticketshow_payment_refunds_owed"), 1);

  c.accounts.plan = {};
  c.restart(settings);
  c.wait_for(paid, "REFUNDED");
  c.wait_until([] { return metric("ticketshow_payment_refunds_owed") == 0; });
  EXPECT_EQ(metric("ticketshow_payment_oldest_refund_owed_seconds"), 0);
}

TEST(payment_faults, whatever_fails_wherever_money_and_bookings_agree_in_the_end) {
  TICKETSHOW_SEEDED(random);
  constexpr std::int64_t users = 3;
  bool trouble = true;
  auto settings = counter::quiet();
  settings.sweep_pause_ms = 10;
  settings.lease_s = 1;
  settings.doubt_s = 0;  // the bank here answers or does, never later
  settings.at_step = [&](std::string_view) {
    if (trouble && random.one_in(12)) throw cut_off("cut off");
  };
  counter c(settings);
  const auto mishaps = [&] {
    if (!trouble || !random.one_in(4)) return mishap::none;
    return random.one_in(2) ? mishap::before : mishap::after;
  };
  c.accounts.plan = mishaps;
  c.bookings.plan = mishaps;
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 24; ++i) {
    const auto id = c.book(1 + i % users, random.one_in(3) ? EXPIRED : PENDING, {1'500'00});  // not enough for all
    c.booked(id).seats_free = random.one_in(2);
    ids.push_back(id);
  }
  const auto ignoring = [](rt::task<contract::result<payment_view>> work) -> rt::task<bool> {
    try {
      const auto answer = co_await std::move(work);
      co_return answer.has_value();
    } catch (const std::exception&) {
      co_return false;
    }
  };
  const auto telling = [](rt::task<> work) -> rt::task<bool> {
    co_await std::move(work);
    co_return true;
  };
  std::map<std::int64_t, bool> owed;
  for (int round = 0; round < 12; ++round) {
    std::vector<rt::task<bool>> work;
    for (int i = 0; i < 10; ++i) {
      const auto id = ids[static_cast<std::size_t>(random.between(0, std::ssize(ids) - 1))];
      auto& entry = c.booked(id);
      auto call = counter::call_of(entry.shown.user_id);
      call.until = rt::deadline::after(1s);
      if (random.one_in(4) && (entry.shown.status == CONFIRMED || entry.shown.status == PENDING)) {
        if (entry.shown.status == CONFIRMED) owed[id] = true;
        entry.shown.status = CANCELLED;
      }
      if (owed[id]) {
        work.push_back(telling(c.cancellation_of(id)));
      } else {
        work.push_back(ignoring(c.payments().handle(call, create_payment{id, payment_method::WALLET, {}})));
      }
    }
    c.run_all(std::move(work));
    if (random.one_in(4)) c.restart(settings);
  }

  trouble = false;
  c.restart(settings);
  c.wait_until([&] {
    return c.sql("SELECT count(*) FROM payment.payment WHERE step IN ('INTENT', 'CAPTURED', 'GIVING_BACK')") == "0";
  });
  expect_all_well(c, users * 1'500'00);
}

}  // namespace
}  // namespace ticketshow::payment::testing
