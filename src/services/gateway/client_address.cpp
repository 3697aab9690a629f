#include "services/gateway/client_address.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <ranges>
#include <stdexcept>

#include <fmt/format.h>

namespace ticketshow::gateway {
namespace {

namespace ip = boost::asio::ip;

std::optional<ip::address> parse(std::string_view text) {
  if (text.empty() || text.size() > 60) return std::nullopt;
  boost::system::error_code failure;
  auto address = ip::make_address(text, failure);
  if (failure) return std::nullopt;
  if (address.is_v6() && address.to_v6().is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  return address;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view{}
                                         : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

proxy_list::proxy_list(const std::vector<std::string>& addresses) {
  for (const auto& each : addresses) {
    const auto address = parse(each);
    if (!address) throw std::runtime_error(fmt::format("The trusted proxy \"{}\" is not an IP address.", each));
    proxies_.push_back(*address);
  }
}

bool proxy_list::trusts(std::string_view address) const {
  const auto parsed = parse(address);
  return parsed && std::ranges::find(proxies_, *parsed) != proxies_.end();
}

std::string_view proxy_list::client_of(const http::request& incoming) const {
  if (proxies_.empty() || !trusts(incoming.remote_address)) return incoming.remote_address;
  // Each proxy appends the peer it saw, to the last header line or as a line of its own: read backwards.
  auto client = incoming.remote_address;
  for (const auto& each : std::views::reverse(incoming.headers)) {
    if (!http::same_name(each.name, "X-Forwarded-For")) continue;
    auto rest = each.value;
    while (!rest.empty()) {
      const auto comma = rest.rfind(',');
      const auto hop = trim(comma == std::string_view::npos ? rest : rest.substr(comma + 1));
      rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(0, comma);
      if (!parse(hop)) return client;  // what a broken hop stands for nobody knows; the last good one is the nearest
      client = hop;
      if (!trusts(hop)) return client;
    }
  }
  return client;
}

bool proxy_list::passes_over(const http::request& incoming) const {
  return !incoming.header("X-Forwarded-For").empty() && !trusts(incoming.remote_address);
}

std::array<unsigned char, 9> network_of(std::string_view address) {
  std::array<unsigned char, 9> network{};
  const auto parsed = parse(address);
  if (!parsed) return network;
  if (parsed->is_v4()) {
    network[0] = 4;
    const auto bytes = parsed->to_v4().to_bytes();
    std::memcpy(network.data() + 1, bytes.data(), bytes.size());
  } else {
    network[0] = 6;
    const auto bytes = parsed->to_v6().to_bytes();
    std::memcpy(network.data() + 1, bytes.data(), 8);
  }
  return network;
}

bool is_loopback(std::string_view address) {
  const auto parsed = parse(address);
  return parsed && parsed->is_loopback();
}

}  // namespace ticketshow::gateway
