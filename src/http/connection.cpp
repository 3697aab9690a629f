#include "http/connection.hpp"

#include <sys/socket.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/http/read.hpp>
#include <fmt/format.h>

namespace ticketshow::http {

namespace asio = boost::asio;
namespace beast = boost::beast;

connection::connection(rt::executor io, const client_options& server, asio::ssl::context* tls)
    : io_(io), server_(server), socket_(io) {
  if (tls == nullptr) return;
  tls_.emplace(socket_, *tls);
  expect_host(*tls_, server.host);
}

void connection::close_at(rt::timer& alarm) {
  alarm.async_wait([line = shared_from_this(), use = uses_](boost::system::error_code stopped) {
    if (!stopped && line->uses_ == use) line->close();
  });
}

rt::task<> connection::open(rt::deadline until) {
  rt::timer alarm(io_, until.at());
  close_at(alarm);
  boost::system::error_code failure;
  const auto found = co_await look_up(failure);
  if (!failure && until.passed()) failure = asio::error::timed_out;  // nobody can stop the resolver
  if (!failure) co_await asio::async_connect(socket_, found, asio::redirect_error(rt::use_task, failure));
  const bool connected = !failure;
  if (connected) socket_.set_option(asio::ip::tcp::no_delay(true), failure);
  if (connected && tls_) {
    co_await tls_->async_handshake(asio::ssl::stream_base::client, asio::redirect_error(rt::use_task, failure));
  }
  alarm.cancel();
  if (!failure) co_return;
  if (until.passed()) failure = asio::error::timed_out;
  const bool in_time = failure != asio::error::timed_out;
  throw no_answer(connected && in_time
                      ? fmt::format("{}:{} is not trusted: {}", server_.host, server_.port, reason_of(*tls_, failure))
                      : fmt::format("{}:{} cannot be reached: {}", server_.host, server_.port, failure.message()),
                  false);
}

rt::task<connection::resolver::results_type> connection::look_up(boost::system::error_code& failure) {
  const auto service = std::to_string(server_.port);
  const auto address = asio::ip::make_address(server_.host, failure);
  if (!failure) co_return resolver::results_type::create({address, server_.port}, server_.host, service);
  resolver names(io_);
  co_return co_await names.async_resolve(server_.host, service, asio::redirect_error(rt::use_task, failure));
}

rt::task<std::size_t> connection::write(std::string_view bytes, boost::system::error_code& failure) {
  const auto buffer = asio::buffer(bytes);
  if (tls_) co_return co_await asio::async_write(*tls_, buffer, asio::redirect_error(rt::use_task, failure));
  co_return co_await asio::async_write(socket_, buffer, asio::redirect_error(rt::use_task, failure));
}

rt::task<> connection::read(parser& incoming, boost::system::error_code& failure) {
  if (tls_) {
    co_await beast::http::async_read(*tls_, buffer_, incoming, asio::redirect_error(rt::use_task, failure));
  } else {
    co_await beast::http::async_read(socket_, buffer_, incoming, asio::redirect_error(rt::use_task, failure));
  }
}

rt::task<> connection::read_head(parser& incoming, boost::system::error_code& failure) {
  if (tls_) {
    co_await beast::http::async_read_header(*tls_, buffer_, incoming, asio::redirect_error(rt::use_task, failure));
  } else {
    co_await beast::http::async_read_header(socket_, buffer_, incoming, asio::redirect_error(rt::use_task, failure));
  }
}

rt::task<std::string> connection::read_some() {
  if (buffer_.size() > 0) {
    auto before = beast::buffers_to_string(buffer_.data());
    buffer_.clear();
    buffer_.shrink_to_fit();
    co_return before;
  }
  boost::system::error_code failure;
  // Without memory for what may not come for long.
  if (!tls_) co_await socket_.async_wait(tcp_socket::wait_read, asio::redirect_error(rt::use_task, failure));
  std::string bytes(4096, '\0');
  const auto space = asio::buffer(bytes);
  std::size_t size = 0;
  if (!failure && tls_) size = co_await tls_->async_read_some(space, asio::redirect_error(rt::use_task, failure));
  if (!failure && !tls_) size = co_await socket_.async_read_some(space, asio::redirect_error(rt::use_task, failure));
  bytes.resize(size);
  co_return bytes;
}

void connection::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

bool connection::quiet() {
  if (tls_ && !holds_nothing(*tls_)) return false;
  char next = 0;
  return ::recv(socket_.native_handle(), &next, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
         (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace ticketshow::http
