#pragma once

#include <string>

#include "adapters/bus_kafka/bus_kafka.hpp"
#include "tests/support/event_bus_conformance.hpp"

namespace ticketshow::bus_kafka {

/// The broker of the tests, "host:port". Throws when there is none: a test that needs Kafka fails without, it is not
/// skipped.
std::string test_brokers();

/// Buses on the broker of the tests, or on another one.
class kafka_test : public test::event_bus_conformance {
 protected:
  std::unique_ptr<ports::event_bus> make(rt::executor io) override {
    return std::make_unique<bus>(io, random, chosen());
  }

  /// A process may be silent for some time on a busy machine, without being taken for dead by the others.
  options chosen(std::string brokers = test_brokers()) {
    return {.brokers = std::move(brokers),
            .topics = {{topic, 4}, {other_topic, 4}},
            .session_ms = 6'000,
            .stuck_ms = stuck_ms};
  }

  system_random_source random;
};

}  // namespace ticketshow::bus_kafka
