#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "contract/problem.hpp"
#include "http/message.hpp"

namespace ticketshow::contract {

/// Who may call an endpoint. The router refuses everybody else before the request is read.
enum class access {
  all,      ///< anybody, signed in or not
  user,     ///< any signed-in account; whether it owns the thing is the service's rule
  admin,    ///< accounts with the role ADMIN
  staff,    ///< accounts with the role STAFF, bound to one venue by the service's rule, and administrators
  service,  ///< other services of this system only; never routed by the gateway
};

/// The limits and the description of one field of a request. min and max bound a number's value, a string's length in
/// characters (code points), an array's count, an amount's minor units, the bytes of a `content`.
struct field {
  std::string_view name;
  std::string_view help = {};
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  /// "email" and "clock" (HH:MM) are checked; "password", and the media type of a `content`, are for the documentation
  /// alone.
  std::string_view format = {};
};

/// What is fixed about an endpoint. An endpoint is its request struct: fields named in the path come from there; of the
/// others, those of GET and DELETE come from the query, those of POST, PUT and PATCH from the JSON body. A member of
/// type `cookie` comes from the cookie of its name, one of type `header` from the header of its name. With a member of
/// type `content` the body is that member, and the other fields come from the query. Unknown fields are passed over,
/// absent std::optional fields are empty, others are required. The answer is JSON, or as a response type below, or a
/// `stream` of messages (contract/stream.hpp).
///
///   struct get_show {
///     std::int64_t id;
///     using response = show;
///     static constexpr contract::spec spec{.verb = http::method::GET, .path = "/shows/{id}", .who =
///     contract::access::all,
///                                          .summary = "One show"};
///     static constexpr const contract::error* errors[] = {&show_not_found};   // may be left out
///     static constexpr contract::field fields[] = {{.name = "id", .min = 1}};  // may be left out
///   };
///   BOOST_DESCRIBE_STRUCT(get_show, (), (id))
struct spec {
  http::method verb;
  std::string_view path;  ///< below the API's prefix: "/shows/{id}"
  access who;
  int status = 200;           ///< of the answer when all went well
  std::string_view summary;   ///< one line for the API's documentation
  std::string_view tag = {};  ///< its chapter there; the service's name by default
  bool idempotent = false;    ///< a POST that may be repeated without a second effect (GET, PUT and DELETE always may)
  /// The field by whose value calls come together at one replica of the service, which is then quicker; never more.
  std::string_view affinity = {};
};

/// Whether a call may be repeated when nobody knows what became of it.
constexpr bool may_be_repeated(const spec& what) {
  return what.idempotent || what.verb == http::method::GET || what.verb == http::method::PUT ||
         what.verb == http::method::DELETE;
}

/// A type that declares an endpoint.
template <class E>
concept endpoint = requires {
  typename E::response;
  { E::spec } -> std::convertible_to<const spec&>;
};

/// The list of a service's endpoints, from which port, router, documentation and client derive.
template <endpoint... E>
struct endpoints {};

template <class E>
constexpr std::span<const error* const> errors_of() {
  if constexpr (requires { E::errors; }) {
    return E::errors;
  } else {
    return {};
  }
}

template <class E>
constexpr std::span<const field> fields_of() {
  if constexpr (requires { E::fields; }) {
    return E::fields;
  } else {
    return {};
  }
}

/// A value that travels as an HttpOnly, SameSite=Strict cookie named like the member, not in the body. In a request an
/// empty value means that the cookie was absent; in a response an empty value takes the cookie away from the browser.
struct cookie {
  std::string value;
  std::int64_t max_age_s = 0;
};

/// A value that comes from the request header named like the member, with dashes for underscores: `webhook_id` is
/// Webhook-Id. Empty when the header is absent.
struct header {
  std::string value;
};

/// A body that is not JSON: as a member of a request, or as an endpoint's response. An endpoint that answers it may
/// name the media type for the documentation: static constexpr std::string_view media = "application/pdf".
struct content {
  std::string type;  ///< its Content-Type as sent; empty when there was none
  std::string bytes;
  std::string name = {};  ///< of an answer: under which a browser saves it; without, the browser shows it
};

/// An answer kept ready as JSON bytes of a T, sent without a copy, answered 304 when the client has it already.
template <class T>
struct cached {
  using value_type = T;
  std::shared_ptr<const std::string> json;
  std::string etag;  ///< with quotes, as RFC 9110 writes it
};

/// Nothing to tell: 204 without a body.
struct nothing {};

}  // namespace ticketshow::contract
