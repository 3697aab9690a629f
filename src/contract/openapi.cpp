#include "contract/openapi.hpp"

#include <algorithm>
#include <map>

namespace ticketshow::contract {
namespace {

namespace json = boost::json;

/// Prints JSON with two blanks an indent, so that a change of the API reads well as a diff.
void print_pretty(std::string& out, const json::value& value, std::size_t depth) {
  const auto indent = [&](std::size_t levels) { out.append(levels * 2, ' '); };
  if (value.is_object() && !value.get_object().empty()) {
    out += "{\n";
    bool first = true;
    for (const auto& [name, member] : value.get_object()) {
      if (!std::exchange(first, false)) out += ",\n";
      indent(depth + 1);
      out += json::serialize(json::string_view(name)) + ": ";
      print_pretty(out, member, depth + 1);
    }
    out += '\n';
    indent(depth);
    out += '}';
  } else if (value.is_array() && !value.get_array().empty()) {
    out += "[\n";
    bool first = true;
    for (const auto& element : value.get_array()) {
      if (!std::exchange(first, false)) out += ",\n";
      indent(depth + 1);
      print_pretty(out, element, depth + 1);
    }
    out += '\n';
    indent(depth);
    out += ']';
  } else if (value.is_double()) {
    out += fmt::format("{}", value.get_double());
  } else {
    out += json::serialize(value);
  }
}

json::object problem_schema() {
  const json::object text{{"type", "string"}};
  return {
      {"type", "object"},
      {"required", json::array{"type", "title", "status", "code", "detail"}},
      {"properties",
       {{"type", text},
        {"title", text},
        {"status", {{"type", "integer"}}},
        {"code", {{"type", "string"}, {"description", "Stable; branch on this."}}},
        {"detail", {{"type", "string"}, {"description", "One sentence for a human being."}}},
        {"correlation_id", text},
        {"errors",
         {{"type", "array"}, {"items", {{"type", "object"}, {"properties", {{"pointer", text}, {"message", text}}}}}}},
        {"seat_ids", {{"type", "array"}, {"items", {{"type", "integer"}}}}}}}};
}

std::string status_text(int status) { return std::to_string(status); }

}  // namespace

openapi_document::openapi_document(const std::string& title, const std::string& version, std::string prefix)
    : prefix_(std::move(prefix)) {
  root_["openapi"] = "3.1.0";
  root_["info"] = {
      {"title", title}, {"version", version}, {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}};
  root_["servers"] = json::array{{{"url", prefix_}}};
  schemas_["problem"] = problem_schema();
}

void openapi_document::add_limits(json::object& schema, const field& limits, std::string_view kind) {
  const bool has_min = limits.min != std::numeric_limits<std::int64_t>::min();
  const bool has_max = limits.max != std::numeric_limits<std::int64_t>::max();
  const auto put = [&](const char* low, const char* high) {
    if (has_min) schema[low] = limits.min;
    if (has_max) schema[high] = limits.max;
  };
  if (kind == "integer") put("minimum", "maximum");
  if (kind == "array") put("minItems", "maxItems");
  if (kind == "string") put("minLength", "maxLength");
  if (kind == "money") {
    if (has_min) schema["minimum"] = static_cast<double>(limits.min) / 100;
    if (has_max) schema["maximum"] = static_cast<double>(limits.max) / 100;
  }
  if (limits.format == "email" || limits.format == "password") schema["format"] = limits.format;
  if (limits.format == "clock") schema["pattern"] = "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$";
}

void openapi_document::add_operation(const spec& what, std::string_view tag, std::string_view id,
                                     json::array parameters, json::object body, json::object answer,
                                     std::span<const error* const> errors) {
  json::object operation{
      {"operationId", id}, {"summary", what.summary}, {"tags", json::array{what.tag.empty() ? tag : what.tag}}};
  if (what.who != access::all) operation["security"] = json::array{{{"bearer", json::array{}}}};
  if (!parameters.empty()) operation["parameters"] = std::move(parameters);
  if (!body.empty()) {
    operation["requestBody"] = {{"required", true}, {"content", std::move(body)}};
  }
  json::object responses;
  json::object success{{"description", "Done."}};
  const bool has_content = !answer.empty();
  if (has_content) success["content"] = std::move(answer);
  responses[status_text(!has_content && what.status == 200 ? 204 : what.status)] = std::move(success);

  std::map<int, std::vector<const error*>> by_status;
  by_status[422].push_back(&validation_failed);
  by_status[429].push_back(&too_many_requests);
  if (what.who != access::all) by_status[401].push_back(&not_authenticated);
  if (what.who == access::admin || what.who == access::staff) by_status[403].push_back(&not_allowed);
  for (const auto* each : errors) by_status[each->status].push_back(each);
  for (const auto& [status, kinds] : by_status) {
    std::string description;
    for (const auto* each : kinds)
      description += fmt::format("{}`{}`: {}", description.empty() ? "" : " ", each->code, each->title);
    responses[status_text(status)] = {
        {"description", description},
        {"content", {{"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/problem"}}}}}}}};
  }
  operation["responses"] = std::move(responses);

  auto verb = std::string(to_string(what.verb));
  std::ranges::transform(verb, verb.begin(), [](char c) { return static_cast<char>(c - 'A' + 'a'); });
  auto& path = paths_[what.path];
  if (!path.is_object()) path.emplace_object();
  path.get_object()[verb] = std::move(operation);
}

json::object openapi_document::bytes_schema() { return {{"type", "string"}, {"format", "binary"}}; }

json::object openapi_document::form_schema(std::string_view name) {
  return {{"type", "object"}, {"properties", {{name, bytes_schema()}}}, {"required", {name}}};
}

std::string openapi_document::print() const {
  auto document = root_;
  document["paths"] = paths_;
  document["components"] = {
      {"schemas", schemas_},
      {"securitySchemes", {{"bearer", {{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}}}}};
  std::string text;
  print_pretty(text, document, 0);
  return text + '\n';
}

std::string short_type_name(std::string_view pretty_function) {
  auto name = pretty_function.substr(pretty_function.find("T = ") + 4);
  name = name.substr(0, name.find_first_of("];"));
  return std::string(name.substr(name.rfind(':') == std::string_view::npos ? 0 : name.rfind(':') + 1));
}

}  // namespace ticketshow::contract
