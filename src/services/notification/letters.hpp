#pragma once

#include <string>
#include <string_view>

#include "api/auth.hpp"
#include "api/booking.hpp"
#include "api/payment.hpp"
#include "services/notification/kinds.hpp"
#include "services/notification/papers.hpp"
#include "services/notification/templates.hpp"

/// What the platform writes to its customers. Pure.
namespace ticketshow::notification {

struct letter {
  std::string subject;
  std::string text;
  std::string html;
};

/// A failure of a payment for which the templates have words in each language, by the name that they use. For others
/// the event brings some, in English.
struct worded_failure {
  std::string_view code;
  std::string_view name;
};
inline constexpr worded_failure worded_failures[] = {
    {"INSUFFICIENT_FUNDS", "insufficient_funds"},
    {"SEATS_GONE", "seats_gone"},
    {"SALES_CLOSED", "sales_closed"},
    {"HOLD_EXPIRED", "hold_expired"},
    {"CHECKOUT_ENDED", "checkout_ended"},
    {"PROVIDER_AWAY", "provider_away"},
    {"CARD_REFUSED", "card_refused"},
    {"AMOUNT_MISMATCH", "amount_mismatch"},
    {"SURPLUS", "surplus"},
    {"BOOKING_CANCELLED", "booking_cancelled"},
};

/// What an event tells a reader of this language, by the names that templates use.
values values_of(const payment::booking_successful& what, auth::language language);
values values_of(const payment::booking_failed& what, auth::language language);
values values_of(const booking::refund_notice& what, auth::language language);
values values_of(const payment::refund_completed& what, auth::language language);

/// The mail about an event, whose payload is `facts`, to this account in its language, with which these papers go.
/// `public_url` is where the platform is reached. Throws std::exception when the facts cannot be read or a time zone is
/// not known.
letter write_letter(kind about, std::string_view facts, const auth::contact_view& reader, const papers& with,
                    const std::string& public_url);

}  // namespace ticketshow::notification
