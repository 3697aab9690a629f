#pragma once

#include <string>
#include <string_view>

namespace ticketshow::documents {

/// The most bytes of a name that a document shows.
inline constexpr std::size_t longest_text = 1'000;

/// The same text in valid UTF-8 on one line: control characters become spaces, what is no character U+FFFD, and
/// what exceeds longest_text is cut off between two characters.
std::string one_line(std::string_view text);

}  // namespace ticketshow::documents
