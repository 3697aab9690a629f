#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace ticketshow::catalog {

/// When a venue is open, by its own clock. `closing` not later than `opening` means past midnight; equal means always
/// open.
struct venue_hours {
  std::chrono::minutes opening;  ///< after midnight
  std::chrono::minutes closing;
};

/// Reads "HH:MM" or "HH:MM:SS" (seconds are dropped), which contract's format "clock" has checked.
std::chrono::minutes parse_clock(std::string_view text);
/// "09:30"
std::string print_clock(std::chrono::minutes after_midnight);

/// Whether the IANA time zone is known here.
bool is_time_zone(const std::string& zone);

/// Whether [start, end) lies inside one opening period of a venue in `zone`, which must be known. Opening and closing
/// are moments of the venue's clock on their day, so that a night on which clocks change is longer or shorter by an
/// hour; a moment that the clock skips counts as the one after the gap, one that it shows twice as the earlier.
bool is_open_throughout(const venue_hours& hours, const std::string& zone, timestamp start, timestamp end);

/// The first moment of a day by the venue's clock.
timestamp day_begins(std::chrono::year_month_day day, const std::string& zone);
/// A moment by the venue's clock: "2026-11-26 05:00"
std::string print_local(timestamp time, const std::string& zone);
/// The venue's calendar day at a moment.
std::chrono::year_month_day day_of(timestamp time, const std::string& zone);

}  // namespace ticketshow::catalog
