#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/time.hpp"

/// Which moments somebody means who asks for days.
namespace ticketshow::catalog {

/// What may be planned and asked for. Farther away, calendars and their texts end.
inline constexpr std::chrono::year_month_day first_day{std::chrono::year{1970} / 1 / 1};
inline constexpr std::chrono::year_month_day last_day{std::chrono::year{2999} / 12 / 31};

/// Days of a venue's calendar, the last inclusive: today when the first is absent, seven days when the last one is.
struct asked_days {
  std::optional<std::chrono::year_month_day> from;
  std::optional<std::chrono::year_month_day> to;
  auto operator<=>(const asked_days&) const = default;
};

/// [begin, end)
struct period {
  timestamp begin;
  timestamp end;
};

/// These days by the clock of a venue in `zone`, which must be known. Days beyond the calendar are its first or last.
period period_of(asked_days days, const std::string& zone, timestamp now);

}  // namespace ticketshow::catalog
