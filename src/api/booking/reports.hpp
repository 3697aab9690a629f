#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/money.hpp"
#include "contract/codec.hpp"
#include "contract/endpoint.hpp"

/// What was sold, for administrators.
namespace ticketshow::booking {

/// The most days of one report.
inline constexpr int max_report_days = 366;

enum class sales_group { day, show, venue };
BOOST_DESCRIBE_ENUM(sales_group, day, show, venue)

/// What was sold of the showings of one day, show or venue. A showing belongs to the day on which it begins by its
/// venue's clock. Showings that were cancelled are left out: nothing of them is sold.
struct sales_row {
  std::string key;    ///< YYYY-MM-DD, or the id of the show or venue
  std::string label;  ///< what people call it: the latest title or name; the day again
  std::int64_t showings;
  std::int64_t seats_offered;  ///< by the capacity of their screens
  std::int64_t seats_sold;     ///< of confirmed bookings
  money revenue;               ///< of confirmed bookings
  std::string currency;        ///< a group whose showings were sold in two has two rows
};
BOOST_DESCRIBE_STRUCT(sales_row, (), (key, label, showings, seats_offered, seats_sold, revenue, currency))

inline constexpr contract::field report_from_field{.name = "from_date",
                                                   .help = "The first day, of each venue's own calendar."};
inline constexpr contract::field report_to_field{.name = "to_date",
                                                 .help = "The last day, inclusive; at most 366 days in all."};
inline constexpr contract::field report_group_field{.name = "group_by", .help = "day by default."};

struct get_sales {
  std::chrono::year_month_day from_date;
  std::chrono::year_month_day to_date;
  std::optional<sales_group> group_by;

  using response = std::vector<sales_row>;
  static constexpr contract::spec spec{
      .verb = http::method::GET,
      .path = "/reports/sales",
      .who = contract::access::admin,
      .summary = "What was sold: days in their order, shows and venues by revenue (at most 10,000)",
      .tag = "reports"};
  static constexpr contract::field fields[] = {report_from_field, report_to_field, report_group_field};
};
BOOST_DESCRIBE_STRUCT(get_sales, (), (from_date, to_date, group_by))

struct get_sales_csv {
  std::chrono::year_month_day from_date;
  std::chrono::year_month_day to_date;
  std::optional<sales_group> group_by;

  using response = contract::content;
  static constexpr std::string_view media = "text/csv";
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/reports/sales.csv",
                                       .who = contract::access::admin,
                                       .summary = "The same for spreadsheets (RFC 4180), saved as a file",
                                       .tag = "reports"};
  static constexpr contract::field fields[] = {report_from_field, report_to_field, report_group_field};
};
BOOST_DESCRIBE_STRUCT(get_sales_csv, (), (from_date, to_date, group_by))

}  // namespace ticketshow::booking
