#include "documents/formats.hpp"

#include <gtest/gtest.h>

namespace ticketshow::documents {
namespace {

using auth::language;

std::string at(std::string_view time, const std::string& zone, language in) {
  return moment_text(parse_rfc3339(time).value(), zone, in);
}

TEST(Formats, amounts_are_grouped_as_in_India) {
  EXPECT_EQ(amount_text({5}, "INR"), "₹0.05");
  EXPECT_EQ(amount_text({350'00}, "INR"), "₹350.00");
  EXPECT_EQ(amount_text({1'000'00}, "INR"), "₹1,000.00");
  EXPECT_EQ(amount_text({12'345'50}, "INR"), "₹12,345.50");
  EXPECT_EQ(amount_text({123'456'00}, "INR"), "₹1,23,456.00");
  EXPECT_EQ(amount_text({12'345'678'99}, "INR"), "₹1,23,45,678.99");
  EXPECT_EQ(amount_text({-350'00}, "INR"), "-₹350.00");
  EXPECT_EQ(amount_text({350'00}, "EUR"), "EUR 350.00");
}

TEST(Formats, a_show_begins_at_the_time_of_its_venue) {
  EXPECT_EQ(at("2026-11-27T14:00:00Z", "Asia/Kolkata", language::en), "Friday, 27 November 2026, 7:30 pm (IST)");
  EXPECT_EQ(at("2026-11-27T14:00:00Z", "Asia/Kolkata", language::hi), "शुक्रवार, 27 नवंबर 2026, शाम 7:30 बजे (IST)");
  EXPECT_EQ(at("2026-12-31T18:30:00Z", "Asia/Kolkata", language::en), "Friday, 1 January 2027, 12:00 am (IST)");
  EXPECT_EQ(at("2026-07-01T06:30:00Z", "Europe/Berlin", language::en), "Wednesday, 1 July 2026, 8:30 am (CEST)");
  EXPECT_EQ(at("2026-07-01T06:30:00Z", "Asia/Dubai", language::en), "Wednesday, 1 July 2026, 10:30 am (UTC+04)");
}

TEST(Formats, the_hours_of_a_day_in_Hindi) {
  const std::pair<const char*, const char*> hours[] = {
      {"00:15", "रात 12:15"},   {"03:59", "रात 3:59"},   {"04:00", "सुबह 4:00"}, {"11:59", "सुबह 11:59"},
      {"12:00", "दोपहर 12:00"}, {"15:59", "दोपहर 3:59"}, {"16:00", "शाम 4:00"}, {"20:00", "रात 8:00"}};
  for (const auto& [clock, words] : hours) {
    EXPECT_EQ(at(std::string("2026-02-10T") + clock + ":00Z", "Etc/UTC", language::hi),
              std::string("मंगलवार, 10 फ़रवरी 2026, ") + words + " बजे (UTC)");
  }
}

TEST(Formats, a_zone_that_is_not_known_is_an_error) {
  EXPECT_THROW(at("2026-11-27T14:00:00Z", "Mars/Olympus", language::en), std::runtime_error);
}

TEST(Formats, seats_are_named_by_row_and_number) { EXPECT_EQ(seats_text({{"7", "C"}, {"8", "C"}}), "C7, C8"); }

}  // namespace
}  // namespace ticketshow::documents
