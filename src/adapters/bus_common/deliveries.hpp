#pragma once

#include <cstddef>
#include <exception>
#include <string>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>

#include "base/random.hpp"
#include "rt/task.hpp"

/// What the adapters of the event bus have in common.
namespace ticketshow::bus_common {

/// How the deliveries to one consumer go: counts them, says how long to wait after a failure, and when the consumer is
/// stuck. I/O thread only; `random` must outlive this.
class deliveries {
 public:
  /// `stuck_after`: see stuck().
  deliveries(std::string consumer, random_source& random, rt::steady_clock::duration stuck_after);

  /// `events` were handed over and their effect is durable.
  void succeeded(std::size_t events);

  /// Events could not be handled. Logs it and returns how long to wait before they are handed over again: 100 ms after
  /// the first failure in a row, twice as long after each further one up to 5 s, shortened by chance to no less than
  /// half, so that the processes of a consumer do not all come back at the same moment.
  rt::steady_clock::duration failed(const std::exception& why);

  /// What failed is another process's from now on: nothing here waits for a further attempt.
  void given_up() { failures_ = 0; }

  /// Events failed at the last attempt and at all others for `stuck_after`.
  [[nodiscard]] bool stuck() const;

  /// So many events wait for the consumer.
  void lag(double events) { lag_.Set(events); }

 private:
  std::string consumer_;
  random_source& random_;
  rt::steady_clock::duration stuck_after_;
  int failures_ = 0;  // in a row
  rt::steady_clock::time_point failing_since_{};
  prometheus::Gauge& lag_;
  prometheus::Counter& delivered_;
  prometheus::Counter& failed_;
};

}  // namespace ticketshow::bus_common
