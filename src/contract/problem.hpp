#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>

#include "http/message.hpp"

namespace ticketshow::contract {

/// A way in which a call can fail because of its input or of the state of things: declared once, as a constant beside
/// the endpoints that may answer it. The code is stable: clients branch on it.
struct error {
  std::string_view code;   ///< "SEATS_TAKEN"
  int status;              ///< the HTTP status
  std::string_view title;  ///< the same short sentence every time (RFC 9457 `title`)

  bool operator==(const error& other) const { return code == other.code; }
};

/// One field of the request that is wrong, and why.
struct field_problem {
  std::string pointer;  ///< RFC 6901 into the body: "/seat_ids/3"; "?limit" for a query parameter
  std::string message;
};

/// A declared error with what this occurrence adds: RFC 9457 application/problem+json on the wire.
struct problem {
  const error* kind;
  std::string detail;  ///< one sentence for a human being; empty means the title
  std::vector<field_problem> errors = {};
  std::vector<std::int64_t> seat_ids = {};  ///< the seats that are gone, where seats are the matter
  int retry_after_s = 0;                    ///< seconds after which to try again; 0 says nothing
};

template <class T>
using result = std::expected<T, problem>;

/// `co_return fail(seats_taken, "Seat B4 was just taken.");`
inline std::unexpected<problem> fail(const error& kind, std::string detail = {}) {
  return std::unexpected(problem{&kind, std::move(detail)});
}

/// Errors that every endpoint may answer.
inline constexpr error validation_failed{"VALIDATION_FAILED", 422, "Some fields of the request are not valid."};
inline constexpr error malformed_request{"MALFORMED_REQUEST", 400, "The request could not be read."};
inline constexpr error not_authenticated{"NOT_AUTHENTICATED", 401, "Please sign in."};
inline constexpr error not_allowed{"NOT_ALLOWED", 403, "This account may not do that."};
inline constexpr error not_found{"NOT_FOUND", 404, "There is nothing here."};
inline constexpr error method_not_allowed{"METHOD_NOT_ALLOWED", 405, "This address does not take that method."};
inline constexpr error too_many_requests{"TOO_MANY_REQUESTS", 429, "Too many requests; please wait a moment."};
inline constexpr error internal_error{"INTERNAL_ERROR", 500, "Something went wrong on our side."};
inline constexpr error service_unavailable{"SERVICE_UNAVAILABLE", 503,
                                           "This part of the service is not available right now."};
inline constexpr error deadline_exceeded{"DEADLINE_EXCEEDED", 504, "The answer took too long; please try again."};

/// Those, for lookup by code.
inline constexpr const error* common_errors[] = {
    &validation_failed,  &malformed_request, &not_authenticated, &not_allowed,         &not_found,
    &method_not_allowed, &too_many_requests, &internal_error,    &service_unavailable, &deadline_exceeded};

/// The sentence for a human being: the detail, or the title; of wrong fields the first, for those who see nothing else.
std::string sentence_of(const problem& what);

/// The wire form. `correlation_id` goes into the body, so that a user can quote it.
http::response to_response(const problem& what, std::string_view correlation_id);

/// Reads a problem from an answer; a code that is neither in `declared` nor common becomes internal_error with the code
/// in the detail.
problem from_response(const http::response& answer, std::span<const error* const> declared);

}  // namespace ticketshow::contract
