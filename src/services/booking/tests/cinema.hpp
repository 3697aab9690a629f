#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include "contract/port.hpp"
#include "pg/pool.hpp"
#include "services/booking/service.hpp"
#include "tests/support/bus_stand_in.hpp"
#include "tests/support/code_of.hpp"
#include "tests/support/database.hpp"
#include "tests/support/run_all.hpp"

namespace ticketshow::booking::testing {

/// The machine's time, which a test may set forward.
class shifted_clock final : public clock_source {
 public:
  [[nodiscard]] timestamp now() const override { return machine_.now() + shift; }
  std::chrono::microseconds shift{0};

 private:
  system_clock_source machine_;
};

/// Catalog as booking sees it: schedules that the test makes and changes.
class catalog_stand_in final : public contract::forwarding<catalog_stand_in, catalog::port> {
 public:
  template <class E>
  rt::task<contract::result<typename E::response>> forward(rt::call call, E request) {
    if constexpr (std::same_as<E, catalog::get_schedule_for_sale>) {
      ++calls;
      if (!call.caller.is_service()) co_return contract::fail(contract::not_allowed);
      if (broken) throw rt::unavailable("catalog is away");
      const auto found = schedules.find(request.id);
      if (found == schedules.end()) co_return contract::fail(catalog::schedule_not_found);
      auto answer = found->second;  // what a slow answer carries is what was true when it was made
      if (before_answer) before_answer();
      co_await rt::asio::post(co_await rt::asio::this_coro::executor, rt::use_task);
      co_return answer;
    } else if constexpr (std::same_as<E, catalog::get_show>) {
      co_return catalog::show_view{.id = request.id, .status = show_status};
    } else if constexpr (std::same_as<E, catalog::get_venue>) {
      if (request.id != 1) co_return contract::fail(catalog::venue_not_found);
      co_return catalog::venue_view{.id = request.id, .status = venue_status};
    } else if constexpr (std::same_as<E, catalog::get_schedule>) {
      const auto found = schedules.find(request.id);
      if (found == schedules.end()) co_return contract::fail(catalog::schedule_not_found);
      co_return catalog::schedule_view{.id = request.id, .status = found->second.status};
    } else {
      co_return contract::fail(contract::not_found);
    }
  }

  std::map<std::int64_t, catalog::schedule_for_sale> schedules;
  std::function<void()> before_answer;
  catalog::show_status show_status = catalog::show_status::ACTIVE;
  catalog::venue_status venue_status = catalog::venue_status::ACTIVE;
  bool broken = false;
  int calls = 0;
};

/// Auth as booking sees it: every account but one is known.
class accounts_stand_in final : public contract::forwarding<accounts_stand_in, auth::port> {
 public:
  static constexpr std::int64_t unknown = 404;

  template <class E>
  rt::task<contract::result<typename E::response>> forward(rt::call call, E request) {
    if constexpr (std::same_as<E, auth::get_contacts>) {
      if (!call.caller.is_service()) co_return contract::fail(contract::not_allowed);
      asked.push_back(request.user_ids);
      std::vector<auth::contact_view> found;
      for (const auto id : request.user_ids) {
        if (id != unknown) found.push_back({id, fmt::format("user{}@example.com", id), fmt::format("User {}", id), {}});
      }
      co_return found;
    } else {
      co_return contract::fail(contract::not_found);
    }
  }

  std::vector<std::vector<std::int64_t>> asked;
};

/// One booking process: its own pool, memory and background work.
struct process {
  process(rt::executor io, const std::string& conninfo, const clock_source& clock, random_source& random,
          const options& settings, catalog::port& catalog, auth::port& accounts, ports::event_bus& bus)
      : pool(io, {.name = "booking", .conninfo = conninfo, .max_connections = 12}),
        booking({.io = io,
                 .database = pool,
                 .clock = clock,
                 .random = random,
                 .settings = settings,
                 .catalog = catalog,
                 .accounts = accounts,
                 .bus = bus,
                 .listen_conninfo = settings.map_max_age_ms > 0 ? conninfo : std::string()}) {}
  pg::pool pool;
  service booking;
  bool running = true;
};

/// A migrated scratch database with booking on it and stand-ins for its neighbours.
class cinema {
 public:
  explicit cinema(options settings = quick());
  ~cinema();
  cinema(const cinema&) = delete;
  cinema& operator=(const cinema&) = delete;

  /// Options for tests: holds expire when a test says so, never by themselves.
  static options quick() { return {.expiry_pause_ms = 3'600'000}; }

  /// Makes a schedule in catalog, two hours ahead, at 350.00 a seat.
  std::int64_t add_schedule(std::int64_t capacity = 100);
  catalog::schedule_for_sale& in_catalog(std::int64_t schedule_id) { return catalog.schedules.at(schedule_id); }

  process& start_process(options settings);
  process& first() { return *processes_.front(); }
  std::deque<std::unique_ptr<process>>& processes() { return processes_; }
  void stop(process& which);

  /// Runs one task to its end.
  template <class T>
  T run(rt::task<T> work) {
    return rt::run(io, std::move(work));
  }
  /// Runs tasks side by side.
  template <class T>
  std::vector<T> run_all(std::vector<rt::task<T>> work) {
    return test::run_all(io, std::move(work));
  }

  static rt::call call_of(std::int64_t user_id);
  static rt::call service_call(std::string name);

  /// Asks the first process as a user, and as a service.
  template <class E>
  auto ask(std::int64_t user_id, E request) {
    return run(first().booking.handle(call_of(user_id), std::move(request)));
  }
  template <class E>
  auto ask_as_service(E request) {
    return run(first().booking.handle(service_call("payment"), std::move(request)));
  }

  /// A wish for seats by their numbers on the screen.
  create_booking wish(std::int64_t schedule_id, std::vector<std::int64_t> positions, std::string key = {});
  /// Holds seats and expects it to succeed.
  booking_view hold(std::int64_t user_id, std::int64_t schedule_id, std::vector<std::int64_t> positions,
                    std::string key = {});
  settlement settle(const booking_view& booking, std::int64_t payment_id);
  /// Where the seat map says "free", "held" or "sold", by position; "-" for not on sale.
  std::string seat_map(std::int64_t schedule_id);

  /// Booking hears of a schedule as it is in catalog: the process that was started last does.
  void tell(std::int64_t schedule_id, std::optional<std::string> ticket = {});

  /// Moves the end of a hold into the past, in the database only.
  void lapse(std::int64_t booking_id);
  /// Makes the show begin, in booking's copy.
  void begin_show(std::int64_t schedule_id);

  std::vector<std::string> sql(const std::vector<std::string>& statements) const;
  std::string sql(const std::string& statement) const;
  /// One sentence for each broken invariant that the tables show.
  std::vector<std::string> broken_invariants() const;
  /// Lets the background work until `done` holds; fails the test after ten seconds.
  void wait_until(const std::function<bool()>& done);

  rt::asio::io_context io{1};
  test::scratch_database database{{"booking", migrations()}};
  shifted_clock clock;
  system_random_source random;
  catalog_stand_in catalog;
  accounts_stand_in accounts;
  test::bus_stand_in bus;

 private:
  std::deque<std::unique_ptr<process>> processes_;
  std::int64_t next_schedule_ = 1;
  int next_key_ = 1;
};

using test::code_of;

}  // namespace ticketshow::booking::testing
