#include "rt/bell.hpp"

#include <boost/asio/redirect_error.hpp>

namespace ticketshow::rt {

task<> bell::wait(steady_clock::duration at_most) {
  if (!rung_) {
    alarm_.expires_after(at_most);
    boost::system::error_code ignored;
    co_await alarm_.async_wait(asio::redirect_error(use_task, ignored));
  }
  rung_ = false;
}

}  // namespace ticketshow::rt
