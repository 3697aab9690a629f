#include "adapters/blob_s3/sigv4.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <sodium.h>

#include "base/bytes.hpp"

namespace ticketshow::blob_s3 {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string hmac(std::string_view key, std::string_view text) {
  crypto_auth_hmacsha256_state state;
  std::string out(crypto_auth_hmacsha256_BYTES, '\0');
  crypto_auth_hmacsha256_init(&state, bytes_of(key), key.size());
  crypto_auth_hmacsha256_update(&state, bytes_of(text), text.size());
  crypto_auth_hmacsha256_final(&state, reinterpret_cast<unsigned char*>(out.data()));
  return out;
}

std::string day_of(timestamp now) { return amz_date(now).substr(0, 8); }

std::string scope_of(const credentials& by, timestamp now) {
  return fmt::format("{}/{}/s3/aws4_request", day_of(now), by.region);
}

std::string signed_headers(const signable& request) {
  std::string names;
  for (const auto& [name, value] : request.headers) names += (names.empty() ? "" : ";") + name;
  return names;
}

std::string canonical_request(const signable& request) {
  auto text =
      fmt::format("{}\n{}\n{}\n", request.method, uri_encode(request.path, true), canonical_query(request.query));
  for (const auto& [name, value] : request.headers) text += fmt::format("{}:{}\n", name, value);
  return text + fmt::format("\n{}\n{}", signed_headers(request), request.payload_hash);
}

std::string signature(const signable& request, const credentials& by, timestamp now) {
  const auto to_sign = fmt::format("{}\n{}\n{}\n{}", algorithm, amz_date(now), scope_of(by, now),
                                   sha256_hex(canonical_request(request)));
  const auto day_key = hmac("AWS4" + by.secret_key, day_of(now));
  const auto signing_key = hmac(hmac(hmac(day_key, by.region), "s3"), "aws4_request");
  return hex(hmac(signing_key, to_sign));
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  std::string hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()), bytes_of(bytes), bytes.size());
  return hex(hash);
}

std::string uri_encode(std::string_view text, bool keep_slash) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~' || (keep_slash && c == '/');
    if (plain) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

std::string canonical_query(std::vector<std::pair<std::string, std::string>> query) {
  for (auto& [name, value] : query) {
    name = uri_encode(name, false);
    value = uri_encode(value, false);
  }
  std::ranges::sort(query);
  std::string text;
  for (const auto& [name, value] : query) text += fmt::format("{}{}={}", text.empty() ? "" : "&", name, value);
  return text;
}

std::string amz_date(timestamp now) {
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(now - day));
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

std::string authorization(const signable& request, const credentials& by, timestamp now) {
  auto ordered = request;
  std::ranges::sort(ordered.headers);
  return fmt::format("{} Credential={}/{},SignedHeaders={},Signature={}", algorithm, by.access_key, scope_of(by, now),
                     signed_headers(ordered), signature(ordered, by, now));
}

std::string presigned_query(std::string_view method, std::string_view host, std::string_view path,
                            const credentials& by, timestamp now, std::chrono::seconds valid) {
  const signable request{.method = method,
                         .path = path,
                         .query = {{"X-Amz-Algorithm", std::string(algorithm)},
                                   {"X-Amz-Credential", fmt::format("{}/{}", by.access_key, scope_of(by, now))},
                                   {"X-Amz-Date", amz_date(now)},
                                   {"X-Amz-Expires", std::to_string(valid.count())},
                                   {"X-Amz-SignedHeaders", "host"}},
                         .headers = {{"host", std::string(host)}},
                         .payload_hash = "UNSIGNED-PAYLOAD"};
  return fmt::format("{}&X-Amz-Signature={}", canonical_query(request.query), signature(request, by, now));
}

}  // namespace ticketshow::blob_s3
