#pragma once

#include <exception>
#include <optional>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "rt/task.hpp"

namespace ticketshow::test {

/// Runs tasks side by side to their ends and gives their results in order; throws what the last failing one threw.
template <class T>
std::vector<T> run_all(rt::asio::io_context& io, std::vector<rt::task<T>> work) {
  std::vector<std::optional<T>> results(work.size());
  std::size_t left = work.size();
  std::exception_ptr failure;
  const auto boxed = [](rt::task<T> inner, std::optional<T>& out) -> rt::task<> { out = co_await std::move(inner); };
  for (std::size_t i = 0; i < work.size(); ++i) {
    rt::asio::co_spawn(io, boxed(std::move(work[i]), results[i]), [&](std::exception_ptr thrown) {
      if (thrown) failure = thrown;
      --left;
    });
  }
  io.restart();
  while (left > 0 && io.run_one() != 0) {
  }
  if (failure) std::rethrow_exception(failure);
  std::vector<T> values;
  for (auto& each : results) values.push_back(std::move(*each));
  return values;
}

}  // namespace ticketshow::test
