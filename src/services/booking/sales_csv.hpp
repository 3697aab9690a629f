#pragma once

#include <string>
#include <vector>

#include "api/booking/reports.hpp"

namespace ticketshow::booking {

/// The rows as RFC 4180 has it: a line of names first, lines end with CR LF. A text that a spreadsheet would take for a
/// formula is shown as text instead (OWASP, CSV injection): somebody else may have chosen it.
std::string sales_csv(const std::vector<sales_row>& rows);

}  // namespace ticketshow::booking
