#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <string_view>

#include "contract/codec.hpp"
#include "http/body_source.hpp"

namespace ticketshow::contract {

/// What a service gives piece by piece: whole messages, each made by write_message(). See http::body_source.
using message_source = http::body_source;
using http::piece;

/// A type of message of a stream: a described struct with the name by which readers tell it from others.
///
///   struct seat_changes {
///     std::string version;
///     static constexpr std::string_view message = "seats";
///   };
///   BOOST_DESCRIBE_STRUCT(seat_changes, (), (version))
template <class T>
concept message = described<T> && requires {
  { T::message } -> std::convertible_to<std::string_view>;
};

/// An answer that goes on: server-sent events (WHATWG HTML, 9.2) of these types, until the reader leaves or the source
/// ends. A reader comes back by himself after that, as browsers do, with the id of his last message as Last-Event-ID.
template <message... T>
struct stream {
  std::shared_ptr<message_source> source;
};

template <class T>
struct is_stream : std::false_type {};
template <class... T>
struct is_stream<stream<T...>> : std::true_type {};

/// One message as it is sent. `id` is what a reader who comes back tells of it: without line breaks.
template <message T>
std::string write_message(std::string_view id, const T& what) {
  std::string text = "id: ";
  text.append(id).append("\nevent: ").append(T::message).append("\ndata: ");
  write_json(text, what);  // JSON has no line breaks outside of strings, and escapes those inside
  return text.append("\n\n");
}

/// A comment, which readers pass over: it shows a proxy, and each end, that the other is still there.
inline constexpr std::string_view heartbeat = ":\n\n";

inline constexpr std::string_view stream_media = "text/event-stream";

}  // namespace ticketshow::contract
