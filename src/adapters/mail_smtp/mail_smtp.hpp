#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "ports/mailer.hpp"

/// Mail through an SMTP server: a relay of one's own or of a provider, in development a mailbox that keeps everything.
namespace ticketshow::mail_smtp {

/// How the connection is kept from others' eyes. Certificates are always checked.
enum class encryption {
  none,
  opportunistic,  ///< STARTTLS where the server offers it
  required,       ///< STARTTLS, or nothing is sent; with smtps:// TLS from the first byte
};

struct options {
  std::string url;   ///< smtp://host:port or smtps://host:port
  std::string user;  ///< empty: without AUTH
  std::string password;
  encryption tls = encryption::required;
  std::string ca_file;  ///< certificates to trust; empty for the system's
  std::chrono::milliseconds connect_time{10'000};
  std::size_t at_once = 4;    ///< threads, and with them connections to the server
  std::size_t waiting = 256;  ///< mails that may wait for one; further ones are told to come again
};

/// libcurl on threads of its own (rt::worker_pool), as many as mails go out at once. A thread blocks as long as the
/// server takes; the I/O thread never does. A conversation with the server is kept for the next mail.
class mailer final : public ports::mailer {
 public:
  /// Throws std::runtime_error with a sentence when the options do not fit together.
  explicit mailer(options settings);
  ~mailer() override;

  [[nodiscard]] std::string name() const override { return "mail"; }
  rt::task<> start() override;
  /// What is being sent by then is broken off.
  rt::task<> stop(rt::deadline until) override;

  rt::task<ports::delivery> send(rt::deadline until, ports::mail what) override;

 private:
  struct desk;
  std::unique_ptr<desk> desk_;
};

}  // namespace ticketshow::mail_smtp
