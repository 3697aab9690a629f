#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ticketshow {

/// Two lower-case hexadecimal digits for each byte.
std::string hex(std::string_view bytes);

/// The beginning of a UTF-8 text, at most so many bytes, cut between two characters. Empty when the first is longer.
std::string_view utf8_prefix(std::string_view text, std::size_t most_bytes);

}  // namespace ticketshow
