#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "contract/port.hpp"
#include "pg/pool.hpp"
#include "services/payment/service.hpp"
#include "services/payment/tests/card_house.hpp"
#include "tests/support/bus_stand_in.hpp"
#include "tests/support/database.hpp"
#include "tests/support/run_all.hpp"
#include "tests/support/wait_until.hpp"

namespace ticketshow::payment::testing {

/// The wallets, as auth promises them: idempotent by reference, never negative.
class bank final : public contract::forwarding<bank, auth::port> {
 public:
  struct movement {
    std::int64_t id;
    std::int64_t user_id;
    std::int64_t minor;  ///< negative out of the wallet
    bool operator==(const movement&) const = default;
  };

  template <class E>
  rt::task<contract::result<typename E::response>> forward(rt::call call, E request) {
    if constexpr (std::same_as<E, auth::get_contact>) {
      co_return auth::contact_view{request.user_id, "ann@example.com", "Ann", auth::language::en};
    } else if constexpr (std::same_as<E, auth::get_wallet>) {
      auth::wallet_view shown;
      shown.current_amount = money{balances.at(call.caller.user_id)};
      co_return shown;
    } else if constexpr (std::same_as<E, auth::debit_wallet> || std::same_as<E, auth::credit_wallet> ||
                         std::same_as<E, auth::refund_wallets>) {
      ++calls;
      if (!call.caller.is_service()) co_return contract::fail(contract::not_allowed);
      const auto trouble = plan ? plan() : mishap::none;
      if (slowness > std::chrono::milliseconds::zero()) co_await rt::sleep_for(slowness);
      co_await rt::asio::post(co_await rt::asio::this_coro::executor, rt::use_task);
      if (trouble == mishap::before) throw rt::unavailable("the bank is away");
      auto done = make(request);
      if (trouble == mishap::after) throw rt::unavailable("the bank's answer is lost");
      co_return done;
    } else {
      co_return contract::fail(contract::not_found);
    }
  }

  contract::result<auth::wallet_movement> make(const auth::debit_wallet& wanted) {
    return move(wanted.reference, wanted.user_id, -wanted.amount.minor);
  }
  contract::result<auth::wallet_movement> make(const auth::credit_wallet& wanted) {
    // A top-up: what comes from a card is no debit's or refund's name.
    if (wanted.reference.starts_with("payment:")) return contract::fail(auth::reference_conflict);
    return move(wanted.reference, wanted.user_id, wanted.amount.minor);
  }
  contract::result<auth::credits_made> make(const auth::refund_wallets& wanted) {
    auth::credits_made made;
    for (const auto& each : wanted.refunds) {
      const auto done = move(each.reference, each.user_id, each.amount.minor);
      auto& outcome = made.outcomes.emplace_back();
      if (done) {
        outcome.transaction_id = done->transaction_id;
      } else {
        outcome.problem = done.error().kind->code;
      }
    }
    return made;
  }

  contract::result<auth::wallet_movement> move(const std::string& reference, std::int64_t user, std::int64_t minor) {
    if (!balances.contains(user)) return contract::fail(auth::account_not_found);
    if (const auto seen = ledger.find(reference); seen != ledger.end()) {
      if (seen->second.user_id != user || seen->second.minor != minor) return contract::fail(auth::reference_conflict);
      return auth::wallet_movement{seen->second.id, money{balances[user]}};
    }
    if (balances[user] + minor < 0) return contract::fail(auth::insufficient_funds);
    balances[user] += minor;
    ledger[reference] = {next_id_, user, minor};
    return auth::wallet_movement{next_id_++, money{balances[user]}};
  }

  std::map<std::int64_t, std::int64_t> balances;
  std::map<std::string, movement> ledger;
  std::function<mishap()> plan;
  std::chrono::milliseconds slowness{};  ///< between the plan and what happens
  int calls = 0;

 private:
  std::int64_t next_id_ = 1;
};

/// The bookings, as booking promises them to payment.
class box_office final : public contract::forwarding<box_office, booking::port> {
 public:
  struct entry {
    booking::booking_to_settle shown;
    std::optional<std::int64_t> payment_id = {};
    bool seats_free = true;
  };

  template <class E>
  rt::task<contract::result<typename E::response>> forward(rt::call call, E request) {
    if constexpr (std::same_as<E, booking::get_booking_to_settle> || std::same_as<E, booking::settle_booking>) {
      if (!call.caller.is_service()) co_return contract::fail(contract::not_allowed);
      const auto trouble = plan ? plan() : mishap::none;
      co_await rt::asio::post(co_await rt::asio::this_coro::executor, rt::use_task);
      if (trouble == mishap::before) throw rt::unavailable("booking is away");
      const auto found = bookings.find(request.id);
      if (found == bookings.end()) co_return contract::fail(booking::booking_not_found);
      if constexpr (std::same_as<E, booking::settle_booking>) {
        if (before_settle) before_settle(request.id);
        const auto outcome = settle(found->second, request.payment_id, request.amount);
        if (trouble == mishap::after) throw rt::unavailable("booking's answer is lost");
        std::optional<booking::booking_facts> facts;
        if (outcome == booking::settlement::CONFIRMED) facts = facts_of(found->second.shown);
        co_return booking::settlement_outcome{outcome, std::move(facts)};
      } else {
        co_return found->second.shown;
      }
    } else {
      co_return contract::fail(contract::not_found);
    }
  }

  static booking::booking_facts facts_of(const booking::booking_to_settle& shown) {
    return {.booking_id = shown.id,
            .user_id = shown.user_id,
            .show_name = shown.show_name,
            .venue_name = "Odeon",
            .screen_name = "Screen",
            .show_time = shown.show_time,
            .time_zone = "Asia/Kolkata",
            .seat_labels = {},
            .total_amount = shown.total_amount,
            .currency = shown.currency};
  }

  static booking::settlement settle(entry& what, std::int64_t payment_id, money amount) {
    using enum booking::booking_status;
    auto& status = what.shown.status;
    if (what.payment_id == payment_id) return booking::settlement::CONFIRMED;
    if (status == CONFIRMED) return booking::settlement::SURPLUS;
    if (status == CANCELLED || status == FAILED) return booking::settlement::CANCELLED;
    if (amount != what.shown.total_amount) return booking::settlement::AMOUNT_MISMATCH;
    if (status == EXPIRED && !what.seats_free) return booking::settlement::SEATS_GONE;
    status = CONFIRMED;
    what.payment_id = payment_id;
    return booking::settlement::CONFIRMED;
  }

  std::map<std::int64_t, entry> bookings;
  std::function<mishap()> plan;
  std::function<void(std::int64_t)> before_settle;
};

/// A migrated scratch database with payment on it and stand-ins for its neighbours.
class counter {
 public:
  explicit counter(options settings = quiet(), bool takes_cards = true);
  ~counter();
  counter(const counter&) = delete;
  counter& operator=(const counter&) = delete;

  /// Nothing goes on by itself but the recovery at start, and a request waits for what is under way.
  static options quiet() {
    return {.patience_ms = 20'000,
            .sweep_pause_ms = 3'600'000,
            .card_watch_ms = 3'600'000,
            .card_list_ms = 3'600'000,
            .card_doubt_s = 0};
  }

  /// Everything goes on by itself, and soon; but pages and the list are not looked at.
  static options lively() {
    auto settings = quiet();
    settings.sweep_pause_ms = 20;
    settings.card_retry_s = 0;
    return settings;
  }

  /// Starts payment anew on the same database, as after a restart.
  void restart(options settings);

  /// From the next start on.
  void takes_cards(bool now) { takes_cards_ = now; }

  /// A booking of 350.00 by this user, who has `wallet` to begin with.
  std::int64_t book(std::int64_t user_id, booking::booking_status status = booking::booking_status::PENDING,
                    money wallet = {1'000'00});
  box_office::entry& booked(std::int64_t id) { return bookings.bookings.at(id); }

  template <class T>
  T run(rt::task<T> work) {
    return rt::run(io, std::move(work));
  }
  template <class T>
  std::vector<T> run_all(std::vector<rt::task<T>> work) {
    return test::run_all(io, std::move(work));
  }

  static rt::call call_of(std::int64_t user_id);

  port& payments() { return process_->payment; }
  auto pay(std::int64_t user_id, std::int64_t booking_id, std::optional<money> amount = {}) {
    return run(payments().handle(call_of(user_id), create_payment{booking_id, payment_method::WALLET, amount}));
  }
  auto pay_by_card(std::int64_t user_id, std::int64_t booking_id) {
    return run(payments().handle(call_of(user_id), create_payment{booking_id, payment_method::DODO, {}}));
  }
  /// A message of the provider about one of its payments; with the same `id` it comes once more.
  auto tell(std::string about, std::string type = "payment.succeeded", std::string id = {}) {
    auto message = cards.message(std::move(type), std::move(about), std::move(id));
    return run(payments().handle(
        {.until = rt::deadline::after(std::chrono::seconds(20)), .correlation_id = "webhook", .caller = {}},
        std::move(message)));
  }
  template <class E>
  auto ask(std::int64_t user_id, E request) {
    return run(payments().handle(call_of(user_id), std::move(request)));
  }
  /// Booking tells that it cancelled what was paid; with the same `id` it does so again.
  rt::task<> cancellation_of(std::int64_t booking_id, std::string id = {}) {
    booking::refund_initiated happened{.booking_id = booking_id,
                                       .user_id = booked(booking_id).shown.user_id,
                                       .amount = booked(booking_id).shown.total_amount,
                                       .currency = "INR",
                                       .reason = "Cancelled by the customer.",
                                       .initiated_by = booking::initiator::USER};
    return bus.deliver(std::move(happened), std::move(id));
  }
  void cancel(std::int64_t booking_id) {
    booked(booking_id).shown.status = booking::booking_status::CANCELLED;
    run(cancellation_of(booking_id));
  }
  std::string status_of(std::int64_t booking_id);
  void wait_for(std::int64_t booking_id, const std::string& status) {
    wait_until([&] { return status_of(booking_id) == status; });
  }

  std::vector<std::string> rows(const std::vector<std::string>& statements) const {
    return test::execute(database.owner(), statements);
  }
  std::string sql(const std::string& statement) const {
    const auto values = rows({statement});
    return values.empty() ? std::string{} : values.front();
  }
  /// The states of all captures, with why those go back that do.
  std::string captures() const {
    return sql(
        "SELECT coalesce(string_agg(state || coalesce(' ' || code, ''), ', ' ORDER BY id), '') FROM payment.capture");
  }
  /// Lets the background work until `done` holds; fails the test after ten seconds.
  void wait_until(const std::function<bool()>& done);

  rt::asio::io_context io{1};
  test::scratch_database database{{"payment", migrations()}};
  system_clock_source clock;
  system_random_source random;
  bank accounts;
  box_office bookings;
  card_house cards;
  test::bus_stand_in bus;

 private:
  struct process {
    process(counter& c, const options& settings)
        : pool(c.io.get_executor(),
               {.name = "payment", .conninfo = c.database.service("payment"), .max_connections = 8}),
          payment({c.io.get_executor(), pool, c.clock, c.random, settings, c.bookings, c.accounts, c.bus,
                   c.takes_cards_ ? &c.cards : nullptr}) {}
    pg::pool pool;
    service payment;
  };
  void stop();

  bool takes_cards_;
  std::unique_ptr<process> process_;
  std::int64_t next_booking_ = 1;
};

/// The problem's code, or OK.
template <class T>
std::string outcome_code(const contract::result<T>& answer) {
  return answer ? "OK" : std::string(answer.error().kind->code);
}

/// The problem's code, or the payment's status.
std::string outcome_of(const contract::result<payment_view>& answer);

/// Of the page on which it can be paid; fails the test when there is none.
std::string url_of(const contract::result<payment_view>& answer);

}  // namespace ticketshow::payment::testing
