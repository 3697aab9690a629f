#pragma once

#include <concepts>
#include <stdexcept>
#include <string>
#include <string_view>

#include <boost/mp11.hpp>
#include <fmt/format.h>

#include "contract/codec.hpp"
#include "contract/document.hpp"

namespace ticketshow::contract {

/// What is fixed about an event. An event is its payload struct, made visible by Boost.Describe, with the key of the
/// thing that happened to:
///
///   struct show_changed {
///     std::int64_t id;
///     static constexpr contract::event_spec spec{.topic = "search.show_changed", .summary = "…"};
///     [[nodiscard]] std::string key() const { return std::to_string(id); }
///   };
///   BOOST_DESCRIBE_STRUCT(show_changed, (), (id))
///
/// Who reads passes over fields that it does not know and takes absent std::optional fields for empty, so a new version
/// of an event may only add such fields; what cannot be read that way becomes a topic of its own.
struct event_spec {
  std::string_view topic;
  int version = 1;
  std::string_view summary;  ///< one line: what happened, from whom to whom
};

/// A type that declares an event. Events of one topic and key reach every consumer in the order of their changes.
template <class E>
concept event = described<E> && requires(const E& what) {
  { E::spec } -> std::convertible_to<const event_spec&>;
  { what.key() } -> std::convertible_to<std::string>;
};

/// The list of events that a service publishes.
template <event... E>
struct events {};

/// A payload that is not what its topic promises: no repetition mends it.
class unreadable_event : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <event E>
std::string write_event(const E& what) {
  std::string json;
  write_json(json, what);
  return json;
}

/// Throws unreadable_event, which names each wrong field.
template <event E>
E read_event(std::string_view payload) {
  const auto document = parse_document(payload);
  if (!document.ok) throw unreadable_event(fmt::format("{}: {}", E::spec.topic, document.why));
  E what{};
  problems found;
  read_json(document.root, what, "", found);
  if (found.empty()) return what;
  std::string sentence(E::spec.topic);
  for (const auto& each : found) sentence += fmt::format("; {} {}", each.pointer, each.message);
  throw unreadable_event(sentence);
}

}  // namespace ticketshow::contract
