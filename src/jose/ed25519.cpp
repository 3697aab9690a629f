#include "jose/ed25519.hpp"

#include <stdexcept>

#include <sodium.h>

#include "base/assert.hpp"
#include "jose/jwt.hpp"

namespace ticketshow::jose {
namespace {

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

void ready_sodium() {
  // It must be initialised before it is used; doing it twice is harmless, failing is not.
  static const bool ready = [] {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be used on this machine");
    return true;
  }();
  static_cast<void>(ready);
}

key_seed seed_of_hex(std::string_view digits) {
  key_seed seed{};
  std::size_t size = 0;
  const int outcome = sodium_hex2bin(seed.data(), seed.size(), digits.data(), digits.size(), nullptr, &size, nullptr);
  TICKETSHOW_ASSERT(outcome == 0 && size == seed.size());
  return seed;
}

signing_key make_signing_key(const key_seed& seed) {
  ready_sodium();
  signing_key key;
  crypto_sign_seed_keypair(key.public_key.data(), key.secret_key.data(), seed.data());
  const std::string_view public_key(reinterpret_cast<const char*>(key.public_key.data()), key.public_key.size());
  // RFC 7638: the required members in alphabetical order, without blanks.
  const auto members = R"({"crv":"Ed25519","kty":"OKP","x":")" + base64url_encode(public_key) + R"("})";
  key.id = base64url_encode(sha256(members));
  return key;
}

std::string sign_bytes(std::string_view message, const signing_key& key) {
  ready_sodium();
  static_assert(signature_size == crypto_sign_BYTES);
  std::string signature(signature_size, '\0');
  crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr, bytes_of(message), message.size(),
                       key.secret_key.data());
  return signature;
}

bool verify_bytes(std::string_view message, std::string_view signature, const public_key_bytes& key) {
  ready_sodium();
  return signature.size() == signature_size &&
         crypto_sign_verify_detached(bytes_of(signature), bytes_of(message), message.size(), key.data()) == 0;
}

}  // namespace ticketshow::jose
