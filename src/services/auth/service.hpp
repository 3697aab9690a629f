#pragma once

#include <span>
#include <string>

#include "api/auth.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "pg/migrations.hpp"
#include "pg/pool.hpp"
#include "rt/gate.hpp"
#include "rt/module.hpp"
#include "services/auth/keys.hpp"
#include "services/auth/passwords.hpp"
#include "services/auth/sessions.hpp"
#include "services/auth/staff.hpp"
#include "services/auth/wallet.hpp"

namespace ticketshow::auth {

/// The steps of schema `auth`.
std::span<const pg::migration> migrations();

struct options {
  std::string currency = "INR";
  std::size_t hash_memory_bytes = 19UZ * 1024 * 1024;
  unsigned hash_passes = 2;
  std::size_t hash_threads = 1;
  std::size_t hash_queue = 64;  ///< hashes that may wait or run
  session_limits sessions;
};

struct dependencies {
  rt::executor io;
  pg::pool& database;
  const clock_source& clock;
  random_source& random;
  options settings;
};

/// The issuer and the audience of access tokens.
inline constexpr std::string_view token_party = "ticketshow";
/// The type in their header (RFC 9068).
inline constexpr std::string_view access_token_type = "at+jwt";

/// E-mail addresses are compared in lower case (ASCII; others are kept as they are).
std::string normalised_email(std::string email);

/// Auth's endpoints, as api/auth.hpp promises them, and the work behind them. I/O thread only; passwords are hashed on
/// threads of their own.
class service final : public port, public rt::module {
 public:
  explicit service(const dependencies& needs);

  [[nodiscard]] std::string name() const override { return "auth"; }
  /// Makes the first signing key when there is none, and reads the keys: throws pg's exceptions when it cannot.
  rt::task<> start() override;
  rt::task<> stop(rt::deadline until) override;

  rt::task<contract::result<account_view>> handle(rt::call call, register_account request) override;
  rt::task<contract::result<session_view>> handle(rt::call call, login request) override;
  rt::task<contract::result<session_view>> handle(rt::call call, refresh request) override;
  rt::task<contract::result<logged_out>> handle(rt::call call, logout request) override;
  rt::task<contract::result<session_view>> handle(rt::call call, change_password request) override;
  rt::task<contract::result<account_view>> handle(rt::call call, get_me request) override;
  rt::task<contract::result<account_view>> handle(rt::call call, update_me request) override;
  rt::task<contract::result<wallet_view>> handle(rt::call call, get_wallet request) override;
  rt::task<contract::result<staff_view>> handle(rt::call call, create_staff request) override;
  rt::task<contract::result<std::vector<staff_view>>> handle(rt::call call, list_staff request) override;
  rt::task<contract::result<staff_view>> handle(rt::call call, move_staff request) override;
  rt::task<contract::result<contract::nothing>> handle(rt::call call, end_staff request) override;
  rt::task<contract::result<key_set>> handle(rt::call call, get_keys request) override;
  rt::task<contract::result<revoked_sessions>> handle(rt::call call, list_revoked_sessions request) override;
  rt::task<contract::result<contact_view>> handle(rt::call call, get_contact request) override;
  rt::task<contract::result<std::vector<contact_view>>> handle(rt::call call, get_contacts request) override;
  rt::task<contract::result<wallet_movement>> handle(rt::call call, debit_wallet request) override;
  rt::task<contract::result<wallet_movement>> handle(rt::call call, credit_wallet request) override;
  rt::task<contract::result<credits_made>> handle(rt::call call, refund_wallets request) override;

  // The steps of the background work, which the tests take at a time of their own.
  /// Reads the signing keys again.
  rt::task<> reload_keys(rt::deadline until) { co_await keys_.load(until); }
  /// Deletes the sessions that nobody can use any more.
  rt::task<> forget_sessions(rt::deadline until) { co_await sessions_.forget(until); }
  [[nodiscard]] const passwords& hashing() const { return passwords_; }

 private:
  rt::task<contract::result<account_view>> show_account(rt::deadline until, std::int64_t id);
  rt::task<contract::result<staff_view>> show_staff(rt::deadline until, std::int64_t id);
  /// The tokens of a session, for an account whose e-mail and role are read here.
  rt::task<contract::result<session_view>> show_session(rt::deadline until, opened_session opened);

  options settings_;
  pg::pool& database_;
  const clock_source& clock_;
  random_source& random_;
  passwords passwords_;
  sessions sessions_;
  staff staff_;
  key_ring keys_;
  wallet wallet_;
  rt::gate background_;
};

}  // namespace ticketshow::auth
