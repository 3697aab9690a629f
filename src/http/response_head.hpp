#pragma once

#include <string>
#include <string_view>

#include "http/message.hpp"

namespace ticketshow::http {

/// Writes status line and headers of an answer into `out`, which keeps its memory from answer to answer.
/// Content-Length (but for a stream), Date and Connection are added. A header that holds CR, LF or NUL is left out: it
/// would let somebody write headers of his own.
void write_head(std::string& out, const response& answer, bool keep_alive, std::string_view date);

/// Whether an answer of this status has a body at all (RFC 9110 6.4.1).
constexpr bool status_has_body(int status) { return status >= 200 && status != 204 && status != 304; }

/// Now, as the Date header writes it; made anew once a second. I/O thread only.
std::string_view current_date();

/// problem+json for what the server itself refuses; tells nothing of the inside.
response make_problem(int status, std::string_view code, std::string_view title, std::string_view detail);

}  // namespace ticketshow::http
