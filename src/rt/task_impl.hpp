#pragma once

#include <exception>
#include <optional>
#include <type_traits>

#include "base/assert.hpp"

namespace ticketshow::rt {

template <class T>
T run(asio::io_context& context, task<T> work) {
  std::exception_ptr failure;
  bool done = false;
  if constexpr (std::is_void_v<T>) {
    asio::co_spawn(context.get_executor(), std::move(work), [&](std::exception_ptr error) {
      failure = error;
      done = true;
    });
    context.restart();
    while (!done && context.run_one() != 0) {
    }
    TICKETSHOW_ASSERT(done);
    if (failure) std::rethrow_exception(failure);
  } else {
    std::optional<T> value;
    // co_spawn default-constructs the value it hands over on failure, which not every T can; a wrapper keeps it
    // optional.
    auto boxed = [](task<T> inner, std::optional<T>& out) -> task<> { out.emplace(co_await std::move(inner)); };
    asio::co_spawn(context.get_executor(), boxed(std::move(work), value), [&](std::exception_ptr error) {
      failure = error;
      done = true;
    });
    context.restart();
    while (!done && context.run_one() != 0) {
    }
    TICKETSHOW_ASSERT(done);
    if (failure) std::rethrow_exception(failure);
    return std::move(*value);
  }
}

}  // namespace ticketshow::rt
