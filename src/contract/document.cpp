#include "contract/document.hpp"

#include <algorithm>

#include <boost/json/basic_parser_impl.hpp>

namespace ticketshow::contract {
namespace {

namespace json = boost::json;

/// Boost.JSON's parser calls these for each piece; it hands numbers over with their text.
struct tree_builder {
  static constexpr std::size_t max_object_size = 256;  // names are compared with each other
  static constexpr std::size_t max_array_size = 10'000;
  static constexpr std::size_t max_key_size = 1'024;
  static constexpr std::size_t max_string_size = 64UZ * 1024;

  json_node root;
  std::vector<json_node> open;  // arrays and objects not closed yet, outermost first
  std::string text;             // a string, name or number that comes in pieces
  bool duplicate_name = false;

  void place(json_node&& node) {
    if (open.empty()) {
      root = std::move(node);
    } else {
      open.back().children.push_back(std::move(node));
    }
  }
  void place_text(json_node::kind type, json::string_view last) {
    text.append(last.data(), last.size());
    place({.type = type, .text = std::exchange(text, {})});
  }
  void close() {
    auto node = std::move(open.back());
    open.pop_back();
    place(std::move(node));
  }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) {
    open.push_back({.type = json_node::kind::object});
    return true;
  }
  bool on_object_end(std::size_t, json::error_code&) {
    close();
    return true;
  }
  bool on_array_begin(json::error_code&) {
    open.push_back({.type = json_node::kind::array});
    return true;
  }
  bool on_array_end(std::size_t, json::error_code&) {
    close();
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    text.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view last, std::size_t, json::error_code&) {
    text.append(last.data(), last.size());
    auto& names = open.back().names;
    duplicate_name = duplicate_name || std::ranges::find(names, text) != names.end();
    names.push_back(std::exchange(text, {}));
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    text.append(part.data(), part.size());
    return true;
  }
  bool on_string(json::string_view last, std::size_t, json::error_code&) {
    place_text(json_node::kind::string, last);
    return true;
  }
  bool on_number_part(json::string_view part, json::error_code&) {
    text.append(part.data(), part.size());
    return true;
  }
  bool on_int64(std::int64_t, json::string_view last, json::error_code&) {
    place_text(json_node::kind::number, last);
    return true;
  }
  bool on_uint64(std::uint64_t, json::string_view last, json::error_code&) {
    place_text(json_node::kind::number, last);
    return true;
  }
  bool on_double(double, json::string_view last, json::error_code&) {
    place_text(json_node::kind::number, last);
    return true;
  }
  bool on_bool(bool value, json::error_code&) {
    place({.type = json_node::kind::boolean, .boolean = value});
    return true;
  }
  bool on_null(json::error_code&) {
    place({});
    return true;
  }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }
};

}  // namespace

const json_node* json_node::find(std::string_view name) const {
  const auto found = std::ranges::find(names, name);
  return found == names.end() ? nullptr : &children[static_cast<std::size_t>(found - names.begin())];
}

parsed_document parse_document(std::string_view text) {
  json::parse_options options;
  options.max_depth = max_json_depth;
  json::basic_parser<tree_builder> parser(options);
  json::error_code failure;
  const auto used = parser.write_some(false, text.data(), text.size(), failure);
  if (failure) {
    return {.why = "The body is not valid JSON: " + failure.message() + "."};
  }
  if (text.find_first_not_of(" \t\r\n", used) != std::string_view::npos) {
    return {.why = "The body goes on after the end of the JSON value."};
  }
  if (parser.handler().duplicate_name) return {.why = "An object in the body names a member twice."};
  return {.root = std::move(parser.handler().root), .ok = true};
}

}  // namespace ticketshow::contract
