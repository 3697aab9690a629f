#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/money.hpp"
#include "base/time.hpp"
#include "contract/codec.hpp"
#include "contract/port.hpp"

/// Payments and refunds. In this version from the wallet; cards join as another method.
namespace ticketshow::payment {

// ---- errors

inline constexpr contract::error payment_not_found{"PAYMENT_NOT_FOUND", 404, "There is no such payment."};
inline constexpr contract::error booking_not_found{"BOOKING_NOT_FOUND", 404, "There is no such booking."};
inline constexpr contract::error booking_not_payable{"BOOKING_NOT_PAYABLE", 409, "This booking can no longer be paid."};
inline constexpr contract::error already_paid{"ALREADY_PAID", 409, "This booking is paid already."};
inline constexpr contract::error amount_mismatch{"AMOUNT_MISMATCH", 422, "The amount is not the booking's."};
inline constexpr contract::error insufficient_funds{"INSUFFICIENT_FUNDS", 402, "The wallet does not hold enough."};
inline constexpr contract::error method_unavailable{"METHOD_UNAVAILABLE", 422,
                                                    "This payment method is not offered here."};

// ---- what is shown

enum class payment_status { PENDING, COMPLETED, FAILED, REFUND_INITIATED, REFUNDED };
BOOST_DESCRIBE_ENUM(payment_status, PENDING, COMPLETED, FAILED, REFUND_INITIATED, REFUNDED)
enum class payment_method { WALLET, DODO };
BOOST_DESCRIBE_ENUM(payment_method, WALLET, DODO)

struct payment_view {
  std::int64_t id;
  std::int64_t booking_id;
  std::int64_t user_id;
  money amount;
  std::string currency;
  payment_status status;
  payment_method payment_method;
  std::optional<std::string> transaction_id;  ///< of the wallet's ledger or the card provider, once money moved
  std::optional<std::string> checkout_url;    ///< for cards
  std::optional<std::string> failure_reason;  ///< why it FAILED or was given back
  std::string correlation_id;
  timestamp created_at;
  timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(payment_view, (),
                      (id, booking_id, user_id, amount, currency, status, payment_method, transaction_id, checkout_url,
                       failure_reason, correlation_id, created_at, updated_at))

// ---- for account holders

struct create_payment {
  std::int64_t booking_id;
  payment_method payment_method;
  std::optional<money> amount;  ///< must equal the booking's when given

  using response = payment_view;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/payments",
                                       .who = contract::access::user,
                                       .status = 201,
                                       .summary = "Pay a booking; repeating it never pays twice",
                                       .idempotent = true};
  static constexpr const contract::error* errors[] = {&booking_not_found, &booking_not_payable, &already_paid,
                                                      &amount_mismatch,   &insufficient_funds,  &method_unavailable};
  static constexpr contract::field fields[] = {{.name = "booking_id", .min = 1},
                                               {.name = "amount", .help = "Must equal the booking's total.", .min = 1}};
};
BOOST_DESCRIBE_STRUCT(create_payment, (), (booking_id, payment_method, amount))

struct list_payments {
  std::optional<std::int64_t> skip;
  std::optional<std::int64_t> limit;

  using response = std::vector<payment_view>;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/payments",
                                       .who = contract::access::user,
                                       .summary = "One's own payments, newest first"};
  static constexpr contract::field fields[] = {{.name = "skip", .min = 0, .max = 1'000'000},
                                               {.name = "limit", .help = "20 by default.", .min = 1, .max = 100}};
};
BOOST_DESCRIBE_STRUCT(list_payments, (), (skip, limit))

struct get_payment {
  std::int64_t id;

  using response = payment_view;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/payments/{id}",
                                       .who = contract::access::user,
                                       .summary = "One of one's own payments"};
  static constexpr const contract::error* errors[] = {&payment_not_found};
  static constexpr contract::field fields[] = {{.name = "id", .min = 1}};
};
BOOST_DESCRIBE_STRUCT(get_payment, (), (id))

struct get_booking_payment {
  std::int64_t booking_id;

  using response = payment_view;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/payments/booking/{booking_id}",
                                       .who = contract::access::user,
                                       .summary = "The latest payment of one of one's own bookings"};
  static constexpr const contract::error* errors[] = {&payment_not_found};
  static constexpr contract::field fields[] = {{.name = "booking_id", .min = 1}};
};
BOOST_DESCRIBE_STRUCT(get_booking_payment, (), (booking_id))

// ---- for other services

enum class initiator { USER, ADMIN, SYSTEM };
BOOST_DESCRIBE_ENUM(initiator, USER, ADMIN, SYSTEM)

enum class refund_status {
  NOTHING_TO_REFUND,  ///< no capture of this booking, nor one on its way
  REFUNDED,           ///< the money is back where it came from
};
BOOST_DESCRIBE_ENUM(refund_status, NOTHING_TO_REFUND, REFUNDED)

struct refund_outcome {
  refund_status status;
};
BOOST_DESCRIBE_STRUCT(refund_outcome, (), (status))

/// Gives back what was captured for a cancelled booking. Idempotent by booking: money goes back exactly once. Throws
/// (503) when it could not be finished now; ask again.
struct refund_booking {
  std::int64_t booking_id;
  std::string reason;
  initiator initiated_by;

  using response = refund_outcome;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/internal/payments/refund",
                                       .who = contract::access::service,
                                       .summary = "Give back what was paid for a cancelled booking",
                                       .idempotent = true};
  static constexpr contract::field fields[] = {{.name = "reason", .min = 1, .max = 200}};
};
BOOST_DESCRIBE_STRUCT(refund_booking, (), (booking_id, reason, initiated_by))

using all_endpoints =
    contract::endpoints<create_payment, list_payments, get_payment, get_booking_payment, refund_booking>;
using port = contract::port_of<all_endpoints>;

}  // namespace ticketshow::payment
