#include "app/printable.hpp"

#include <iterator>

#include <fmt/format.h>

namespace ticketshow::app {

std::string printable(std::string_view text) {
  std::string line;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
    if (byte == '\n') {
      line += "\\n";
    } else if (byte == '\t') {
      line += "\\t";
    } else if (byte < 0x20 || byte == 0x7f) {
      fmt::format_to(std::back_inserter(line), "\\x{:02x}", byte);
    } else if (byte == 0xc2 && next >= 0x80 && next < 0xa0) {  // Unicode's second set of controls
      fmt::format_to(std::back_inserter(line), "\\x{:02x}", next);
      ++i;
    } else {
      line += text[i];
    }
  }
  return line;
}

}  // namespace ticketshow::app
