#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/settings.hpp"
#include "base/random.hpp"
#include "pg/pool.hpp"
#include "ports/event_bus.hpp"

namespace ticketshow::app {

/// A service that publishes or consumes events, and the topics it consumes.
struct participant {
  std::string service;
  std::vector<std::string> topics;
};

/// Every topic of the system, with its partitions.
std::vector<ports::topic> all_topics();
/// Every service with an outbox or an inbox.
std::vector<participant> all_participants();

/// Whether the settings say that the bus is PostgreSQL; throws std::runtime_error with a sentence when they name
/// nothing we have.
bool bus_is_postgresql(const settings& configured);

/// Throws std::runtime_error with a sentence when the settings name Kafka while the bus on PostgreSQL has events that
/// were never handled: Kafka would not bring them. A database that cannot be asked is passed over with a warning.
rt::task<> refuse_stranded_events(rt::executor io, const settings& configured);

/// The bus that the settings name, for this process. `database` is that of the schema `bus`; nullptr when the bus is
/// not PostgreSQL. Throws std::runtime_error with a sentence when the settings do not fit together.
std::unique_ptr<ports::event_bus> make_event_bus(rt::executor io, const settings& configured, pg::pool* database,
                                                 random_source& random);

}  // namespace ticketshow::app
