#pragma once

#include <source_location>

namespace ticketshow {

/// Prints where and what, and ends the process at once (no destructors), so that a broken invariant never spreads.
[[noreturn]] void assertion_failed(const char* condition, std::source_location where);

}  // namespace ticketshow

/// A broken invariant ends the process, in release builds too. Never for input: input is answered with a problem.
#define TICKETSHOW_ASSERT(condition)                   \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::ticketshow::assertion_failed(#condition, ::std::source_location::current()))
