#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pg/pool.hpp"
#include "ports/card_gateway.hpp"
#include "services/payment/card_rules.hpp"

namespace ticketshow::payment {

/// A payment as its row has it.
struct record {
  std::int64_t id;
  std::optional<std::int64_t> booking_id;  ///< nothing when it fills the wallet
  std::int64_t user_id;
  money amount;
  std::string currency;
  payment_method method;
  std::string description;
  step now;
  std::string reason;  ///< of the step
  std::optional<std::string> failure_code;
  std::optional<std::int64_t> transaction_id;  ///< of the wallet's ledger
  std::string correlation_id;
  timestamp created_at;
  timestamp updated_at;
  std::int64_t run;
  std::int64_t failures;
  std::optional<std::string> payer_email;
  std::optional<std::int64_t> capture_id;   ///< of a card
  std::optional<timestamp> in_doubt_until;  ///< when taken: until then a debit of an earlier run may still take effect

  [[nodiscard]] course kind() const {
    return method == payment_method::WALLET ? course::wallet : booking_id ? course::card : course::top_up;
  }
  /// It is by card, and nothing was paid yet.
  [[nodiscard]] bool waits_for_card() const {
    return method == payment_method::DODO && (now == step::INTENT || now == step::CHECKOUT);
  }
  [[nodiscard]] bool in_flight() const { return rules::in_flight(now, kind()); }
};

/// Who pays how much for what.
struct intent {
  std::optional<std::int64_t> booking_id;  ///< nothing: it fills the wallet
  std::int64_t user_id;
  money amount;
  std::string currency;
  std::string description;
  std::string correlation_id;
  std::optional<std::string> payer_email;
  payment_method method = payment_method::WALLET;
  std::optional<std::string> idempotency_key;  ///< of what fills the wallet
  std::string page_secret;                     ///< of one by card: makes its reference at the provider one of a kind
};

/// A refund whose money is in the wallet.
struct credited {
  std::int64_t payment_id;
  std::int64_t transaction_id;  ///< of the wallet's ledger
};

/// What is not finished. Ages are of the oldest: of a payment since it was made, of a refund since it is owed.
struct open_payments {
  std::int64_t in_flight;
  std::int64_t oldest_in_flight_s;
  std::int64_t owed;
  std::int64_t oldest_owed_s;
  std::int64_t stuck;         ///< refunds to cards that an operator has to see to
  std::int64_t pages;         ///< on which a card may still be charged
  std::int64_t card_refunds;  ///< that go on by themselves; they are owed too
};

/// How long a run has a payment to itself, and how long after a debit was sent it may still take effect.
struct run_times {
  std::int64_t lease_s;
  std::int64_t card_lease_s;  ///< of a payment by card, for which the provider is called
  std::int64_t doubt_s;
};

/// Reads a row of the columns that queries.hpp names.
record record_of(const pg::result_set::row& row);
/// What others hear of a payment that came to nothing, and of one that went back. Only of one for a booking.
booking_failed failure_event_of(const record& known);
refund_completed completion_event_of(const record& known, std::string refund_id);

/// Payment's tables, but for those of cards alone (card_store.hpp): runs the statements of queries.hpp and reads their
/// rows. Throws pg::sql_error and pg::unavailable. A change of step answers nothing when the payment was not in the
/// step it starts from; what others must hear of it is recorded with it.
class store {
 public:
  store(pg::pool& database, run_times times) : database_(database), times_(times) {}

  /// Nothing when the booking has a live payment already, or the user has a top-up with this key. The first run begins
  /// with it.
  rt::task<std::optional<record>> record_intent(rt::deadline until, intent wish);
  /// The same by card, within what its account may open; the problem when that is used up.
  rt::task<contract::result<std::optional<record>>> record_intent(rt::deadline until, intent wish, page_limits allowed);

  rt::task<std::optional<record>> get(rt::deadline until, std::int64_t id);
  rt::task<std::vector<record>> list(rt::deadline until, std::int64_t user_id, std::int64_t skip, std::int64_t limit);
  /// The live payment if there is one, otherwise the newest.
  rt::task<std::optional<record>> of_booking(rt::deadline until, std::int64_t booking_id);
  rt::task<std::optional<record>> latest_of(rt::deadline until, std::int64_t booking_id, std::int64_t user_id);
  rt::task<std::optional<record>> find_top_up(rt::deadline until, std::int64_t user_id, std::string key);
  rt::task<bool> was_refunded(rt::deadline until, std::int64_t booking_id);

  /// Begins a run of one payment; nothing when it rests or somebody works on it.
  rt::task<std::optional<record>> take(rt::deadline until, std::int64_t id);
  rt::task<std::vector<record>> take_due(rt::deadline until, std::int64_t limit);
  /// Makes everything in flight due, whoever works on it.
  rt::task<> release_all(rt::deadline until);
  rt::task<open_payments> count_open(rt::deadline until);
  rt::task<> put_off(rt::deadline until, record run, std::chrono::milliseconds delay);
  rt::task<> put_off_in_doubt(rt::deadline until, record run, timestamp in_doubt_until);

  rt::task<std::optional<record>> capture(rt::deadline until, record from, std::int64_t transaction_id);
  rt::task<std::optional<record>> fail(rt::deadline until, record from, std::string code, std::string why);
  /// Ends a payment by card for which nothing was captured; others hear of it when it is `told`.
  rt::task<std::optional<record>> close(rt::deadline until, std::int64_t id, std::string code, std::string why,
                                        bool told);
  static rt::task<std::optional<record>> close(pg::transaction& in, std::int64_t id, std::string code, std::string why,
                                               bool told);
  /// The page is open; it is looked at for the first time in `first_look`. It is kept also when nothing is answered.
  rt::task<std::optional<record>> open_page(rt::deadline until, record from, ports::checkout page,
                                            std::chrono::seconds first_look);
  rt::task<std::optional<record>> top_up(rt::deadline until, record from, std::int64_t transaction_id);
  /// GIVING_BACK when the booking was cancelled meanwhile.
  rt::task<std::optional<record>> complete(rt::deadline until, record from, booking::booking_facts booking);
  rt::task<std::optional<record>> give_back(rt::deadline until, record from, std::string code, std::string why,
                                            booking::initiator by);
  /// Those that made the step.
  rt::task<std::vector<record>> refunded(rt::deadline until, std::vector<credited> done);

  /// Bookings were cancelled that may have been paid: what is completed must go back, and what is on its way as soon as
  /// it is. Part of the transaction `in`.
  static rt::task<> wish_refunds(pg::transaction& in, std::vector<booking::refund_initiated> cancelled);

 private:
  [[nodiscard]] pg::bound_statement recording(const intent& wish) const;

  pg::pool& database_;
  run_times times_;
};

}  // namespace ticketshow::payment
