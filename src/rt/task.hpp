#pragma once

#include <chrono>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ticketshow::rt {

namespace asio = boost::asio;

/// Every service of a process runs on one I/O thread (docs/adr/0002-one-io-thread.md): between two suspensions a
/// coroutine has the process's state to itself, without locks. Work that keeps the CPU for more than a millisecond goes
/// to a worker_pool.
using executor = asio::io_context::executor_type;

/// A coroutine that runs on the I/O thread. Lazy: it starts when it is awaited or spawned.
template <class T = void>
using task = asio::awaitable<T, executor>;

/// The completion token of every asynchronous operation awaited in a task.
inline constexpr asio::use_awaitable_t<executor> use_task{};

using steady_clock = std::chrono::steady_clock;
using timer = asio::basic_waitable_timer<steady_clock, asio::wait_traits<steady_clock>, executor>;

/// Suspends for at least `duration`. Ends early, without an exception, when the task is cancelled.
task<> sleep_for(steady_clock::duration duration);

/// Runs `work` to its end on a fresh io_context and returns its value: for tests and for commands.
template <class T>
T run(asio::io_context& context, task<T> work);

}  // namespace ticketshow::rt

#include "rt/task_impl.hpp"
