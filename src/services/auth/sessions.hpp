#pragma once

#include <optional>
#include <string>

#include "api/auth.hpp"
#include "base/random.hpp"
#include "pg/pool.hpp"

namespace ticketshow::auth {

/// How long sessions last. OWASP: an absolute and an idle limit.
struct session_limits {
  std::chrono::seconds absolute = std::chrono::days(30);
  std::chrono::seconds idle = std::chrono::days(7);
};

/// A session and the refresh token with which it goes on.
struct opened_session {
  std::string session_id;
  std::int64_t account_id;
  contract::cookie refresh_token;
};

/// Families of refresh tokens. Only their hashes are stored. Throws pg's exceptions.
class sessions {
 public:
  sessions(pg::pool& database, random_source& random, session_limits limits)
      : database_(database), random_(random), limits_(limits) {}

  /// Begins a session for whoever showed the password behind `verified`; nothing when that is no longer the account's
  /// hash.
  rt::task<std::optional<opened_session>> open(rt::deadline until, std::int64_t account_id, std::string verified);

  /// Puts the hash of a new password over the `verified` one, ends every session and begins one, all of it or nothing.
  /// Nothing also when another change came first.
  rt::task<std::optional<opened_session>> change_password(rt::deadline until, std::int64_t account_id,
                                                          std::string verified, std::string changed);

  /// Trades a refresh token for the next of its session. session_ended when it is unknown, too old, or was traded
  /// before: then the session ends, because two parties hold it.
  rt::task<contract::result<opened_session>> trade(rt::deadline until, std::string token);

  /// Ends the session of a refresh token; an unknown one does nothing.
  rt::task<> close(rt::deadline until, std::string token);
  rt::task<> close_session(rt::deadline until, std::string session_id);

  /// The sessions that ended while an access token of theirs may still be valid.
  rt::task<std::vector<std::string>> recently_ended(rt::deadline until);

  /// Deletes what nobody can use any more, or as much of it as there is time for.
  rt::task<> forget(rt::deadline until);

 private:
  rt::task<std::optional<opened_session>> begin(pg::transaction& transaction, std::int64_t account_id,
                                                const std::string& verified);
  rt::task<contract::cookie> issue(pg::transaction& transaction, const std::string& session_id);

  pg::pool& database_;
  random_source& random_;
  session_limits limits_;
};

}  // namespace ticketshow::auth
