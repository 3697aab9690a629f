#pragma once

#include <map>
#include <memory>
#include <span>

#include "adapters/bus_common/deliveries.hpp"
#include "base/random.hpp"
#include "pg/listener.hpp"
#include "pg/migrations.hpp"
#include "pg/pool.hpp"
#include "ports/event_bus.hpp"
#include "rt/bell.hpp"
#include "rt/gate.hpp"

/// The event bus of a system without Kafka: a log in the schema `bus` of a PostgreSQL database, with Kafka's topics,
/// partitions, positions and groups of consumers. NOTIFY makes it quick, a look each second makes it sure.
namespace ticketshow::bus_pg {

inline constexpr std::string_view schema_name = "bus";
std::span<const pg::migration> migrations();

struct options {
  std::string conninfo;                    ///< of the database with the schema, for the role ticketshow_bus
  std::vector<ports::topic> topics;        ///< all that are published here or subscribed to
  std::int64_t lease_s = 20;               ///< a process that hangs is replaced after this time
  std::int64_t retention_s = 7L * 86'400;  ///< how long events are kept that every consumer is past
  /// How long a consumer of which no process was seen keeps the events that it has still to handle.
  std::int64_t abandoned_s = 30L * 86'400;
  std::int64_t stuck_ms = 30'000;  ///< the bus is not ready when a vital consumer has failed for so long
  std::int64_t batch = 256;        ///< the most events of one partition that are handed over at once
};

/// A consumer and how many events of the log it has still to handle.
struct leftover {
  std::string consumer;
  std::int64_t events;
};

/// Those of `consumers` that are not at the end of the log; none when the database has no schema `bus`.
rt::task<std::vector<leftover>> leftovers(pg::pool& database, rt::deadline until, std::vector<std::string> consumers);

class bus final : public ports::event_bus {
 public:
  bus(rt::executor io, pg::pool& database, random_source& random, options chosen);

  [[nodiscard]] std::string name() const override { return "event bus"; }
  rt::task<> start() override;
  /// Waits for what is being handled; lets other processes have the partitions.
  rt::task<> stop(rt::deadline until) override;
  /// False while a vital consumer's events have failed to be handled for half a minute.
  [[nodiscard]] bool ready() const override;

  void subscribe(subscription wanted) override;
  rt::task<> publish(rt::deadline until, std::vector<ports::event> events) override;

 private:
  struct reader {
    reader(rt::executor io, random_source& random, const options& chosen, subscription wanted)
        : what(std::move(wanted)), due(io), record(what.consumer, random, std::chrono::milliseconds(chosen.stuck_ms)) {}
    subscription what;
    rt::bell due;
    bus_common::deliveries record;
  };

  [[nodiscard]] int partition_of(const ports::event& what) const;
  rt::task<> make_topics(rt::deadline until);
  rt::task<> hold_shares();
  rt::task<> hold_share(const std::string& consumer);
  rt::task<> read(reader& by);
  rt::task<bool> handle_some(reader& by);
  rt::task<> measure_lag();
  rt::task<> forget_consumers();
  rt::task<> forget();

  rt::executor io_;
  pg::pool& database_;
  random_source& random_;
  options options_;
  std::string holder_;  // this process, among those of the same consumers
  std::map<std::string, int, std::less<>> partitions_;
  std::vector<std::unique_ptr<reader>> readers_;
  pg::listener listener_;
  rt::gate reading_;
  rt::gate background_;
  bool stopping_ = false;
};

}  // namespace ticketshow::bus_pg
