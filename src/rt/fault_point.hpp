#pragma once

#include <csignal>
#include <cstdlib>
#include <string_view>
#include <unistd.h>

namespace ticketshow::rt {

/// The fault point at which this process must end: the environment variable TICKETSHOW_FAULT_POINT when the process
/// first asked; empty, as it always is outside of tests, for none.
inline std::string_view chosen_fault_point() {
  static const char* const chosen = std::getenv("TICKETSHOW_FAULT_POINT");  // NOLINT(concurrency-mt-unsafe): read once
  return chosen == nullptr ? std::string_view{} : std::string_view(chosen);
}

/// Whether this process may be ended by a fault point: what serves real customers refuses to start then.
inline bool fault_points_armed() { return !chosen_fault_point().empty(); }

/// A place between two steps of a saga at which a test may end the process as kill -9 would, to prove that what was
/// recorded by then is enough to go on from. Costs a comparison of sizes when none is chosen.
inline void fault_point(std::string_view name) {
  if (fault_points_armed() && name == chosen_fault_point()) ::kill(::getpid(), SIGKILL);
}

}  // namespace ticketshow::rt
