#pragma once

#include <array>
#include <deque>
#include <list>

#include "rt/call.hpp"
#include "rt/task.hpp"

/// How fast Dodo may be asked: 10 calls in any second and 100 in any minute with one key.
namespace ticketshow::card_dodo {

/// Who waits for a call: a customer before a screen, or work that has time.
enum class haste { customer, work };

struct limits {
  std::size_t per_second = 10;
  std::size_t per_minute = 100;
  /// Of these, what work leaves to customers.
  std::size_t kept_of_a_second = 2;
  std::size_t kept_of_a_minute = 20;
};

/// When the next call may go. Remembers the calls of a minute, so that no window of time ever holds more than its
/// limit: a bucket of tokens would let twice as many through at its edge. Pure.
class allowance {
 public:
  using time = rt::steady_clock::time_point;
  explicit allowance(limits chosen) : limits_(chosen) {}

  /// The earliest time for another call, `now` if that is at once.
  [[nodiscard]] time next(haste how, time now) const;
  /// Counts a call.
  void use(time now);

  /// What the provider said is left: it may know of other callers with this key.
  void told_remaining(std::size_t calls, time now);
  /// It refused a call, and said perhaps for how long (zero: it did not).
  void refused(rt::steady_clock::duration retry_after, time now);
  /// It took one.
  void accepted() { refusals_ = 0; }

 private:
  limits limits_;
  std::deque<time> uses_;
  std::array<time, 2> closed_until_{};  // by haste
  int refusals_ = 0;                    // in a row
};

/// Lets calls go one after the other as the allowance has room, first come, first served, customers and work in lines
/// of their own. I/O thread only.
class pace {
 public:
  pace(rt::executor io, limits chosen) : io_(io), allowance_(chosen) {}

  /// Waits for its turn and takes it; throws rt::unavailable as soon as it is clear that the deadline comes first.
  rt::task<> turn(rt::deadline until, haste how);
  /// For what the provider says of its limits.
  [[nodiscard]] allowance& allowed() { return allowance_; }

 private:
  struct place;
  rt::executor io_;
  allowance allowance_;
  std::array<std::list<rt::timer>, 2> lines_;  // by haste
};

}  // namespace ticketshow::card_dodo
