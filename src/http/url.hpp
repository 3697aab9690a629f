#pragma once

#include <optional>
#include <string>

#include "http/client.hpp"

namespace ticketshow::http {

/// Where the server of a URL is, as an operator writes it into a setting: http:// or https://, a host (an IPv6 address
/// in brackets), perhaps a port and a path that stands before all others. Nothing for any other text, one with a user,
/// a query or a fragment included.
std::optional<client_options> options_for(const std::string& url);

/// The value of the header Host in requests to this server; the port is in it unless it is the scheme's own.
std::string host_header(const client_options& server);

/// The server as a browser names it: "https://host", with the port unless it is the scheme's own.
std::string origin_of(const client_options& server);

}  // namespace ticketshow::http
