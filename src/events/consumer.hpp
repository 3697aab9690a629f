#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/backoff.hpp"
#include "base/random.hpp"
#include "contract/event.hpp"
#include "pg/pool.hpp"
#include "ports/event_bus.hpp"
#include "rt/gate.hpp"
#include "rt/metrics.hpp"

namespace ticketshow::events {

/// An event as its consumer gets it.
template <contract::event E>
struct received {
  E what;
  std::string id;
  timestamp time;
  std::string correlation_id;
  int schema_version = 1;
};

/// How often and when an event that could not be handled is tried again, alone. After the last attempt it is a dead
/// letter. The pauses have jitter.
struct retry_policy {
  std::int64_t attempts = 8;
  backoff<std::chrono::milliseconds> pauses{.first = std::chrono::milliseconds(700), .last = std::chrono::seconds(40)};
};

/// The way into a service: an event has its effect once. The row that says so is written in the transaction of the
/// effect. What fails does not stop others: it is set aside with what comes after it of the same topic and key, tried
/// again, and in the end a dead letter (dead_letters.hpp). I/O thread only.
class consumer {
 public:
  struct dependencies {
    rt::executor io;
    pg::pool& database;  ///< of the schema with the tables (tables.sql)
    ports::event_bus& bus;
    random_source& random;
  };

  /// `name` is the consumer's at the bus: the service's.
  consumer(const dependencies& needs, std::string name, retry_policy retries = {});

  /// Makes the effect of some events, in order, in the transaction `in`, which is committed afterwards; events that had
  /// their effect are not among them. An effect outside the database must be one that may be repeated. Throw
  /// rt::unavailable for what only time mends (all of it comes again); whatever else is thrown is an event's own fault.
  template <contract::event E>
  using handler = std::function<rt::task<>(pg::transaction& in, std::vector<received<E>> events)>;

  /// Before start(); one handler a topic. `after_commit` is called when events had their effect: to ring a bell.
  template <contract::event E>
  void on(handler<E> handle, std::function<void()> after_commit = {});

  /// Subscribes at the bus, so it comes before the bus's own start, and begins to try again what was set aside. Not
  /// `vital`: that it is stuck does not make the process unready, because what its effects need serves nobody else.
  void start(bool vital = true);
  /// After the bus has stopped.
  rt::task<> stop(rt::deadline until);

 private:
  struct topic {
    std::function<rt::task<>(pg::transaction&, std::vector<ports::event>)> handle;
    std::function<void()> after_commit;
  };

  rt::task<> take(std::vector<ports::event> events);
  rt::task<> take_together(const topic& by, std::vector<ports::event> events);
  rt::task<> take_alone(const topic& by, ports::event what);
  rt::task<> try_again();
  rt::task<bool> try_one_again(std::string event_id);
  rt::task<> measure();
  rt::task<> forget();

  pg::pool& database_;
  ports::event_bus& bus_;
  random_source& random_;
  std::string name_;
  retry_policy retries_;
  std::map<std::string, topic, std::less<>> topics_;
  rt::gate background_;
  prometheus::Counter& failures_;
  prometheus::Gauge& waiting_;
  prometheus::Gauge& dead_;
};

template <contract::event E>
void consumer::on(handler<E> handle, std::function<void()> after_commit) {
  auto read_and_handle = [handle = std::move(handle)](pg::transaction& in, std::vector<ports::event> raw) {
    std::vector<received<E>> events;
    events.reserve(raw.size());
    for (auto& each : raw) {
      events.push_back({.what = contract::read_event<E>(each.payload),
                        .id = std::move(each.id),
                        .time = each.time,
                        .correlation_id = std::move(each.correlation_id),
                        .schema_version = each.schema_version});
    }
    return handle(in, std::move(events));
  };
  topics_[std::string(E::spec.topic)] = {std::move(read_and_handle), std::move(after_commit)};
}

}  // namespace ticketshow::events
