#include "services/booking/sales_csv.hpp"

#include <gtest/gtest.h>

#include "services/booking/reports.hpp"

namespace ticketshow::booking {
namespace {

using namespace std::chrono_literals;

constexpr const char* names = "key,label,showings,seats_offered,seats_sold,revenue,currency\r\n";

std::string line_of(std::string label) {
  return sales_csv({{"7", std::move(label), 2, 200, 3, money{1050'05}, "INR"}}).substr(std::string(names).size());
}

TEST(sales_csv, a_report_of_nothing_has_its_names_all_the_same) { EXPECT_EQ(sales_csv({}), names); }

TEST(sales_csv, amounts_are_exact_and_lines_end_as_the_rfc_has_it) {
  EXPECT_EQ(line_of("Odeon"), "\"7\",\"Odeon\",2,200,3,1050.05,\"INR\"\r\n");
}

TEST(sales_csv, quotes_commas_and_lines_within_a_title_stay_within_it) {
  EXPECT_EQ(line_of("The \"Long\" Night,\nthe second"),
            "\"7\",\"The \"\"Long\"\" Night,\nthe second\",2,200,3,1050.05,\"INR\"\r\n");
}

TEST(sales_csv, what_a_spreadsheet_would_run_is_text) {
  for (const char* title : {"=HYPERLINK(\"http://x\")", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"}) {
    EXPECT_TRUE(line_of(title).starts_with("\"7\",\"'")) << title;
  }
  EXPECT_TRUE(line_of("A = B").starts_with("\"7\",\"A = B\""));
  EXPECT_TRUE(line_of("").starts_with("\"7\",\"\","));
}

TEST(sales_report, days_run_forward_and_are_at_most_a_year) {
  constexpr auto day = 2028y / 1 / 1;
  EXPECT_TRUE(check_days(day, day));
  EXPECT_TRUE(check_days(day, 2028y / 12 / 31)) << "366 days";
  EXPECT_EQ(check_days(day, 2029y / 1 / 1).error().errors.at(0).pointer, "?to_date");
  EXPECT_EQ(check_days(day, 2027y / 12 / 31).error().errors.at(0).pointer, "?to_date");
}

}  // namespace
}  // namespace ticketshow::booking
