#pragma once

#include <cstddef>
#include <functional>

#include "rt/task.hpp"

namespace ticketshow::rt {

/// Runs work(0) … work(count - 1), at most `width` at a time, and waits for all of it even when the caller is cancelled
/// meanwhile, since the work refers to the caller's frame: the work must bound its own time. Then throws what the first
/// failing piece threw; pieces that had not begun by then are left out.
task<> in_parallel(std::size_t count, std::size_t width, std::function<task<>(std::size_t)> work);

}  // namespace ticketshow::rt
