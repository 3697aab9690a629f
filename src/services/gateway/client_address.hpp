#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/address.hpp>

#include "http/message.hpp"

namespace ticketshow::gateway {

/// The proxies in front of us whose word about the client's address is taken.
class proxy_list {
 public:
  /// Throws std::runtime_error with a sentence when one is not an IP address.
  explicit proxy_list(const std::vector<std::string>& addresses);

  /// The address of whoever sent the request: the peer, unless that is one of the proxies; then the last address of
  /// X-Forwarded-For that is none of them. What a client writes into the header itself stands further left and counts
  /// for nothing. A view into the request.
  [[nodiscard]] std::string_view client_of(const http::request& incoming) const;

  /// Whether the request names its client in X-Forwarded-For and came from nobody whose word is taken: a client that
  /// makes things up, or a proxy that was forgotten in the settings.
  [[nodiscard]] bool passes_over(const http::request& incoming) const;

 private:
  [[nodiscard]] bool trusts(std::string_view address) const;

  std::vector<boost::asio::ip::address> proxies_;
};

/// What limits count as one address: an IPv4 address, or the /64 network of an IPv6 address, of which one customer has
/// 2^64. IPv4 within IPv6 (::ffff:192.0.2.1) is IPv4. All that is no address counts as one.
std::array<unsigned char, 9> network_of(std::string_view address);

bool is_loopback(std::string_view address);

}  // namespace ticketshow::gateway
