#pragma once

#include <array>
#include <deque>
#include <list>

#include "ports/card_gateway.hpp"
#include "rt/call.hpp"
#include "rt/task.hpp"

/// How fast Dodo may be asked: 10 calls in any second and 100 in any minute with one key.
namespace ticketshow::card_dodo {

using ports::haste;
inline constexpr std::array all_haste{haste::customer, haste::work, haste::watch};

/// How many calls of a window there may be, and how many of these are kept for each haste: the others leave it that
/// many, used or not. What nobody keeps is for whoever comes first.
struct window {
  std::size_t most;
  std::array<std::size_t, all_haste.size()> kept;  ///< by haste
};

struct limits {
  window second{.most = 10, .kept = {2, 2, 1}};
  window minute{.most = 100, .kept = {20, 20, 10}};
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
  void count(haste how, time now);

  /// What the provider said is left: it may know of other callers with this key.
  void told_remaining(std::size_t calls, time now);
  /// It refused a call, and said perhaps for how long (zero: it did not).
  void refused(rt::steady_clock::duration retry_after, time now);
  /// It took one.
  void accepted() { refusals_ = 0; }

 private:
  struct use {
    time at;
    haste how;
  };
  using counts = std::array<std::size_t, all_haste.size()>;
  /// The calls behind `since`, by haste.
  [[nodiscard]] counts uses_after(time since) const;
  /// When such a window has room for another call, `now` at the earliest.
  [[nodiscard]] time room_in(const window& which, rt::steady_clock::duration length, haste how, time now) const;

  limits limits_;
  std::deque<use> uses_;                               // in the order in which they were made
  std::array<time, all_haste.size()> closed_until_{};  // by haste
  int refusals_ = 0;                                   // in a row
};

/// Lets calls go one after the other as the allowance has room, each haste in a line of its own, first come, first
/// served; of the first in each line, customers go before work, and work before watch. I/O thread only.
class pace {
 public:
  pace(rt::executor io, limits chosen) : io_(io), allowance_(chosen) {}

  /// Waits for its turn and takes it; throws ports::card_not_sent as soon as it is clear that the deadline comes
  /// first.
  rt::task<> turn(rt::deadline until, haste how);
  /// For what the provider says of its limits.
  [[nodiscard]] allowance& allowed() { return allowance_; }

 private:
  struct place;
  using line = std::list<rt::timer>;
  /// Whether somebody who goes first could go now.
  [[nodiscard]] bool overtaken(haste how, allowance::time now) const;
  void wake_the_first();

  rt::executor io_;
  allowance allowance_;
  std::array<line, all_haste.size()> lines_;  // by haste
};

}  // namespace ticketshow::card_dodo
