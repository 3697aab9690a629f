#include "documents/calendar.hpp"

#include <algorithm>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/bytes.hpp"
#include "documents/formats.hpp"
#include "documents/text.hpp"
#include "documents/words.hpp"

namespace ticketshow::documents {
namespace {

constexpr std::size_t longest_line = 75;  // bytes, without the line's end

std::string utc(timestamp time) {
  return fmt::format("{:%Y%m%dT%H%M%S}Z", fmt::gmtime(std::chrono::floor<std::chrono::seconds>(time)));
}

std::string_view method_of(calendar_news news) { return news == calendar_news::CANCEL ? "CANCEL" : "PUBLISH"; }

/// A parameter's value in quotes, which itself can hold none.
std::string quoted(std::string_view text) {
  auto inside = one_line(text);
  std::erase(inside, '"');
  return '"' + inside + '"';
}

std::string place_of(const visit& of) {
  std::string place = one_line(of.venue_name);
  for (const auto* more : {&of.screen_name, &of.venue_address}) {
    if (!more->empty()) place += ", " + one_line(*more);
  }
  return place;
}

std::string description_of(const visit& of, const words& say) {
  std::string seats;
  for (const auto& each : of.tickets) seats += (seats.empty() ? "" : ", ") + each.row + each.seat;
  auto text = fmt::format("{}: {}", say.booking, of.booking_id);
  if (!seats.empty()) text += fmt::format("\n{}: {}", say.seats, seats);
  return text;
}

}  // namespace

std::string calendar_type(calendar_news news) {
  return fmt::format("text/calendar; charset=utf-8; method={}", method_of(news));
}

std::string folded(std::string_view line) {
  std::string lines;
  std::size_t room = longest_line;
  while (line.size() > room) {
    const auto end = std::max<std::size_t>(1, utf8_prefix(line, room).size());
    lines.append(line.substr(0, end)).append("\r\n ");
    line.remove_prefix(end);
    room = longest_line - 1;  // the space that continues a line counts
  }
  return lines.append(line).append("\r\n");
}

std::string escaped(std::string_view text) {
  std::string value;
  for (const char c : text) {
    if (c == '\r') continue;
    if (c == '\\' || c == ';' || c == ',') value += '\\';
    c == '\n' ? value.append("\\n") : value.append(1, c);
  }
  return value;
}

std::string calendar_entry(const visit& of, const issuer& by, timestamp written, calendar_news news,
                           auth::language language) {
  const bool cancelled = news == calendar_news::CANCEL;
  const auto& say = words_of(language);
  const auto domain = by.address.substr(by.address.rfind('@') + 1);
  std::string entry;
  const auto line = [&entry](std::string_view name, std::string_view value) {
    entry += folded(fmt::format("{}:{}", name, value));
  };
  line("BEGIN", "VCALENDAR");
  line("VERSION", "2.0");
  line("PRODID", "-//Ticket Show//Tickets//EN");
  line("METHOD", method_of(news));
  line("BEGIN", "VEVENT");
  line("UID", fmt::format("booking-{}@{}", of.booking_id, domain));
  line("SEQUENCE", cancelled ? "1" : "0");
  line("STATUS", cancelled ? "CANCELLED" : "CONFIRMED");
  line("DTSTAMP", utc(written));
  line("DTSTART", utc(of.starts));
  if (of.ends) line("DTEND", utc(*of.ends));
  line("ORGANIZER;CN=" + quoted(by.name), "mailto:" + by.address);
  line(fmt::format("SUMMARY;LANGUAGE={}", say.language), escaped(one_line(of.show_name)));
  line("LOCATION", escaped(place_of(of)));
  line(fmt::format("DESCRIPTION;LANGUAGE={}", say.language), escaped(description_of(of, say)));
  line("URL", by.public_url);
  line("END", "VEVENT");
  line("END", "VCALENDAR");
  return entry;
}

}  // namespace ticketshow::documents
