#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "http/body_source.hpp"
#include "http/server.hpp"
#include "rt/task.hpp"

namespace ticketshow::http {

using tcp_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, rt::executor>;

/// One connection: reads a request, has it answered, sends the answer, again and again. The server's watch cuts off
/// what is past its deadline, so that no timer is armed for each request.
class session {
 public:
  /// `large_bodies` counts the requests of all connections whose bodies are larger than others'.
  session(tcp_socket socket, const server_options& options, const handler& answer, const bool& draining,
          std::size_t& large_bodies);

  /// Runs until the connection ends.
  rt::task<> run();

  /// Ends the operation in progress when its time has passed.
  void cut_off_if_late(rt::steady_clock::time_point now);
  /// Whether nothing of a request has come yet.
  [[nodiscard]] bool idle() const { return stage_ == stage::waiting; }
  /// Ends the connection at once.
  void close();
  /// The server stops: an idle connection has as long as it may then.
  void last_call();
  /// Ends the stream that is being sent, if there is one, with the piece that is leaving.
  void end_stream();

 private:
  enum class stage { waiting, reading_head, reading_body, answering, writing, streaming };
  using parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  void enter(stage next, rt::steady_clock::duration at_most);
  /// Reads one request and answers it; whether the connection may have another. Sets `stream_` when the answer goes on.
  rt::task<bool> exchange();
  rt::task<> send_stream();
  /// Reads for a moment what the client is still sending: else the reset could overtake the answer. Apart from run(),
  /// so that no connection carries its memory.
  rt::task<> read_away();
  /// Reads one request into the parser. False when there is none to answer; then a refusal may be owed.
  rt::task<bool> read(parser& incoming);
  /// Gives the parser what has come of the head; error::need_more when that is not all of it.
  void parse_head(parser& incoming, boost::system::error_code& failure);
  rt::task<> read_rest_of_head(parser& incoming, boost::system::error_code& failure);
  /// Sets `headers_`, before the trailers of the body can join them, and refuses what Beast lets pass.
  void take_headers(const parser& incoming);
  /// Decides how large the body may be, and refuses one that announces more.
  rt::task<> limit_body(parser& incoming, boost::system::error_code& failure);
  /// How large the body of a request may be that may have more than others; sets `refusal_` when it may not.
  rt::task<std::size_t> large_limit_of(const parser& incoming);
  rt::task<> read_body(parser& incoming, boost::system::error_code& failure);
  rt::task<response> answer(const request& incoming);
  rt::task<bool> write(const response& outgoing, bool keep_alive, bool with_body);
  [[nodiscard]] std::optional<response> refusal_of(const boost::system::error_code& failure) const;

  tcp_socket socket_;
  const server_options& options_;
  const handler& answer_;
  const bool& draining_;
  boost::beast::flat_buffer buffer_;
  std::string head_;
  /// One of the large bodies that are in memory.
  struct large_body {
    explicit large_body(std::size_t& all) : count(all) { ++count; }
    ~large_body() { --count; }
    large_body(const large_body&) = delete;
    large_body& operator=(const large_body&) = delete;
    std::size_t& count;
  };
  std::size_t& large_bodies_;
  std::optional<large_body> large_body_;  // that of the request being read or answered
  std::size_t body_limit_ = 0;            // of that request
  std::size_t head_size_ = 0;             ///< of the request being read, as far as it has been parsed
  std::vector<header_view> headers_;
  std::string remote_address_;
  std::optional<response> refusal_;
  std::shared_ptr<body_source> stream_;  // of the last answer
  stage stage_ = stage::waiting;
  rt::steady_clock::time_point until_ = rt::steady_clock::time_point::max();
  bool late_ = false;
};

}  // namespace ticketshow::http
