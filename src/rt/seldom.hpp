#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include "rt/task.hpp"

namespace ticketshow::rt {

/// Keeps a flood out of the log: whoever can send what is worth a line could otherwise fill the disk with them. The
/// first of something is told at once, and from then on one in a `pause` at most, with how many there were meanwhile.
/// Pure; for one thread.
class seldom {
 public:
  explicit seldom(steady_clock::duration pause) : pause_(pause) {}

  /// Counts one that happens at `now`. When it is to be told: how many there were since the last that was, this one
  /// included. Nothing when it is not.
  std::optional<std::int64_t> count(steady_clock::time_point now) {
    ++untold_;
    if (now < silent_until_) return {};
    silent_until_ = now + pause_;
    return std::exchange(untold_, 0);
  }

 private:
  steady_clock::duration pause_;
  steady_clock::time_point silent_until_ = steady_clock::time_point::min();
  std::int64_t untold_ = 0;
};

}  // namespace ticketshow::rt
