#pragma once

#include <string>
#include <vector>

#include "contract/event.hpp"
#include "pg/pool.hpp"
#include "ports/event_bus.hpp"
#include "rt/bell.hpp"
#include "rt/gate.hpp"
#include "rt/metrics.hpp"

namespace ticketshow::events {

/// The way out of a service: an event is a row, written in the transaction of the change it tells of, and a relay
/// carries the rows to the bus. What was committed is published at least once; what was rolled back never is. Of one
/// key, events leave in the order in which they were recorded, if those who record hold a lock on the thing meanwhile,
/// as every change of a row does. An event that the bus refuses for good is a dead letter, and stops no other. I/O
/// thread only.
class outbox {
 public:
  struct options {
    std::int64_t batch = 500;                              ///< rows carried at once
    std::int64_t kept_s = std::int64_t{3} * 24 * 60 * 60;  ///< how long published rows stay for `ticketshow check`
  };

  /// `service` names its metrics.
  outbox(rt::executor io, pg::pool& database, ports::event_bus& bus, const std::string& service, options chosen);
  outbox(rt::executor io, pg::pool& database, ports::event_bus& bus, const std::string& service)
      : outbox(io, database, bus, service, options{}) {}

  /// Begins to relay, until stop().
  void start();
  rt::task<> stop(rt::deadline until);

  /// False when the oldest event that waits has been the same for a minute: none of this service's leave.
  [[nodiscard]] bool ready() const;

  /// Rung after a commit with events in it: they leave at once. Without it they leave within half a second.
  rt::bell& due() { return due_; }

  /// Lets other work of this process go first: nothing more leaves until resume(), but no longer than `at_most`.
  void pause(rt::steady_clock::duration at_most) { paused_until_ = rt::steady_clock::now() + at_most; }
  void resume();

 private:
  rt::task<> relay();
  rt::task<bool> relay_some();
  /// Publishes events in their order and answers with the statements that set those aside which the bus refuses.
  rt::task<std::vector<pg::bound_statement>> publish(std::vector<ports::event> events);
  rt::task<> measure();
  rt::task<> forget();

  pg::pool& database_;
  ports::event_bus& bus_;
  options options_;
  rt::bell due_;
  rt::gate relaying_;
  rt::steady_clock::time_point paused_until_;
  bool failing_ = false;
  std::int64_t head_ = 0;  // the oldest row that waits; 0: none does
  rt::steady_clock::time_point head_since_;
  prometheus::Counter& published_;
  prometheus::Gauge& waiting_;
  prometheus::Gauge& oldest_s_;
};

/// The statement that records events of one kind, in their order, each with the correlation id at its place; it belongs
/// into the transaction of the change.
template <contract::event E>
pg::bound_statement record_all(const std::vector<E>& happened, const std::vector<std::string>& correlation_ids);

/// The same for events of one cause.
template <contract::event E>
pg::bound_statement record_all(const std::vector<E>& happened, const std::string& correlation_id) {
  return record_all(happened, std::vector(happened.size(), correlation_id));
}

/// The same for one event.
template <contract::event E>
pg::bound_statement record(const E& happened, const std::string& correlation_id) {
  return record_all(std::vector<E>{happened}, correlation_id);
}

// ---- what the templates are made of

namespace detail {
pg::bound_statement record_payloads(const contract::event_spec& what, const std::vector<std::string>& correlation_ids,
                                    const std::vector<std::string>& keys, const std::vector<std::string>& payloads);
}  // namespace detail

template <contract::event E>
pg::bound_statement record_all(const std::vector<E>& happened, const std::vector<std::string>& correlation_ids) {
  std::vector<std::string> keys;
  std::vector<std::string> payloads;
  for (const auto& each : happened) {
    keys.push_back(each.key());
    payloads.push_back(contract::write_event(each));
  }
  return detail::record_payloads(E::spec, correlation_ids, keys, payloads);
}

}  // namespace ticketshow::events
