#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pg/pool.hpp"
#include "services/payment/rules.hpp"

namespace ticketshow::payment {

/// A payment as its row has it.
struct record {
  std::int64_t id;
  std::int64_t booking_id;
  std::int64_t user_id;
  money amount;
  std::string currency;
  payment_method method;
  std::string description;
  step now;
  std::string reason;  ///< of the step
  std::optional<std::string> failure_code;
  std::optional<std::int64_t> transaction_id;
  std::string correlation_id;
  timestamp created_at;
  timestamp updated_at;
  std::int64_t run;
  std::int64_t failures;
  std::optional<std::string> payer_email;
  std::optional<timestamp> in_doubt_until;  ///< when taken: until then a debit of an earlier run may still take effect
};

/// Who pays how much for what.
struct intent {
  std::int64_t booking_id;
  std::int64_t user_id;
  money amount;
  std::string currency;
  std::string description;
  std::string correlation_id;
  std::optional<std::string> payer_email;
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
};

/// How long a run has a payment to itself, and how long after a debit was sent it may still take effect.
struct run_times {
  std::int64_t lease_s;
  std::int64_t doubt_s;
};

/// Payment's tables: runs the statements of queries.hpp and reads their rows. Throws pg::sql_error and pg::unavailable.
/// A change of step answers nothing when the payment was not in the step it starts from; what others must hear of it is
/// recorded with it.
class store {
 public:
  store(pg::pool& database, run_times times) : database_(database), times_(times) {}

  /// Nothing when the booking has a live payment already. The first run begins with it.
  rt::task<std::optional<record>> record_intent(rt::deadline until, intent wish);

  rt::task<std::optional<record>> get(rt::deadline until, std::int64_t id);
  rt::task<std::vector<record>> list(rt::deadline until, std::int64_t user_id, std::int64_t skip, std::int64_t limit);
  /// The live payment if there is one, otherwise the newest.
  rt::task<std::optional<record>> of_booking(rt::deadline until, std::int64_t booking_id);
  rt::task<std::optional<record>> latest_of(rt::deadline until, std::int64_t booking_id, std::int64_t user_id);
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
  pg::pool& database_;
  run_times times_;
};

}  // namespace ticketshow::payment
