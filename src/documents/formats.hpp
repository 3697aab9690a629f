#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/auth.hpp"
#include "api/booking.hpp"
#include "base/money.hpp"
#include "base/time.hpp"

/// Amounts, times and seats as people of a language read them; English is that of India. Pure.
namespace ticketshow::documents {

/// "₹1,23,456.00", grouped as in India; a currency without a sign of its own here comes before the amount as its code.
std::string amount_text(money amount, std::string_view currency);

/// "Friday, 27 November 2026, 7:30 pm (IST)" or "शुक्रवार, 27 नवंबर 2026, शाम 7:30 बजे (IST)": at the venue, whose IANA
/// time zone this is. Throws std::runtime_error for a zone that is not known.
std::string moment_text(timestamp time, const std::string& time_zone, auth::language language);

/// The two halves of it: "Friday, 27 November 2026" and "7:30 pm (IST)". A zone without letters is called "UTC+04".
std::string day_text(timestamp time, const std::string& time_zone, auth::language language);
std::string hour_text(timestamp time, const std::string& time_zone, auth::language language);

/// "C7, C8"
std::string seats_text(const std::vector<booking::seat_label>& seats);

}  // namespace ticketshow::documents
