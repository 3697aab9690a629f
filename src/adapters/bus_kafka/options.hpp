#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ports/event_bus.hpp"

namespace ticketshow::bus_kafka {

/// How the brokers are spoken to: Kafka's names, as in librdkafka's configuration.
struct security {
  std::string protocol = "plaintext";  ///< plaintext, ssl, sasl_plaintext or sasl_ssl
  /// With a sasl_ protocol. SCRAM is no choice: the librdkafka 2.0.2 of Debian 12 repeats its nonce, which Kafka from
  /// 3.8.1 on refuses (librdkafka's pull request 4895). PLAIN belongs under sasl_ssl.
  std::string sasl_mechanism = "PLAIN";
  std::string user;
  std::string password;
  std::string ca_file;  ///< PEM with who signs the brokers' certificates; empty: whom the machine trusts
};

struct options {
  std::string brokers;  ///< "host:port,…": some of the cluster's, to begin with
  bus_kafka::security security;
  std::vector<ports::topic> topics;        ///< all that are published here or subscribed to; the missing ones are made
  int replicas = -1;                       ///< of a topic that is made; -1: as the brokers are set
  std::int64_t retention_s = 7L * 86'400;  ///< how long a topic that is made keeps its events
  std::int64_t session_ms = 10'000;        ///< a process that died is replaced after this time
  std::int64_t away_ms = 30'000;           ///< the bus is not ready when no broker answered for so long
  std::int64_t stuck_ms = 30'000;          ///< nor when a vital consumer has failed for so long
  std::size_t batch = 256;                 ///< the most events of one partition that are handed over at once
};

}  // namespace ticketshow::bus_kafka
