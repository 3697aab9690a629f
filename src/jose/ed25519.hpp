#pragma once

#include <array>
#include <string>
#include <string_view>

/// Ed25519 (RFC 8032) as this system uses it: for access tokens and for tickets. Everything is pure and may be called
/// from any thread.
namespace ticketshow::jose {

using key_seed = std::array<unsigned char, 32>;
using public_key_bytes = std::array<unsigned char, 32>;

inline constexpr std::size_t signature_size = 64;

/// An Ed25519 key pair. The id is the RFC 7638 thumbprint of the public key.
struct signing_key {
  std::string id;
  public_key_bytes public_key;
  std::array<unsigned char, 64> secret_key;  ///< libsodium's form: seed and public key
};

struct verification_key {
  std::string id;
  public_key_bytes public_key;
};

/// The seed that 64 hexadecimal digits of our own writing stand for; asserts that they are.
key_seed seed_of_hex(std::string_view digits);

/// Makes a key pair from a seed of 32 random bytes.
signing_key make_signing_key(const key_seed& seed);

/// The signature of `message`: 64 bytes, the same ones whenever it is signed.
std::string sign_bytes(std::string_view message, const signing_key& key);

/// Whether `signature` is one of `message` by this key. Only the canonical form of a signature is taken, so nobody can
/// make a second one out of it.
bool verify_bytes(std::string_view message, std::string_view signature, const public_key_bytes& key);

/// Makes libsodium ready for use; anything here does. Throws std::runtime_error when it cannot be.
void ready_sodium();

}  // namespace ticketshow::jose
