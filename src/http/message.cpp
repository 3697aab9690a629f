#include "http/message.hpp"

namespace ticketshow::http {

std::string_view to_string(method verb) {
  switch (verb) {
    case method::GET:
      return "GET";
    case method::HEAD:
      return "HEAD";
    case method::POST:
      return "POST";
    case method::PUT:
      return "PUT";
    case method::PATCH:
      return "PATCH";
    case method::DELETE:
      return "DELETE";
    case method::OPTIONS:
      return "OPTIONS";
  }
  return {};
}

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_safe(header_view header) {
  constexpr std::string_view unsafe("\r\n\0", 3);
  return header.name.find_first_of(unsafe) == std::string_view::npos &&
         header.value.find_first_of(unsafe) == std::string_view::npos;
}

}  // namespace ticketshow::http
