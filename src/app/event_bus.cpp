#include "app/event_bus.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "adapters/bus_kafka/bus_kafka.hpp"
#include "adapters/bus_pg/bus_pg.hpp"
#include "api/booking.hpp"
#include "api/catalog/events.hpp"
#include "api/payment.hpp"
#include "app/process.hpp"
#include "pg/pool.hpp"
#include "rt/log.hpp"

namespace ticketshow::app {
namespace {

template <class... E>
void add_topics(std::vector<ports::topic>& to, contract::events<E...>) {
  (to.push_back({.name = std::string(E::spec.topic)}), ...);
}

template <class... E>
std::vector<std::string> topics_of() {
  return {std::string(E::spec.topic)...};
}

}  // namespace

std::vector<ports::topic> all_topics() {
  std::vector<ports::topic> topics;
  add_topics(topics, catalog::all_events{});
  add_topics(topics, booking::all_events{});
  add_topics(topics, payment::all_events{});
  return topics;
}

std::vector<participant> all_participants() {
  return {{"catalog", {}},
          {"booking", topics_of<catalog::schedule_changed, payment::refund_completed>()},
          {"payment", topics_of<booking::refund_initiated>()},
          {"search", topics_of<catalog::show_changed, catalog::venue_changed>()},
          {"notification", topics_of<payment::booking_successful, payment::booking_failed, booking::refund_notice,
                                     payment::refund_completed>()}};
}

bool bus_is_postgresql(const settings& configured) {
  const auto& adapter = configured.text("bus.adapter");
  if (adapter == "pg") return true;
  if (adapter == "kafka") return false;
  throw std::runtime_error("The setting bus.adapter must be pg or kafka.");
}

rt::task<> refuse_stranded_events(rt::executor io, const settings& configured) {
  if (bus_is_postgresql(configured)) co_return;
  std::vector<std::string> consumers;
  for (const auto& each : all_participants()) consumers.push_back(each.service);
  pg::pool pool(io,
                {.name = "bus", .conninfo = database_url_of(configured, bus_pg::schema_name), .max_connections = 1});
  std::vector<bus_pg::leftover> found;
  try {
    found = co_await bus_pg::leftovers(pool, rt::deadline::after(std::chrono::seconds(5)), std::move(consumers));
  } catch (const rt::unavailable& error) {
    rt::log::warning("whether events are left on PostgreSQL's bus cannot be asked", {{"error", error.what()}});
  }
  co_await pool.stop(rt::deadline::after(std::chrono::seconds(1)));
  if (found.empty()) co_return;
  std::vector<std::string> words;
  for (const auto& each : found) words.push_back(fmt::format("{} ({})", each.consumer, each.events));
  throw std::runtime_error(fmt::format(
      "bus.adapter is kafka, but events wait on PostgreSQL's bus that Kafka will not bring, for {}: run once more with "
      "bus.adapter pg, without the gateway, until ticketshow_events_lag is 0. README.md tells how to change the bus.",
      fmt::join(words, ", ")));
}

std::unique_ptr<ports::event_bus> make_event_bus(rt::executor io, const settings& configured, pg::pool* database,
                                                 random_source& random) {
  if (database != nullptr) {
    bus_pg::options chosen;
    chosen.conninfo = database_url_of(configured, bus_pg::schema_name);
    chosen.topics = all_topics();
    return std::make_unique<bus_pg::bus>(io, *database, random, std::move(chosen));
  }
  bus_kafka::options chosen;
  chosen.brokers = configured.text("kafka.brokers");
  if (chosen.brokers.empty()) {
    throw std::runtime_error("bus.adapter is kafka; the setting kafka.brokers must tell where the brokers are.");
  }
  chosen.security = {.protocol = configured.text("kafka.protocol"),
                     .sasl_mechanism = configured.text("kafka.sasl_mechanism"),
                     .user = configured.text("kafka.user"),
                     .password = configured.text("kafka.password"),
                     .ca_file = configured.text("kafka.ca_file")};
  chosen.topics = all_topics();
  for (auto& each : chosen.topics) each.partitions = static_cast<int>(configured.number("kafka.partitions", 1, 10'000));
  const auto replicas = static_cast<int>(configured.number("kafka.replicas", 0, 100));
  if (replicas > 0) chosen.replicas = replicas;
  if (replicas < 2 && configured.flag("production")) {
    rt::log::warning("new topics of Kafka may have a single replica: when its broker is lost, so are events",
                     {{"kafka.replicas", replicas}});
  }
  // The inbox of a consumer remembers what it has handled for fourteen days.
  chosen.retention_s = configured.number("kafka.retention_s", 3'600, 13L * 86'400);
  return std::make_unique<bus_kafka::bus>(io, random, std::move(chosen));
}

}  // namespace ticketshow::app
