#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/booking/report_queries.hpp"
#include "services/booking/tests/cinema.hpp"

/// What administrators read: what was sold, and who comes to a showing.
namespace ticketshow::booking::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

timestamp at(const char* text) { return parse_rfc3339(text).value(); }

/// A schedule that begins then, known to booking; `change` sees it before it is told.
std::int64_t add_showing(cinema& c, const char* start, auto change) {
  const auto id = c.add_schedule();
  auto& made = c.in_catalog(id);
  made.start_time = at(start);
  made.end_time = at(start) + std::chrono::hours(2);
  change(made);
  c.tell(id);
  return id;
}

std::int64_t add_showing(cinema& c, const char* start) {
  return add_showing(c, start, [](auto&) {});
}

void sell(cinema& c, std::int64_t schedule, std::vector<std::int64_t> seats) {
  const auto made = c.hold(1, schedule, std::move(seats));
  EXPECT_EQ(c.settle(made, 1'000 + made.id), settlement::CONFIRMED);
}

std::vector<sales_row> sales(cinema& c, const char* from, const char* to, sales_group by = sales_group::day) {
  return c.ask(1, get_sales{parse_date(from).value(), parse_date(to).value(), by}).value();
}

/// key|label|showings|offered|sold|revenue
std::string line_of(const sales_row& row) {
  return fmt::format("{}|{}|{}|{}|{}|{}|{}", row.key, row.label, row.showings, row.seats_offered, row.seats_sold,
                     to_string(row.revenue), row.currency);
}

std::vector<std::string> lines_of(const std::vector<sales_row>& rows) {
  std::vector<std::string> lines;
  for (const auto& each : rows) lines.push_back(line_of(each));
  return lines;
}

TEST(reports, every_statement_holds_against_the_migrated_schema) {
  cinema c;
  EXPECT_THAT(test::prepare_all(c.database.service("booking"), queries::report_statements), IsEmpty());
}

// ---- sales

TEST(reports, sales_by_day_count_showings_seats_and_what_was_paid) {
  cinema c;
  const auto first = add_showing(c, "2030-05-01T18:00:00+05:30");
  add_showing(c, "2030-05-01T21:00:00+05:30");
  const auto second = add_showing(c, "2030-05-02T18:00:00+05:30");
  sell(c, first, {1, 2});
  sell(c, first, {3});
  sell(c, second, {5});
  EXPECT_THAT(lines_of(sales(c, "2030-05-01", "2030-05-02")),
              ElementsAre("2030-05-01|2030-05-01|2|200|3|1050.00|INR", "2030-05-02|2030-05-02|1|100|1|350.00|INR"));
  EXPECT_THAT(lines_of(sales(c, "2030-05-02", "2030-05-31")), ElementsAre("2030-05-02|2030-05-02|1|100|1|350.00|INR"));
  EXPECT_THAT(sales(c, "2030-05-03", "2030-05-31"), IsEmpty());
}

TEST(reports, a_day_is_the_venues_own) {
  cinema c;
  const auto in = [](const char* zone) { return [zone](auto& schedule) { schedule.time_zone = zone; }; };
  add_showing(c, "2030-05-02T00:30:00+14:00", in("Pacific/Kiritimati"));  // the first, ten in the morning, UTC
  add_showing(c, "2030-05-02T23:30:00-11:00", in("Pacific/Pago_Pago"));   // the third, UTC
  EXPECT_THAT(lines_of(sales(c, "2030-05-01", "2030-05-03")), ElementsAre("2030-05-02|2030-05-02|2|200|0|0.00|INR"));
  EXPECT_THAT(sales(c, "2030-05-01", "2030-05-01"), IsEmpty());
  EXPECT_THAT(sales(c, "2030-05-03", "2030-05-03"), IsEmpty());
}

TEST(reports, holds_cancelled_bookings_and_cancelled_showings_are_not_sold) {
  cinema c;
  const auto kept = add_showing(c, "2030-05-01T18:00:00+05:30");
  const auto cancelled = add_showing(c, "2030-05-01T21:00:00+05:30");
  c.hold(1, kept, {1});
  const auto given_back = c.hold(1, kept, {2});
  c.settle(given_back, 77);
  EXPECT_EQ(code_of(c.ask(1, cancel_booking{given_back.id})), "OK");
  sell(c, kept, {3});
  sell(c, cancelled, {4});
  c.in_catalog(cancelled).status = catalog::schedule_status::CANCELLED;
  ++c.in_catalog(cancelled).version;
  c.tell(cancelled);
  EXPECT_THAT(lines_of(sales(c, "2030-05-01", "2030-05-01")), ElementsAre("2030-05-01|2030-05-01|1|100|1|350.00|INR"));
}

TEST(reports, shows_and_venues_come_by_revenue_under_their_latest_name) {
  cinema c;
  const auto of = [](std::int64_t show, const char* title, std::int64_t venue, const char* name) {
    return [=](auto& schedule) {
      schedule.show_id = show;
      schedule.show_title = title;
      schedule.venue_id = venue;
      schedule.venue_name = name;
    };
  };
  add_showing(c, "2030-05-01T18:00:00+05:30", of(7, "Old title", 3, "Odeon"));
  const auto renamed = add_showing(c, "2030-05-02T18:00:00+05:30", of(7, "New title", 3, "Odeon"));
  const auto other = add_showing(c, "2030-05-01T18:00:00+05:30", of(8, "Other", 4, "Palace"));
  sell(c, renamed, {1});
  sell(c, other, {1, 2});
  EXPECT_THAT(lines_of(sales(c, "2030-05-01", "2030-05-31", sales_group::show)),
              ElementsAre("8|Other|1|100|2|700.00|INR", "7|New title|2|200|1|350.00|INR"));
  EXPECT_THAT(lines_of(sales(c, "2030-05-01", "2030-05-31", sales_group::venue)),
              ElementsAre("4|Palace|1|100|2|700.00|INR", "3|Odeon|2|200|1|350.00|INR"));
}

TEST(reports, amounts_of_two_currencies_are_not_added_up) {
  cinema c;
  sell(c, add_showing(c, "2030-05-01T18:00:00+05:30"), {1});
  sell(c, add_showing(c, "2030-05-01T18:00:00+05:30", [](auto& schedule) { schedule.currency = "EUR"; }), {1});
  EXPECT_THAT(lines_of(sales(c, "2030-05-01", "2030-05-01")),
              ElementsAre("2030-05-01|2030-05-01|1|100|1|350.00|EUR", "2030-05-01|2030-05-01|1|100|1|350.00|INR"));
}

TEST(reports, sales_are_saved_as_a_file_named_after_what_is_in_it) {
  cinema c;
  sell(c, add_showing(c, "2030-05-01T18:00:00+05:30", [](auto& schedule) { schedule.show_title = "=1+1"; }), {1});
  const auto from = parse_date("2030-05-01").value();
  const auto file = c.ask(1, get_sales_csv{from, from, sales_group::show}).value();
  EXPECT_EQ(file.type, "text/csv; charset=utf-8; header=present");
  EXPECT_EQ(file.name, "sales-by-show-2030-05-01-to-2030-05-01.csv");
  EXPECT_THAT(file.bytes, HasSubstr("\"'=1+1\",1,100,1,350.00"));
}

TEST(reports, days_that_make_no_report_are_refused) {
  cinema c;
  const auto from = parse_date("2030-05-01").value();
  EXPECT_EQ(code_of(c.ask(1, get_sales{from, parse_date("2031-05-02").value(), {}})), "VALIDATION_FAILED");
  EXPECT_EQ(code_of(c.ask(1, get_sales_csv{from, parse_date("2030-04-30").value(), {}})), "VALIDATION_FAILED");
}

// ---- who comes

TEST(reports, bookings_of_a_showing_come_newest_first_with_who_made_them) {
  cinema c;
  const auto schedule = c.add_schedule();
  const auto first = c.hold(1, schedule, {1});
  const auto second = c.hold(2, schedule, {2});
  c.hold(1, c.add_schedule(), {1});
  c.settle(first, 5);
  const auto listed = c.ask(9, list_schedule_bookings{.schedule_id = schedule}).value();
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0].id, second.id);
  EXPECT_EQ(listed[0].user_email, "user2@example.com");
  EXPECT_EQ(listed[0].username, "User 2");
  EXPECT_EQ(listed[1].id, first.id);
  EXPECT_EQ(listed[1].status, booking_status::CONFIRMED);
  EXPECT_EQ(listed[1].user_email, "user1@example.com");
  EXPECT_EQ(listed[1].seat_labels.size(), 1U);

  const auto held = c.ask(9, list_schedule_bookings{schedule, {}, {}, booking_status::PENDING}).value();
  ASSERT_EQ(held.size(), 1U);
  EXPECT_EQ(held[0].id, second.id);
  const auto page = c.ask(9, list_schedule_bookings{.schedule_id = schedule, .skip = 1, .limit = 1}).value();
  ASSERT_EQ(page.size(), 1U);
  EXPECT_EQ(page[0].id, first.id);
  EXPECT_EQ(code_of(c.ask(9, list_schedule_bookings{.schedule_id = 99})), "SCHEDULE_NOT_FOUND");
}

TEST(reports, accounts_are_asked_for_once_a_page_each_once_and_not_at_all_for_an_empty_one) {
  cinema c;
  const auto schedule = c.add_schedule();
  EXPECT_THAT(c.ask(9, list_schedule_bookings{.schedule_id = schedule}).value(), IsEmpty());
  EXPECT_THAT(c.accounts.asked, IsEmpty());
  for (std::int64_t seat = 1; seat <= 4; ++seat) c.hold(1 + seat % 2, schedule, {seat});
  EXPECT_EQ(c.ask(9, list_schedule_bookings{.schedule_id = schedule})->size(), 4U);
  EXPECT_THAT(c.accounts.asked, ElementsAre(ElementsAre(1, 2)));
}

TEST(reports, a_booking_whose_account_is_not_known_is_listed_without_a_name) {
  cinema c;
  const auto schedule = c.add_schedule();
  c.hold(accounts_stand_in::unknown, schedule, {1});
  const auto listed = c.ask(9, list_schedule_bookings{.schedule_id = schedule}).value();
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_FALSE(listed[0].user_email);
  EXPECT_FALSE(listed[0].username);
}

}  // namespace
}  // namespace ticketshow::booking::testing
