#pragma once

#include <span>
#include <string>

#include "events/consumer.hpp"
#include "pg/migrations.hpp"
#include "rt/module.hpp"
#include "services/notification/sender.hpp"

namespace ticketshow::notification {

/// The steps of schema `notification`.
std::span<const pg::migration> migrations();

struct dependencies {
  rt::executor io;
  pg::pool& database;
  const clock_source& clock;
  random_source& random;
  ports::event_bus& bus;
  ports::mailer& mailer;
  auth::port& accounts;
  sender_options settings;
};

/// Writes to customers about what happened to their bookings. It has no endpoints: it hears of everything by events.
/// Starts before the bus, stops after it. A mail server that is away does not make it unready: mails wait, and the
/// metrics tell. I/O thread only.
class service final : public rt::module {
 public:
  /// Throws std::runtime_error with a sentence when the address of the sender is none.
  explicit service(const dependencies& needs);

  [[nodiscard]] std::string name() const override { return "notification"; }
  rt::task<> start() override;
  rt::task<> stop(rt::deadline until) override;

 private:
  template <contract::event E>
  void write_about();
  template <contract::event E>
  rt::task<> queue(pg::transaction& in, std::vector<events::received<E>> events);

  std::string domain_;  // of Message-IDs
  store store_;
  sender sender_;
  events::consumer inbox_;
};

}  // namespace ticketshow::notification
