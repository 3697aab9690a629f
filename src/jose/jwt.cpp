#include "jose/jwt.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <sodium.h>

namespace ticketshow::jose {
namespace {

namespace json = boost::json;

constexpr std::size_t max_token_size = 4096;
constexpr std::size_t min_secret_size = 32;
constexpr double leeway_s = 60;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::optional<json::object> parse_object(std::string_view text) {
  boost::system::error_code error;
  auto value = json::parse(text, error);
  if (error || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

std::optional<std::string_view> string_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string_view(value->get_string());
}

/// A token taken apart, nothing of it believed yet.
struct parts {
  json::object header;
  std::string_view signed_text;  ///< header and payload as they came
  std::string_view payload;      ///< base64url
  std::string signature;
};

std::expected<parts, token_error> take_apart(std::string_view token) {
  const auto malformed = std::unexpected(token_error::malformed);
  if (token.size() > max_token_size) return malformed;
  const auto first = token.find('.');
  if (first == std::string_view::npos) return malformed;
  const auto second = token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return malformed;
  const auto header_text = base64url_decode(token.substr(0, first));
  auto signature = base64url_decode(token.substr(second + 1));
  if (!header_text || !signature) return malformed;
  auto header = parse_object(*header_text);
  if (!header) return malformed;
  return parts{std::move(*header), token.substr(0, second), token.substr(first + 1, second - first - 1),
               std::move(*signature)};
}

std::optional<token_error> check_header(const json::object& header, std::string_view algorithm) {
  for (const auto* name : {"jku", "jwk", "x5u", "x5c", "crit"}) {
    if (header.contains(name)) return token_error::forbidden_header;
  }
  if (string_at(header, "alg") != algorithm) return token_error::wrong_algorithm;
  return std::nullopt;
}

bool same_without_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, [&](char x, char y) { return lower(x) == lower(y); });
}

/// A NumericDate; seconds may have a fraction (RFC 7519, 2).
struct seconds_claim {
  bool present = false;
  bool valid = true;
  double value = 0;
};

seconds_claim seconds_at(const json::object& claims, std::string_view name) {
  const auto* value = claims.if_contains(name);
  if (value == nullptr) return {};
  if (!value->is_number()) return {.present = true, .valid = false};
  const auto number = value->to_number<double>();
  return {.present = true, .valid = std::isfinite(number), .value = number};
}

bool all_strings(const json::array& values) {
  return std::ranges::all_of(values, [](const json::value& each) { return each.is_string(); });
}

bool well_typed(const json::object& claims) {
  const auto* issuer = claims.if_contains("iss");
  if (issuer != nullptr && !issuer->is_string()) return false;
  const auto* audience = claims.if_contains("aud");
  return audience == nullptr || audience->is_string() || (audience->is_array() && all_strings(audience->get_array()));
}

bool audience_is(const json::object& claims, std::string_view wanted) {
  const auto* audience = claims.if_contains("aud");
  if (audience == nullptr) return false;
  if (audience->is_string()) return std::string_view(audience->get_string()) == wanted;
  return std::ranges::any_of(audience->get_array(),
                             [&](const json::value& each) { return std::string_view(each.get_string()) == wanted; });
}

/// The rest of the check, once the signature is known to be right.
std::expected<json::object, token_error> check_claims(const parts& token, const expectation& expected) {
  const auto text = base64url_decode(token.payload);
  if (!text) return std::unexpected(token_error::malformed);
  auto claims = parse_object(*text);
  if (!claims || !well_typed(*claims)) return std::unexpected(token_error::malformed);
  const auto ends = seconds_at(*claims, "exp");
  const auto issued = seconds_at(*claims, "iat");
  const auto begins = seconds_at(*claims, "nbf");
  if (!ends.valid || !issued.valid || !begins.valid) return std::unexpected(token_error::malformed);

  const auto type = string_at(token.header, "typ");
  if (!type || !same_without_case(*type, expected.type)) return std::unexpected(token_error::wrong_type);
  if (string_at(*claims, "iss") != expected.issuer) return std::unexpected(token_error::wrong_issuer);
  if (!audience_is(*claims, expected.audience)) return std::unexpected(token_error::wrong_audience);

  const auto now = std::chrono::duration<double>(expected.now.time_since_epoch()).count();
  if (!ends.present || ends.value <= now) return std::unexpected(token_error::expired);
  if (issued.value > now + leeway_s || begins.value > now + leeway_s) {
    return std::unexpected(token_error::not_yet_valid);
  }
  return std::move(*claims);
}

std::string signing_input(const json::object& header, const json::object& claims) {
  return base64url_encode(json::serialize(header)) + '.' + base64url_encode(json::serialize(claims));
}

using hs256_tag = std::array<unsigned char, crypto_auth_hmacsha256_BYTES>;

hs256_tag authenticate(std::string_view text, std::string_view secret) {
  ready_sodium();
  if (secret.size() < min_secret_size) throw std::logic_error("a shared secret has at least 32 bytes");
  crypto_auth_hmacsha256_state state;
  hs256_tag tag;
  crypto_auth_hmacsha256_init(&state, bytes_of(secret), secret.size());
  crypto_auth_hmacsha256_update(&state, bytes_of(text), text.size());
  crypto_auth_hmacsha256_final(&state, tag.data());
  sodium_memzero(&state, sizeof state);
  return tag;
}

template <std::size_t N>
std::string_view view(const std::array<unsigned char, N>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), N};
}

}  // namespace

std::string base64url_encode(std::string_view bytes) {
  constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes_of(bytes), bytes.size(), variant);
  text.pop_back();  // its terminating zero
  return text;
}

std::optional<std::string> base64url_decode(std::string_view text) {
  // libsodium refuses padding, foreign characters and bits left over that are not zero: one text for one value.
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  const int outcome = sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                                        text.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  if (outcome != 0) return std::nullopt;
  bytes.resize(size);
  return bytes;
}

std::string sha256(std::string_view bytes) {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(digest.data()), bytes_of(bytes), bytes.size());
  return digest;
}

json::object to_jwk(const verification_key& key) {
  return {{"kty", "OKP"},   {"crv", "Ed25519"}, {"use", "sig"},
          {"alg", "EdDSA"}, {"kid", key.id},    {"x", base64url_encode(view(key.public_key))}};
}

std::optional<verification_key> from_jwk(const json::object& jwk) {
  const auto absent_or = [&](const char* name, std::string_view value) {
    return !jwk.contains(name) || string_at(jwk, name) == value;
  };
  if (string_at(jwk, "kty") != "OKP" || string_at(jwk, "crv") != "Ed25519") return std::nullopt;
  if (!absent_or("use", "sig") || !absent_or("alg", "EdDSA") || jwk.contains("d")) return std::nullopt;
  const auto id = string_at(jwk, "kid");
  const auto x = string_at(jwk, "x");
  if (!id || id->empty() || !x) return std::nullopt;
  const auto bytes = base64url_decode(*x);
  verification_key key{.id = std::string(*id), .public_key = {}};
  if (!bytes || bytes->size() != key.public_key.size()) return std::nullopt;
  std::ranges::copy(*bytes, key.public_key.begin());
  return key;
}

std::string sign(const json::object& claims, const signing_key& key, std::string_view type) {
  auto text = signing_input({{"alg", "EdDSA"}, {"typ", type}, {"kid", key.id}}, claims);
  return text + '.' + base64url_encode(sign_bytes(text, key));
}

std::optional<std::string> key_id_of(std::string_view token) {
  const auto apart = take_apart(token);
  if (!apart) return std::nullopt;
  const auto id = string_at(apart->header, "kid");
  return id ? std::optional<std::string>(*id) : std::nullopt;
}

std::expected<json::object, token_error> verify(std::string_view token, const std::vector<verification_key>& keys,
                                                const expectation& expected) {
  const auto apart = take_apart(token);
  if (!apart) return std::unexpected(apart.error());
  if (const auto error = check_header(apart->header, "EdDSA")) return std::unexpected(*error);
  const auto id = string_at(apart->header, "kid");
  const auto key = std::ranges::find_if(keys, [&](const verification_key& each) { return id == each.id; });
  if (key == keys.end()) return std::unexpected(token_error::unknown_key);
  if (!verify_bytes(apart->signed_text, apart->signature, key->public_key)) {
    return std::unexpected(token_error::bad_signature);
  }
  return check_claims(*apart, expected);
}

std::string sign_hs256(const json::object& claims, std::string_view secret, std::string_view type) {
  auto text = signing_input({{"alg", "HS256"}, {"typ", type}}, claims);
  const auto tag = authenticate(text, secret);
  return text + '.' + base64url_encode(view(tag));
}

std::expected<json::object, token_error> verify_hs256(std::string_view token, std::string_view secret,
                                                      const expectation& expected) {
  const auto apart = take_apart(token);
  if (!apart) return std::unexpected(apart.error());
  if (const auto error = check_header(apart->header, "HS256")) return std::unexpected(*error);
  const auto tag = authenticate(apart->signed_text, secret);
  if (apart->signature.size() != tag.size() || sodium_memcmp(apart->signature.data(), tag.data(), tag.size()) != 0) {
    return std::unexpected(token_error::bad_signature);
  }
  return check_claims(*apart, expected);
}

}  // namespace ticketshow::jose
