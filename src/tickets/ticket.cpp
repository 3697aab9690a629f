#include "tickets/ticket.hpp"

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "jose/jwt.hpp"
#include "tickets/base32.hpp"

namespace ticketshow::tickets {
namespace {

/// Names the format and its version. It is signed too, so that no signature of ours means anything else.
constexpr std::string_view prefix = "TS1:";

constexpr std::size_t key_size = 4;
constexpr std::size_t payload_size = key_size + 8 + 8 + 2 + 4;
static_assert(prefix.size() + (payload_size + jose::signature_size) / 5 * 8 == code_size);
static_assert((payload_size + jose::signature_size) % 5 == 0);

/// Big-endian, as networks have it.
template <class Number>
void append(std::string& bytes, Number value) {
  for (std::size_t i = sizeof value; i-- > 0;) bytes += static_cast<char>(value >> (8 * i) & 255);
}

/// Takes a number off the front.
template <class Number>
Number take(std::string_view& bytes) {
  std::make_unsigned_t<Number> value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i) {
    value = static_cast<std::make_unsigned_t<Number>>(value << 8 | static_cast<unsigned char>(bytes[i]));
  }
  bytes.remove_prefix(sizeof value);
  return static_cast<Number>(value);
}

std::string short_key_bytes(std::string_view key_id) {
  const auto thumbprint = jose::base64url_decode(key_id);
  TICKETSHOW_ASSERT(thumbprint && thumbprint->size() >= key_size);
  return thumbprint->substr(0, key_size);
}

}  // namespace

std::uint32_t seconds_of(timestamp show_time) {
  return static_cast<std::uint32_t>(std::chrono::floor<std::chrono::seconds>(show_time).time_since_epoch().count());
}

std::string short_key_id(std::string_view key_id) { return hex(short_key_bytes(key_id)); }

std::string issue(const ticket& what, const jose::signing_key& key) {
  std::string message(prefix);
  message += short_key_bytes(key.id);
  append(message, what.booking_id);
  append(message, what.schedule_id);
  append(message, what.seat_no);
  append(message, what.show_time_s);
  const auto signature = jose::sign_bytes(message, key);
  return std::string(prefix) + base32_encode(message.substr(prefix.size()) + signature);
}

std::optional<unverified> read(std::string_view code) {
  if (code.size() != code_size || !code.starts_with(prefix)) return std::nullopt;
  const auto bytes = base32_decode(code.substr(prefix.size()));
  if (!bytes) return std::nullopt;
  std::string_view rest(*bytes);
  unverified found{.key = hex(rest.substr(0, key_size)),
                   .what = {},
                   .message = std::string(prefix) + bytes->substr(0, payload_size),
                   .signature = bytes->substr(payload_size)};
  rest.remove_prefix(key_size);
  found.what.booking_id = take<std::int64_t>(rest);
  found.what.schedule_id = take<std::int64_t>(rest);
  found.what.seat_no = take<std::int16_t>(rest);
  found.what.show_time_s = take<std::uint32_t>(rest);
  if (found.what.booking_id < 1 || found.what.schedule_id < 1 || found.what.seat_no < 1) return std::nullopt;
  return found;
}

bool verify(const unverified& read_from, const jose::public_key_bytes& key) {
  return jose::verify_bytes(read_from.message, read_from.signature, key);
}

}  // namespace ticketshow::tickets
