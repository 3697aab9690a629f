#include "http/url.hpp"

#include <charconv>

#include <boost/url/parse.hpp>
#include <fmt/format.h>

namespace ticketshow::http {
namespace {

constexpr std::uint16_t usual_port(bool tls) { return tls ? 443 : 80; }

/// 0 for what is no port.
std::uint16_t port_in(std::string_view digits) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return error == std::errc{} && end == digits.data() + digits.size() ? port : 0;
}

}  // namespace

std::optional<client_options> options_for(const std::string& url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed || (parsed->scheme() != "http" && parsed->scheme() != "https")) return {};
  if (parsed->has_userinfo() || parsed->has_query() || parsed->has_fragment()) return {};
  client_options server{.host = std::string(parsed->host_address()),
                        .tls = parsed->scheme() == "https",
                        .prefix = std::string(parsed->encoded_path())};
  server.port = parsed->has_port() ? port_in(parsed->port()) : usual_port(server.tls);
  if (server.host.empty() || server.port == 0) return {};
  while (server.prefix.ends_with('/')) server.prefix.pop_back();
  return server;
}

std::string host_header(const client_options& server) {
  const auto host = server.host.contains(':') ? fmt::format("[{}]", server.host) : server.host;
  return server.port == usual_port(server.tls) ? host : fmt::format("{}:{}", host, server.port);
}

std::string origin_of(const client_options& server) {
  return fmt::format("{}://{}", server.tls ? "https" : "http", host_header(server));
}

}  // namespace ticketshow::http
