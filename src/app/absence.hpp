#pragma once

#include <optional>

#include "rt/task.hpp"

namespace ticketshow::app {

/// How long nobody of a service has been there, as far as its callers have looked. Pure: it is told the time.
class absence {
 public:
  /// Looks that are further apart do not tell of the time between them: the later one begins an absence of its own.
  /// More than connecting may take, so that the looks of one call belong together.
  static constexpr std::chrono::seconds unwatched{3};

  /// Nobody was there at `now`.
  void look(rt::steady_clock::time_point now) {
    if (!since_ || now - looked_ > unwatched) since_ = now;
    looked_ = now;
  }
  /// Somebody is there.
  void end() { since_.reset(); }

  /// From the first look of this absence to the last one; 0 without one.
  [[nodiscard]] rt::steady_clock::duration length() const {
    return since_ ? looked_ - *since_ : rt::steady_clock::duration::zero();
  }

 private:
  std::optional<rt::steady_clock::time_point> since_;
  rt::steady_clock::time_point looked_;
};

}  // namespace ticketshow::app
