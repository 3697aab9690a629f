#include "adapters/bus_kafka/librdkafka.hpp"

#include <array>
#include <stdexcept>
#include <sys/eventfd.h>
#include <syslog.h>
#include <system_error>

#include <fmt/format.h>

#include "rt/log.hpp"

namespace ticketshow::bus_kafka {
namespace {

/// Called from librdkafka's threads.
void log_line(const rd_kafka_t* client, int level, const char* facility, const char* text) {
  const auto severity = level <= LOG_WARNING ? rt::log::level::warning : rt::log::level::debug;
  rt::log::write(severity, "Kafka's client says",
                 {{"client", rd_kafka_name(client)}, {"about", facility}, {"text", text}});
}

int make_counter() {
  const int descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (descriptor == -1) throw std::system_error(errno, std::generic_category(), "eventfd");
  return descriptor;
}

settings common_settings(const options& chosen) {
  settings values{
      {"bootstrap.servers", chosen.brokers},
      {"client.id", "ticketshow"},
      {"security.protocol", chosen.security.protocol},
      {"socket.keepalive.enable", "true"},
      {"socket.nagle.disable", "true"},
      {"reconnect.backoff.max.ms", "2000"},  // back soon after an outage
      {"topic.metadata.refresh.fast.interval.ms", "100"},
  };
  if (!chosen.security.user.empty()) {
    values.emplace_back("sasl.mechanisms", chosen.security.sasl_mechanism);
    values.emplace_back("sasl.username", chosen.security.user);
    values.emplace_back("sasl.password", chosen.security.password);
  }
  if (!chosen.security.ca_file.empty()) values.emplace_back("ssl.ca.location", chosen.security.ca_file);
  return values;
}

}  // namespace

client_handle make_client(rd_kafka_type_t type, const options& chosen, const settings& more, int events) {
  owned<rd_kafka_conf_t, rd_kafka_conf_destroy> configuration(rd_kafka_conf_new());
  std::array<char, 512> why{};
  auto values = common_settings(chosen);
  values.insert(values.end(), more.begin(), more.end());
  for (const auto& [name, value] : values) {
    const auto outcome = rd_kafka_conf_set(configuration.get(), name.c_str(), value.c_str(), why.data(), why.size());
    if (outcome != RD_KAFKA_CONF_OK) {
      throw std::runtime_error(fmt::format("Kafka's client does not take its setting {}: {}", name, why.data()));
    }
  }
  rd_kafka_conf_set_events(configuration.get(), events);
  rd_kafka_conf_set_log_cb(configuration.get(), log_line);
  client_handle client(rd_kafka_new(type, configuration.get(), why.data(), why.size()));
  if (!client) throw std::runtime_error(fmt::format("Kafka's client does not start: {}", why.data()));
  [[maybe_unused]] const auto* the_clients_now = configuration.release();
  return client;
}

doorbell::doorbell(rt::executor io) : counter_(io, make_counter()) {}

void doorbell::watch(const queue_handle& queue) {
  constexpr std::uint64_t one = 1;
  rd_kafka_queue_io_event_enable(queue.get(), counter_.native_handle(), &one, sizeof one);
}

void doorbell::ignore(const queue_handle& queue) { rd_kafka_queue_io_event_enable(queue.get(), -1, nullptr, 0); }

rt::task<> doorbell::rung() {
  std::uint64_t rings = 0;
  auto buffer = boost::asio::buffer(&rings, sizeof rings);
  co_await counter_.async_read_some(buffer, rt::use_task);
}

}  // namespace ticketshow::bus_kafka
