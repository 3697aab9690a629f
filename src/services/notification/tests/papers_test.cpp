#include "services/notification/papers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/notification/tests/samples.hpp"

namespace ticketshow::notification {
namespace {

using auth::language;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::sample;
using ::testing::StartsWith;

template <class E>
papers made_for(const E& what) {
  const documents::issuer by{
      .name = "Ticket Show", .address = "tickets@ticketshow.example", .public_url = "https://tickets.example"};
  return papers_of(kind_of<E>, contract::write_event(what), language::en, by, "booking-42.x@ticketshow.example",
                   parse_rfc3339("2026-11-20T09:30:00Z").value());
}

std::vector<std::string> names_of(const papers& all) {
  std::vector<std::string> names;
  for (const auto& each : all.files) names.push_back(each.name);
  return names;
}

TEST(Papers, a_confirmation_carries_tickets_codes_and_a_calendar_entry) {
  const auto all = made_for(sample<payment::booking_successful>());
  EXPECT_THAT(names_of(all), ElementsAre("tickets-42.pdf", "ticket-C7.png", "ticket-C8.png", "calendar.ics"));
  EXPECT_THAT(all.files[0].content, StartsWith("%PDF-"));
  EXPECT_THAT(all.files[1].content, StartsWith("\x89PNG"));
  ASSERT_EQ(all.codes.size(), 2U);
  EXPECT_EQ(all.codes[1].seat, "C8");
  EXPECT_EQ(all.codes[1].content_id, "ticket-2.booking-42.x@ticketshow.example");
  EXPECT_EQ(all.files[2].content_id, all.codes[1].content_id);
  EXPECT_EQ(all.files[3].content_type, "text/calendar; charset=utf-8; method=PUBLISH");
  EXPECT_EQ(all.fault, "");
}

TEST(Papers, a_cancellation_carries_that_of_the_calendar_entry) {
  const auto all = made_for(sample<booking::refund_notice>());
  EXPECT_THAT(names_of(all), ElementsAre("calendar.ics"));
  EXPECT_THAT(all.files[0].content, HasSubstr("METHOD:CANCEL\r\n"));
  EXPECT_THAT(all.files[0].content, HasSubstr("UID:booking-42@ticketshow.example\r\n"));
}

TEST(Papers, other_mails_carry_none) {
  EXPECT_THAT(names_of(made_for(sample<payment::booking_failed>())), IsEmpty());
  EXPECT_THAT(names_of(made_for(sample<payment::refund_completed>())), IsEmpty());
}

TEST(Papers, an_event_from_before_tickets_carries_the_calendar_entry_alone) {
  auto what = sample<payment::booking_successful>();
  what.booking.tickets.reset();
  const auto all = made_for(what);
  EXPECT_THAT(names_of(all), ElementsAre("calendar.ics"));
  EXPECT_EQ(all.fault, "");
}

TEST(Papers, what_cannot_be_made_is_left_out_and_named) {
  auto what = sample<payment::booking_successful>();
  what.booking.tickets->back().code = std::string(3'000, 'a');
  const auto all = made_for(what);
  EXPECT_THAT(names_of(all), ElementsAre("calendar.ics"));
  EXPECT_THAT(all.codes, IsEmpty());
  EXPECT_EQ(all.fault, "no QR code holds 3000 bytes");
}

}  // namespace
}  // namespace ticketshow::notification
