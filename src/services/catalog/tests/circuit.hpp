#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "contract/port.hpp"
#include "contract/router.hpp"
#include "pg/pool.hpp"
#include "services/catalog/service.hpp"
#include "tests/support/blob_stand_in.hpp"
#include "tests/support/bus_stand_in.hpp"
#include "tests/support/code_of.hpp"
#include "tests/support/database.hpp"
#include "tests/support/run_all.hpp"

namespace ticketshow::catalog::testing {

using test::code_of;

/// Booking as catalog sees it: writes down what it is told, and says how many bookings are live.
class booking_stand_in final : public contract::forwarding<booking_stand_in, booking::port> {
 public:
  template <class E>
  rt::task<contract::result<typename E::response>> forward(rt::call call, E request) {
    if constexpr (std::same_as<E, booking::suspend_sale> || std::same_as<E, booking::resume_sale>) {
      if (!call.caller.is_service()) co_return contract::fail(contract::not_allowed);
      co_await rt::asio::post(co_await rt::asio::this_coro::executor, rt::use_task);
      if (away) throw rt::unavailable("booking is away");
      if constexpr (std::same_as<E, booking::suspend_sale>) {
        suspended.insert(request.ticket.value_or(""));
        closed.insert(request.schedule_ids.begin(), request.schedule_ids.end());
        ++suspensions;
        if (when_suspended) {
          auto work = when_suspended();
          co_await std::move(work);
        }
        co_return booking::sale_state{live_bookings};
      } else {
        suspended.erase(request.ticket.value_or(""));
        co_return contract::nothing{};
      }
    } else {
      co_return contract::fail(contract::not_found);
    }
  }

  bool away = false;
  std::int64_t live_bookings = 0;
  std::set<std::int64_t> closed;    ///< every schedule that was ever suspended
  std::set<std::string> suspended;  ///< the tickets of suspensions that no call has ended
  int suspensions = 0;
  std::function<rt::task<>()> when_suspended;
};

/// A migrated scratch database with catalog on it and a stand-in for booking.
class circuit {
 public:
  circuit();
  ~circuit();
  circuit(const circuit&) = delete;
  circuit& operator=(const circuit&) = delete;

  /// One catalog process: its own pool, memory and outbox.
  struct process {
    process(circuit& c, const options& settings);
    pg::pool pool;
    service catalog;
  };

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

  /// Ends the process as if it had crashed after its last answer, and starts another.
  void restart();
  void stop();
  process& here() { return *process_; }
  port& endpoints() { return process_->catalog; }

  static rt::call call_of(rt::role role = rt::role::ADMIN);
  template <class E>
  auto ask(E request) {
    return run(endpoints().handle(call_of(), std::move(request)));
  }
  /// The answer over the wire, through the public router.
  http::response ask(http::method verb, std::string_view target, rt::principal caller, std::string_view body = {},
                     std::string_view if_none_match = {});
  http::response ask_as_admin(http::method verb, std::string_view target, std::string_view body = {}) {
    return ask(verb, target, call_of().caller, body);
  }

  // Things to begin with, which must succeed.
  std::int64_t add_show(std::string title = "The Long Wait", std::int64_t minutes = 120);
  /// Always open unless hours are given.
  std::int64_t add_venue(std::string name = "Odeon", std::string zone = "Asia/Kolkata", std::string opens = "00:00",
                         std::string closes = "00:00", std::string city = "Pune");
  std::int64_t add_screen(std::int64_t venue, std::string name = "One", std::int64_t capacity = 100);
  std::int64_t add_schedule(std::int64_t show, std::int64_t screen, timestamp start);
  /// A show of two hours, a venue that is always open and its screen.
  struct place {
    std::int64_t show;
    std::int64_t venue;
    std::int64_t screen;
  };
  place add_place();

  std::vector<std::string> sql(const std::vector<std::string>& statements) const;
  std::string sql(const std::string& statement) const;
  /// What was committed as news for booking since the last time, in order.
  std::vector<schedule_changed> news();
  /// Lets the background work until `done` holds; fails the test after ten seconds.
  void wait_until(const std::function<bool()>& done);

  rt::asio::io_context io{1};
  test::scratch_database database{{"catalog", migrations()}};
  manual_clock clock{system_clock_source().now()};
  system_random_source random;
  options settings;  ///< of the next process
  booking_stand_in bookings;
  test::bus_stand_in bus;
  test::blob_stand_in blobs;

 private:
  std::unique_ptr<process> process_;
  std::string last_seen_ = "0";  // of the outbox
};

/// A moment, written with its offset: at("2030-03-10T01:30:00-05:00").
timestamp at(std::string_view rfc3339);
/// A full hour, `hours` from now.
timestamp hours_from_now(std::int64_t hours);

/// The value; the test fails when there is a problem instead.
template <class T>
T value_of(contract::result<T> answer) {
  if (!answer) throw std::runtime_error(code_of(answer) + ": " + answer.error().detail);
  return std::move(*answer);
}

}  // namespace ticketshow::catalog::testing
