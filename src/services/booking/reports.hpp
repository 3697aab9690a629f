#pragma once

#include <vector>

#include "api/booking/reports.hpp"
#include "contract/problem.hpp"
#include "pg/pool.hpp"

/// What was sold, read from booking's own tables.
namespace ticketshow::booking {

/// Validation_failed when the last day is before the first, or the days are too many. Pure.
contract::result<void> check_days(std::chrono::year_month_day from, std::chrono::year_month_day to);

/// At most 10,000 rows; the days must have been checked.
rt::task<std::vector<sales_row>> read_sales(pg::pool& database, rt::deadline until, std::chrono::year_month_day from,
                                            std::chrono::year_month_day to, sales_group by);

}  // namespace ticketshow::booking
