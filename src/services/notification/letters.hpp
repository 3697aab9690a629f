#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "api/auth.hpp"
#include "api/booking.hpp"
#include "api/payment.hpp"
#include "services/notification/templates.hpp"

/// What the platform writes to its customers. Pure.
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

struct letter {
  std::string subject;
  std::string text;
  std::string html;
};

/// What an event tells a reader of this language, by the names that templates use.
values values_of(const payment::booking_successful& what, auth::language language);
values values_of(const payment::booking_failed& what, auth::language language);
values values_of(const booking::refund_notice& what, auth::language language);
values values_of(const payment::refund_completed& what, auth::language language);

/// The mail about an event, whose payload is `facts`, to this account in its language. `public_url` is where the
/// platform is reached. Throws std::exception when the facts cannot be read or a time zone is not known.
letter write_letter(kind about, std::string_view facts, const auth::contact_view& reader,
                    const std::string& public_url);

}  // namespace ticketshow::notification
