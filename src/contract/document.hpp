#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ticketshow::contract {

/// A parsed JSON value whose numbers keep their text, so that an amount of money never becomes a binary float.
struct json_node {
  enum class kind { null, boolean, number, string, array, object };

  kind type = kind::null;
  bool boolean = false;
  std::string text;                 ///< of a string (decoded) or a number (as written)
  std::vector<json_node> children;  ///< of an array or an object
  std::vector<std::string> names;   ///< of an object's members, beside children

  /// The member of an object, or nullptr.
  [[nodiscard]] const json_node* find(std::string_view name) const;
};

/// The deepest nesting that is read; deeper documents are refused.
inline constexpr std::size_t max_json_depth = 16;

/// Parses one JSON text (RFC 8259, UTF-8, duplicate names refused). On failure `why` gets a sentence and the result is
/// null.
struct parsed_document {
  json_node root;
  bool ok = false;
  std::string why;
};
parsed_document parse_document(std::string_view text);

}  // namespace ticketshow::contract
