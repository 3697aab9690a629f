#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/check/check.hpp"
#include "base/money.hpp"

/// What must agree between schemas that may live in different databases: decided on rows, without a database.
namespace ticketshow::check {

/// A booking that money has to do with: CONFIRMED, or CANCELLED after a payment settled it.
struct booking_row {
  std::int64_t id;
  std::int64_t user_id;
  money amount;
  std::string state;
  std::optional<std::int64_t> payment_id;
  std::optional<std::int64_t> refund_asked_ms;  ///< ago; nothing when none was
};

struct payment_row {
  std::int64_t id;
  std::int64_t booking_id;  ///< 0 for a top-up
  std::int64_t user_id;
  money amount;
  std::string step;
  std::optional<std::int64_t> debit_id;  ///< of a top-up its credit
  std::int64_t age_ms;                   ///< since its last step
  std::optional<std::int64_t> credit_id;
  std::optional<money> refund_amount;
  std::string course = "wallet";  ///< "wallet", "card" or "top-up"
};

/// A movement in the wallets' ledger whose reference names a payment.
struct movement_row {
  std::int64_t payment_id;
  std::string what;  ///< "debit" or "refund", "credit" of a top-up
  std::int64_t id;
  std::string kind;
  std::int64_t user_id;
  money amount;
  std::int64_t age_ms;
};

/// A ticket mail, or an event of a confirmed booking that could not be made into one (no Message-ID).
struct mail_row {
  std::int64_t booking_id;
  std::optional<std::string> message_id;
  std::string state;
  std::int64_t queued_s;   ///< ago
  std::int64_t overdue_s;  ///< since its next attempt is due; negative while it waits for that
  std::string words;       ///< of the mail server, or what went wrong on the way there; empty: no attempt has ended
  bool set_aside;          ///< its event is set aside
};

/// What became of mails that are not accepted, without breaking I5.
struct mail_counts {
  std::int64_t tried = 0;      ///< every attempt failed so far
  std::int64_t set_aside = 0;  ///< refused, or never written
  std::int64_t given_up = 0;   ///< refused, and its dead letter dropped by an operator
  std::string words;           ///< of one that was tried
};

/// Collects what is found for one invariant.
class tally {
 public:
  /// `reading_ms` is how long it took to take all snapshots: no two lie further apart.
  tally(finding& where, const options& chosen, std::int64_t reading_ms)
      : where_(where), options_(chosen), reading_ms_(reading_ms) {}

  void looked_at(std::int64_t rows) { where_.looked_at += rows; }
  void in_flight(std::int64_t rows) { where_.in_flight += rows; }
  void note(std::string what) { where_.notes.push_back(std::move(what)); }
  void broken(std::string row);
  void broken(std::int64_t count, std::vector<std::string> rows);
  /// Not finished for that long: broken when it is too long.
  void unfinished(std::int64_t age_ms, std::string row);
  /// What this says cannot be, but for a step that one schema shows because it was read after the other: broken when
  /// the step is older than the reading.
  void ahead(std::int64_t age_ms, std::string row);

 private:
  finding& where_;
  const options& options_;
  std::int64_t reading_ms_;
};

/// A booking (none: one that is neither confirmed nor was ever paid) with all its payments.
void compare_booking(const booking_row* booking, std::span<const payment_row> payments, tally& settled,
                     tally& refunded);

/// I5 for a confirmed booking: `payment` settled it (none: there is no such row), `mails` are its ticket mails.
void compare_mails(const booking_row& booking, const payment_row* payment, std::span<const mail_row> mails,
                   const options& chosen, tally& mailed, mail_counts& waiting);

/// A payment (none: there is no such row) with all movements of the ledger that name it: I2, and I4 where the way back
/// is concerned.
void compare_movements(std::int64_t payment_id, const payment_row* payment, std::span<const movement_row> movements,
                       tally& conserved, tally& refunded);

}  // namespace ticketshow::check
