#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/bus_common/deliveries.hpp"
#include "adapters/bus_kafka/librdkafka.hpp"
#include "rt/bell.hpp"
#include "rt/call.hpp"
#include "rt/gate.hpp"

namespace ticketshow::bus_kafka {

/// This process as a member of the group of one subscription: takes events from its partitions, hands them over, and
/// commits how far it has come. Its states are in the folder's README. I/O thread only.
class consumer {
 public:
  /// `chosen` and `random` must outlive this.
  consumer(rt::executor io, random_source& random, const options& chosen, ports::event_bus::subscription wanted);

  /// Joins the group and reads in `reading`; listens to librdkafka in `background`. Both must be closed before this is
  /// destroyed, `background` last.
  void start(rt::gate& reading, rt::gate& background);

  /// Lets reading end after what is being handled; then the group has the partitions back.
  void finish();

  /// Its events have failed for options::stuck_ms, or Kafka's client has come to an end.
  [[nodiscard]] bool stuck() const { return broken_ || record_.stuck(); }
  [[nodiscard]] bool vital() const { return what_.vital; }

 private:
  using place = std::pair<std::string, std::int32_t>;  // topic and number of a partition

  struct partition {
    queue_handle waiting;
    std::int64_t handled = RD_KAFKA_OFFSET_INVALID;    ///< the next event's position; invalid until there was one
    std::int64_t committed = RD_KAFKA_OFFSET_INVALID;  ///< the same, as the group knows it from us
  };
  struct taken {
    place from;
    std::int64_t position;
    ports::event what;
  };

  rt::task<> listen();
  rt::task<> look();
  void serve();
  void note_trouble(rd_kafka_resp_err_t kind, const char* text);
  void break_down(const char* why);
  void note_commit(const rd_kafka_event_t& outcome);

  rt::task<> read();
  rt::task<> leave();
  rt::task<> change_partitions();
  void accept(const rd_kafka_topic_partition_list_t& partitions);
  void give_back();
  void assign(const rd_kafka_topic_partition_list_t* partitions);
  void take();
  void take_from(const place& from, partition& source);
  rt::task<> handle();
  rt::task<std::optional<rt::steady_clock::duration>> hand_over();
  rt::task<> commit();
  void measure_lag();

  const options& options_;
  ports::event_bus::subscription what_;
  bus_common::deliveries record_;
  doorbell bell_;
  client_handle client_;
  queue_handle events_;  // of the group; never messages
  std::map<place, partition> partitions_;
  std::vector<taken> batch_;           // being handled
  std::vector<event_handle> changes_;  // of the partitions that are ours, still to be followed
  bool committing_ = false;
  rt::bell due_;    // there may be something to read or to follow
  rt::bell hurry_;  // no time to wait before the next attempt
  rt::bell committed_;
  bool finishing_ = false;
  bool broken_ = false;
};

}  // namespace ticketshow::bus_kafka
