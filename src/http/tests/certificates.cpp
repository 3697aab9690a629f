#include "http/tests/certificates.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace ticketshow::http {
namespace {

constexpr std::chrono::seconds a_day = std::chrono::hours(24);
constexpr const char* authority_name = "An authority of a test";

template <class Write>
std::string pem_of(Write write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), BIO_free);
  write(memory.get());
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(memory.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
  return pem_of([&](BIO* into) { PEM_write_bio_X509(into, certificate); });
}

void set_name(X509_NAME* name, const char* text) {
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(text), -1, -1, 0);
}

}  // namespace

authority::authority() : key_(EVP_EC_gen("P-256"), EVP_PKEY_free) {
  certificate_ =
      pem_of(sign(key_.get(), authority_name, NID_basic_constraints, "critical,CA:TRUE", std::chrono::hours(1)).get());
}

authority::certificate_pointer authority::sign(EVP_PKEY* key, const char* subject, int extension,
                                               const std::string& value, std::chrono::seconds expires) const {
  certificate_pointer made(X509_new(), X509_free);
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -a_day.count());
  X509_gmtime_adj(X509_getm_notAfter(made.get()), expires.count());
  set_name(X509_get_subject_name(made.get()), subject);
  set_name(X509_get_issuer_name(made.get()), authority_name);
  X509_set_pubkey(made.get(), key);
  X509_EXTENSION* const said = X509V3_EXT_conf_nid(nullptr, nullptr, extension, value.c_str());
  X509_add_ext(made.get(), said, -1);
  X509_EXTENSION_free(said);
  X509_sign(made.get(), key_.get(), EVP_sha256());
  return made;
}

identity authority::issue(const std::string& names, std::chrono::seconds expires) const {
  const key_pointer key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const auto made = sign(key.get(), "A server of a test", NID_subject_alt_name, names, expires);
  return {.certificate = pem_of(made.get()),
          .key = pem_of(
              [&](BIO* into) { PEM_write_bio_PrivateKey(into, key.get(), nullptr, nullptr, 0, nullptr, nullptr); })};
}

}  // namespace ticketshow::http
