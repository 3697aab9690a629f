#pragma once

#include <optional>
#include <string>
#include <vector>

#include "events/consumer.hpp"
#include "events/row.hpp"

namespace ticketshow::events {

/// An event that could not be handled, or that the bus refused for good, and waits for an operator.
struct dead_letter {
  ports::event what;
  timestamp set_aside_at;
  std::int64_t attempts;  ///< to handle it; none: the bus refused it
  std::string error;      ///< of the last attempt
};

/// The dead letters of one service's schema: the same whichever bus brought them.
class dead_letters {
 public:
  explicit dead_letters(pg::pool& database) : database_(database) {}

  /// The oldest first; of one event when `event_id` is given.
  rt::task<std::vector<dead_letter>> list(rt::deadline until, std::optional<std::string> event_id, std::int64_t most);
  rt::task<std::int64_t> count(rt::deadline until);
  /// Gives one event (without an id: all) to its consumer again, who tries it as often as at first; to the bus again
  /// what the bus refused. How many.
  rt::task<std::int64_t> replay(rt::deadline until, std::optional<std::string> event_id);
  /// Gives one event up for good. False when there is no such dead letter.
  rt::task<bool> drop(rt::deadline until, std::string event_id);

 private:
  pg::pool& database_;
};

/// The statement that makes a dead letter of an event that was taken but whose effect was refused later, for good, by
/// somebody outside. A replay hands it to its handler once more.
template <contract::event E>
pg::bound_statement bury(const received<E>& event, const std::string& why) {
  const ports::event what{.id = event.id,
                          .topic = std::string(E::spec.topic),
                          .key = event.what.key(),
                          .schema_version = event.schema_version,
                          .time = event.time,
                          .correlation_id = event.correlation_id,
                          .payload = contract::write_event(event.what)};
  return bury(what, why, 1);
}

}  // namespace ticketshow::events
