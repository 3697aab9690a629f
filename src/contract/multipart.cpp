#include "contract/multipart.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "http/message.hpp"

namespace ticketshow::contract {
namespace {

constexpr std::size_t most_parts = 16;
constexpr std::size_t most_header_bytes = 1'024;
constexpr std::string_view line_end = "\r\n";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t";
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(blanks)));
  const auto last = text.find_last_not_of(blanks);
  return last == std::string_view::npos ? std::string_view{} : text.substr(0, last + 1);
}

/// Takes a value off the front of `rest`: a token, or a quoted string, whose escapes are undone.
std::optional<std::string> take_value(std::string_view& rest) {
  if (!rest.starts_with('"')) {
    const auto token = rest.substr(0, rest.find_first_of("; \t"));
    rest.remove_prefix(token.size());
    return std::string(token);
  }
  std::string value;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return value;
    }
    if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
    value += rest[i];
  }
  return std::nullopt;
}

/// The parameter of a header's value like `form-data; name="poster"`; nothing when it is not there, or twice.
std::optional<std::string> parameter_of(std::string_view value, std::string_view name) {
  std::optional<std::string> found;
  auto rest = value.substr(std::min(value.size(), value.find(';')));
  while (rest.starts_with(';')) {
    rest = trimmed(rest.substr(1));
    const auto sign = rest.find('=');
    if (sign == std::string_view::npos) return std::nullopt;
    const auto key = trimmed(rest.substr(0, sign));
    rest.remove_prefix(sign + 1);
    auto given = take_value(rest);
    if (!given) return std::nullopt;
    if (http::same_name(key, name)) {
      if (found) return std::nullopt;
      found = std::move(given);
    }
    rest = trimmed(rest);
  }
  return rest.empty() ? found : std::nullopt;
}

bool has_main_value(std::string_view value, std::string_view wanted) {
  return http::same_name(trimmed(value.substr(0, value.find(';'))), wanted);
}

/// RFC 2046: 1 to 70 of these, not ending with a blank.
bool is_boundary(std::string_view text) {
  constexpr auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("'()+_,-./:=? ").contains(c);
  };
  return !text.empty() && text.size() <= 70 && std::ranges::all_of(text, allowed) && !text.ends_with(' ');
}

/// The name that a part's headers give it; nothing when they give none or are malformed.
std::optional<std::string> name_of(std::string_view headers) {
  std::optional<std::string> name;
  while (!headers.empty()) {
    const auto line = headers.substr(0, headers.find(line_end));
    headers.remove_prefix(std::min(headers.size(), line.size() + line_end.size()));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    if (!http::same_name(line.substr(0, colon), "Content-Disposition")) continue;
    const auto value = trimmed(line.substr(colon + 1));
    if (name || !has_main_value(value, "form-data")) return std::nullopt;
    name = parameter_of(value, "name");
    if (!name) return std::nullopt;
  }
  return name;
}

}  // namespace

std::expected<std::string_view, multipart_error> form_field(std::string_view content_type, std::string_view body,
                                                            std::string_view name) {
  using enum multipart_error;
  const auto boundary = parameter_of(content_type, "boundary");
  if (!has_main_value(content_type, "multipart/form-data") || !boundary || !is_boundary(*boundary)) {
    return std::unexpected(not_multipart);
  }
  const auto delimiter = "\r\n--" + *boundary;
  if (!body.starts_with(std::string_view(delimiter).substr(line_end.size()))) return std::unexpected(malformed);
  body.remove_prefix(delimiter.size() - line_end.size());

  std::optional<std::string_view> found;
  for (std::size_t parts = 0; !body.starts_with("--"); ++parts) {
    if (parts == most_parts || !body.starts_with(line_end)) return std::unexpected(malformed);
    body.remove_prefix(line_end.size());
    const auto head = body.substr(0, most_header_bytes);
    const auto head_end = head.find("\r\n\r\n");
    if (head_end == std::string_view::npos) return std::unexpected(malformed);
    const auto given = name_of(head.substr(0, head_end));
    if (!given) return std::unexpected(malformed);
    body.remove_prefix(head_end + line_end.size());  // the empty line may be the delimiter's own
    const auto end = body.find(delimiter);
    if (end == std::string_view::npos) return std::unexpected(malformed);
    if (*given == name) {
      if (found) return std::unexpected(several_fields);
      found = body.substr(std::min(end, line_end.size()), end - std::min(end, line_end.size()));
    }
    body.remove_prefix(end + delimiter.size());
  }
  if (body != "--" && body != "--\r\n") return std::unexpected(malformed);
  if (!found) return std::unexpected(no_such_field);
  return *found;
}

}  // namespace ticketshow::contract
