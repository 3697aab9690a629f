#include "services/booking/sales_csv.hpp"

#include <string_view>

#include <fmt/format.h>

namespace ticketshow::booking {
namespace {

constexpr std::string_view formulas_begin_with = "=+-@\t\r\n";

/// In quotes always: then no content has to be looked at for what needs them. An apostrophe before a formula makes it
/// text in every spreadsheet.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  if (!text.empty() && formulas_begin_with.contains(text.front())) out += '\'';
  for (const char each : text) {
    if (each == '"') out += '"';
    out += each;
  }
  return out += '"';
}

}  // namespace

std::string sales_csv(const std::vector<sales_row>& rows) {
  std::string text = "key,label,showings,seats_offered,seats_sold,revenue,currency\r\n";
  for (const auto& each : rows) {
    text += fmt::format("{},{},{},{},{},{},{}\r\n", quoted(each.key), quoted(each.label), each.showings,
                        each.seats_offered, each.seats_sold, to_string(each.revenue), quoted(each.currency));
  }
  return text;
}

}  // namespace ticketshow::booking
