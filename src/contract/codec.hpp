#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <boost/describe.hpp>
#include <boost/mp11.hpp>

#include "base/money.hpp"
#include "base/time.hpp"
#include "contract/document.hpp"
#include "contract/endpoint.hpp"
#include "contract/problem.hpp"

/// JSON for described types. On the wire: money is an exact decimal number of major units, timestamp RFC 3339, a date
/// YYYY-MM-DD, an enum its name, an empty optional null; `cookie`, `header` and `content` members are left out.
namespace ticketshow::contract {

template <class T>
concept described = boost::describe::has_describe_members<T>::value && !std::is_enum_v<T>;

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};
template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};
template <class T>
struct is_cached : std::false_type {};
template <class T>
struct is_cached<cached<T>> : std::true_type {};

/// What never stands in JSON, though it is a member of a described type.
template <class T>
concept beside_json = std::same_as<T, cookie> || std::same_as<T, header> || std::same_as<T, content>;

/// Calls `visit(name, value)` for each described member, in order of declaration, those of described bases first.
template <class T, class F>
  requires described<std::remove_const_t<T>>
void for_each_member(T& object, F&& visit) {
  using members = boost::describe::describe_members<std::remove_const_t<T>,
                                                    boost::describe::mod_public | boost::describe::mod_inherited>;
  boost::mp11::mp_for_each<members>([&](auto member) { visit(std::string_view(member.name), object.*member.pointer); });
}

// ---- writing

/// Appends `text` as a JSON string with its quotes.
void write_string(std::string& out, std::string_view text);

template <class T>
std::string_view enum_name(T value) {
  const char* name = boost::describe::enum_to_string(value, "");
  return name;
}

template <class T>
void write_json(std::string& out, const T& value) {
  if constexpr (std::same_as<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::integral<T>) {
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  } else if constexpr (std::is_enum_v<T>) {
    write_string(out, enum_name(value));
  } else if constexpr (std::same_as<T, money>) {
    out += to_string(value);
  } else if constexpr (std::same_as<T, timestamp>) {
    write_string(out, to_rfc3339(value));
  } else if constexpr (std::same_as<T, std::chrono::year_month_day>) {
    write_string(out, to_string(value));
  } else if constexpr (is_optional<T>::value) {
    if (value) {
      write_json(out, *value);
    } else {
      out += "null";
    }
  } else if constexpr (is_vector<T>::value) {
    out += '[';
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i != 0) out += ',';
      write_json(out, value[i]);
    }
    out += ']';
  } else if constexpr (is_cached<T>::value) {
    out += *value.json;
  } else if constexpr (described<T>) {
    out += '{';
    bool first = true;
    for_each_member(value, [&](std::string_view name, const auto& member) {
      if constexpr (!beside_json<std::remove_cvref_t<decltype(member)>>) {
        if (!std::exchange(first, false)) out += ',';
        out += '"';
        out += name;  // an identifier of ours: nothing to escape
        out += "\":";
        write_json(out, member);
      }
    });
    out += '}';
  } else {
    write_string(out, std::string_view(value));
  }
}

// ---- reading

using problems = std::vector<field_problem>;

/// Each gives true when `text` is a T. `why` gets what was expected otherwise.
bool read_integer(std::string_view text, std::int64_t& out, std::string& why);
bool read_text(std::string_view text, std::string& out, std::string& why);
bool read_boolean(std::string_view text, bool& out, std::string& why);
bool read_money(std::string_view text, money& out, std::string& why);
bool read_timestamp(std::string_view text, timestamp& out, std::string& why);
bool read_date(std::string_view text, std::chrono::year_month_day& out, std::string& why);

/// Reads a scalar from text: of a path, a query, a JSON string or a JSON number.
template <class T>
bool read_scalar(std::string_view text, T& out, std::string& why) {
  if constexpr (std::same_as<T, bool>) {
    return read_boolean(text, out, why);
  } else if constexpr (std::integral<T>) {
    std::int64_t wide = 0;
    if (!read_integer(text, wide, why)) return false;
    if (!std::in_range<T>(wide)) {
      why = "is out of range";
      return false;
    }
    out = static_cast<T>(wide);
    return true;
  } else if constexpr (std::is_enum_v<T>) {
    const std::string name(text);
    if (name.size() == std::strlen(name.c_str()) && boost::describe::enum_from_string(name.c_str(), out)) return true;
    why = "must be one of";
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
        [&](auto each) { why += std::string(why.ends_with("of") ? " " : ", ") + each.name; });
    return false;
  } else if constexpr (std::same_as<T, money>) {
    return read_money(text, out, why);
  } else if constexpr (std::same_as<T, timestamp>) {
    return read_timestamp(text, out, why);
  } else if constexpr (std::same_as<T, std::chrono::year_month_day>) {
    return read_date(text, out, why);
  } else {
    return read_text(text, out, why);
  }
}

template <class T>
constexpr json_node::kind json_kind_of() {
  if constexpr (std::same_as<T, bool>) {
    return json_node::kind::boolean;
  } else if constexpr (std::integral<T> || std::same_as<T, money>) {
    return json_node::kind::number;
  } else {
    return json_node::kind::string;
  }
}

/// Reads `node` into `out`; what is wrong is added to `found` with `pointer` before it.
template <class T>
void read_json(const json_node& node, T& out, const std::string& pointer, problems& found) {
  if constexpr (is_optional<T>::value) {
    if (node.type == json_node::kind::null) {
      out.reset();
    } else {
      read_json(node, out.emplace(), pointer, found);
    }
  } else if constexpr (is_vector<T>::value) {
    if (node.type != json_node::kind::array) {
      found.push_back({pointer, "must be an array"});
      return;
    }
    out.resize(node.children.size());
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      read_json(node.children[i], out[i], pointer + '/' + std::to_string(i), found);
    }
  } else if constexpr (described<T>) {
    if (node.type != json_node::kind::object) {
      found.push_back({pointer, "must be an object"});
      return;
    }
    for_each_member(out, [&](std::string_view name, auto& member) {
      using member_type = std::remove_cvref_t<decltype(member)>;
      if constexpr (!beside_json<member_type>) {
        const auto place = pointer + '/' + std::string(name);
        if (const auto* child = node.find(name)) {
          read_json(*child, member, place, found);
        } else if constexpr (!is_optional<member_type>::value) {
          found.push_back({place, "is missing"});
        }
      }
    });
  } else {
    if (node.type != json_kind_of<T>()) {
      constexpr auto wanted = json_kind_of<T>();
      found.push_back({pointer, wanted == json_node::kind::boolean  ? "must be true or false"
                                : wanted == json_node::kind::number ? "must be a number"
                                                                    : "must be a string"});
      return;
    }
    if constexpr (std::same_as<T, bool>) {
      out = node.boolean;
    } else {
      std::string why;
      if (!read_scalar(node.text, out, why)) found.push_back({pointer, why});
    }
  }
}

// ---- limits

void check_number(const field& limits, std::int64_t value, const std::string& pointer, problems& found);
void check_amount(const field& limits, money value, const std::string& pointer, problems& found);
void check_string(const field& limits, std::string_view value, const std::string& pointer, problems& found);
void check_count(const field& limits, std::size_t count, const std::string& pointer, problems& found);
void check_bytes(const field& limits, std::size_t count, const std::string& pointer, problems& found);

template <class T>
void check_limits(const field& limits, const T& value, const std::string& pointer, problems& found) {
  if constexpr (is_optional<T>::value) {
    if (value) check_limits(limits, *value, pointer, found);
  } else if constexpr (is_vector<T>::value) {
    check_count(limits, value.size(), pointer, found);
  } else if constexpr (std::same_as<T, money>) {
    check_amount(limits, value, pointer, found);
  } else if constexpr (std::integral<T> && !std::same_as<T, bool>) {
    check_number(limits, static_cast<std::int64_t>(value), pointer, found);
  } else if constexpr (std::convertible_to<T, std::string_view>) {
    check_string(limits, value, pointer, found);
  } else if constexpr (std::same_as<T, content>) {
    check_bytes(limits, value.bytes.size(), pointer, found);
  }
}

const field* find_field(std::span<const field> fields, std::string_view name);

}  // namespace ticketshow::contract
