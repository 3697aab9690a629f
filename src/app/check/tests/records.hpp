#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/check/check.hpp"
#include "tests/support/database.hpp"

namespace ticketshow::check::testing {

/// The steps in the life of a booking as SQL: what the services write, each in one transaction. All bookings are of one
/// seat and cost 350.00; ids are the test's to choose. A payment's debit is transaction 2 × its id, its credit the
/// next.
namespace steps {

inline constexpr std::int64_t ann = 1;
inline constexpr std::int64_t bob = 2;

std::string credit_wallet(std::int64_t user, std::int64_t transaction, std::int64_t minor);
/// Held an hour ago, for half an hour.
std::string hold(std::int64_t booking, std::int64_t user, std::int64_t seat);
std::string resolve(std::int64_t booking, std::string_view state);
/// What the top-up's card paid is in ann's wallet: transaction 2 × the payment's id.
std::string fill(std::int64_t payment, std::int64_t minor);
std::string intend(std::int64_t payment, std::int64_t booking, std::int64_t user);
std::string debit(std::int64_t payment);
std::string capture(std::int64_t payment);
std::string fail(std::int64_t payment);
/// With the ticket mail, which is sent.
std::string confirm(std::int64_t booking, std::int64_t payment);
/// The ticket mail of a booking; its event is "event <booking>".
std::string mail(std::int64_t booking, std::string_view state);
std::string complete(std::int64_t payment);
/// A confirmed booking's cancellation, with its refund request.
std::string cancel_paid(std::int64_t booking);
std::string give_back(std::int64_t payment);
std::string credit(std::int64_t payment);
std::string refund(std::int64_t payment);

/// From the hold to CONFIRMED.
std::vector<std::string> sold(std::int64_t booking, std::int64_t user, std::int64_t seat, std::int64_t payment);
/// From the cancellation of that to REFUNDED.
std::vector<std::string> cancelled(std::int64_t booking, std::int64_t payment);

}  // namespace steps

/// A scratch database with the schemas of auth, booking, payment, notification and catalog, the accounts ann and bob
/// with 10 000.00 each (transactions 1 and 2) and showing 1.
class records {
 public:
  records();

  /// Runs statements with the role that owns the tables, each in a transaction of its own.
  void take(const std::vector<std::string>& statements) const;
  /// The same with the superuser and without triggers: what no service and no owner could do.
  void force(std::vector<std::string> statements) const;
  /// Takes away every constraint and unique index: what they keep out can be planted from now on.
  void drop_constraints() const;

  /// Where the checks read. All examples are kept.
  [[nodiscard]] options where(std::int64_t settle_seconds = 0) const;
  /// Makes all movements and payments five seconds older, so that none is younger than the reading takes, and checks.
  [[nodiscard]] std::vector<finding> check(std::int64_t settle_seconds = 0) const;
  static std::vector<finding> check(const options& chosen);

 private:
  test::scratch_database database_;
};

/// One of the findings.
const finding& of(const std::vector<finding>& findings, std::string_view invariant);
/// A line "I3: sentence" for each row of each, in order.
std::vector<std::string> rows(const std::vector<finding>& findings);

}  // namespace ticketshow::check::testing
