#include "services/catalog/tests/circuit.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api/wiring.hpp"
#include "tests/support/wait_until.hpp"

namespace ticketshow::catalog::testing {

using namespace std::chrono_literals;

circuit::process::process(circuit& c, const options& settings)
    : pool(c.io.get_executor(), {.name = "catalog", .conninfo = c.database.service("catalog"), .max_connections = 8}),
      catalog({c.io.get_executor(), pool, c.clock, c.random, settings, c.bookings, c.bus, c.blobs}) {}

circuit::circuit() { restart(); }

circuit::~circuit() { stop(); }

void circuit::stop() {
  if (!process_) return;
  run(process_->catalog.stop(rt::deadline::after(10s)));
  run(process_->pool.stop(rt::deadline::after(10s)));
  process_.reset();
}

void circuit::restart() {
  stop();
  process_ = std::make_unique<process>(*this, settings);
  run(process_->pool.start());
  run(process_->catalog.start());
}

rt::call circuit::call_of(rt::role role) {
  return {.until = rt::deadline::after(20s),
          .correlation_id = "0123456789abcdef0123456789abcdef",
          .caller = {.type = rt::principal::kind::user, .user_id = 1, .user_role = role, .email = "a@example.com"}};
}

http::response circuit::ask(http::method verb, std::string_view target, rt::principal caller, std::string_view body,
                            std::string_view if_none_match) {
  contract::router routes("/api/v1");
  api::mount<port>(routes, endpoints(), contract::router::audience::outside);
  const auto full = "/api/v1" + std::string(target);
  const http::header_view headers[] = {{"Content-Type", "application/json"}, {"If-None-Match", if_none_match}};
  const http::request incoming{.verb = verb, .target = full, .headers = headers, .body = body};
  auto call = call_of();
  call.caller = std::move(caller);
  return run(routes.dispatch(std::move(call), incoming));
}

std::int64_t circuit::add_show(std::string title, std::int64_t minutes) {
  return value_of(ask(create_show{std::move(title), minutes, money{350'00}, "About waiting.", "Hindi", "UA"})).id;
}

std::int64_t circuit::add_venue(std::string name, std::string zone, std::string opens, std::string closes,
                                std::string city) {
  return value_of(ask(create_venue{std::move(name), "1 High Street", std::move(city), std::move(opens),
                                   std::move(closes), std::move(zone)}))
      .id;
}

std::int64_t circuit::add_screen(std::int64_t venue, std::string name, std::int64_t capacity) {
  return value_of(ask(create_screen{venue, std::move(name), capacity, 10})).id;
}

std::int64_t circuit::add_schedule(std::int64_t show, std::int64_t screen, timestamp start) {
  return value_of(ask(create_schedule{show, screen, start})).id;
}

circuit::place circuit::add_place() {
  const auto show = add_show();
  const auto venue = add_venue();
  return {show, venue, add_screen(venue)};
}

std::vector<std::string> circuit::sql(const std::vector<std::string>& statements) const {
  return test::execute(database.owner(), statements);
}

std::string circuit::sql(const std::string& statement) const {
  const auto rows = sql(std::vector{statement});
  return rows.empty() ? std::string() : rows.front();
}

std::vector<schedule_changed> circuit::news() {
  const auto rows = sql(std::vector{
      fmt::format("SELECT payload FROM catalog.outbox WHERE id > {} AND topic = 'catalog.schedule_changed' ORDER BY id",
                  last_seen_)});
  last_seen_ = sql("SELECT coalesce(max(id), 0) FROM catalog.outbox");
  std::vector<schedule_changed> found;
  for (const auto& each : rows) found.push_back(contract::read_event<schedule_changed>(each));
  return found;
}

void circuit::wait_until(const std::function<bool()>& done) { test::wait_until(io, done); }

timestamp at(std::string_view rfc3339) {
  const auto time = parse_rfc3339(rfc3339);
  if (!time) throw std::invalid_argument(fmt::format("{} is no RFC 3339 time", rfc3339));
  return *time;
}

timestamp hours_from_now(std::int64_t hours) {
  return std::chrono::floor<std::chrono::hours>(std::chrono::system_clock::now()) + std::chrono::hours(hours);
}

}  // namespace ticketshow::catalog::testing
