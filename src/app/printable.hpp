#pragma once

#include <string>
#include <string_view>

namespace ticketshow::app {

/// `text` as one line that does a terminal no harm: control characters are written as \n, \t or \x1b. UTF-8 stays.
std::string printable(std::string_view text);

}  // namespace ticketshow::app
