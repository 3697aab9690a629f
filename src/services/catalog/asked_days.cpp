#include "services/catalog/asked_days.hpp"

#include <algorithm>

#include "services/catalog/venue_hours.hpp"

namespace ticketshow::catalog {
namespace {

using std::chrono::year_month_day;

year_month_day within_calendar(year_month_day day) { return std::clamp<year_month_day>(day, first_day, last_day); }

year_month_day days_after(year_month_day day, int days) { return std::chrono::sys_days{day} + std::chrono::days(days); }

}  // namespace

period period_of(asked_days days, const std::string& zone, timestamp now) {
  const auto from = within_calendar(days.from.value_or(day_of(now, zone)));
  const auto to = within_calendar(days.to.value_or(days_after(from, 6)));
  return {day_begins(from, zone), day_begins(days_after(to, 1), zone)};
}

}  // namespace ticketshow::catalog
