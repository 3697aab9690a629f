#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "jose/ed25519.hpp"

/// What stands in the QR of a ticket: README.md has the format byte by byte. Everything here is pure and may be called
/// from any thread.
namespace ticketshow::tickets {

/// The right to one seat of one showing, as the code says it.
struct ticket {
  std::int64_t booking_id;  ///< positive, as schedule_id and seat_no
  std::int64_t schedule_id;
  std::int16_t seat_no;       ///< the seat's place on its screen, 1 …
  std::uint32_t show_time_s;  ///< when the showing begins: the low 32 bits of its Unix time in seconds

  bool operator==(const ticket&) const = default;
};

/// `show_time` as a ticket says it.
std::uint32_t seconds_of(timestamp show_time);

/// How a code names the key that signed it: the first four bytes of the key's RFC 7638 thumbprint, as 8 lower-case hex
/// digits. `key_id` is that thumbprint, as in jose's keys.
std::string short_key_id(std::string_view key_id);

/// The characters of a code; all are in QR's alphanumeric mode, where they fit version 6 with error correction M.
inline constexpr std::size_t code_size = 148;

/// The code of a ticket: the same one whenever it is asked for.
std::string issue(const ticket& what, const jose::signing_key& key);

/// A code taken apart, nothing of it believed yet.
struct unverified {
  std::string key;  ///< as short_key_id gives it
  ticket what;
  std::string message;  ///< the bytes that were signed
  std::string signature;
};

/// Nothing when `code` is no ticket's: of another length, with other characters, or with numbers that none has.
std::optional<unverified> read(std::string_view code);

/// Whether `key` signed what was read. The key must be the one that it names.
bool verify(const unverified& read_from, const jose::public_key_bytes& key);

}  // namespace ticketshow::tickets
