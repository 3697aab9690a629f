#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/booking.hpp"
#include "api/payment/failed_refunds.hpp"
#include "base/money.hpp"
#include "base/time.hpp"
#include "contract/codec.hpp"
#include "contract/event.hpp"
#include "contract/port.hpp"

/// Payments and refunds, from the wallet and by card, and the wallet filled by card.
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
inline constexpr contract::error idempotency_conflict{"IDEMPOTENCY_CONFLICT", 409,
                                                      "This idempotency key was used for another request."};
inline constexpr contract::error webhook_refused{"WEBHOOK_REFUSED", 401, "This message is not taken."};

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
  std::optional<std::string> checkout_url;    ///< where a PENDING payment by card is made
  std::optional<std::string> failure_reason;  ///< why it FAILED or was given back, or the card was declined last
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

/// The wallet filled by card.
struct top_up_view {
  std::int64_t id;
  std::int64_t user_id;
  money amount;
  std::string currency;
  payment_status status;                      ///< COMPLETED: it is in the wallet
  std::optional<std::string> transaction_id;  ///< of the wallet's ledger, when COMPLETED
  std::optional<std::string> checkout_url;    ///< where a PENDING one is paid
  std::optional<std::string> failure_reason;  ///< why it FAILED or was given back, or the card was declined last
  timestamp created_at;
  timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(top_up_view, (),
                      (id, user_id, amount, currency, status, transaction_id, checkout_url, failure_reason, created_at,
                       updated_at))

struct top_up {
  money amount;
  std::string idempotency_key;

  using response = top_up_view;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/payments/top-up",
                                       .who = contract::access::user,
                                       .status = 201,
                                       .summary = "Fill one's wallet by card; repeating it with its key is one wish",
                                       .idempotent = true};
  static constexpr const contract::error* errors[] = {&method_unavailable, &idempotency_conflict};
  static constexpr contract::field fields[] = {
      {.name = "amount", .help = "From 50.00 to 50000.00.", .min = 50'00, .max = 50'000'00},
      {.name = "idempotency_key", .help = "Chosen by the client, new for each new wish.", .min = 1, .max = 100}};
};
BOOST_DESCRIBE_STRUCT(top_up, (), (amount, idempotency_key))

struct get_top_up {
  std::int64_t id;

  using response = top_up_view;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/payments/top-ups/{id}",
                                       .who = contract::access::user,
                                       .summary = "How far one of one's own top-ups is"};
  static constexpr const contract::error* errors[] = {&payment_not_found};
  static constexpr contract::field fields[] = {{.name = "id", .min = 1}};
};
BOOST_DESCRIBE_STRUCT(get_top_up, (), (id))

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

// ---- for the card provider

/// What the card provider tells by itself (Standard Webhooks). Only what it signed is taken, over the body to the byte;
/// it is answered when it is recorded, whatever it says.
struct payment_webhook {
  contract::content message;
  contract::header webhook_id;
  contract::header webhook_timestamp;
  contract::header webhook_signature;

  using response = contract::nothing;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/payments/webhook",
                                       .who = contract::access::all,
                                       .summary = "For the card provider: signed messages about payments",
                                       .idempotent = true};
  static constexpr const contract::error* errors[] = {&webhook_refused};
  static constexpr contract::field fields[] = {
      {.name = "message", .help = "At most 256 KiB.", .max = 256L * 1024, .format = "application/json"}};
};
BOOST_DESCRIBE_STRUCT(payment_webhook, (), (message, webhook_id, webhook_timestamp, webhook_signature))

// ---- events

/// A booking is paid and confirmed.
struct booking_successful {
  booking::booking_facts booking;
  std::int64_t payment_id;
  money amount;
  std::string currency;
  enum payment_method payment_method;
  std::optional<std::string> email;  ///< with which the payer was signed in

  static constexpr contract::event_spec spec{.topic = "booking.successful",
                                             .summary = "A booking is paid and confirmed: its owner gets the tickets"};
  [[nodiscard]] std::string key() const { return std::to_string(booking.booking_id); }
};
BOOST_DESCRIBE_STRUCT(booking_successful, (), (booking, payment_id, amount, currency, payment_method, email))

/// A payment came to nothing: no money moved, or what moved goes back because the booking could not be had.
struct booking_failed {
  std::int64_t booking_id;
  std::int64_t user_id;
  std::int64_t payment_id;
  money amount;
  std::string currency;
  std::string reason_code;
  std::string reason;       ///< a sentence for people
  std::string description;  ///< what was to be paid

  static constexpr contract::event_spec spec{.topic = "booking.failed",
                                             .summary = "A payment came to nothing: its payer hears why"};
  [[nodiscard]] std::string key() const { return std::to_string(booking_id); }
};
BOOST_DESCRIBE_STRUCT(booking_failed, (),
                      (booking_id, user_id, payment_id, amount, currency, reason_code, reason, description))

/// Money is back where it came from.
struct refund_completed {
  std::int64_t booking_id;
  std::int64_t user_id;
  std::int64_t payment_id;
  std::string refund_id;
  money amount;
  std::string currency;
  enum payment_method payment_method;
  std::string description;  ///< what had been paid
  std::string reason;

  static constexpr contract::event_spec spec{.topic = "notification.refund_completed",
                                             .summary = "Money is back where it came from: its owner hears of it"};
  [[nodiscard]] std::string key() const { return std::to_string(booking_id); }
};
BOOST_DESCRIBE_STRUCT(refund_completed, (),
                      (booking_id, user_id, payment_id, refund_id, amount, currency, payment_method, description,
                       reason))

using all_events = contract::events<booking_successful, booking_failed, refund_completed>;

using all_endpoints = contract::endpoints<create_payment, top_up, list_payments, get_payment, get_booking_payment,
                                          get_top_up, payment_webhook, list_failed_refunds, retry_failed_refund>;
using port = contract::port_of<all_endpoints>;

}  // namespace ticketshow::payment
