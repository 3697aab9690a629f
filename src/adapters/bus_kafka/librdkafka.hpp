#pragma once

#include <cstdint>
#include <librdkafka/rdkafka.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include "adapters/bus_kafka/options.hpp"
#include "rt/task.hpp"

/// librdkafka's handles with owners, and the bridge from its threads to the I/O thread.
namespace ticketshow::bus_kafka {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* what) const {
    Free(what);
  }
};
template <class T, auto Free>
using owned = std::unique_ptr<T, freed_by<Free>>;

using event_handle = owned<rd_kafka_event_t, rd_kafka_event_destroy>;
using queue_handle = owned<rd_kafka_queue_t, rd_kafka_queue_destroy>;
using topic_handle = owned<rd_kafka_topic_t, rd_kafka_topic_destroy>;
using error_handle = owned<rd_kafka_error_t, rd_kafka_error_destroy>;
using offset_list = owned<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy>;

/// Ends the client's threads, without a word to its group: who leaves in peace closes the consumer before.
struct client_end {
  void operator()(rd_kafka_t* client) const { rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE); }
};
using client_handle = std::unique_ptr<rd_kafka_t, client_end>;

using settings = std::vector<std::pair<std::string, std::string>>;

/// A client with librdkafka's `more` settings beside those that all have. It gives the events of the mask `events`
/// through queues; its log lines become ours. Throws std::runtime_error with a sentence for the operator when
/// librdkafka does not take a setting.
client_handle make_client(rd_kafka_type_t type, const options& chosen, const settings& more, int events);

/// The next event of `queue`, or nothing. Never waits.
inline event_handle poll(const queue_handle& queue) { return event_handle(rd_kafka_queue_poll(queue.get(), 0)); }

/// Rung by librdkafka's threads when a queue was empty and no longer is: they write into an eventfd, for which Asio
/// waits. So all of our work stays on the I/O thread, without a lock. Must outlive the clients whose queues it watches.
class doorbell {
 public:
  explicit doorbell(rt::executor io);

  void watch(const queue_handle& queue);
  static void ignore(const queue_handle& queue);

  /// Returns when a queue may have something. One waits at a time.
  rt::task<> rung();

 private:
  boost::asio::posix::basic_stream_descriptor<rt::executor> counter_;
};

}  // namespace ticketshow::bus_kafka
