#pragma once

#include <string>
#include <string_view>

#include "base/time.hpp"
#include "ports/mailer.hpp"

/// The values of a mail's header lines (RFC 5322). libcurl writes header lines as they are given, so what keeps a name
/// from becoming a header line of its own, and makes ASCII of it, is here. Pure.
namespace ticketshow::mail_smtp {

/// Whether this can be put between < and > of an envelope or a header: local@domain of at most 254 bytes without
/// blanks, control characters or the characters that end or quote an address. Letters of all scripts may be in it.
bool is_address(std::string_view text);

/// UTF-8 as the value of a header line: plain ASCII as it is, all else as encoded words (RFC 2047), folded. Control
/// characters, which could begin another line, become blanks.
std::string header_text(std::string_view text);

/// "Name <local@domain>", the name quoted or encoded where it must be.
std::string header_address(const ports::mail_address& who);

/// "Tue, 24 Nov 2026 20:19:00 +0000"
std::string header_date(timestamp time);

/// A file's name without what could end its quotation: ASCII letters, digits, '.', '-' and '_'; the rest underscores.
std::string file_name(std::string_view name);

/// The lines of a text with the line ends that mail has, CR LF, whichever they had.
std::string mail_lines(std::string_view text);

}  // namespace ticketshow::mail_smtp
