#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "rt/call.hpp"
#include "rt/module.hpp"
#include "rt/task.hpp"

namespace ticketshow::ports {

/// An event as the bus carries it.
struct event {
  std::string id;          ///< of this event alone; who has seen it passes over it
  std::string topic;       ///< "booking.successful"
  std::string key;         ///< events of one topic and key are delivered in the order in which they were published
  int schema_version = 1;  ///< of the payload
  timestamp time{};        ///< when it happened
  std::string correlation_id;
  std::string payload;  ///< a JSON object
};

/// The bus will never take an event, whenever it is asked: it is too large, or of a topic that nobody told the bus of.
class event_refused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A topic and how many partitions it gets when the bus does not have it yet: the most processes of one consumer that
/// can share its events.
struct topic {
  std::string name;
  int partitions = 4;
};

/// Carries events from those who publish to every group of consumers, at least once and in order per key.
class event_bus : public rt::module {
 public:
  /// Handles some events of one consumer in order. When it returns, their effect is durable and they are not delivered
  /// to this consumer again, unless the process ends before the bus has noted it. When it throws, all of them are
  /// delivered again after a pause: throw only for what time mends (the database is away), keep the rest aside.
  using handler = std::function<rt::task<>(std::vector<event> events)>;

  /// Who wants which events. All processes with the same name of a consumer share them.
  struct subscription {
    std::string consumer;
    std::vector<std::string> topics;
    handler handle;
    bool vital = true;  ///< whether the process counts as not ready while this consumer is stuck
  };

  /// Before start(). One subscription a consumer.
  virtual void subscribe(subscription wanted) = 0;

  /// Returns when the bus has all of `events` durably. Throws event_refused when it refuses one of them for good,
  /// rt::unavailable when only time can help; then it may have any of them: publish all again, or all but the refused.
  /// Not concurrently for events of one key, whose order would be anyone's.
  virtual rt::task<> publish(rt::deadline until, std::vector<event> events) = 0;
};

}  // namespace ticketshow::ports
