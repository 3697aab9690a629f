#pragma once

#include <string>
#include <vector>

#include "api/auth.hpp"
#include "base/random.hpp"
#include "jose/jwt.hpp"
#include "pg/pool.hpp"

namespace ticketshow::auth {

/// How long an access token lives; OAuth's common practice is minutes.
inline constexpr std::chrono::seconds access_token_life{900};
/// After a rotation the old key stays published this long: the longest token, and the clocks' difference.
inline constexpr std::chrono::seconds key_retirement = access_token_life + std::chrono::seconds(300);
/// A new key is published this long before it signs, so that whoever verifies has met it.
inline constexpr std::chrono::seconds key_warm_up{3};

/// Makes a key when there is none, or when `rotate`: then older ones get their end. One process at a time. Returns the
/// newest key's id.
rt::task<std::string> ensure_signing_key(pg::pool& database, rt::deadline until, random_source& random, bool rotate);

/// The keys in force, read again by load(). I/O thread only.
class key_ring {
 public:
  explicit key_ring(pg::pool& database) : database_(database) {}

  rt::task<> load(rt::deadline until);

  /// The key that signs: the newest that has warmed up, or the only one. Asserts that load() found some.
  [[nodiscard]] const jose::signing_key& signing() const;
  /// All that are published.
  [[nodiscard]] key_set published() const;

 private:
  struct entry {
    jose::signing_key key;
    bool warm;
  };
  pg::pool& database_;
  std::vector<entry> entries_;  // newest first
};

}  // namespace ticketshow::auth
