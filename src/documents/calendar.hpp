#pragma once

#include <string>
#include <string_view>

#include "api/auth.hpp"
#include "documents/visit.hpp"

/// Calendar entries (RFC 5545, exchanged by RFC 5546). Pure.
namespace ticketshow::documents {

enum class calendar_news {
  PUBLISH,  ///< the visit takes place
  CANCEL,   ///< it does not: the entry of the same id goes
};

/// The media type of an entry, as mail and HTTP tell it: with the method, which must be the one inside.
std::string calendar_type(calendar_news news);

/// The entry of a visit. Its id follows from the booking and the issuer's domain, so that the cancellation, which is
/// later in sequence, finds what was published. Times are in UTC: calendars show them in their owner's zone.
std::string calendar_entry(const visit& of, const issuer& by, timestamp written, calendar_news news,
                           auth::language language);

/// A content line with its end: folded after at most 75 bytes, never inside a character.
std::string folded(std::string_view line);

/// A text as a value: backslashes, semicolons, commas and line ends escaped.
std::string escaped(std::string_view text);

}  // namespace ticketshow::documents
