#pragma once

#include <string>

#include "api/auth.hpp"
#include "pg/pool.hpp"

namespace ticketshow::auth {

/// One movement of money into or out of a wallet.
struct movement {
  transaction_type kind;
  std::int64_t user_id;
  money amount;
  std::string reference;
  std::string description;
};

/// The wallet: an append-only ledger in the database, see README.md. Throws pg's exceptions.
class wallet {
 public:
  explicit wallet(pg::pool& database) : database_(database) {}

  /// Makes a movement once: the same again answers as the first time, another one under its reference
  /// reference_conflict, as a reference that belongs to another kind. Refuses what the wallet does not hold
  /// (insufficient_funds) and unknown accounts (account_not_found), without a trace.
  rt::task<contract::result<wallet_movement>> move(rt::deadline until, movement what);

  /// Makes many refunds in one transaction; each as move() would. In their order.
  rt::task<std::vector<credit_outcome>> refund_all(rt::deadline until, std::vector<wallet_credit> refunds);

  /// Balance and movements, newest first. An account without movements has none and 0.
  rt::task<wallet_view> history(rt::deadline until, std::int64_t user_id, std::int64_t skip, std::int64_t limit);

 private:
  pg::pool& database_;
};

}  // namespace ticketshow::auth
