#include "app/mail.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "adapters/mail_smtp/mail_smtp.hpp"

namespace ticketshow::app {
namespace {

constexpr std::int64_t most_connections = 64;

std::size_t connections_of(const settings& configured) {
  return static_cast<std::size_t>(configured.number("mail.connections", 1, most_connections));
}

mail_smtp::encryption encryption_named(const std::string& name) {
  if (name == "required") return mail_smtp::encryption::required;
  if (name == "opportunistic") return mail_smtp::encryption::opportunistic;
  if (name == "none") return mail_smtp::encryption::none;
  throw std::runtime_error(
      fmt::format("The setting mail.tls must be required, opportunistic or none, not \"{}\".", name));
}

}  // namespace

std::unique_ptr<ports::mailer> make_mailer(const settings& configured) {
  return std::make_unique<mail_smtp::mailer>(mail_smtp::options{.url = configured.text("mail.smtp_url"),
                                                                .user = configured.text("mail.user"),
                                                                .password = configured.text("mail.password"),
                                                                .tls = encryption_named(configured.text("mail.tls")),
                                                                .ca_file = configured.text("mail.ca_file"),
                                                                .at_once = connections_of(configured)});
}

documents::issuer issuer_of(const settings& configured) {
  return {.name = configured.text("mail.from_name"),
          .address = configured.text("mail.from"),
          .public_url = configured.text("mail.public_url")};
}

std::size_t paper_threads_of(const settings& configured) {
  return static_cast<std::size_t>(configured.number("papers.threads", 1, 64));
}

notification::sender_options mail_options_of(const settings& configured) {
  // More than go out at once: while the mail server has these, others are written and recorded.
  return {.from = {configured.text("mail.from_name"), configured.text("mail.from")},
          .public_url = configured.text("mail.public_url"),
          .paper_threads = paper_threads_of(configured),
          .at_once = 2 * connections_of(configured),
          .kept = std::chrono::days(configured.number("mail.kept_days", 7, 3'650))};
}

}  // namespace ticketshow::app
