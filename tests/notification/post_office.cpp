#include "tests/notification/post_office.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/wait_until.hpp"

namespace ticketshow::notification::testing {
namespace {

using namespace std::chrono_literals;

std::vector<ports::topic> topics() {
  return {{std::string(payment::booking_successful::spec.topic)},
          {std::string(payment::booking_failed::spec.topic)},
          {std::string(booking::refund_notice::spec.topic)},
          {std::string(payment::refund_completed::spec.topic)}};
}

pg::pool_options pool_for(const test::scratch_database& database, const char* schema) {
  return {.name = schema, .conninfo = database.service(schema), .max_connections = 6};
}

bus_pg::options bus_on(const test::scratch_database& database) {
  return {.conninfo = database.service("bus"), .topics = topics()};
}

}  // namespace

post_office::post_office() {
  publisher_pool_ = std::make_unique<pg::pool>(io.get_executor(), pool_for(database, "bus"));
  publisher_ = std::make_unique<bus_pg::bus>(io.get_executor(), *publisher_pool_, random, bus_on(database));
  run(publisher_pool_->start());
  run(publisher_->start());
}

post_office::~post_office() {
  close();
  run(publisher_->stop(rt::deadline::after(5s)));
  run(publisher_pool_->stop(rt::deadline::after(5s)));
}

sender_options post_office::hasty() {
  return {.from = {"Ticket Show", "tickets@ticketshow.example"},
          .public_url = "https://tickets.example",
          .send_time_s = 1,
          .lease_s = 3,
          .pauses = {.first = 10ms, .last = 50ms},
          .look_anyway_ms = 20,
          .notice_wait_ms = 500};
}

post_office::process::process(post_office& in, const sender_options& chosen, mail_smtp::options server)
    : pool(in.io.get_executor(), pool_for(in.database, "notification")),
      bus(in.io.get_executor(), *in.publisher_pool_, in.random, bus_on(in.database)),
      mailer(std::move(server)),
      service({in.io.get_executor(), pool, in.clock, in.random, bus, mailer, in.accounts, chosen}) {}

post_office::process& post_office::open(const sender_options& chosen, mail_smtp::options server) {
  auto& made = *processes_.emplace_back(std::make_unique<process>(*this, chosen, std::move(server)));
  run(made.pool.start());
  run(made.mailer.start());
  run(made.service.start());
  run(made.bus.start());
  return made;
}

void post_office::close() {
  for (auto& each : processes_) {
    const auto until = rt::deadline::after(5s);
    run(each->bus.stop(until));
    run(each->service.stop(until));
    run(each->mailer.stop(until));
    run(each->pool.stop(until));
  }
  processes_.clear();
}

std::int64_t post_office::welcome(std::string_view word, auth::language language) {
  const auto id = next_user_++;
  accounts.contacts[id] = {.user_id = id, .email = test::fresh_address(word), .username = "Asha", .language = language};
  return id;
}

void post_office::publish(ports::event what) {
  run(publisher_->publish(rt::deadline::after(5s), std::vector<ports::event>{std::move(what)}));
}

std::string post_office::states_of(std::int64_t booking) const {
  return sql(fmt::format(
      "SELECT string_agg(state::text, ' ' ORDER BY kind) FROM notification.mail WHERE booking_id = {}", booking));
}

std::string post_office::sql(const std::string& statement) const {
  const auto values = test::execute(database.owner(), {statement});
  return values.empty() ? std::string{} : values.front();
}

void post_office::wait_until(const std::function<bool()>& done) { test::wait_until(io, done); }

}  // namespace ticketshow::notification::testing
