#pragma once

#include <type_traits>
#include <utility>

#include "api/booking.hpp"
#include "api/payment.hpp"

namespace ticketshow::notification {

/// What a mail tells of. Each booking gets at most one mail of a kind.
enum class kind { BOOKING_CONFIRMED, PAYMENT_FAILED, REFUND_INITIATED, REFUND_COMPLETED };
BOOST_DESCRIBE_ENUM(kind, BOOKING_CONFIRMED, PAYMENT_FAILED, REFUND_INITIATED, REFUND_COMPLETED)

/// The kind of the mail that an event gives rise to; other events give rise to none.
template <contract::event E>
struct event_kind;
template <>
struct event_kind<payment::booking_successful> : std::integral_constant<kind, kind::BOOKING_CONFIRMED> {};
template <>
struct event_kind<payment::booking_failed> : std::integral_constant<kind, kind::PAYMENT_FAILED> {};
template <>
struct event_kind<booking::refund_notice> : std::integral_constant<kind, kind::REFUND_INITIATED> {};
template <>
struct event_kind<payment::refund_completed> : std::integral_constant<kind, kind::REFUND_COMPLETED> {};

template <contract::event E>
inline constexpr kind kind_of = event_kind<E>::value;

/// Calls `with(E{})` of the event that gives rise to mails of this kind.
template <class F>
auto with_event_of(kind about, F with) {
  switch (about) {
    case kind::BOOKING_CONFIRMED:
      return with(payment::booking_successful{});
    case kind::PAYMENT_FAILED:
      return with(payment::booking_failed{});
    case kind::REFUND_INITIATED:
      return with(booking::refund_notice{});
    case kind::REFUND_COMPLETED:
      return with(payment::refund_completed{});
  }
  std::unreachable();
}

}  // namespace ticketshow::notification
