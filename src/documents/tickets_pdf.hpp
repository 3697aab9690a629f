#pragma once

#include <string>

#include "api/auth.hpp"
#include "documents/visit.hpp"

namespace ticketshow::documents {

/// A PDF of tickets: one page of A6 a seat, in the order of the seats, with a code of 37 mm. Its text can be selected.
/// The same facts give the same bytes. Takes some milliseconds: see press. Throws std::invalid_argument when there is
/// no ticket or a code that no QR code holds, std::runtime_error for a time zone that is not known.
std::string tickets_pdf(const visit& of, const issuer& by, timestamp written, auth::language language);

}  // namespace ticketshow::documents
