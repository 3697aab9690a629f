#pragma once

#include <list>

#include "adapters/bus_kafka/librdkafka.hpp"
#include "rt/bell.hpp"
#include "rt/call.hpp"
#include "rt/gate.hpp"

namespace ticketshow::bus_kafka {

/// Publishes, makes topics, and knows whether brokers can be reached. I/O thread only.
class producer {
 public:
  /// `chosen` must outlive this.
  producer(rt::executor io, const options& chosen);

  /// Makes the topics that are missing; listens to librdkafka in `background`, which must be closed before this is
  /// destroyed. Throws std::runtime_error with a sentence for the operator when no broker answers within five seconds
  /// or one refuses.
  rt::task<> start(rt::gate& background);

  /// As ports::event_bus promises.
  rt::task<> publish(rt::deadline until, std::vector<ports::event> events);

  /// False when no broker has answered for options::away_ms; one is asked six times within it.
  [[nodiscard]] bool reachable() const;

  /// For tests, which pretend that it broke.
  [[nodiscard]] rd_kafka_t* client() const { return client_.get(); }

 private:
  /// A call of publish() whose events have not all been answered for.
  struct publication {
    explicit publication(rt::executor io) : settled(io) {}
    std::size_t left = 0;
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
    bool awaited = true;
    rt::bell settled;
  };
  class awaiting;

  void open();
  void learn_topics();
  rt::task<> listen();
  rt::task<> look();
  void serve();
  static void note_error(publication& whose, rd_kafka_resp_err_t error);
  void settle(const rd_kafka_message_t& report);
  void replace_when_broken();
  rt::task<> make_topics();
  rt::task<event_handle> next_answer();  // one question at a time
  rt::task<> look_for_brokers();

  rt::executor io_;
  const options& options_;
  doorbell bell_;
  std::list<publication> publications_;
  rt::bell answered_;
  rt::steady_clock::time_point last_answer_;
  std::string trouble_;  // the last with a broker
  client_handle client_;
  queue_handle reports_;
  queue_handle answers_;  // to questions of administration
  std::vector<topic_handle> topics_;
};

}  // namespace ticketshow::bus_kafka
