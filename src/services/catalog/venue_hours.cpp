#include "services/catalog/venue_hours.hpp"

#include <stdexcept>

#include <date/tz.h>
#include <fmt/format.h>

namespace ticketshow::catalog {
namespace {

using date::days;
using std::chrono::minutes;

/// date's own calendar types are not the standard library's; days since the epoch are common to both.
date::local_days local_day(std::chrono::year_month_day day) {
  return date::local_days{std::chrono::sys_days{day}.time_since_epoch()};
}

timestamp moment(const date::time_zone* zone, date::local_days day, minutes clock) {
  const auto time = zone->to_sys(day + clock, date::choose::earliest);
  return timestamp{std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch())};
}

date::local_days local_day_of(timestamp time, const date::time_zone* zone) {
  const date::sys_time<std::chrono::microseconds> utc{time.time_since_epoch()};
  return date::floor<days>(zone->to_local(utc));
}

}  // namespace

minutes parse_clock(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text.at(at) - '0'; };
  return std::chrono::hours(digit(0) * 10 + digit(1)) + minutes(digit(3) * 10 + digit(4));
}

std::string print_clock(minutes after_midnight) {
  return fmt::format("{:02}:{:02}", after_midnight.count() / 60, after_midnight.count() % 60);
}

bool is_time_zone(const std::string& zone) {
  try {
    date::locate_zone(zone);
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

bool is_open_throughout(const venue_hours& hours, const std::string& zone, timestamp start, timestamp end) {
  if (hours.opening == hours.closing) return true;
  const auto* place = date::locate_zone(zone);
  const auto last_day = local_day_of(start, place);
  // The period that holds the start began on its day or, past midnight, the day before.
  for (const auto day : {last_day - days(1), last_day}) {
    const bool past_midnight = hours.closing < hours.opening;
    const auto opens = moment(place, day, hours.opening);
    const auto closes = moment(place, past_midnight ? day + days(1) : day, hours.closing);
    if (opens <= start && end <= closes) return true;
  }
  return false;
}

timestamp day_begins(std::chrono::year_month_day day, const std::string& zone) {
  return moment(date::locate_zone(zone), local_day(day), minutes(0));
}

std::string print_local(timestamp time, const std::string& zone) {
  const date::sys_time<std::chrono::microseconds> utc{time.time_since_epoch()};
  return date::format("%F %R", date::floor<minutes>(date::locate_zone(zone)->to_local(utc)));
}

std::chrono::year_month_day day_of(timestamp time, const std::string& zone) {
  const auto day = local_day_of(time, date::locate_zone(zone));
  return std::chrono::year_month_day{std::chrono::sys_days{day.time_since_epoch()}};
}

}  // namespace ticketshow::catalog
