#include "app/event_bus.hpp"

#include <algorithm>

#include "adapters/bus_pg/bus_pg.hpp"
#include "api/booking.hpp"
#include "api/catalog.hpp"
#include "api/payment.hpp"
#include "app/process.hpp"

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
          {"booking", {}},
          {"payment", topics_of<booking::refund_initiated>()},
          {"search", topics_of<catalog::show_changed, catalog::venue_changed>()}};
}

std::unique_ptr<ports::event_bus> make_event_bus(rt::executor io, const settings& configured, pg::pool& database,
                                                 random_source& random) {
  bus_pg::options chosen;
  chosen.conninfo = database_url_of(configured, bus_pg::schema_name);
  chosen.topics = all_topics();
  return std::make_unique<bus_pg::bus>(io, database, random, std::move(chosen));
}

}  // namespace ticketshow::app
