#include "http/server.hpp"

#include <list>
#include <stdexcept>

#include <boost/asio/redirect_error.hpp>
#include <fmt/format.h>

#include "http/session.hpp"
#include "rt/gate.hpp"
#include "rt/log.hpp"

namespace ticketshow::http {
namespace {

namespace asio = boost::asio;
using tcp_acceptor = asio::basic_socket_acceptor<asio::ip::tcp, rt::executor>;

/// How exactly deadlines of connections are kept.
constexpr auto watch_interval = std::chrono::milliseconds(250);

}  // namespace

class server::impl {
 public:
  impl(rt::executor io, server_options options, handler answer)
      : io_(io),
        options_(std::move(options)),
        answer_(std::move(answer)),
        acceptor_(io),
        listening_(io, options_.name + " listener"),
        connections_(io, options_.name + " connections") {}

  void listen() {
    const asio::ip::tcp::endpoint endpoint(asio::ip::make_address(options_.address), options_.port);
    boost::system::error_code failure;
    acceptor_.open(endpoint.protocol(), failure);
    if (!failure) acceptor_.set_option(asio::socket_base::reuse_address(true), failure);
    if (!failure) acceptor_.bind(endpoint, failure);
    if (!failure) acceptor_.listen(4096, failure);
    if (failure) {
      throw std::runtime_error(
          fmt::format("Port {} of {} cannot be listened on: {}.", options_.port, options_.address, failure.message()));
    }
    port_ = acceptor_.local_endpoint().port();
    listening_.spawn(accept_all());
    listening_.repeat(watch_interval, [this] { return watch(); });
  }

  rt::task<> stop(rt::deadline until) {
    draining_ = true;
    close_listener();
    co_await rt::sleep_for(std::chrono::milliseconds(1));  // one that was being accepted becomes a session
    for (auto* each : sessions_) {
      each->end_stream();
      each->last_call();
    }
    const bool empty = co_await connections_.drain(until);
    if (!empty) {
      rt::log::warning("connections cut", {{"server", options_.name}, {"count", connections_.size()}});
      for (auto* each : sessions_) each->close();
    }
    const auto a_moment = rt::deadline::after(std::chrono::seconds(2));
    co_await connections_.close(a_moment);
    co_await listening_.close(a_moment);
  }

  const server_options& options() const { return options_; }
  std::uint16_t port() const { return port_; }

 private:
  rt::task<> accept_all() {
    while (!draining_) {
      boost::system::error_code failure;
      auto socket = co_await acceptor_.async_accept(asio::redirect_error(rt::use_task, failure));
      if (failure == asio::error::operation_aborted) co_return;
      if (failure) {
        rt::log::error("accept failed", {{"server", options_.name}, {"error", failure.message()}});
        co_await rt::sleep_for(std::chrono::milliseconds(100));  // out of descriptors, most likely
        continue;
      }
      if (connections_.size() >= options_.max_connections) continue;  // the socket's destructor closes it
      connections_.spawn(serve(std::move(socket)));
    }
  }

  /// Takes those who have connected as far as they know: a request may be on its way already.
  void close_listener() {
    boost::system::error_code failure;
    acceptor_.non_blocking(true, failure);
    while (!failure && acceptor_.is_open()) {
      tcp_socket socket(io_);
      acceptor_.accept(socket, failure);
      if (!failure && connections_.size() < options_.max_connections) connections_.spawn(serve(std::move(socket)));
    }
    acceptor_.close(failure);
  }

  rt::task<> serve(tcp_socket socket) {
    session connection(std::move(socket), options_, answer_, draining_, large_bodies_);
    struct registration {
      registration(std::list<session*>& all, session* one) : sessions(all), place(all.insert(all.end(), one)) {}
      ~registration() { sessions.erase(place); }
      std::list<session*>& sessions;
      std::list<session*>::iterator place;
    };
    const registration known(sessions_, &connection);
    co_await connection.run();
  }

  rt::task<> watch() {
    const auto now = rt::steady_clock::now();
    for (auto* each : sessions_) each->cut_off_if_late(now);
    co_return;
  }

  rt::executor io_;
  server_options options_;
  handler answer_;
  tcp_acceptor acceptor_;
  std::uint16_t port_ = 0;
  bool draining_ = false;
  std::size_t large_bodies_ = 0;
  std::list<session*> sessions_;
  rt::gate listening_;
  rt::gate connections_;
};

server::server(rt::executor io, server_options options, handler answer)
    : impl_(std::make_unique<impl>(io, std::move(options), std::move(answer))) {}

server::~server() = default;

std::string server::name() const { return impl_->options().name; }

rt::task<> server::start() {
  impl_->listen();
  co_return;
}

rt::task<> server::stop(rt::deadline until) { co_await impl_->stop(until); }

std::uint16_t server::port() const { return impl_->port(); }

}  // namespace ticketshow::http
