#include "jose/jwt.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>
#include <sodium.h>

#include "tests/support/seed.hpp"

namespace ticketshow::jose {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

const timestamp now = parse_rfc3339("2026-11-23T18:30:00Z").value();
const std::int64_t now_s = 1795458600;
const std::string secret = "0123456789abcdef0123456789abcdef";

const expectation expected{.issuer = "https://ticketshow", .audience = "api", .type = "at+jwt", .now = now};

json::object good_claims() {
  return {{"iss", "https://ticketshow"}, {"aud", "api"}, {"sub", "7"}, {"iat", now_s}, {"exp", now_s + 600}};
}

template <std::size_t N>
std::array<unsigned char, N> bytes(std::string_view base64url) {
  const auto text = base64url_decode(base64url).value();
  std::array<unsigned char, N> result{};
  EXPECT_EQ(text.size(), N);
  std::ranges::copy(text, result.begin());
  return result;
}

signing_key rfc_key() { return make_signing_key(bytes<32>("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")); }
verification_key public_half(const signing_key& key) { return {key.id, key.public_key}; }
std::vector<verification_key> known_keys() { return {public_half(rfc_key())}; }

std::string unsigned_token(const json::object& header, const json::object& claims) {
  return base64url_encode(json::serialize(header)) + '.' + base64url_encode(json::serialize(claims));
}

/// A token with a right signature over whatever header and payload.
std::string signed_raw(std::string_view header, std::string_view payload) {
  const auto text = base64url_encode(header) + '.' + base64url_encode(payload);
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                       reinterpret_cast<const unsigned char*>(text.data()), text.size(), rfc_key().secret_key.data());
  return text + '.' + base64url_encode(signature);
}
std::string signed_with(const json::object& header, const json::object& claims = good_claims()) {
  return signed_raw(json::serialize(header), json::serialize(claims));
}
json::object good_header() { return {{"alg", "EdDSA"}, {"typ", "at+jwt"}, {"kid", rfc_key().id}}; }

std::optional<token_error> error_of(const std::string& token) {
  const auto outcome = verify(token, known_keys(), expected);
  return outcome ? std::nullopt : std::optional(outcome.error());
}
std::optional<token_error> error_of_claims(const json::object& claims) {
  return error_of(sign(claims, rfc_key(), "at+jwt"));
}
json::object with(std::string_view name, const json::value& value) {
  auto claims = good_claims();
  claims[name] = value;
  return claims;
}
json::object without(std::string_view name) {
  auto claims = good_claims();
  claims.erase(name);
  return claims;
}

// RFC 8037, appendix A.1 to A.5.
TEST(jose, agrees_with_rfc_8037) {
  const auto key = rfc_key();
  EXPECT_EQ(base64url_encode({reinterpret_cast<const char*>(key.public_key.data()), 32}),
            "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
  EXPECT_EQ(key.id, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
  EXPECT_EQ(signed_raw(R"({"alg":"EdDSA"})", "Example of Ed25519 signing"),
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
}

// RFC 7515, appendix A.1: HMAC-SHA256.
TEST(jose, agrees_with_rfc_7515_on_hs256) {
  const auto key =
      base64url_decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
          .value();
  const std::string token =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
      "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const expectation its_own{
      .issuer = "joe", .audience = "none named", .type = "JWT", .now = timestamp{std::chrono::seconds{1300819379}}};
  // The signature is right; what it lacks is an audience, which we always ask for.
  EXPECT_EQ(verify_hs256(token, key, its_own).error(), token_error::wrong_audience);
  EXPECT_EQ(verify_hs256(token, secret, its_own).error(), token_error::bad_signature);
}

TEST(jose, gives_back_the_claims_that_were_signed) {
  const auto token = sign(good_claims(), rfc_key(), "at+jwt");
  EXPECT_EQ(verify(token, known_keys(), expected).value(), good_claims());
  EXPECT_EQ(key_id_of(token), rfc_key().id);
  const auto between_services = sign_hs256(good_claims(), secret, "at+jwt");
  EXPECT_EQ(verify_hs256(between_services, secret, expected).value(), good_claims());
  EXPECT_EQ(key_id_of(between_services), std::nullopt);
}

TEST(jose, type_is_compared_without_case_and_audience_may_be_a_list) {
  EXPECT_EQ(error_of(sign(good_claims(), rfc_key(), "AT+JWT")), std::nullopt);
  EXPECT_EQ(error_of_claims(with("aud", json::array{"other", "api"})), std::nullopt);
}

TEST(jose, malformed_tokens_are_refused) {
  const auto good = sign(good_claims(), rfc_key(), "at+jwt");
  const auto header = json::serialize(good_header());
  for (const auto& token : std::vector<std::string>{
           "", ".", "..", "...", "a.b", good + ".", good + "=", good + " ", good.substr(0, good.rfind('.')),
           good + ".x", "!" + good, signed_raw("[]", "{}"), signed_raw(header, "not json"), signed_raw(header, "[]"),
           signed_raw(header, ""), signed_raw(header, R"({"exp":1} trailing)")}) {
    EXPECT_EQ(error_of(token), token_error::malformed) << token;
  }
  EXPECT_EQ(error_of_claims(with("pad", json::string(4096, 'x'))), token_error::malformed);
  for (const auto* name : {"exp", "iat", "nbf"}) {
    EXPECT_EQ(error_of_claims(with(name, "soon")), token_error::malformed);
    EXPECT_EQ(error_of_claims(with(name, nullptr)), token_error::malformed);
  }
  EXPECT_EQ(error_of_claims(with("iss", 1)), token_error::malformed);
  EXPECT_EQ(error_of_claims(with("aud", 1)), token_error::malformed);
  EXPECT_EQ(error_of_claims(with("aud", json::array{"api", 1})), token_error::malformed);
}

TEST(jose, only_the_expected_algorithm_is_taken) {
  auto header = good_header();
  for (const auto* algorithm : {"none", "None", "NONE", "nOnE", "HS256", "RS256", "Ed25519", "eddsa", ""}) {
    header["alg"] = algorithm;
    EXPECT_EQ(error_of(signed_with(header)), token_error::wrong_algorithm) << algorithm;
    EXPECT_EQ(error_of(unsigned_token(header, good_claims()) + "."), token_error::wrong_algorithm) << algorithm;
  }
  header["alg"] = json::array{"EdDSA"};
  EXPECT_EQ(error_of(signed_with(header)), token_error::wrong_algorithm);
  header.erase("alg");
  EXPECT_EQ(error_of(signed_with(header)), token_error::wrong_algorithm);
  const auto none = unsigned_token({{"alg", "none"}, {"typ", "at+jwt"}}, good_claims()) + ".";
  EXPECT_EQ(verify_hs256(none, secret, expected).error(), token_error::wrong_algorithm);
}

TEST(jose, a_public_key_used_as_shared_secret_opens_nothing) {
  const auto key = rfc_key();
  const std::string public_bytes(reinterpret_cast<const char*>(key.public_key.data()), key.public_key.size());
  const auto confused = sign_hs256(good_claims(), public_bytes, "at+jwt");
  EXPECT_EQ(error_of(confused), token_error::wrong_algorithm);
  EXPECT_EQ(verify_hs256(confused, secret, expected).error(), token_error::bad_signature);
  // The same tag under a header that says EdDSA.
  const auto parts_end = confused.rfind('.');
  const auto tag = confused.substr(parts_end + 1);
  EXPECT_EQ(error_of(unsigned_token(good_header(), good_claims()) + '.' + tag), token_error::bad_signature);
  EXPECT_EQ(verify_hs256(sign(good_claims(), key, "at+jwt"), public_bytes, expected).error(),
            token_error::wrong_algorithm);
}

TEST(jose, keys_come_from_our_own_set_only) {
  std::array<unsigned char, 32> seed{};
  seed[0] = 1;
  const auto foreign = make_signing_key(seed);
  EXPECT_EQ(error_of(sign(good_claims(), foreign, "at+jwt")), token_error::unknown_key);
  auto impostor = foreign;
  impostor.id = rfc_key().id;
  EXPECT_EQ(error_of(sign(good_claims(), impostor, "at+jwt")), token_error::bad_signature);
  auto header = good_header();
  header.erase("kid");
  EXPECT_EQ(error_of(signed_with(header)), token_error::unknown_key);
  header["kid"] = "../../etc/passwd";
  EXPECT_EQ(error_of(signed_with(header)), token_error::unknown_key);
  for (const auto* name : {"jku", "jwk", "x5u", "x5c", "crit"}) {
    header = good_header();
    header[name] = "https://example.org/keys";
    EXPECT_EQ(error_of(signed_with(header)), token_error::forbidden_header) << name;
  }
  EXPECT_EQ(verify(sign(good_claims(), rfc_key(), "at+jwt"), {}, expected).error(), token_error::unknown_key);
}

TEST(jose, times_are_kept) {
  EXPECT_EQ(error_of_claims(with("exp", now_s)), token_error::expired);
  EXPECT_EQ(error_of_claims(with("exp", now_s + 1)), std::nullopt);
  EXPECT_EQ(error_of_claims(with("exp", static_cast<double>(now_s) + 0.5)), std::nullopt);
  EXPECT_EQ(error_of_claims(with("exp", -1)), token_error::expired);
  EXPECT_EQ(error_of_claims(without("exp")), token_error::expired);
  for (const auto* name : {"iat", "nbf"}) {
    EXPECT_EQ(error_of_claims(with(name, now_s + 60)), std::nullopt);
    EXPECT_EQ(error_of_claims(with(name, now_s + 61)), token_error::not_yet_valid);
  }
}

TEST(jose, issuer_audience_and_type_must_be_the_expected_ones) {
  EXPECT_EQ(error_of_claims(with("iss", "https://ticketshow/")), token_error::wrong_issuer);
  EXPECT_EQ(error_of_claims(without("iss")), token_error::wrong_issuer);
  EXPECT_EQ(error_of_claims(with("aud", "ap")), token_error::wrong_audience);
  EXPECT_EQ(error_of_claims(with("aud", json::array{})), token_error::wrong_audience);
  EXPECT_EQ(error_of_claims(without("aud")), token_error::wrong_audience);
  EXPECT_EQ(error_of(sign(good_claims(), rfc_key(), "jwt")), token_error::wrong_type);
  auto header = good_header();
  header.erase("typ");
  EXPECT_EQ(error_of(signed_with(header)), token_error::wrong_type);
}

TEST(jose, no_single_bit_of_a_token_can_be_changed) {
  TICKETSHOW_SEEDED(random);
  const auto by_key = sign(good_claims(), rfc_key(), "at+jwt");
  const auto by_secret = sign_hs256(good_claims(), secret, "at+jwt");
  for (int round = 0; round < 500; ++round) {
    auto a = by_key;
    auto b = by_secret;
    const auto flip = [&](std::string& token) {
      const auto at = static_cast<std::size_t>(random.between(0, std::ssize(token) - 1));
      token[at] = static_cast<char>(token[at] ^ (1 << random.between(0, 7)));
    };
    flip(a);
    flip(b);
    ASSERT_FALSE(verify(a, known_keys(), expected)) << a;
    ASSERT_FALSE(verify_hs256(b, secret, expected)) << b;
  }
  // All bits of the last characters, some of which carry no bit of the signature.
  for (int bit = 0; bit < 8; ++bit) {
    auto a = by_key;
    auto b = by_secret;
    a.back() = static_cast<char>(a.back() ^ (1 << bit));
    b.back() = static_cast<char>(b.back() ^ (1 << bit));
    EXPECT_FALSE(verify(a, known_keys(), expected)) << a;
    EXPECT_FALSE(verify_hs256(b, secret, expected)) << b;
  }
}

TEST(jose, random_bytes_are_refused_without_harm) {
  TICKETSHOW_SEEDED(random);
  for (int round = 0; round < 2000; ++round) {
    std::string token(static_cast<std::size_t>(random.between(0, 120)), '\0');
    for (auto& each : token) each = random.one_in(8) ? '.' : static_cast<char>(random.between(0, 255));
    ASSERT_FALSE(verify(token, known_keys(), expected));
    ASSERT_FALSE(verify_hs256(token, secret, expected));
  }
}

TEST(jose, short_secrets_are_a_mistake_of_the_caller) {
  EXPECT_THROW(sign_hs256(good_claims(), "short", "at+jwt"), std::logic_error);
}

TEST(jose, base64url_has_one_text_for_one_value) {
  for (const auto* text : {"", "Zg", "Zm8", "Zm9v", "-_-_"}) {
    EXPECT_EQ(base64url_encode(base64url_decode(text).value()), text);
  }
  for (const auto* text : {"Z", "Zh", "Zm9", "Zg==", "Zg=", "Z+", "Z/", " Zg", "Zg\n", "Z g"}) {
    EXPECT_EQ(base64url_decode(text), std::nullopt) << text;
  }
  EXPECT_EQ(base64url_decode(std::string_view("Zg\0", 3)), std::nullopt);
}

TEST(jose, keys_travel_as_jwk_and_nothing_else_is_read) {
  const auto key = public_half(rfc_key());
  const auto jwk = to_jwk(key);
  const auto back = from_jwk(jwk).value();
  EXPECT_EQ(back.id, key.id);
  EXPECT_EQ(back.public_key, key.public_key);
  for (const auto& [name, value] : std::vector<std::pair<std::string, json::value>>{{"kty", "RSA"},
                                                                                    {"crv", "P-256"},
                                                                                    {"use", "enc"},
                                                                                    {"alg", "HS256"},
                                                                                    {"kid", ""},
                                                                                    {"kid", 1},
                                                                                    {"x", "AAAA"},
                                                                                    {"x", "!"},
                                                                                    {"d", "secret"}}) {
    auto changed = jwk;
    changed[name] = value;
    EXPECT_FALSE(from_jwk(changed)) << name;
  }
}

}  // namespace
}  // namespace ticketshow::jose
