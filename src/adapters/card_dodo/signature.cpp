#include "adapters/card_dodo/signature.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <stdexcept>

#include <sodium.h>

namespace ticketshow::card_dodo {
namespace {

constexpr std::size_t least_key_bytes = 16;
constexpr std::size_t most_id_bytes = 256;
constexpr std::chrono::seconds tolerance{300};
constexpr std::string_view secret_prefix = "whsec_";
constexpr std::string_view version_prefix = "v1,";

using signature = std::array<unsigned char, crypto_auth_hmacsha256_BYTES>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::optional<std::string> base64_decode(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 1, '\0');
  std::size_t size = 0;
  const int outcome = sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                                        text.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL);
  if (outcome != 0) return {};
  bytes.resize(size);
  return bytes;
}

/// Readable, and without the dot that divides what is signed.
bool is_message_id(std::string_view text) {
  const auto fits = [](char each) { return each > ' ' && each < '\x7f' && each != '.'; };
  return !text.empty() && text.size() <= most_id_bytes && std::ranges::all_of(text, fits);
}

std::optional<timestamp> time_of(std::string_view text) {
  std::uint32_t seconds = 0;  // no sign, no blanks; enough until 2106
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return timestamp(std::chrono::seconds(seconds));
}

signature sign(const ports::card_gateway::delivery& what, std::string_view key) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, bytes_of(key), key.size());
  for (const std::string_view part :
       {what.id, std::string_view("."), what.timestamp, std::string_view("."), what.body}) {
    crypto_auth_hmacsha256_update(&state, bytes_of(part), part.size());
  }
  signature made{};
  crypto_auth_hmacsha256_final(&state, made.data());
  return made;
}

/// Whether `text`, one of a header's signatures, is `made`.
bool is_same(std::string_view text, const signature& made) {
  if (!text.starts_with(version_prefix)) return false;
  const auto given = base64_decode(text.substr(version_prefix.size()));
  return given && given->size() == made.size() && sodium_memcmp(given->data(), made.data(), made.size()) == 0;
}

bool is_among(std::string_view header, const signature& made) {
  bool found = false;
  while (!header.empty()) {
    const auto each = header.substr(0, header.find(' '));
    header.remove_prefix(std::min(header.size(), each.size() + 1));
    if (is_same(each, made)) found = true;
  }
  return found;
}

}  // namespace

std::vector<std::string> keys_of(const std::vector<std::string>& secrets) {
  std::vector<std::string> keys;
  for (std::string_view each : secrets) {
    if (each.starts_with(secret_prefix)) each.remove_prefix(secret_prefix.size());
    auto key = base64_decode(each);
    if (!key || key->size() < least_key_bytes) {
      throw std::runtime_error("A webhook secret must be as Dodo's dashboard shows it: whsec_ and base64.");
    }
    keys.push_back(std::move(*key));
  }
  return keys;
}

void verify(const ports::card_gateway::delivery& what, std::span<const std::string> keys, timestamp now) {
  if (!is_message_id(what.id)) throw ports::card_forgery("the webhook has no id, or one that is none");
  const auto sent = time_of(what.timestamp);
  if (!sent) throw ports::card_forgery("the webhook has no timestamp, or one that is none");
  bool found = false;
  for (const auto& key : keys) {
    if (is_among(what.signature, sign(what, key))) found = true;
  }
  if (!found) throw ports::card_forgery("the webhook was signed with none of our secrets");
  const auto apart = std::chrono::abs(std::chrono::floor<std::chrono::seconds>(now) - *sent);
  if (apart > tolerance) throw ports::card_forgery("the webhook's timestamp is over five minutes away from our clock");
}

}  // namespace ticketshow::card_dodo
