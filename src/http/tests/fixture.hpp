#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "http/client.hpp"
#include "http/server.hpp"
#include "http/session.hpp"
#include "rt/call.hpp"

namespace ticketshow::http {

/// The other end of a connection as bytes: sends what no client would, and reads what comes. Runs the io_context while
/// it waits, so that a server on the same one answers meanwhile.
class raw_connection {
 public:
  /// An answer as it came. `status` 0: none, the connection ended first.
  struct answer {
    int status = 0;
    std::string head;  ///< status line and headers
    std::string body;
    /// The value of the first header of this name, or an empty view.
    [[nodiscard]] std::string_view header(std::string_view name) const;
  };

  raw_connection(boost::asio::io_context& context, std::uint16_t port);
  raw_connection(boost::asio::io_context& context, tcp_socket socket);

  void send(std::string_view bytes);
  /// The same without letting the context run meanwhile.
  void send_now(std::string_view bytes);
  /// The next answer, 1xx ones included. With `head_only` a Content-Length announces nothing.
  answer read(bool head_only = false);
  answer ask(std::string_view bytes, bool head_only = false) {
    send(bytes);
    return read(head_only);
  }
  /// One request as it came, head and body by Content-Length: for a test that plays the server.
  std::string read_request();
  /// What comes up to `text`, and that; what came until the end when it does not come.
  std::string read_up_to(std::string_view text);
  /// All that still comes until the other end closes or resets; fails the test when it does not within ten seconds.
  std::string read_to_end();
  /// Whether for so long nothing comes, not even the end.
  bool silent_for(rt::steady_clock::duration time);
  /// Nothing more will be sent.
  void finish_sending();
  /// Ends it with a reset instead of a good-bye.
  void reset();
  void close();

 private:
  /// Reads some more; false at the end of the connection, or after `wait`.
  bool read_more(rt::steady_clock::duration wait);

  boost::asio::io_context& context_;
  tcp_socket socket_;
  std::string received_;
  bool ended_ = false;
};

/// A listening socket whose connections a test answers itself, byte by byte.
class raw_server {
 public:
  explicit raw_server(boost::asio::io_context& context);
  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  /// The next connection; throws after ten seconds without one.
  raw_connection accept();
  /// Whether somebody connects within `wait`.
  bool somebody_comes_within(rt::steady_clock::duration wait);
  /// Connecting hangs from now on, after one or two for which the system has room.
  void stop_taking_connections() { acceptor_.listen(0); }
  /// Connecting is refused from now on.
  void close() { acceptor_.close(); }

 private:
  boost::asio::io_context& context_;
  boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, rt::executor> acceptor_;
};

/// A server on a free port with a handler of the test's own. Tests change `settings_` and `answer_` before the first
/// use; by default the answer is "<method> <target> <body>".
class server_test : public testing::Test {
 public:
  ~server_test() override;

 protected:
  server_test();

  server& running();
  raw_connection connect() { return {context_, running().port()}; }
  /// One request on a connection of its own.
  raw_connection::answer ask(std::string_view bytes);
  void stop(rt::steady_clock::duration at_most);
  /// Lets the context run until `true_now`, for ten seconds at most.
  void wait_until(const std::function<bool()>& true_now);

  boost::asio::io_context context_;
  server_options settings_;
  handler answer_;
  int answered_ = 0;
  std::unique_ptr<server> server_;
};

/// A handler's task that is done at once.
rt::task<response> answer_with(response what);

/// The body of an answer as the default handler writes it.
std::string echo_of(std::string_view verb, std::string_view target, std::string_view body = {});

}  // namespace ticketshow::http
