#pragma once

#include <algorithm>
#include <cstdint>

#include "base/random.hpp"

namespace ticketshow {

/// Exponential back-off: how long to wait before something that failed is tried again. Pure.
template <class Duration>
struct backoff {
  Duration first;  ///< after the first failure; more than nothing
  Duration last;   ///< and never longer than this; at most half of what Duration can hold

  /// After so many failures in a row: twice as long each time. Less than one counts as one.
  [[nodiscard]] constexpr Duration after(std::int64_t failures) const {
    auto pause = first;
    while (--failures > 0 && pause < last) pause *= 2;
    return std::min(pause, last);
  }
};

/// Something between half of `whole`, which is at most three days, and all of it, so that what failed together does not
/// come back together.
template <class Duration>
Duration with_jitter(Duration whole, random_source& random) {
  std::uint16_t chance = 0;
  random.fill(&chance, sizeof chance);
  return whole / 2 + whole / 2 * chance / 0xffff;
}

}  // namespace ticketshow
