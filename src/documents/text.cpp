#include "documents/text.hpp"

#include <glib.h>
#include <memory>

#include "base/bytes.hpp"

namespace ticketshow::documents {

namespace {

constexpr const char* replacement = "\uFFFD";

/// Code points that never stand for a character. GLib lets them pass, cairo fails at them.
bool is_noncharacter(gunichar c) { return (c & 0xFFFEU) == 0xFFFEU || (c >= 0xFDD0 && c <= 0xFDEF); }

}  // namespace

std::string one_line(std::string_view text) {
  text = utf8_prefix(text, longest_text);
  const std::unique_ptr<char, decltype(&g_free)> valid(g_utf8_make_valid(std::data(text), std::ssize(text)), &g_free);
  std::string line;
  for (const char* at = valid.get(); *at != '\0';) {
    const char* next = g_utf8_next_char(at);
    const auto character = g_utf8_get_char(at);
    const bool breaks = g_unichar_iscntrl(character) != 0 || character == 0x2028 || character == 0x2029;
    if (breaks) {
      line += ' ';
    } else {
      is_noncharacter(character) ? line.append(replacement) : line.append(at, next);
    }
    at = next;
  }
  return line;
}

}  // namespace ticketshow::documents
