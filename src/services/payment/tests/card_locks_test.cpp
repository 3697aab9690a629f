#include <numeric>

#include <gtest/gtest.h>

#include "services/payment/card_store.hpp"
#include "services/payment/tests/counter.hpp"

namespace ticketshow::payment::testing {
namespace {

using namespace std::chrono_literals;
using refund_status = ports::card_refund::status;

constexpr std::int64_t ann = 1;

/// A refund that is under way at the provider, and what is known of it on both sides.
struct on_its_way {
  std::int64_t attempt_id;
  std::string provider_payment_id;
};

/// Bookings that were paid by card and cancelled, whose refunds the provider works on. Nobody looks at them.
std::vector<on_its_way> cancel_some(counter& c, int count) {
  c.cards.refund_outcome = [] { return refund_status::pending; };
  for (int i = 0; i < count; ++i) {
    const auto id = c.book(ann);
    const auto begun = c.pay_by_card(ann, id);
    std::ignore = c.tell(c.cards.pay(begun->checkout_url.value()));
    c.wait_for(id, "COMPLETED");
    c.cancel(id);
    c.wait_until([&] {
      return c.sql("SELECT count(*) FROM payment.card_refund WHERE state = 'PENDING'") == std::to_string(i + 1);
    });
  }
  c.sql("UPDATE payment.capture SET next_attempt_at = now() + interval '1 hour'");
  std::vector<on_its_way> refunds;
  for (const auto& row : c.rows({"SELECT r.id || ' ' || c.provider_payment_id FROM payment.card_refund r "
                                 "JOIN payment.capture c ON c.id = r.capture_id"})) {
    const auto blank = row.find(' ');
    refunds.push_back({std::stoll(row.substr(0, blank)), row.substr(blank + 1)});
  }
  return refunds;
}

TEST(card_locks, what_is_told_of_a_refund_and_what_its_worker_notes_at_the_same_time_do_not_lock_each_other_out) {
  auto settings = counter::quiet();
  settings.sweep_pause_ms = 20;
  counter c(std::move(settings));
  const auto refunds = cancel_some(c, 12);
  pg::pool database(c.io.get_executor(),
                    {.name = "payment", .conninfo = c.database.service("payment"), .max_connections = 12});
  c.run(database.start());
  card_store rows(database, 0s);

  const auto noted = [](card_store& by, std::int64_t attempt, ports::card_refund seen) -> rt::task<int> {
    const bool news = co_await by.refunds.note(rt::deadline::after(20s), attempt, std::move(seen));
    co_return news ? 1 : 0;
  };
  const auto taken = [](card_store& by, ports::card_payment seen) -> rt::task<int> {
    const auto result = co_await by.captures.take_in(rt::deadline::after(20s), std::move(seen));
    co_return result.refunds;
  };
  std::vector<rt::task<int>> work;
  for (const auto& each : refunds) {
    auto& seen = c.cards.payments.at(each.provider_payment_id);
    seen.refunds.back().state = refund_status::succeeded;
    for (int i = 0; i < 2; ++i) {
      work.push_back(noted(rows, each.attempt_id, seen.refunds.back()));
      work.push_back(taken(rows, seen));
    }
  }
  const auto news = c.run_all(std::move(work));  // throws what one of them throws: a deadlock
  EXPECT_EQ(std::accumulate(news.begin(), news.end(), 0), std::ssize(refunds)) << "each is news once";
  EXPECT_EQ(c.sql("SELECT count(*) FROM payment.payment WHERE step = 'REFUNDED'"), std::to_string(refunds.size()));
  EXPECT_EQ(c.sql("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"), "0");
  c.run(database.stop(rt::deadline::after(5s)));
}

}  // namespace
}  // namespace ticketshow::payment::testing
