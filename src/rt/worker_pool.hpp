#pragma once

#include <cstddef>
#include <optional>
#include <type_traits>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "rt/call.hpp"
#include "rt/task.hpp"

namespace ticketshow::rt {

/// Threads for work that would hold up the I/O thread: password hashing, image work. At most `capacity` pieces of work
/// wait or run at a time; beyond that run() refuses, so that a flood of one kind of request cannot exhaust the process.
class worker_pool {
 public:
  /// Work for which nobody waits at a screen leaves the processors to everything else when they are all busy.
  enum class haste { waited_for, in_background };

  worker_pool(std::size_t threads, std::size_t capacity, haste how = haste::waited_for)
      : threads_(threads), capacity_(capacity), haste_(how) {}
  ~worker_pool() { threads_.join(); }

  /// Runs `work` on a worker and resumes on the I/O thread with its value; nothing when the pool is full. `work` must
  /// own or outlive what it uses: it runs to its end even when the caller is cancelled.
  template <class F>
  task<std::optional<std::invoke_result_t<F>>> run(F work);

  [[nodiscard]] std::size_t busy() const { return busy_; }

 private:
  /// Lowers the priority of the calling thread.
  static void give_way();

  asio::thread_pool threads_;
  std::size_t capacity_;
  haste haste_;
  std::size_t busy_ = 0;  // counted on the I/O thread only
};

template <class F>
task<std::optional<std::invoke_result_t<F>>> worker_pool::run(F work) {
  using value = std::invoke_result_t<F>;
  if (busy_ >= capacity_) co_return std::nullopt;
  struct place {
    explicit place(std::size_t& n) : count(n) { ++count; }
    ~place() { --count; }
    std::size_t& count;
  };
  const place taken(busy_);
  auto on_worker = [](F inner, haste how) -> asio::awaitable<value, asio::thread_pool::executor_type> {
    if (how == haste::in_background) give_way();
    co_return inner();
  };
  co_return co_await asio::co_spawn(threads_.get_executor(), on_worker(std::move(work), haste_), use_task);
}

}  // namespace ticketshow::rt
