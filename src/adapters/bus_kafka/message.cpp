#include "adapters/bus_kafka/message.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "adapters/bus_kafka/librdkafka.hpp"

namespace ticketshow::bus_kafka {
namespace {

using headers_handle = owned<rd_kafka_headers_t, rd_kafka_headers_destroy>;

void add(const headers_handle& headers, std::string_view name, std::string_view value) {
  rd_kafka_header_add(headers.get(), name.data(), static_cast<ssize_t>(name.size()), value.data(),
                      static_cast<ssize_t>(value.size()));
}

headers_handle headers_of(const ports::event& event) {
  headers_handle headers(rd_kafka_headers_new(4));
  add(headers, "id", event.id);
  add(headers, "schema_version", std::to_string(event.schema_version));
  add(headers, "time", to_rfc3339(event.time));
  add(headers, "correlation_id", event.correlation_id);
  return headers;
}

std::string_view text_of(const void* bytes, std::size_t size) {
  return bytes == nullptr ? std::string_view() : std::string_view(static_cast<const char*>(bytes), size);
}

std::optional<std::string_view> header(const rd_kafka_headers_t* headers, const char* name) {
  const void* value = nullptr;
  std::size_t size = 0;
  if (headers == nullptr || rd_kafka_header_get_last(headers, name, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return std::nullopt;
  }
  return text_of(value, size);
}

timestamp written_at(const rd_kafka_message_t& message) {
  return timestamp{std::chrono::milliseconds(rd_kafka_message_timestamp(&message, nullptr))};
}

}  // namespace

rd_kafka_resp_err_t send(rd_kafka_t* producer, const ports::event& event, void* opaque) {
  auto headers = headers_of(event);
  // librdkafka copies the key and the payload; its interface knows no const.
  const auto bytes = [](rd_kafka_vtype_t what, const std::string& text) {
    return rd_kafka_vu_t{.vtype = what, .u = {.mem = {.ptr = const_cast<char*>(text.data()), .size = text.size()}}};
  };
  const std::array parts{
      rd_kafka_vu_t{.vtype = RD_KAFKA_VTYPE_TOPIC, .u = {.cstr = event.topic.c_str()}},
      bytes(RD_KAFKA_VTYPE_KEY, event.key),
      bytes(RD_KAFKA_VTYPE_VALUE, event.payload),
      rd_kafka_vu_t{.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u = {.i = RD_KAFKA_MSG_F_COPY}},
      rd_kafka_vu_t{.vtype = RD_KAFKA_VTYPE_HEADERS, .u = {.headers = headers.get()}},
      rd_kafka_vu_t{.vtype = RD_KAFKA_VTYPE_OPAQUE, .u = {.ptr = opaque}},
  };
  const error_handle failure(rd_kafka_produceva(producer, parts.data(), parts.size()));
  if (failure) return rd_kafka_error_code(failure.get());
  [[maybe_unused]] const auto* the_messages_now = headers.release();
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

ports::event read(const rd_kafka_message_t& message) {
  rd_kafka_headers_t* headers = nullptr;
  rd_kafka_message_headers(&message, &headers);
  const std::string topic = rd_kafka_topic_name(message.rkt);
  const auto id = header(headers, "id");
  ports::event event{.id = id ? std::string(*id) : fmt::format("{}/{}/{}", topic, message.partition, message.offset),
                     .topic = topic,
                     .key = std::string(text_of(message.key, message.key_len)),
                     .correlation_id = std::string(header(headers, "correlation_id").value_or("")),
                     .payload = std::string(text_of(message.payload, message.len))};
  const auto version = header(headers, "schema_version").value_or("");
  std::from_chars(version.data(), version.data() + version.size(), event.schema_version);
  event.time = parse_rfc3339(header(headers, "time").value_or("")).value_or(written_at(message));
  return event;
}

}  // namespace ticketshow::bus_kafka
