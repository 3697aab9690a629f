// The part of a session that sends a body without an end.
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>

#include "http/session.hpp"
#include "rt/log.hpp"

namespace ticketshow::http {
namespace {

namespace asio = boost::asio;

/// Closes `body` as soon as its reader leaves, or sends what nobody asked for.
void close_when_readable(tcp_socket& socket, const std::shared_ptr<body_source>& body) {
  socket.async_wait(asio::socket_base::wait_read,
                    [reader = std::weak_ptr(body)](const boost::system::error_code& stopped) {
                      const auto still_there = reader.lock();
                      if (still_there && stopped != asio::error::operation_aborted) still_there->close();
                    });
}

}  // namespace

void session::end_stream() {
  if (stream_) stream_->close();
}

rt::task<> session::send_stream() {
  // Thousands wait like this: what belonged to the request is given back.
  buffer_.clear();
  buffer_.shrink_to_fit();
  std::exchange(head_, {});
  std::exchange(headers_, {});
  if (draining_) stream_->close();
  close_when_readable(socket_, stream_);
  try {
    boost::system::error_code failure;
    while (!failure) {
      stage_ = stage::streaming;
      const auto next = co_await stream_->next();
      if (!next) break;
      enter(stage::writing, options_.write_timeout);
      co_await asio::async_write(socket_, asio::buffer(*next), asio::redirect_error(rt::use_task, failure));
    }
  } catch (const std::exception& failure) {
    rt::log::error("a stream failed", {{"error", failure.what()}});
  }
  stream_->close();
}

}  // namespace ticketshow::http
