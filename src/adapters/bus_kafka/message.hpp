#pragma once

#include <librdkafka/rdkafka.h>

#include "ports/event_bus.hpp"

/// An event as a message of Kafka: the key is the key, the payload the value, and the rest are the headers id,
/// schema_version, time (RFC 3339) and correlation_id.
namespace ticketshow::bus_kafka {

/// Hands `event` to the client for sending. `opaque` comes back in the delivery report, which follows only when this
/// returns RD_KAFKA_RESP_ERR_NO_ERROR.
rd_kafka_resp_err_t send(rd_kafka_t* producer, const ports::event& event, void* opaque);

/// Reads a message of whoever wrote it. Where there is no id, the message's place is one; no time: Kafka's.
ports::event read(const rd_kafka_message_t& message);

}  // namespace ticketshow::bus_kafka
