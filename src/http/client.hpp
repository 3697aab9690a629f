#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "http/message.hpp"
#include "rt/call.hpp"
#include "rt/task.hpp"
#include "rt/unavailable.hpp"

namespace ticketshow::http {

/// No answer came: the peer is not there, or the deadline passed, or the answer was broken. `request_sent` tells
/// whether the peer may have acted on the request: only a call that changes nothing, or is idempotent, may then be
/// repeated.
class no_answer : public rt::unavailable {
 public:
  no_answer(const std::string& what, bool sent) : rt::unavailable(what), request_sent(sent) {}
  bool request_sent;
};

struct client_options {
  std::string host = "127.0.0.1";  ///< a name or an IP address
  std::uint16_t port = 80;
  bool tls = false;                  ///< TLS 1.2 or later; the certificate must be for `host`
  std::string ca_file = {};          ///< authorities to trust besides the system's (PEM)
  std::string prefix = {};           ///< what stands before the target of every request
  std::size_t max_connections = 64;  ///< further calls wait for a free one until their deadline
  std::size_t max_response_bytes = 8UZ * 1024 * 1024;
  rt::steady_clock::duration connect_timeout = std::chrono::seconds(2);
  /// A connection that was idle for longer is not used again. Where the server keeps idle ones for longer than this
  /// when it stops (server_options::drain_idle), no request meets a connection that is being closed.
  rt::steady_clock::duration max_idle = std::chrono::hours(1);
};

/// Calls one HTTP/1.1 server over kept-alive connections. I/O thread only.
class client {
 public:
  /// Throws std::runtime_error with a sentence when the file of authorities cannot be read.
  client(rt::executor io, client_options options);
  ~client();
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  /// Sends `outgoing` (Host and Content-Length are added) and gives the whole answer; throws no_answer, or
  /// std::invalid_argument for a target that is empty or holds blanks or control characters. A kept-alive
  /// connection found closed before any byte of an answer came is replaced once, and the request repeated, if it is
  /// safe: GET or HEAD, or nothing of it had been sent.
  rt::task<response> send(request outgoing, rt::deadline until);

  /// Sends `outgoing` over a connection of its own, and gives the answer as soon as its head is there. A body without
  /// a length comes as `response::stream`, in pieces as they come, until the peer ends it, breaks or is silent for
  /// `silence`; any other body comes whole. How many streams are open at a time is the caller's to bound. Throws as
  /// send() does; `until` is for all but the stream.
  rt::task<response> open(request outgoing, rt::deadline until, rt::steady_clock::duration silence);

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace ticketshow::http
