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

/// The bus that the settings name, for this process. `database` is that of the schema `bus`.
std::unique_ptr<ports::event_bus> make_event_bus(rt::executor io, const settings& configured, pg::pool& database,
                                                 random_source& random);

}  // namespace ticketshow::app
