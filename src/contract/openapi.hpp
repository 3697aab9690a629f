#pragma once

#include <functional>
#include <map>
#include <string>
#include <typeindex>
#include <typeinfo>

#include <boost/json/object.hpp>

#include "base/assert.hpp"
#include "contract/endpoint.hpp"
#include "contract/wire.hpp"

namespace ticketshow::contract {

/// The last part of a type's name: "show" of ticketshow::catalog::show.
std::string short_type_name(std::string_view pretty_function);

template <class T>
std::string type_name() {
  return short_type_name(__PRETTY_FUNCTION__);
}

/// Builds the OpenAPI 3.1 document from declared endpoints. What services offer only to each other is left out.
class openapi_document {
 public:
  openapi_document(const std::string& title, const std::string& version, std::string prefix);

  /// Adds every endpoint of a port under the chapter `tag`.
  template <class Port>
  void add(std::string_view tag) {
    add_list(tag, typename Port::list{});
  }

  /// The document, indented, the same bytes for the same endpoints.
  [[nodiscard]] std::string print() const;

 private:
  template <class... E>
  void add_list(std::string_view tag, endpoints<E...>) {
    (add_endpoint<E>(tag), ...);
  }

  template <class E>
  void add_endpoint(std::string_view tag);

  /// The schema of a type; described structs and enums go to the components under their name and are referred to.
  template <class T>
  boost::json::object schema_of(const field* limits = nullptr);

  /// The data of a stream's messages, each with the name that tells it from the others.
  template <class... T>
  boost::json::object messages_schema(const stream<T...>& /*of*/) {
    boost::json::array kinds;
    const auto add = [&](boost::json::object schema, std::string_view name) {
      schema["description"] = fmt::format("The data of an event \"{}\".", name);
      kinds.push_back(std::move(schema));
    };
    (add(schema_of<T>(), T::message), ...);
    return {{"anyOf", std::move(kinds)}};
  }

  /// `body` and `answer` by media type; empty when there is none.
  void add_operation(const spec& what, std::string_view tag, std::string_view id, boost::json::array parameters,
                     boost::json::object body, boost::json::object answer, std::span<const error* const> errors);

  /// The short name of a type. Two types of one short name would be mixed up in the document: a broken invariant.
  template <class T>
  std::string name_of() {
    auto name = type_name<T>();
    const auto& owner = owners_.try_emplace(name, typeid(T)).first->second;
    TICKETSHOW_ASSERT(owner == std::type_index(typeid(T)));
    return name;
  }

  static constexpr std::string_view any_media = "application/octet-stream";
  static boost::json::object bytes_schema();
  /// A form with one file, sent as the field `name`.
  static constexpr std::string_view form_media = "multipart/form-data";
  static boost::json::object form_schema(std::string_view name);
  static void add_limits(boost::json::object& schema, const field& limits, std::string_view kind);

  boost::json::object root_;
  boost::json::object schemas_;
  boost::json::object paths_;
  std::string prefix_;
  std::map<std::string, std::type_index, std::less<>> owners_;
};

template <class T>
boost::json::object openapi_document::schema_of(const field* limits) {
  boost::json::object schema;
  if constexpr (is_optional<T>::value || is_cached<T>::value) {
    return schema_of<typename T::value_type>(limits);
  } else if constexpr (std::same_as<T, bool>) {
    schema["type"] = "boolean";
  } else if constexpr (std::integral<T>) {
    schema["type"] = "integer";
    schema["format"] = "int64";
    if (limits != nullptr) add_limits(schema, *limits, "integer");
  } else if constexpr (std::same_as<T, money>) {
    schema["type"] = "number";
    schema["multipleOf"] = 0.01;
    schema["description"] = "An exact decimal amount of major units with two decimals.";
    if (limits != nullptr) add_limits(schema, *limits, "money");
  } else if constexpr (std::same_as<T, timestamp>) {
    schema["type"] = "string";
    schema["format"] = "date-time";
  } else if constexpr (std::same_as<T, std::chrono::year_month_day>) {
    schema["type"] = "string";
    schema["format"] = "date";
  } else if constexpr (std::is_enum_v<T>) {
    const auto name = name_of<T>();
    if (!schemas_.contains(name)) {
      boost::json::array values;
      boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
          [&](auto each) { values.push_back(each.name); });
      schemas_[name] = {{"type", "string"}, {"enum", values}};
    }
    schema["$ref"] = "#/components/schemas/" + name;
  } else if constexpr (is_vector<T>::value) {
    schema["type"] = "array";
    schema["items"] = schema_of<typename T::value_type>();
    if (limits != nullptr) add_limits(schema, *limits, "array");
  } else if constexpr (described<T>) {
    const auto name = name_of<T>();
    if (!schemas_.contains(name)) {
      schemas_[name].emplace_object();  // takes the place first: types may refer to each other
      boost::json::object properties;
      boost::json::array required;
      T sample{};
      for_each_member(sample, [&](std::string_view member_name, auto& member) {
        using member_type = std::remove_cvref_t<decltype(member)>;
        if constexpr (!beside_json<member_type>) {
          const auto* member_limits = find_field(fields_of<T>(), member_name);
          auto member_schema = schema_of<member_type>(member_limits);
          if (member_limits != nullptr && !member_limits->help.empty()) {
            member_schema["description"] = member_limits->help;
          }
          properties[member_name] = std::move(member_schema);
          if constexpr (!is_optional<member_type>::value)
            required.push_back(boost::json::string_view(member_name.data(), member_name.size()));
        }
      });
      boost::json::object object{{"type", "object"}, {"properties", std::move(properties)}};
      if (!required.empty()) object["required"] = std::move(required);
      schemas_[name] = std::move(object);
    }
    schema["$ref"] = "#/components/schemas/" + name;
  } else {
    schema["type"] = "string";
    if (limits != nullptr) add_limits(schema, *limits, "string");
  }
  return schema;
}

template <class E>
void openapi_document::add_endpoint(std::string_view tag) {
  if (E::spec.who == access::service) return;
  boost::json::array parameters;
  boost::json::object body;  // by media type
  boost::json::object body_properties;
  boost::json::array body_required;
  E sample{};
  for_each_member(sample, [&](std::string_view name, auto& member) {
    using type = std::remove_cvref_t<decltype(member)>;
    const auto* limits = find_field(fields_of<E>(), name);
    const auto help = limits == nullptr ? std::string_view{} : limits->help;
    boost::json::object schema;
    if constexpr (std::same_as<type, content>) {
      const auto media = limits == nullptr || limits->format.empty() ? any_media : limits->format;
      body[media] = {{"schema", media == form_media ? form_schema(name) : bytes_schema()}};
      return;
    } else if constexpr (beside_json<type>) {
      schema["type"] = "string";
    } else {
      schema = schema_of<type>(limits);
    }
    const bool path = in_path(E::spec.path, name);
    if (path || !has_json_body<E>() || beside_json<type>) {
      const bool is_header = std::same_as<type, header>;
      boost::json::object parameter{{"name", is_header ? header_name(name) : std::string(name)},
                                    {"in", is_header                    ? "header"
                                           : std::same_as<type, cookie> ? "cookie"
                                           : path                       ? "path"
                                                                        : "query"},
                                    {"required", path || !(is_optional<type>::value || beside_json<type>)},
                                    {"schema", std::move(schema)}};
      if (!help.empty()) parameter["description"] = help;
      parameters.push_back(std::move(parameter));
    } else {
      if (!help.empty()) schema["description"] = help;
      body_properties[name] = std::move(schema);
      if constexpr (!is_optional<type>::value)
        body_required.push_back(boost::json::string_view(name.data(), name.size()));
    }
  });
  if (!body_properties.empty()) {
    boost::json::object schema{{"type", "object"}, {"properties", std::move(body_properties)}};
    if (!body_required.empty()) schema["required"] = std::move(body_required);
    body["application/json"] = {{"schema", std::move(schema)}};
  }
  boost::json::object answer;  // by media type
  if constexpr (std::same_as<typename E::response, content>) {
    std::string_view media = any_media;
    if constexpr (requires { E::media; }) media = E::media;
    answer[media] = {{"schema", bytes_schema()}};
  } else if constexpr (is_stream<typename E::response>::value) {
    answer[stream_media] = {{"schema", messages_schema(typename E::response{})}};
  } else if constexpr (!std::same_as<typename E::response, nothing>) {
    answer["application/json"] = {{"schema", schema_of<typename E::response>()}};
  }
  add_operation(E::spec, tag, name_of<E>(), std::move(parameters), std::move(body), std::move(answer), errors_of<E>());
}

}  // namespace ticketshow::contract
