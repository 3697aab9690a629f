#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "adapters/bus_kafka/options.hpp"
#include "base/random.hpp"
#include "ports/event_bus.hpp"
#include "rt/gate.hpp"

/// The event bus on Kafka, over librdkafka. How events are written there is in message.hpp.
namespace ticketshow::bus_kafka {

class consumer;
class producer;

class bus final : public ports::event_bus {
 public:
  /// `random` must outlive this.
  bus(rt::executor io, random_source& random, options chosen);
  ~bus() override;

  [[nodiscard]] std::string name() const override { return "event bus"; }
  /// Makes the missing topics and joins the groups; who waits for events gets them soon after. Throws when no broker
  /// answers within five seconds.
  rt::task<> start() override;
  /// Waits for what is being handled; lets other processes have the partitions. Ends librdkafka's threads, for which
  /// the I/O thread waits some milliseconds.
  rt::task<> stop(rt::deadline until) override;
  /// False while a consumer's events have failed to be handled for half a minute, or no broker has answered for so
  /// long.
  [[nodiscard]] bool ready() const override;

  void subscribe(subscription wanted) override;
  rt::task<> publish(rt::deadline until, std::vector<ports::event> events) override;

 private:
  rt::executor io_;
  random_source& random_;
  const options options_;
  std::shared_ptr<producer> producer_;  // from start() to stop(), and as long as somebody publishes
  std::vector<std::unique_ptr<consumer>> consumers_;
  rt::gate reading_;
  rt::gate background_;
};

}  // namespace ticketshow::bus_kafka
