#pragma once

#include <chrono>
#include <functional>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "rt/call.hpp"
#include "rt/task.hpp"

namespace ticketshow::test {

/// How long a test waits for what must come. It only bounds how long a failure takes: a thread sanitizer on a busy
/// machine makes everything twenty times slower, so no less than this.
inline constexpr std::chrono::seconds patience{60};

/// Lets `io` run until `true_now` holds; asked every 5 ms. The test has failed when it does not within `patience`.
inline void wait_until(rt::asio::io_context& io, const std::function<bool()>& true_now) {
  const auto give_up = rt::deadline::after(patience);
  while (!true_now()) {
    ASSERT_FALSE(give_up.passed()) << "it did not come within " << patience.count() << " seconds";
    rt::run(io, rt::sleep_for(std::chrono::milliseconds(5)));
  }
}

}  // namespace ticketshow::test
