#pragma once

#include <memory>
#include <string>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "http/session.hpp"

/// A client's side of TLS 1.2 and 1.3: the server must show a certificate for its host name, signed by an authority
/// that is trusted.
namespace ticketshow::http {

using tls_stream = boost::asio::ssl::stream<tcp_socket&>;

/// Trusts the authorities that the system trusts, and those of `ca_file` (PEM) unless it is empty. Throws
/// std::runtime_error with a sentence when that file cannot be read.
std::unique_ptr<boost::asio::ssl::context> trusting_context(const std::string& ca_file);

/// Says before the handshake whose certificate is wanted: that of a name, which is told to the server too (SNI), or of
/// an IP address.
void expect_host(tls_stream& stream, const std::string& host);

/// Why a handshake failed, as OpenSSL words it: the certificate if that was refused, else `failure`.
std::string reason_of(tls_stream& stream, const boost::system::error_code& failure);

/// Whether it holds nothing that came and was not yet read.
bool holds_nothing(tls_stream& stream);

}  // namespace ticketshow::http
