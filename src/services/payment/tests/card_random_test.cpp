#include <fmt/format.h>
#include <gtest/gtest.h>

#include "services/payment/tests/counter.hpp"
#include "tests/support/seed.hpp"

namespace ticketshow::payment::testing {
namespace {

using namespace std::chrono_literals;
using enum booking::booking_status;
using ports::card_status;
using refund_status = ports::card_refund::status;

constexpr std::int64_t users = 3;
constexpr std::int64_t wallet_at_first = 2'000'00;

/// Stops the work where kill -9 would.
struct cut_off : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// People, a provider and a machine that do whatever comes into their heads, until calm().
class turmoil {
 public:
  explicit turmoil(test::seeded& random) : random_(random), c_(settings()) {
    c_.accounts.plan = c_.bookings.plan = c_.cards.plan = [this] { return mishap_now(); };
    c_.cards.refund_outcome = [this] {
      if (!trouble_) return refund_status::succeeded;
      const refund_status all[] = {refund_status::pending, refund_status::succeeded, refund_status::failed};
      return all[random_.between(0, 2)];
    };
    for (int i = 0; i < 16; ++i) bookings_.push_back(c_.book(1 + i % users, PENDING, {wallet_at_first}));
  }

  void act() {
    const auto id = any(bookings_);
    auto& booked = c_.booked(id);
    switch (random_.between(0, 9)) {
      case 0:
      case 1:
        return begin(booked.shown.user_id, id, payment_method::DODO);
      case 2:
        return begin(booked.shown.user_id, id, payment_method::WALLET);
      case 3:
      case 4:
        return visit_a_page();
      case 5:
        return tell();
      case 6:
        return settle_a_refund();
      case 7:
        return end_an_attempt();
      case 8:
        if (booked.shown.status != PENDING || !random_.one_in(3)) return;
        booked.shown.status = EXPIRED;
        booked.shown.expires_at = c_.clock.now() - std::chrono::minutes(random_.between(0, 30));
        booked.seats_free = random_.one_in(2);
        return;
      default:
        if (random_.one_in(3)) cancel(id);
    }
  }

  void crash() { c_.restart(settings()); }

  /// Everything works again, and whatever is owed, told or looked at comes to its end.
  void calm() {
    trouble_ = false;
    c_.restart(settings());
    for (const auto id : cancelled_) c_.run(c_.cancellation_of(id));
    for (auto& [id, payment] : c_.cards.payments) {
      if (payment.status == card_status::open) move_on(payment);
      for (auto& refund : payment.refunds) {
        if (refund.state == refund_status::pending) refund.state = refund_status::succeeded;
      }
    }
    // Of what no message told nobody hears but by looking: at pages, and at the list of all payments.
    const auto calm_since = c_.sql("SELECT now()");
    look_at_all_pages();
    c_.wait_until([&] {
      hurry("capture", "state = 'OWED', attempts_allowed = 100", "state = 'STUCK'");
      hurry("capture", "next_attempt_at = now()", "state = 'OWED'");
      hurry("notice", "next_attempt_at = now()", "handled_at IS NULL");
      return c_.sql(
                 "SELECT (SELECT count(*) FROM payment.payment WHERE in_flight) + "
                 "(SELECT count(*) FROM payment.capture WHERE state IN ('OWED', 'STUCK')) + "
                 "(SELECT count(*) FROM payment.notice WHERE handled_at IS NULL) + "
                 "(SELECT count(*) FROM payment.sweep WHERE read_until < '" +
                 calm_since +
                 "') + "
                 "(SELECT count(*) FROM payment.checkout WHERE next_look_at < now())") == "0";
    });
  }

  void expect_all_well() {
    for (const auto& [id, payment] : c_.cards.payments) expect_well(payment);
    std::int64_t kept = 0;
    for (const auto id : bookings_) {
      const auto& booked = c_.booked(id);
      const auto completed =
          c_.rows({fmt::format("SELECT id FROM payment.payment WHERE booking_id = {} AND step = 'COMPLETED'", id)});
      ASSERT_LE(completed.size(), 1U);
      ASSERT_EQ(booked.shown.status == CONFIRMED, !completed.empty()) << "booking " << id;
      if (!completed.empty()) EXPECT_EQ(std::to_string(booked.payment_id.value_or(0)), completed.front());
      if (!completed.empty() &&
          c_.sql("SELECT method FROM payment.payment WHERE id = " + completed.front()) == "WALLET") {
        kept += booked.shown.total_amount.minor;
      }
    }
    std::int64_t held = 0;
    for (const auto& [user, balance] : c_.accounts.balances) held += balance;
    EXPECT_EQ(held, users * wallet_at_first - kept) << "wallets pay for what they paid for, and for nothing by card";
    EXPECT_EQ(c_.sql("SELECT count(*) FROM payment.payment p JOIN payment.capture c ON c.id = p.capture_id "
                     "WHERE c.amount <> p.amount OR c.currency <> p.currency"),
              "0");
  }

 private:
  /// What somebody works on at this moment is left alone: this thread is theirs.
  void hurry(std::string_view table, std::string_view change, std::string_view which) {
    const auto key = table == "checkout" ? "payment_id" : "id";
    c_.sql(fmt::format(
        "UPDATE payment.{0} SET {1} WHERE {3} IN (SELECT {3} FROM payment.{0} WHERE {2} FOR UPDATE SKIP LOCKED)", table,
        change, which, key));
  }
  /// None of them can be paid any more: it is the last time.
  void look_at_all_pages() {
    hurry("checkout", "next_look_at = now() - interval '1 hour', opened_at = now() - interval '26 hours'",
          "session_id IS NOT NULL");
  }

  options settings() {
    auto chosen = counter::quiet();
    chosen.patience_ms = 30;
    chosen.sweep_pause_ms = 10;
    chosen.lease_s = 1;
    chosen.doubt_s = 0;
    chosen.card_watch_ms = 5;
    chosen.card_list_ms = 20;
    chosen.card_retry_s = 0;
    chosen.at_step = [this](std::string_view) {
      if (trouble_ && random_.one_in(15)) throw cut_off("cut off");
    };
    return chosen;
  }

  mishap mishap_now() {
    if (!trouble_ || !random_.one_in(6)) return mishap::none;
    return random_.one_in(2) ? mishap::before : mishap::after;
  }

  template <class T>
  const T& any(const std::vector<T>& from) {
    return from[static_cast<std::size_t>(random_.between(0, std::ssize(from) - 1))];
  }

  void begin(std::int64_t user, std::int64_t id, payment_method method) {
    try {
      std::ignore = c_.run(c_.payments().handle(counter::call_of(user), create_payment{id, method, {}}));
    } catch (const std::exception&) {
      return;  // cut off
    }
  }

  void visit_a_page() {
    if (c_.cards.pages.empty()) return;
    std::vector<std::string> ids;
    for (const auto& [id, page] : c_.cards.pages) ids.push_back(id);
    const card_status outcomes[] = {card_status::succeeded, card_status::succeeded, card_status::failed,
                                    card_status::cancelled, card_status::open};
    std::optional<money> amount;
    if (random_.one_in(10)) amount = money{random_.between(1, 1'000'00)};
    auto paid = c_.cards.attempt("/" + any(ids), outcomes[random_.between(0, 4)], amount);
    if (random_.one_in(2)) send("payment.succeeded", std::move(paid), {});
  }

  /// An attempt that has not taken anything ends, or ends otherwise: another card was tried, under the same id.
  void move_on(ports::card_payment& attempt) {
    const card_status ends[] = {card_status::succeeded, card_status::failed, card_status::cancelled};
    attempt.status = ends[random_.between(0, 2)];
  }
  void end_an_attempt() {
    for (auto& [id, payment] : c_.cards.payments) {
      if (payment.status == card_status::succeeded || !random_.one_in(4)) continue;
      move_on(payment);
      if (random_.one_in(3)) send("payment.succeeded", id, {});
      return;
    }
  }

  /// Of anything, whatever is true, perhaps once more.
  void tell() {
    if (c_.cards.payments.empty()) return;
    std::vector<std::string> ids;
    for (const auto& [id, payment] : c_.cards.payments) ids.push_back(id);
    const std::vector<std::string> types{"payment.succeeded", "payment.failed", "payment.cancelled",
                                         "dispute.cancelled", "payment.processing"};
    send(any(types), any(ids), random_.one_in(3) ? fmt::format("again {}", random_.between(1, 5)) : std::string{});
  }

  void send(std::string type, std::string about, std::string id) {
    try {
      std::ignore = c_.tell(std::move(about), std::move(type), std::move(id));
    } catch (const std::exception&) {
      return;  // the provider would say it again, or not
    }
  }

  void settle_a_refund() {
    for (auto& [id, payment] : c_.cards.payments) {
      for (auto& refund : payment.refunds) {
        const bool is_pending = refund.state == refund_status::pending;
        const bool changes_its_mind = refund.state == refund_status::failed && c_.cards.sent_back(id) == 0;
        if (!(is_pending || changes_its_mind) || !random_.one_in(2)) continue;
        refund.state = is_pending && random_.one_in(3) ? refund_status::failed : refund_status::succeeded;
        if (random_.one_in(2)) return send("refund.succeeded", refund.id, {});
        return;
      }
    }
  }

  void cancel(std::int64_t id) {
    auto& status = c_.booked(id).shown.status;
    if (status == CONFIRMED) cancelled_.push_back(id);
    if (status == CONFIRMED || status == PENDING) status = CANCELLED;
  }

  /// A payment at the provider: what it took is what one payment was captured by, or it is back, once.
  void expect_well(const ports::card_payment& payment) {
    const auto ours =
        c_.sql(fmt::format("SELECT c.state || ' ' || coalesce((SELECT p.step::text FROM payment.payment p WHERE "
                           "p.capture_id = c.id), 'surplus') "
                           "FROM payment.capture c WHERE c.provider_payment_id = '{}'",
                           payment.id));
    if (payment.status != card_status::succeeded) {
      EXPECT_EQ(ours, "") << payment.id;
    } else if (ours == "KEPT COMPLETED") {
      EXPECT_EQ(c_.cards.sent_back(payment.id), 0) << payment.id;
    } else {
      EXPECT_TRUE(ours == "RETURNED REFUNDED" || ours == "RETURNED surplus") << payment.id << ": " << ours;
      EXPECT_EQ(c_.cards.sent_back(payment.id), 1) << payment.id;
    }
  }

  test::seeded& random_;
  bool trouble_ = true;
  counter c_;
  std::vector<std::int64_t> bookings_;
  std::vector<std::int64_t> cancelled_;
};

TEST(cards_random, whatever_is_told_in_whatever_order_and_whatever_fails_every_capture_pays_once_or_goes_back_once) {
  TICKETSHOW_SEEDED(random);
  turmoil all(random);
  for (int i = 0; i < 250; ++i) {
    all.act();
    if (random.one_in(60)) all.crash();
  }
  all.calm();
  if (!::testing::Test::HasFatalFailure()) all.expect_all_well();
}

}  // namespace
}  // namespace ticketshow::payment::testing
