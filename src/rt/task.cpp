#include "rt/task.hpp"

#include <boost/asio/redirect_error.hpp>

namespace ticketshow::rt {

task<> sleep_for(steady_clock::duration duration) {
  timer alarm(co_await asio::this_coro::executor);
  alarm.expires_after(duration);
  boost::system::error_code ignored;
  co_await alarm.async_wait(asio::redirect_error(use_task, ignored));
}

}  // namespace ticketshow::rt
