#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ticketshow::http {

enum class method { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS };

std::string_view to_string(method verb);

/// Compares header names: ASCII letters without regard to case.
bool same_name(std::string_view a, std::string_view b);

struct header_view {
  std::string_view name;
  std::string_view value;
};

/// Whether a header can be written: with CR, LF or NUL in it somebody could write headers of his own.
bool is_safe(header_view header);

/// A request as views into bytes that somebody else owns: the server's read buffer until the handler's task has ended,
/// or the caller's strings while a client's send() is awaited.
struct request {
  method verb = method::GET;
  std::string_view target;  ///< path and query as sent, percent-encoded: "/api/v1/shows?limit=5"
  std::span<const header_view> headers;
  std::string_view body;
  std::string_view remote_address;  ///< of the peer, without port; empty for a request that is going out

  /// The first header of this name, or an empty view.
  [[nodiscard]] std::string_view header(std::string_view name) const {
    const auto found = std::ranges::find_if(headers, [&](const auto& each) { return same_name(each.name, name); });
    return found == headers.end() ? std::string_view{} : found->value;
  }
  [[nodiscard]] std::string_view path() const { return target.substr(0, target.find('?')); }
  [[nodiscard]] std::string_view query() const {
    const auto mark = target.find('?');
    return mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
  }
};

struct header {
  std::string name;
  std::string value;
};

class body_source;

/// An answer. Its bytes are `shared_body` when that is set (kept ready and sent to many without a copy), else `body`;
/// with a `stream` it has none of them, but what that gives.
struct response {
  int status = 200;
  std::vector<header> headers;  ///< without Content-Length, Connection and Date, which the server adds
  std::string body;
  std::shared_ptr<const std::string> shared_body;
  std::shared_ptr<body_source> stream = nullptr;

  [[nodiscard]] std::string_view bytes() const {
    return shared_body ? std::string_view(*shared_body) : std::string_view(body);
  }
  /// The first header of this name, or an empty view.
  [[nodiscard]] std::string_view header(std::string_view name) const {
    const auto found = std::ranges::find_if(headers, [&](const auto& each) { return same_name(each.name, name); });
    return found == headers.end() ? std::string_view{} : std::string_view(found->value);
  }
};

}  // namespace ticketshow::http
