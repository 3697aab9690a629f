#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "contract/codec.hpp"
#include "contract/endpoint.hpp"
#include "contract/stream.hpp"
#include "http/message.hpp"

/// Turns the requests and responses of endpoints into HTTP messages and back: one definition for server and client.
namespace ticketshow::contract {

/// The named parts of a matched path: {"id", "42"}. Views into the target.
using path_values = std::vector<std::pair<std::string_view, std::string_view>>;

/// Undoes percent-encoding ("+" becomes a blank when `form`); nothing for broken escapes or bytes that are not UTF-8.
std::optional<std::string> percent_decode(std::string_view text, bool form);
std::string percent_encode(std::string_view text);
/// The decoded value of a query parameter; nothing when absent. `broken` is set when it cannot be decoded.
std::optional<std::string> query_value(std::string_view query, std::string_view name, bool& broken);
/// The value of a cookie of the request, or an empty view.
std::string_view cookie_value(const http::request& incoming, std::string_view name);
/// Whether the path template has "{name}".
bool in_path(std::string_view path, std::string_view name);
/// Whether the If-None-Match header `sent` covers `etag`.
bool etag_matches(std::string_view sent, std::string_view etag);
/// Whether a Content-Type header says application/json, with whatever parameters.
bool is_json(std::string_view content_type);
std::string set_cookie(std::string_view name, const cookie& value, bool secure);

constexpr bool has_body(http::method verb) {
  return verb == http::method::POST || verb == http::method::PUT || verb == http::method::PATCH;
}

/// The name of the HTTP header that a member of type `header` comes from.
std::string header_name(std::string_view member);
/// The Content-Disposition under which a browser saves a file of this name; and the name that one gives.
std::string disposition_of(std::string_view name);
std::string name_in_disposition(std::string_view disposition);

/// The most bytes of an endpoint's `content` by its fields, 0 when they say nothing; none when its request's body is no
/// `content`.
template <class E>
constexpr std::optional<std::size_t> max_content() {
  std::optional<std::size_t> most;
  boost::mp11::mp_for_each<boost::describe::describe_members<E, boost::describe::mod_public>>([&](auto member) {
    using type = std::remove_cvref_t<decltype(std::declval<E&>().*decltype(member)::pointer)>;
    if constexpr (std::same_as<type, content>) {
      most = 0;
      for (const auto& each : fields_of<E>()) {
        if (each.name == decltype(member)::name) most = static_cast<std::size_t>(each.max);
      }
    }
  });
  return most;
}

/// Whether the body of an endpoint's request is a JSON object of its fields.
template <class E>
constexpr bool has_json_body() {
  return has_body(E::spec.verb) && !max_content<E>();
}

/// What the wire form depends on beside the endpoint.
struct wire_options {
  bool secure_cookies = false;  ///< add "Secure": the public address is https
};

/// Reads and checks an endpoint's request.
template <class E>
result<E> read_request(const http::request& incoming, const path_values& path) {
  E request{};
  problems found;
  parsed_document document;
  if constexpr (has_json_body<E>()) {
    if (!incoming.body.empty()) {
      if (!is_json(incoming.header("Content-Type"))) {
        return fail(malformed_request, "The body must be sent with Content-Type: application/json.");
      }
      document = parse_document(incoming.body);
      if (!document.ok) return fail(malformed_request, document.why);
      if (document.root.type != json_node::kind::object)
        return fail(malformed_request, "The body must be a JSON object.");
    }
  }
  for_each_member(request, [&](std::string_view name, auto& member) {
    using type = std::remove_cvref_t<decltype(member)>;
    const auto* limits = find_field(fields_of<E>(), name);
    const auto before = found.size();
    bool given = true;
    std::string pointer;
    if constexpr (std::same_as<type, cookie>) {
      member.value = cookie_value(incoming, name);
      return;
    } else if constexpr (std::same_as<type, header>) {
      member.value = incoming.header(header_name(name));
      return;
    } else if constexpr (std::same_as<type, content>) {
      member.type = incoming.header("Content-Type");
      member.bytes = incoming.body;
      pointer = std::string(name);
    } else if (in_path(E::spec.path, name)) {
      pointer = std::string(name);
      for (const auto& [key, value] : path) {
        std::string why;
        if constexpr (!is_vector<type>::value && !described<type> && !is_optional<type>::value) {
          if (key != name) continue;
          const auto text = percent_decode(value, false);
          if (!text) {
            found.push_back({pointer, "is not valid percent-encoded UTF-8"});
          } else if (!read_scalar(*text, member, why)) {
            found.push_back({pointer, why});
          }
        }
      }
    } else if constexpr (has_json_body<E>()) {
      pointer = '/' + std::string(name);
      if (const auto* node = document.root.find(name)) {
        read_json(*node, member, pointer, found);
      } else {
        given = false;
        if constexpr (!is_optional<type>::value) found.push_back({pointer, "is missing"});
      }
    } else if constexpr (!described<type>) {
      pointer = '?' + std::string(name);
      bool broken = false;
      const auto text = query_value(incoming.query(), name, broken);
      std::string why;
      if (broken) {
        found.push_back({pointer, "is not valid percent-encoded UTF-8"});
      } else if (!text) {
        given = false;
        if constexpr (!is_optional<type>::value) found.push_back({pointer, "is missing"});
      } else if constexpr (is_optional<type>::value) {
        if (!read_scalar(*text, member.emplace(), why)) found.push_back({pointer, why});
      } else if constexpr (!is_vector<type>::value) {
        if (!read_scalar(*text, member, why)) found.push_back({pointer, why});
      }
    }
    if (given && limits != nullptr && found.size() == before) check_limits(*limits, member, pointer, found);
  });
  if (!found.empty()) {
    constexpr std::size_t most = 20;  // a thousand wrong seats need no thousand sentences
    if (found.size() > most) found.resize(most);
    return std::unexpected(problem{&validation_failed, {}, std::move(found)});
  }
  return request;
}

/// Writes an endpoint's answer.
template <class E>
http::response write_response(typename E::response&& answer, const http::request& incoming,
                              const wire_options& options) {
  using type = typename E::response;
  http::response outgoing{.status = E::spec.status};
  outgoing.headers.reserve(10);  // for those that the gateway adds, too
  if constexpr (std::same_as<type, nothing>) {
    outgoing.status = 204;
  } else if constexpr (std::same_as<type, content>) {
    outgoing.headers.push_back({"Content-Type", std::move(answer.type)});
    if (!answer.name.empty()) outgoing.headers.push_back({"Content-Disposition", disposition_of(answer.name)});
    outgoing.headers.push_back({"Cache-Control", "no-store"});
    outgoing.body = std::move(answer.bytes);
  } else if constexpr (is_stream<type>::value) {
    outgoing.headers.push_back({"Content-Type", std::string(stream_media)});
    outgoing.headers.push_back({"Cache-Control", "no-store"});
    outgoing.headers.push_back({"X-Accel-Buffering", "no"});  // nginx would keep what is to arrive at once
    outgoing.stream = std::move(answer.source);
  } else {
    outgoing.headers.push_back({"Content-Type", "application/json"});
    if constexpr (is_cached<type>::value) {
      outgoing.headers.push_back({"ETag", answer.etag});
      outgoing.headers.push_back({"Cache-Control", "no-cache"});
      if (etag_matches(incoming.header("If-None-Match"), answer.etag)) {
        outgoing.status = 304;
      } else {
        outgoing.shared_body = std::move(answer.json);
      }
    } else {
      write_json(outgoing.body, answer);
      outgoing.headers.push_back({"Cache-Control", "no-store"});
      if constexpr (described<type>) {
        for_each_member(answer, [&](std::string_view name, const auto& member) {
          if constexpr (std::same_as<std::remove_cvref_t<decltype(member)>, cookie>) {
            outgoing.headers.push_back({"Set-Cookie", set_cookie(name, member, options.secure_cookies)});
          }
        });
      }
    }
  }
  return outgoing;
}

/// A request on its way out, owning its bytes.
struct written_request {
  http::method verb;
  std::string target;
  std::vector<http::header> headers;
  std::string body;
  bool wants_stream = false;  ///< the answer goes on: http::response::stream
  bool repeatable = false;    ///< may_be_repeated()
  std::string affinity = {};  ///< the value of the field that spec::affinity names, or empty

  /// Views into `headers`.
  [[nodiscard]] std::vector<http::header_view> header_views() const;
};

/// A scalar as it is written into a path or a query, before percent-encoding.
template <class T>
std::string to_text(const T& value) {
  std::string text;
  if constexpr (std::same_as<T, std::string>) {
    text = value;
  } else {
    write_json(text, value);
    if (text.starts_with('"')) text = text.substr(1, text.size() - 2);  // times and enums need no escapes
  }
  return text;
}

template <class E>
written_request write_request(const E& request, std::string_view prefix) {
  written_request outgoing{.verb = E::spec.verb,
                           .target = std::string(prefix) + std::string(E::spec.path),
                           .wants_stream = is_stream<typename E::response>::value,
                           .repeatable = may_be_repeated(E::spec)};
  std::string query;
  bool first = true;
  for_each_member(request, [&](std::string_view name, const auto& member) {
    using type = std::remove_cvref_t<decltype(member)>;
    if constexpr (std::integral<type>) {
      if (name == E::spec.affinity) outgoing.affinity = to_text(member);
    }
    if constexpr (std::same_as<type, cookie>) {
      if (!member.value.empty()) outgoing.headers.push_back({"Cookie", std::string(name) + '=' + member.value});
    } else if constexpr (std::same_as<type, header>) {
      if (!member.value.empty()) outgoing.headers.push_back({header_name(name), member.value});
    } else if constexpr (std::same_as<type, content>) {
      if (!member.type.empty()) outgoing.headers.push_back({"Content-Type", member.type});
      outgoing.body = member.bytes;
    } else if (in_path(E::spec.path, name)) {
      if constexpr (!is_vector<type>::value && !described<type> && !is_optional<type>::value) {
        const auto hole = '{' + std::string(name) + '}';
        outgoing.target.replace(outgoing.target.find(hole), hole.size(), percent_encode(to_text(member)));
      }
    } else if constexpr (has_json_body<E>()) {
      outgoing.body += std::exchange(first, false) ? '{' : ',';
      write_string(outgoing.body, name);
      outgoing.body += ':';
      write_json(outgoing.body, member);
    } else if constexpr (is_optional<type>::value) {
      if (member) {
        query += std::exchange(first, false) ? '?' : '&';
        query += std::string(name) + '=' + percent_encode(to_text(*member));
      }
    } else if constexpr (!is_vector<type>::value && !described<type>) {
      query += std::exchange(first, false) ? '?' : '&';
      query += std::string(name) + '=' + percent_encode(to_text(member));
    }
  });
  if constexpr (has_json_body<E>()) {
    outgoing.body += first ? "{}" : "}";
    outgoing.headers.push_back({"Content-Type", "application/json"});
  }
  outgoing.target += query;
  return outgoing;
}

/// Reads an endpoint's answer, or the problem it is. Throws std::runtime_error when the answer is neither.
template <class E>
result<typename E::response> read_response(const http::response& answer) {
  using type = typename E::response;
  if (answer.status != E::spec.status && !(answer.status == 204 && std::same_as<type, nothing>)) {
    return std::unexpected(from_response(answer, errors_of<E>()));
  }
  if constexpr (std::same_as<type, nothing>) {
    return nothing{};
  } else if constexpr (std::same_as<type, content>) {
    return content{.type = std::string(answer.header("Content-Type")),
                   .bytes = std::string(answer.bytes()),
                   .name = name_in_disposition(answer.header("Content-Disposition"))};
  } else if constexpr (is_stream<type>::value) {
    if (!answer.stream) throw std::runtime_error(fmt::format("the answer of {} is no stream", E::spec.path));
    return type{answer.stream};
  } else if constexpr (is_cached<type>::value) {
    return type{std::make_shared<const std::string>(answer.bytes()), std::string(answer.header("ETag"))};
  } else {
    type value{};
    problems found;
    const auto document = parse_document(answer.bytes());
    if (document.ok) read_json(document.root, value, "", found);
    if (!document.ok || !found.empty()) {
      throw std::runtime_error(fmt::format("the answer of {} is not what was declared: {}", E::spec.path,
                                           document.ok ? found.front().pointer : document.why));
    }
    if constexpr (described<type>) {
      for_each_member(value, [&](std::string_view name, auto& member) {
        if constexpr (std::same_as<std::remove_cvref_t<decltype(member)>, cookie>) {
          for (const auto& [header, content] : answer.headers) {
            const auto start = std::string(name) + '=';
            if (http::same_name(header, "Set-Cookie") && content.starts_with(start)) {
              member.value = content.substr(start.size(), content.find(';') - start.size());
              const auto age = content.find("Max-Age=");
              if (age != std::string::npos) member.max_age_s = std::atoll(content.c_str() + age + 8);
            }
          }
        }
      });
    }
    return value;
  }
}

}  // namespace ticketshow::contract
