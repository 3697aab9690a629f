#include "http/tls.hpp"

#include <stdexcept>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace ticketshow::http {

namespace asio = boost::asio;

std::unique_ptr<asio::ssl::context> trusting_context(const std::string& ca_file) {
  auto made = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(made->native_handle(), TLS1_2_VERSION);
  made->set_default_verify_paths();
  made->set_verify_mode(asio::ssl::verify_peer);
  if (ca_file.empty()) return made;
  boost::system::error_code failure;
  made->load_verify_file(ca_file, failure);
  if (failure) {
    throw std::runtime_error(fmt::format("{}: no certificates can be read from it: {}.", ca_file, failure.message()));
  }
  return made;
}

void expect_host(tls_stream& stream, const std::string& host) {
  auto* const session = stream.native_handle();
  boost::system::error_code no_address;
  asio::ip::make_address(host, no_address);
  if (no_address) {
    SSL_set_tlsext_host_name(session, host.c_str());
    SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set1_host(session, host.c_str());
  } else {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host.c_str());
  }
}

std::string reason_of(tls_stream& stream, const boost::system::error_code& failure) {
  const auto verdict = SSL_get_verify_result(stream.native_handle());
  return verdict == X509_V_OK ? failure.message() : X509_verify_cert_error_string(verdict);
}

bool holds_nothing(tls_stream& stream) {
  auto* const session = stream.native_handle();
  return SSL_has_pending(session) == 0 && BIO_ctrl_pending(SSL_get_rbio(session)) == 0;
}

}  // namespace ticketshow::http
