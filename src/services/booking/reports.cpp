#include "services/booking/reports.hpp"

#include <fmt/format.h>

#include "services/booking/report_queries.hpp"

namespace ticketshow::booking {

contract::result<void> check_days(std::chrono::year_month_day from, std::chrono::year_month_day to) {
  const auto days = (std::chrono::sys_days{to} - std::chrono::sys_days{from}).count() + 1;
  if (days >= 1 && days <= max_report_days) return {};
  contract::problem wrong{.kind = &contract::validation_failed, .detail = {}};
  wrong.errors.push_back(
      {"?to_date", days < 1 ? "must not be before from_date" : fmt::format("must be within {} days", max_report_days)});
  return std::unexpected(std::move(wrong));
}

rt::task<std::vector<sales_row>> read_sales(pg::pool& database, rt::deadline until, std::chrono::year_month_day from,
                                            std::chrono::year_month_day to, sales_group by) {
  const auto rows = co_await database.run(until, queries::read_sales, from, to, contract::enum_name(by));
  std::vector<sales_row> sales;
  sales.reserve(static_cast<std::size_t>(rows.size()));
  for (const auto& row : rows) {
    sales.push_back({.key = row.get<std::string>(0),
                     .label = row.get<std::string>(1),
                     .showings = row.get<std::int64_t>(2),
                     .seats_offered = row.get<std::int64_t>(3),
                     .seats_sold = row.get<std::int64_t>(4),
                     .revenue = row.get<money>(5),
                     .currency = row.get<std::string>(6)});
  }
  co_return sales;
}

}  // namespace ticketshow::booking
