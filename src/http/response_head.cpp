#include "http/response_head.hpp"

#include <ctime>

#include <boost/beast/http/status.hpp>
#include <fmt/format.h>

#include "rt/log.hpp"

namespace ticketshow::http {
void write_head(std::string& out, const response& answer, bool keep_alive, std::string_view date) {
  out.clear();
  const auto reason = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(answer.status));
  fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", answer.status,
                 std::string_view(reason.data(), reason.size()));
  for (const auto& [name, value] : answer.headers) {
    if (!is_safe({name, value})) {
      rt::log::error("header with a line break left out", {{"status", answer.status}});
      continue;
    }
    out.append(name).append(": ").append(value).append("\r\n");
  }
  if (status_has_body(answer.status) && !answer.stream) {
    fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", answer.bytes().size());
  }
  out.append("Date: ").append(date).append("\r\n");
  if (!keep_alive) out.append("Connection: close\r\n");
  out.append("\r\n");
}

std::string_view current_date() {
  static std::time_t written = 0;
  static char text[40] = {};
  static std::size_t size = 0;
  const auto now = std::time(nullptr);
  if (now != written) {
    std::tm parts{};
    gmtime_r(&now, &parts);
    size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    written = now;
  }
  return {text, size};
}

response make_problem(int status, std::string_view code, std::string_view title, std::string_view detail) {
  return {.status = status,
          .headers = {{"Content-Type", "application/problem+json"}, {"Cache-Control", "no-store"}},
          .body = fmt::format(R"({{"type":"about:blank","title":"{}","status":{},"code":"{}","detail":"{}"}})", title,
                              status, code, detail)};
}

}  // namespace ticketshow::http
