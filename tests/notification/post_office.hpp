#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "adapters/bus_pg/bus_pg.hpp"
#include "adapters/mail_smtp/mail_smtp.hpp"
#include "contract/port.hpp"
#include "events/dead_letters.hpp"
#include "services/notification/service.hpp"
#include "services/notification/tests/samples.hpp"
#include "tests/support/database.hpp"
#include "tests/support/mailbox.hpp"

namespace ticketshow::notification::testing {

/// The accounts, as auth promises them to notification.
class address_book final : public contract::forwarding<address_book, auth::port> {
 public:
  template <class E>
  rt::task<contract::result<typename E::response>> forward(rt::call call, E request) {
    if constexpr (std::same_as<E, auth::get_contact>) {
      if (!call.caller.is_service()) co_return contract::fail(contract::not_allowed);
      if (away) throw rt::unavailable("auth is away");
      const auto found = contacts.find(request.user_id);
      if (found == contacts.end()) co_return contract::fail(auth::account_not_found);
      co_return found->second;
    } else {
      co_return contract::fail(contract::not_found);
    }
  }

  std::map<std::int64_t, auth::contact_view> contacts;
  bool away = false;
};

/// A migrated scratch database with notification and a bus on it, before a real mail server.
class post_office {
 public:
  post_office();
  ~post_office();
  post_office(const post_office&) = delete;
  post_office& operator=(const post_office&) = delete;

  /// Retries that a test can wait for, through the relay that fails on request.
  static sender_options hasty();
  static mail_smtp::options to_relay() { return {.url = test::relay().open, .tls = mail_smtp::encryption::none}; }
  static mail_smtp::options to_mailbox() { return {.url = test::mailbox_url(), .tls = mail_smtp::encryption::none}; }

  /// One process of notification.
  struct process {
    process(post_office& in, const sender_options& chosen, mail_smtp::options server);
    pg::pool pool;
    bus_pg::bus bus;
    mail_smtp::mailer mailer;
    notification::service service;
  };
  process& open(const sender_options& chosen = hasty(), mail_smtp::options server = to_relay());
  /// Stops all processes.
  void close();

  /// Somebody with an address of its own, whose local part begins with `word`: see tests/stack/relay.py.
  std::int64_t welcome(std::string_view word, auth::language language = auth::language::en);
  std::string address_of(std::int64_t user) { return accounts.contacts.at(user).email; }
  std::vector<test::received_mail> mails_of(std::int64_t user) { return test::mails_to(address_of(user)); }

  /// Publishes an event as its service's relay would; `id` names the event.
  template <contract::event E>
  void publish(const E& what, std::string id = {}) {
    if (id.empty()) id = random_hex(random, 16);
    publish(ports::event{.id = std::move(id),
                         .topic = std::string(E::spec.topic),
                         .key = what.key(),
                         .schema_version = E::spec.version,
                         .time = clock.now(),
                         .correlation_id = "c",
                         .payload = contract::write_event(what)});
  }
  void publish(ports::event what);

  /// A sample event about this booking of this user.
  template <contract::event E>
  static E about(std::int64_t booking, std::int64_t user) {
    auto what = sample<E>();
    if constexpr (requires { what.booking; }) {
      what.booking.booking_id = booking;
      what.booking.user_id = user;
    } else {
      what.booking_id = booking;
      what.user_id = user;
    }
    return what;
  }

  /// "SENT" or the like of the mails of a booking, separated by blanks, in the order of the kinds.
  std::string states_of(std::int64_t booking) const;
  std::string sql(const std::string& statement) const;
  void wait_until(const std::function<bool()>& done);
  /// As long as what must not come could take to come.
  void linger() { run(rt::sleep_for(std::chrono::milliseconds(300))); }
  events::dead_letters dead_letters() { return events::dead_letters(processes_.front()->pool); }

  template <class T>
  T run(rt::task<T> work) {
    return rt::run(io, std::move(work));
  }

  rt::asio::io_context io{1};
  test::scratch_database database{{"notification", migrations()}, {bus_pg::schema_name, bus_pg::migrations()}};
  system_clock_source clock;
  system_random_source random;
  address_book accounts;

 private:
  std::unique_ptr<pg::pool> publisher_pool_;
  std::unique_ptr<bus_pg::bus> publisher_;  // consumes nothing
  std::vector<std::unique_ptr<process>> processes_;
  std::int64_t next_user_ = 1;
};

}  // namespace ticketshow::notification::testing
