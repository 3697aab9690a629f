#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "contract/codec.hpp"
#include "contract/port.hpp"

/// What operators do by the web: the dead letters of all services. (The same by command: `ticketshow events dead`.)
namespace ticketshow::operations {

inline constexpr contract::error dead_letter_not_found{"DEAD_LETTER_NOT_FOUND", 404,
                                                       "This service has no such dead letter."};
inline constexpr contract::error service_not_found{"SERVICE_NOT_FOUND", 404, "No service of this name has events."};

inline constexpr contract::field event_field{.name = "id", .help = "Of the event.", .min = 1, .max = 100};
inline constexpr contract::field service_field{.name = "service", .help = "payment, say.", .min = 1, .max = 40};

/// An event that could not be handled, or that the bus refused for good.
struct dead_letter {
  std::string id;         ///< of the event; each service that could not handle it has a letter of its own
  std::string topic;      ///< "payment.refund_initiated"
  std::string key;        ///< of what it is about: the booking's id, say
  std::int64_t attempts;  ///< to handle it; none: the bus refused it
  std::string reason;     ///< why the last of them failed
  timestamp failed_at;    ///< when it was set aside
};
BOOST_DESCRIBE_STRUCT(dead_letter, (), (id, topic, key, attempts, reason, failed_at))

// ---- what each service with events offers to the others, about its own letters

/// The oldest, at most `most`.
struct read_dead_letters {
  std::int64_t most;

  using response = std::vector<dead_letter>;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/internal/dead-letters",
                                       .who = contract::access::service,
                                       .summary = "A service's own dead letters, the oldest first"};
  static constexpr contract::field fields[] = {{.name = "most", .min = 1, .max = 1'000}};
};
BOOST_DESCRIBE_STRUCT(read_dead_letters, (), (most))

struct replay_own_letter {
  std::string id;

  using response = contract::nothing;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/internal/dead-letters/{id}/replay",
                                       .who = contract::access::service,
                                       .summary = "Give one of them to its consumer again"};
  static constexpr const contract::error* errors[] = {&dead_letter_not_found};
  static constexpr contract::field fields[] = {event_field};
};
BOOST_DESCRIBE_STRUCT(replay_own_letter, (), (id))

struct drop_own_letter {
  std::string id;

  using response = contract::nothing;
  static constexpr contract::spec spec{.verb = http::method::DELETE,
                                       .path = "/internal/dead-letters/{id}",
                                       .who = contract::access::service,
                                       .summary = "Give one of them up for good"};
  static constexpr const contract::error* errors[] = {&dead_letter_not_found};
  static constexpr contract::field fields[] = {event_field};
};
BOOST_DESCRIBE_STRUCT(drop_own_letter, (), (id))

using letters_port = contract::port_of<contract::endpoints<read_dead_letters, replay_own_letter, drop_own_letter>>;

// ---- for administrators

/// A dead letter and whose it is.
struct dead_letter_view {
  std::string service;
  std::string id;
  std::string topic;
  std::string type;  ///< what happened: the topic without who tells it, "refund_initiated"
  std::string key;
  std::int64_t attempts;
  std::string reason;
  timestamp failed_at;
};
BOOST_DESCRIBE_STRUCT(dead_letter_view, (), (service, id, topic, type, key, attempts, reason, failed_at))

struct list_dead_letters {
  std::optional<std::int64_t> skip;
  std::optional<std::int64_t> limit;

  using response = std::vector<dead_letter_view>;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/operations/dead-letters",
                                       .who = contract::access::admin,
                                       .summary = "Events that could not be handled, of all services, oldest first"};
  static constexpr contract::field fields[] = {{.name = "skip", .help = "0 by default.", .min = 0, .max = 900},
                                               {.name = "limit", .help = "20 by default.", .min = 1, .max = 100}};
};
BOOST_DESCRIBE_STRUCT(list_dead_letters, (), (skip, limit))

struct replay_dead_letter {
  std::string service;
  std::string id;

  using response = contract::nothing;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/operations/dead-letters/{service}/{id}/replay",
                                       .who = contract::access::admin,
                                       .summary = "Handle an event again, as often as at first; after the fix"};
  static constexpr const contract::error* errors[] = {&service_not_found, &dead_letter_not_found};
  static constexpr contract::field fields[] = {service_field, event_field};
};
BOOST_DESCRIBE_STRUCT(replay_dead_letter, (), (service, id))

struct drop_dead_letter {
  std::string service;
  std::string id;

  using response = contract::nothing;
  static constexpr contract::spec spec{.verb = http::method::DELETE,
                                       .path = "/operations/dead-letters/{service}/{id}",
                                       .who = contract::access::admin,
                                       .summary = "Give an event up for good: it counts as handled"};
  static constexpr const contract::error* errors[] = {&service_not_found, &dead_letter_not_found};
  static constexpr contract::field fields[] = {service_field, event_field};
};
BOOST_DESCRIBE_STRUCT(drop_dead_letter, (), (service, id))

using all_endpoints = contract::endpoints<list_dead_letters, replay_dead_letter, drop_dead_letter>;
using port = contract::port_of<all_endpoints>;

}  // namespace ticketshow::operations
