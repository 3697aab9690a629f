#include "http/tests/fixture.hpp"

#include <array>
#include <charconv>
#include <poll.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include "tests/support/wait_until.hpp"

namespace ticketshow::http {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

using test::patience;

/// Awaits one operation of `device`, which is cancelled after `wait`; then asio::error::timed_out.
template <class Device, class Operation>
auto limited(Device& device, rt::steady_clock::duration wait, Operation start, boost::system::error_code& failure)
    -> decltype(start(asio::redirect_error(rt::use_task, failure))) {
  rt::timer alarm(co_await asio::this_coro::executor);
  bool late = false;
  alarm.expires_after(wait);
  alarm.async_wait([&device, &late](boost::system::error_code stopped) {
    if (stopped) return;
    late = true;
    boost::system::error_code ignored;
    device.cancel(ignored);
  });
  auto result = co_await start(asio::redirect_error(rt::use_task, failure));
  alarm.cancel();
  if (late) failure = asio::error::timed_out;
  co_return result;
}

rt::task<std::size_t> read_some(tcp_socket& socket, asio::mutable_buffer space, rt::steady_clock::duration wait,
                                boost::system::error_code& failure) {
  const auto start = [&](auto token) { return socket.async_read_some(space, token); };
  co_return co_await limited(socket, wait, start, failure);
}

rt::task<std::size_t> write_all(tcp_socket& socket, std::string_view bytes, boost::system::error_code& failure) {
  const auto start = [&](auto token) { return asio::async_write(socket, asio::buffer(bytes), token); };
  co_return co_await limited(socket, patience, start, failure);
}

/// The value of a header in the head of a message, or an empty view.
std::string_view header_in(std::string_view head, std::string_view name) {
  while (true) {
    const auto end = head.find("\r\n");
    if (end == std::string_view::npos) return {};
    const auto line = head.substr(0, end);
    head.remove_prefix(end + 2);
    const auto colon = line.find(": ");
    if (colon != std::string_view::npos && same_name(line.substr(0, colon), name)) return line.substr(colon + 2);
  }
}

std::size_t content_length_in(std::string_view head) {
  const auto text = header_in(head, "Content-Length");
  std::size_t length = 0;
  std::from_chars(text.data(), text.data() + text.size(), length);
  return length;
}

rt::task<response> echo(const request& incoming, int& answered) {
  ++answered;
  co_return response{.body = echo_of(to_string(incoming.verb), incoming.target, incoming.body)};
}

constexpr std::string_view end_of_head = "\r\n\r\n";

}  // namespace

// ---- raw_connection

std::string_view raw_connection::answer::header(std::string_view name) const { return header_in(head, name); }

raw_connection::raw_connection(asio::io_context& context, std::uint16_t port)
    : context_(context), socket_(context.get_executor()) {
  socket_.connect({asio::ip::address_v4::loopback(), port});
  socket_.set_option(asio::ip::tcp::no_delay(true));
}

raw_connection::raw_connection(asio::io_context& context, tcp_socket socket)
    : context_(context), socket_(std::move(socket)) {}

void raw_connection::send(std::string_view bytes) {
  boost::system::error_code failure;  // that the other end has closed shows when reading
  rt::run(context_, write_all(socket_, bytes, failure));
}

void raw_connection::send_now(std::string_view bytes) { asio::write(socket_, asio::buffer(bytes)); }

bool raw_connection::read_more(rt::steady_clock::duration wait) {
  if (ended_) return false;
  std::array<char, 4096> space;
  boost::system::error_code failure;
  const auto size = rt::run(context_, read_some(socket_, asio::buffer(space), wait, failure));
  received_.append(space.data(), size);
  ended_ = failure && failure != asio::error::timed_out;
  return !failure;
}

raw_connection::answer raw_connection::read(bool head_only) {
  auto end = std::string::npos;
  while ((end = received_.find(end_of_head)) == std::string::npos) {
    if (!read_more(patience)) return {};
  }
  end += end_of_head.size();
  answer result{.head = received_.substr(0, end)};
  std::from_chars(result.head.data() + std::string_view("HTTP/1.1 ").size(), result.head.data() + end, result.status);
  const auto length = head_only ? 0 : content_length_in(result.head);
  while (received_.size() < end + length) {
    if (!read_more(patience)) return {};
  }
  result.body = received_.substr(end, length);
  received_.erase(0, end + length);
  return result;
}

std::string raw_connection::read_request() {
  auto end = std::string::npos;
  while ((end = received_.find(end_of_head)) == std::string::npos) {
    if (!read_more(patience)) return {};
  }
  end += end_of_head.size();
  end += content_length_in(std::string_view(received_).substr(0, end));
  while (received_.size() < end) {
    if (!read_more(patience)) return {};
  }
  auto request = received_.substr(0, end);
  received_.erase(0, end);
  return request;
}

std::string raw_connection::read_up_to(std::string_view text) {
  auto at = std::string::npos;
  while ((at = received_.find(text)) == std::string::npos) {
    if (!read_more(patience)) return std::exchange(received_, {});
  }
  auto read = received_.substr(0, at + text.size());
  received_.erase(0, read.size());
  return read;
}

std::string raw_connection::read_to_end() {
  const auto until = rt::deadline::after(patience);
  while (read_more(until.left()) && !until.passed()) {
  }
  EXPECT_TRUE(ended_) << "still open after: " << received_;
  return std::exchange(received_, {});
}

bool raw_connection::silent_for(rt::steady_clock::duration time) {
  return received_.empty() && !read_more(time) && !ended_;
}

void raw_connection::finish_sending() { socket_.shutdown(tcp_socket::shutdown_send); }

void raw_connection::reset() {
  socket_.set_option(asio::socket_base::linger(true, 0));
  socket_.close();
}

void raw_connection::close() { socket_.close(); }

// ---- raw_server

raw_server::raw_server(asio::io_context& context)
    : context_(context), acceptor_(context.get_executor(), {asio::ip::address_v4::loopback(), 0}) {}

raw_connection raw_server::accept() {
  EXPECT_TRUE(somebody_comes_within(patience)) << "nobody connected";
  acceptor_.non_blocking(true);  // throws when nobody did
  auto socket = acceptor_.accept();
  return {context_, std::move(socket)};
}

bool raw_server::somebody_comes_within(rt::steady_clock::duration wait) {
  const auto until = rt::deadline::after(wait);
  pollfd waiting{.fd = acceptor_.native_handle(), .events = POLLIN};
  while (::poll(&waiting, 1, 0) == 0) {
    if (until.passed()) return false;
    rt::run(context_, rt::sleep_for(1ms));
  }
  return true;
}

// ---- server_test

server_test::server_test() {
  settings_.port = 0;
  answer_ = [this](const request& incoming) { return echo(incoming, answered_); };
}

server_test::~server_test() {
  if (server_) stop(5s);
}

server& server_test::running() {
  if (!server_) {
    server_ = std::make_unique<server>(context_.get_executor(), settings_, answer_);
    rt::run(context_, server_->start());
  }
  return *server_;
}

raw_connection::answer server_test::ask(std::string_view bytes) { return connect().ask(bytes); }

void server_test::stop(rt::steady_clock::duration at_most) {
  rt::run(context_, server_->stop(rt::deadline::after(at_most)));
  server_.reset();
}

void server_test::wait_until(const std::function<bool()>& true_now) { test::wait_until(context_, true_now); }

rt::task<response> answer_with(response what) { co_return what; }

std::string echo_of(std::string_view verb, std::string_view target, std::string_view body) {
  return fmt::format("{} {} {}", verb, target, body);
}

}  // namespace ticketshow::http
