#pragma once

#include <array>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "base/time.hpp"
#include "jose/ed25519.hpp"

/// The little of JOSE that the platform needs (RFC 7515, 7517, 7519, 8037): compact JWTs signed with Ed25519 ("EdDSA")
/// for users and with HMAC-SHA256 ("HS256") between services. The primitives are libsodium's; see docs/adr/0003-jose.md
/// for why no library is used. Pure functions, callable from any thread.
namespace ticketshow::jose {

/// One key as a JWK object: kty OKP, crv Ed25519, use sig, alg EdDSA, kid, x.
boost::json::object to_jwk(const verification_key& key);
/// Reads a JWK; nothing when it is not an Ed25519 public key with a kid.
std::optional<verification_key> from_jwk(const boost::json::object& jwk);

std::string base64url_encode(std::string_view bytes);
std::optional<std::string> base64url_decode(std::string_view text);
/// SHA-256 as 32 raw bytes.
std::string sha256(std::string_view bytes);

enum class token_error {
  malformed,        ///< not three parts of base64url, not JSON, too long (more than 4 KiB), or claims of the wrong type
  wrong_algorithm,  ///< `alg` is not the one expected; "none" always
  unknown_key,      ///< `kid` names no key at hand
  bad_signature,
  expired,        ///< `exp` has passed, or is missing
  not_yet_valid,  ///< `iat` or `nbf` more than 60 s ahead
  wrong_issuer,
  wrong_audience,
  wrong_type,        ///< the header's `typ` is another kind of token
  forbidden_header,  ///< jku, jwk, x5u, x5c or crit: keys come from nowhere but our own set
};

/// What a token must say to be taken.
struct expectation {
  std::string_view issuer;
  std::string_view audience;
  std::string_view type;  ///< the header's `typ`, compared without case: "at+jwt" for access tokens (RFC 9068)
  timestamp now;
};

/// Signs `claims` with Ed25519. The header is {"alg":"EdDSA","typ":type,"kid":key.id}.
std::string sign(const boost::json::object& claims, const signing_key& key, std::string_view type);
/// The key id that a token names, if it is well formed; tells nothing about its truth.
std::optional<std::string> key_id_of(std::string_view token);
/// Checks the signature and `expected` and gives the claims.
std::expected<boost::json::object, token_error> verify(std::string_view token,
                                                       const std::vector<verification_key>& keys,
                                                       const expectation& expected);

/// The same with a shared secret of at least 32 bytes; the header is {"alg":"HS256","typ":type}.
std::string sign_hs256(const boost::json::object& claims, std::string_view secret, std::string_view type);
std::expected<boost::json::object, token_error> verify_hs256(std::string_view token, std::string_view secret,
                                                             const expectation& expected);

}  // namespace ticketshow::jose
