#pragma once

#include <string>

#include "events/queries.hpp"
#include "pg/result.hpp"
#include "ports/event_bus.hpp"

/// How the tables hold an event: id, topic, key, schema version, time, correlation id, payload.
namespace ticketshow::events {

inline ports::event event_of(const pg::result_set::row& row, int first_column) {
  return {.id = row.get<std::string>(first_column),
          .topic = row.get<std::string>(first_column + 1),
          .key = row.get<std::string>(first_column + 2),
          .schema_version = row.get<int>(first_column + 3),
          .time = row.get<timestamp>(first_column + 4),
          .correlation_id = row.get<std::string>(first_column + 5),
          .payload = row.get<std::string>(first_column + 6)};
}

/// Sets an event aside that could not be handled, until it is tried again in `pause_ms`; nothing when another process
/// has handled it.
inline pg::bound_statement set_aside(const ports::event& what, const std::string& why, std::int64_t pause_ms) {
  return pg::bind(queries::set_aside, what.id, what.topic, what.key, what.schema_version, what.time,
                  what.correlation_id, what.payload, why, pause_ms);
}

/// Makes a dead letter of an event. No attempts to handle it: the bus did not take it.
inline pg::bound_statement bury(const ports::event& what, const std::string& why, int attempts) {
  return pg::bind(queries::bury, what.id, what.topic, what.key, what.schema_version, what.time, what.correlation_id,
                  what.payload, why, attempts);
}

}  // namespace ticketshow::events
