#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "http/client.hpp"
#include "http/tls.hpp"

namespace ticketshow::http {

/// One connection of a client to its server: plain, or TLS.
class connection : public std::enable_shared_from_this<connection> {
 public:
  using parser = boost::beast::http::response_parser<boost::beast::http::string_body>;

  /// Plain without `tls`, which then must outlive it.
  connection(rt::executor io, const client_options& server, boost::asio::ssl::context* tls);

  /// Connects, and shakes hands; throws no_answer with a sentence when that fails or the deadline comes first.
  rt::task<> open(rt::deadline until);
  /// Sends all bytes; gives how many of them may have reached the server.
  rt::task<std::size_t> write(std::string_view bytes, boost::system::error_code& failure);
  rt::task<> read(parser& incoming, boost::system::error_code& failure);
  /// Reads no more than the head.
  rt::task<> read_head(parser& incoming, boost::system::error_code& failure);
  /// Waits for bytes behind what was read, and gives some; an empty string at the end, or when it breaks.
  rt::task<std::string> read_some();

  /// Whether it is open and nothing has come that nobody asked for, the end least of all.
  [[nodiscard]] bool quiet();
  /// Whether bytes came behind what was read.
  [[nodiscard]] bool has_leftovers() const { return buffer_.size() > 0; }

  void close();
  /// Closes it at `alarm`, if it is still in the same use then.
  void close_at(rt::timer& alarm);
  /// Counts a call that goes over it; whether it is not the first.
  bool begin_use() { return uses_++ > 0; }
  void end_use() { idle_since_ = rt::steady_clock::now(); }
  [[nodiscard]] rt::steady_clock::time_point idle_since() const { return idle_since_; }

 private:
  using resolver = boost::asio::ip::basic_resolver<boost::asio::ip::tcp, rt::executor>;
  rt::task<resolver::results_type> look_up(boost::system::error_code& failure);

  rt::executor io_;
  const client_options& server_;
  tcp_socket socket_;
  std::optional<tls_stream> tls_;
  boost::beast::flat_buffer buffer_;
  int uses_ = 0;  ///< with the one in progress
  rt::steady_clock::time_point idle_since_{};
};

}  // namespace ticketshow::http
