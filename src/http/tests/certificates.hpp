#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/x509.h>

namespace ticketshow::http {

/// A certificate and its private key, both PEM.
struct identity {
  std::string certificate;
  std::string key;
};

/// An authority of the test's own.
class authority {
 public:
  authority();

  [[nodiscard]] const std::string& certificate() const { return certificate_; }
  /// For `names` as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1". Valid until `expires` from now.
  [[nodiscard]] identity issue(const std::string& names, std::chrono::seconds expires = std::chrono::hours(1)) const;

 private:
  using key_pointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
  using certificate_pointer = std::unique_ptr<X509, decltype(&X509_free)>;
  [[nodiscard]] certificate_pointer sign(EVP_PKEY* key, const char* subject, int extension, const std::string& value,
                                         std::chrono::seconds expires) const;

  key_pointer key_;
  std::string certificate_;
};

}  // namespace ticketshow::http
