#include "services/booking/paper_rules.hpp"

#include <gtest/gtest.h>

namespace ticketshow::booking::rules {
namespace {

booking_view confirmed() {
  return {.id = 7,
          .seat_ids = {10'027, 10'028},
          .total_amount = {700'00},
          .currency = "INR",
          .status = booking_status::CONFIRMED,
          .seat_labels = {{"7", "C"}, {"8", "C"}},
          .show_name = "The Long Wait",
          .time_zone = "Asia/Kolkata",
          .tickets = {{.seat_id = 10'027, .label = "C7", .code = "ONE"},
                      {.seat_id = 10'028, .label = "C8", .code = "TWO"}}};
}

TEST(Papers, AreThereForConfirmedBookingsAloneAndOthersHearWhy) {
  auto shown = confirmed();
  EXPECT_TRUE(check_tickets(shown));
  shown.status = booking_status::PENDING;
  EXPECT_EQ(check_tickets(shown).error().detail, "The booking is not paid yet.");
  shown.status = booking_status::CANCELLED;
  EXPECT_EQ(check_tickets(shown).error().detail, "The booking was cancelled.");
  for (const auto over : {booking_status::FAILED, booking_status::EXPIRED}) {
    shown.status = over;
    EXPECT_EQ(*check_tickets(shown).error().kind, no_tickets);
  }
  shown = confirmed();
  shown.tickets.clear();
  EXPECT_EQ(*check_tickets(shown).error().kind, no_tickets);
}

TEST(Papers, BringEachSeatItsOwnCode) {
  const auto of = visit_of(confirmed());
  ASSERT_EQ(of.tickets.size(), 2U);
  EXPECT_EQ(of.tickets[0].row + of.tickets[0].seat + of.tickets[0].code, "C7ONE");
  EXPECT_EQ(of.tickets[1].row + of.tickets[1].seat + of.tickets[1].code, "C8TWO");
}

TEST(Papers, AreNamedBySeatAndForm) {
  const auto shown = confirmed();
  EXPECT_EQ(code_named(shown, "10028.svg")->code, "TWO");
  EXPECT_EQ(code_named(shown, "10028.svg")->form, image_form::SVG);
  EXPECT_EQ(code_named(shown, "10027.png")->form, image_form::PNG);
  for (const auto* none : {"10029.svg", "10027", "10027.gif", ".svg", "010027.svg", "10027.svg.png", "../10027.svg"}) {
    EXPECT_EQ(*code_named(shown, none).error().kind, ticket_not_found) << none;
  }
}

}  // namespace
}  // namespace ticketshow::booking::rules
