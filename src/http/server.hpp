#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "http/message.hpp"
#include "rt/module.hpp"
#include "rt/task.hpp"

namespace ticketshow::http {

/// Answers one request. The request's views are valid until the returned task has ended. An exception that leaves it is
/// logged with its text and answered 500 with problem+json that tells nothing of the inside.
using handler = std::function<rt::task<response>(const request&)>;

/// What becomes of a request whose body may be larger than others'.
struct admission {
  std::size_t max_body_bytes = 0;                  ///< it may have so many; 0: as many as any other request
  std::optional<response> refusal = std::nullopt;  ///< answered at once, without reading the body
};

/// Judges the head of a request, whose body is not there yet, when it may be larger than
/// server_options::max_body_bytes. The request's views are valid until the returned task has ended.
using admission_check = std::function<rt::task<admission>(const request& head)>;

struct server_options {
  std::string name = "http";             ///< the module's name in logs and readiness
  std::string address = "127.0.0.1";     ///< the interface to listen on
  std::uint16_t port = 8000;             ///< 0 takes any free port; see server::port()
  std::size_t max_connections = 10'000;  ///< further ones are accepted and closed at once
  std::size_t max_header_bytes = 16 * 1024UZ;
  std::size_t max_body_bytes = 64 * 1024UZ;
  admission_check admit = {};        ///< says which requests may have larger bodies; empty: none
  std::size_t max_large_bodies = 8;  ///< so many of those at a time, each held in memory; further ones are answered 503
  rt::steady_clock::duration header_timeout =
      std::chrono::seconds(10);                                        ///< from the first byte to the last header byte
  rt::steady_clock::duration body_timeout = std::chrono::seconds(10);  ///< from there to the last byte of the body; a
                                                                       ///< larger one has a second more for each 64 KiB
  rt::steady_clock::duration idle_timeout = std::chrono::seconds(75);  ///< between two requests of a connection
  rt::steady_clock::duration write_timeout = std::chrono::seconds(30);  ///< for the whole answer to leave
  /// When it stops, for so long a request may still come over a kept-alive connection, whose client did not know; it is
  /// answered as any other, with "Connection: close".
  rt::steady_clock::duration drain_idle = rt::steady_clock::duration::zero();
};

/// An HTTP/1.1 server with keep-alive. Everything a client can make large or slow has a limit: too many header bytes
/// are answered 431, too large a body 413 (what is too large may depend on the request: `admit`), both before they are
/// read to the end; a slow client is cut off (408 when
/// nothing of an answer was sent yet); what is not HTTP is answered 400. So is all that another server could read
/// otherwise, so that nobody smuggles a second request in: both Content-Length and Transfer-Encoding, two different
/// Content-Lengths, no Host or two, a header that goes on in the next line, chunks in HTTP/1.0. A transfer coding other
/// than "chunked" is 501; trailers are read and dropped. HEAD is handled as GET without the body.
///
/// An answer with a `stream` goes on until the stream ends, and its connection ends with it; it does so when the client
/// leaves or says anything more, when it takes a piece no faster than write_timeout, and when the server stops. While
/// nothing is to send it keeps no buffer and no part of the request.
class server final : public rt::module {
 public:
  server(rt::executor io, server_options options, handler answer);
  ~server() override;

  [[nodiscard]] std::string name() const override;
  /// Listens; throws std::runtime_error with a sentence naming the port when it is taken.
  rt::task<> start() override;
  /// Stops accepting and ends streams at once, closes idle connections after `drain_idle`, those included that have
  /// just been made; requests in work are answered with "Connection: close"; what is left at `until` is cut.
  rt::task<> stop(rt::deadline until) override;
  /// The port listened on, known after start().
  [[nodiscard]] std::uint16_t port() const;

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace ticketshow::http
