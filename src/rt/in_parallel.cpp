#include "rt/in_parallel.hpp"

#include <algorithm>
#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>

namespace ticketshow::rt {
namespace {

struct crew {
  crew(executor io, std::size_t pieces, std::function<task<>(std::size_t)> each)
      : count(pieces), work(std::move(each)), all_done(io) {
    all_done.expires_at(steady_clock::time_point::max());
  }
  std::size_t count;
  std::function<task<>(std::size_t)> work;
  timer all_done;
  std::size_t next = 0;
  std::size_t busy = 0;
  std::exception_ptr failure;
};

task<> work_through(crew& shared) {
  while (shared.next < shared.count && !shared.failure) {
    const auto piece = shared.next++;
    co_await shared.work(piece);
  }
}

}  // namespace

task<> in_parallel(std::size_t count, std::size_t width, std::function<task<>(std::size_t)> work) {
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  const auto io = co_await asio::this_coro::executor;
  crew shared(io, count, std::move(work));
  shared.busy = std::min(count, width);
  for (std::size_t i = 0; i < std::min(count, width); ++i) {
    asio::co_spawn(io, work_through(shared), [&shared](std::exception_ptr failure) {
      if (failure && !shared.failure) shared.failure = failure;
      if (--shared.busy == 0) shared.all_done.cancel();
    });
  }
  while (shared.busy > 0) {
    boost::system::error_code ignored;
    co_await shared.all_done.async_wait(asio::redirect_error(rt::use_task, ignored));
  }
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  if (shared.failure) std::rethrow_exception(shared.failure);
}

}  // namespace ticketshow::rt
