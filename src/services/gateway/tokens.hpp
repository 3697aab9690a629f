#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/auth.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "jose/jwt.hpp"
#include "rt/call.hpp"
#include "rt/gate.hpp"

namespace ticketshow::gateway {

struct token_options {
  std::string issuer = "ticketshow";
  std::string audience = "ticketshow";
  std::size_t remembered = 50'000;                            ///< verified tokens kept in memory, at most
  std::chrono::seconds longest_life = std::chrono::hours(1);  ///< no access token is valid for longer
  rt::steady_clock::duration key_refresh = std::chrono::seconds(30);
  rt::steady_clock::duration key_retry = std::chrono::seconds(3);  ///< between two fetches that requests asked for
  rt::steady_clock::duration revocation_poll = std::chrono::seconds(1);
  rt::steady_clock::duration call_timeout = std::chrono::seconds(2);  ///< of a call to auth
};

/// Tells who presents an access token. Checking a signature costs some 50 µs, more than the rest of a request, so a
/// token that was found good is remembered until it ends, its session ends, or a key leaves auth's set.
///
/// A token is remembered by its keyed BLAKE2b-256 hash: as hard to collide as SHA-256, twice as fast without special
/// instructions, and with a key of this process the memory holds nothing that could be presented elsewhere.
///
/// Between the ended sessions that auth tells of and a token's end nothing else is asked: when auth cannot be reached,
/// tokens stay good for what is left of their 15 minutes.
class token_verifier {
 public:
  token_verifier(rt::executor io, const clock_source& clock, random_source& random, auth::port& accounts,
                 token_options settings, std::function<rt::steady_clock::time_point()> ticks);

  enum class verdict {
    good,
    expired,
    invalid,
    revoked,      ///< the session it belongs to has ended
    unknown_key,  ///< well-formed, but the key it names is not at hand
    no_keys,      ///< auth has not been reached yet: nothing can be said
  };
  struct checked {
    verdict outcome;
    const rt::principal* caller = nullptr;  ///< of a good token; valid until the next check
  };

  /// Judges a token by what is known now.
  checked check(std::string_view token);

  /// After unknown_key: has auth's keys fetched, if the last time is long enough ago, and waits for that, however many
  /// ask. True when it is worth checking again.
  rt::task<bool> refetch(rt::deadline until);

  /// Asks auth once, and from then on in the background. Throws nothing when auth cannot be reached.
  rt::task<> start();
  rt::task<> stop(rt::deadline until);

  [[nodiscard]] bool ready() const { return !keys_.empty() && revocations_known_; }
  [[nodiscard]] std::size_t remembered() const { return tokens_.size(); }

  /// One fetch of the keys and one poll of the ended sessions; the background work calls them, and so do tests.
  rt::task<> fetch_keys();
  rt::task<> poll_revocations();

 private:
  using token_hash = std::array<unsigned char, 32>;
  struct hash_of_hash {
    std::size_t operator()(const token_hash& hash) const {
      std::size_t value = 0;
      std::memcpy(&value, hash.data(), sizeof value);
      return value;
    }
  };
  struct known_token {
    token_hash hash;
    rt::principal caller;
    timestamp expires;
    std::uint64_t seen_revocations;  ///< how many had been told of when its session was last looked up
  };
  using token_list = std::list<known_token>;

  checked check_known(token_list::iterator known);
  checked verify(std::string_view token, const token_hash& hash);
  void remember(known_token token);
  void forget(token_list::iterator known);
  void forget_old_revocations();
  rt::task<> look_after_keys();
  /// Runs a step of background work and logs when it begins or ceases to fail.
  rt::task<> keep_up(rt::task<> (token_verifier::*step)(), bool token_verifier::* works);
  rt::call call_to_auth();

  rt::executor io_;
  const clock_source& clock_;
  random_source& random_;
  auth::port& accounts_;
  token_options settings_;
  std::function<rt::steady_clock::time_point()> ticks_;
  std::array<unsigned char, 32> hash_key_{};

  std::vector<jose::verification_key> keys_;
  bool fetching_ = false;
  rt::timer fetched_;
  rt::steady_clock::time_point last_fetch_{};
  bool keys_work_ = true;  // whether the last fetch did, for the log

  token_list tokens_;  // the one used last in front
  std::unordered_map<token_hash, token_list::iterator, hash_of_hash> by_hash_;

  std::unordered_map<std::string, timestamp> revoked_;  // session → when auth last told of it
  std::uint64_t revocations_ = 0;
  bool revocations_known_ = false;
  bool poll_works_ = true;
  timestamp next_cleanup_{};

  rt::gate work_;
};

}  // namespace ticketshow::gateway
