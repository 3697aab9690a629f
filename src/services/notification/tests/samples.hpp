#pragma once

#include "api/booking.hpp"
#include "api/payment.hpp"

namespace ticketshow::notification::testing {

/// One event of each kind, about one booking.
template <contract::event E>
E sample();

inline booking::booking_facts sample_booking() {
  return {.booking_id = 42,
          .user_id = 7,
          .show_name = "The Long Wait",
          .venue_name = "Regal Pune",
          .screen_name = "Screen 2",
          .show_time = parse_rfc3339("2026-11-27T14:00:00Z").value(),
          .time_zone = "Asia/Kolkata",
          .seat_labels = {{"7", "C"}, {"8", "C"}},
          .total_amount = {1'700'00},
          .currency = "INR",
          .tickets = {{{.seat_id = 10'027, .label = "C7", .code = "TS1:" + std::string(144, 'A')},
                       {.seat_id = 10'028, .label = "C8", .code = "TS1:" + std::string(144, 'B')}}}};
}

template <>
inline payment::booking_successful sample() {
  return {.booking = sample_booking(),
          .payment_id = 5,
          .amount = {1'700'00},
          .currency = "INR",
          .payment_method = payment::payment_method::WALLET,
          .email = "somebody.else@example.com"};
}

template <>
inline payment::booking_failed sample() {
  return {.booking_id = 42,
          .user_id = 7,
          .payment_id = 5,
          .amount = {1'700'00},
          .currency = "INR",
          .reason_code = "INSUFFICIENT_FUNDS",
          .reason = "The wallet does not hold enough.",
          .description = "Booking 42: The Long Wait"};
}

template <>
inline booking::refund_notice sample() {
  return {
      .booking = sample_booking(), .reason = "Cancelled by the customer.", .initiated_by = booking::initiator::USER};
}

template <>
inline payment::refund_completed sample() {
  return {.booking_id = 42,
          .user_id = 7,
          .payment_id = 5,
          .refund_id = "5",
          .amount = {1'700'00},
          .currency = "INR",
          .payment_method = payment::payment_method::WALLET,
          .description = "Booking 42: The Long Wait",
          .reason = "Cancelled by the customer."};
}

}  // namespace ticketshow::notification::testing
