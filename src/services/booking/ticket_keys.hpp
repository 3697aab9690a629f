#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/booking/tickets.hpp"
#include "base/random.hpp"
#include "jose/ed25519.hpp"
#include "pg/pool.hpp"

namespace ticketshow::booking {

/// How old what a process knows of the keys may be.
inline constexpr std::chrono::seconds ticket_keys_max_age{20};
/// A new key signs the tickets of bookings that are made from now on plus this: by then every process knows it.
inline constexpr std::chrono::seconds ticket_key_warm_up{60};

/// Makes a key when there is none, or when `rotate`: then the tickets of older bookings stay signed by older keys, for
/// ever. One process at a time. Gives the newest key's id.
rt::task<std::string> ensure_ticket_key(pg::pool& database, rt::deadline until, random_source& random, bool rotate);

/// The keys that sign tickets. They never leave booking. I/O thread only.
class ticket_keys {
 public:
  explicit ticket_keys(pg::pool& database) : database_(database) {}

  /// Reads the keys again when what is known of them is too old: to be awaited before any of the others is used.
  rt::task<> refresh(rt::deadline until);

  /// The key of a booking's tickets, by the time when the booking was made.
  [[nodiscard]] const jose::signing_key& of_booking(timestamp created_at) const { return in_force(created_at).key; }
  /// Its short id (tickets::short_key_id).
  [[nodiscard]] const std::string& name_of_booking(timestamp created_at) const { return in_force(created_at).kid; }
  /// The key with this short id, or null.
  [[nodiscard]] const jose::signing_key* find(std::string_view kid) const;
  /// The short ids of the keys of all bookings that were made from `since` on, or will be; the newest first.
  [[nodiscard]] std::vector<std::string> names_in_force(timestamp since) const;
  /// The public halves, the newest first.
  [[nodiscard]] std::vector<ticket_key> published() const;

 private:
  struct entry {
    std::string kid;
    timestamp starts_at;
    jose::signing_key key;
  };
  [[nodiscard]] const entry& in_force(timestamp at) const;

  pg::pool& database_;
  std::vector<entry> entries_;  // newest first; the oldest is in force since ever
  rt::steady_clock::time_point read_at_{};
};

}  // namespace ticketshow::booking
