#include "documents/formats.hpp"

#include <array>

#include <date/tz.h>
#include <fmt/format.h>

namespace ticketshow::documents {
namespace {

using auth::language;

/// The words of one language for a moment.
struct calendar_words {
  std::array<std::string_view, 7> days;  // from Sunday
  std::array<std::string_view, 12> months;
};

constexpr calendar_words english{{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
                                 {"January", "February", "March", "April", "May", "June", "July", "August", "September",
                                  "October", "November", "December"}};

constexpr calendar_words hindi{
    {"रविवार", "सोमवार", "मंगलवार", "बुधवार", "गुरुवार", "शुक्रवार", "शनिवार"},
    {"जनवरी", "फ़रवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर", "अक्टूबर", "नवंबर", "दिसंबर"}};

/// The part of the day, with the bounds that CLDR has for Hindi.
std::string_view hindi_part_of_day(unsigned hour) {
  if (hour < 4 || hour >= 20) return "रात";
  if (hour < 12) return "सुबह";
  if (hour < 16) return "दोपहर";
  return "शाम";
}

std::string clock_text(unsigned hour, unsigned minute, language language) {
  const unsigned of_twelve = hour % 12 == 0 ? 12 : hour % 12;
  if (language == language::hi) return fmt::format("{} {}:{:02} बजे", hindi_part_of_day(hour), of_twelve, minute);
  return fmt::format("{}:{:02} {}", of_twelve, minute, hour < 12 ? "am" : "pm");
}

/// The last three digits, then pairs: 1,23,45,678.
std::string grouped(std::string_view digits) {
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const auto left = digits.size() - i;
    if (i != 0 && (left == 3 || (left > 3 && left % 2 == 1))) text += ',';
    text += digits[i];
  }
  return text;
}

struct local_moment {
  date::local_days day;
  date::hh_mm_ss<std::chrono::minutes> at;
  std::string zone;
};

local_moment local_moment_of(timestamp time, const std::string& time_zone) {
  const auto* zone = date::locate_zone(time_zone);
  const date::sys_time<std::chrono::microseconds> utc{time.time_since_epoch()};
  const auto local = zone->to_local(utc);
  const auto day = date::floor<date::days>(local);
  auto name = zone->get_info(utc).abbrev;
  if (name.starts_with('+') || name.starts_with('-')) name.insert(0, "UTC");
  return {day, date::hh_mm_ss<std::chrono::minutes>(date::floor<std::chrono::minutes>(local - day)), std::move(name)};
}

}  // namespace

std::string amount_text(money amount, std::string_view currency) {
  const auto plain = to_string(amount.minor < 0 ? -amount : amount);
  const auto point = plain.find('.');
  const auto sign = currency == "INR" ? std::string("₹") : fmt::format("{} ", currency);
  return fmt::format("{}{}{}{}", amount.minor < 0 ? "-" : "", sign, grouped(plain.substr(0, point)),
                     plain.substr(point));
}

std::string day_text(timestamp time, const std::string& time_zone, language language) {
  const auto there = local_moment_of(time, time_zone);
  const date::year_month_day on(there.day);
  const auto& words = language == language::hi ? hindi : english;
  return fmt::format("{}, {} {} {}", words.days.at(date::weekday(there.day).c_encoding()),
                     static_cast<unsigned>(on.day()), words.months.at(static_cast<unsigned>(on.month()) - 1),
                     static_cast<int>(on.year()));
}

std::string hour_text(timestamp time, const std::string& time_zone, language language) {
  const auto there = local_moment_of(time, time_zone);
  return fmt::format("{} ({})",
                     clock_text(static_cast<unsigned>(there.at.hours().count()),
                                static_cast<unsigned>(there.at.minutes().count()), language),
                     there.zone);
}

std::string moment_text(timestamp time, const std::string& time_zone, language language) {
  return fmt::format("{}, {}", day_text(time, time_zone, language), hour_text(time, time_zone, language));
}

std::string seats_text(const std::vector<booking::seat_label>& seats) {
  std::string text;
  for (const auto& each : seats) {
    if (!text.empty()) text += ", ";
    text += each.row_number + each.seat_number;
  }
  return text;
}

}  // namespace ticketshow::documents
