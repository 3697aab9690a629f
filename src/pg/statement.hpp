#pragma once

#include <charconv>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/money.hpp"
#include "base/time.hpp"

namespace ticketshow::pg {

/// A named constant of a service's queries.*: prepared under its name on each connection at first use. Names are unique
/// in a service. The plan is generic (plan_cache_mode=force_generic_plan).
struct statement {
  const char* name;
  const char* sql;
  std::chrono::milliseconds timeout{2000};  ///< a statement that runs longer is ended and its connection dropped
};

/// A parameter in PostgreSQL's text format; nothing means NULL.
using parameter = std::optional<std::string>;

namespace detail {

void append_array_element(std::string& out, std::string_view text);

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};
template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};

}  // namespace detail

/// Writes a value as PostgreSQL reads it: integers, bool, money (its minor units), timestamp, date, strings, optionals
/// of these (NULL when empty) and vectors of these (an array; elements may be optional).
template <class T>
parameter to_parameter(const T& value) {
  if constexpr (detail::is_optional<T>::value) {
    return value ? to_parameter(*value) : parameter{};
  } else if constexpr (std::same_as<T, bool>) {
    return value ? "t" : "f";
  } else if constexpr (std::integral<T>) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    return std::string(digits, end);
  } else if constexpr (std::same_as<T, money>) {
    return to_parameter(value.minor);
  } else if constexpr (std::same_as<T, timestamp>) {
    return to_rfc3339(value);
  } else if constexpr (std::same_as<T, std::chrono::year_month_day>) {
    return to_string(value);
  } else if constexpr (detail::is_vector<T>::value) {
    std::string array = "{";
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i != 0) array += ',';
      using element = typename T::value_type;
      const auto text = to_parameter(static_cast<element>(value[i]));
      if (!text) {
        array += "NULL";
      } else if constexpr (std::integral<element> || std::same_as<element, money>) {
        array += *text;
      } else {
        detail::append_array_element(array, *text);
      }
    }
    return array + '}';
  } else {
    return std::string(std::string_view(value));
  }
}

/// A statement with its parameters, ready to be sent.
struct bound_statement {
  const statement* what;
  std::vector<parameter> parameters;
};

/// Binds parameters in order: $1, $2, …
template <class... T>
bound_statement bind(const statement& what, const T&... values) {
  bound_statement bound{&what, {}};
  bound.parameters.reserve(sizeof...(T));
  (bound.parameters.push_back(to_parameter(values)), ...);
  return bound;
}

}  // namespace ticketshow::pg
