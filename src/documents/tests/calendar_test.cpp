#include "documents/calendar.hpp"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "documents/tests/sample.hpp"
#include "documents/text.hpp"
#include "tests/support/seed.hpp"

namespace ticketshow::documents::testing {
namespace {

using ::testing::Contains;
using ::testing::Pair;

/// The lines as RFC 5545 section 3.1 has them: each within 75 bytes and whole UTF-8, then unfolded, name to value.
std::multimap<std::string, std::string> read_strictly(const std::string& entry) {
  std::multimap<std::string, std::string> lines;
  std::string unfolded;
  EXPECT_TRUE(entry.ends_with("\r\n"));
  for (std::size_t at = 0; at < entry.size();) {
    const auto end = entry.find("\r\n", at);
    const auto line = entry.substr(at, end - at);
    EXPECT_LE(line.size(), 75U) << line;
    EXPECT_EQ(line.find_first_of("\r\n"), std::string::npos);
    EXPECT_EQ(one_line(line), line) << "a character was cut in two";
    unfolded += line.starts_with(' ') ? line.substr(1) : (at == 0 ? "" : "\n") + line;
    at = end + 2;
  }
  for (std::size_t at = 0; at < unfolded.size();) {
    const auto end = std::min(unfolded.find('\n', at), unfolded.size());
    const auto line = unfolded.substr(at, end - at);
    const auto colon = line.find(':');
    EXPECT_NE(colon, std::string::npos) << line;
    lines.emplace(line.substr(0, colon), line.substr(colon + 1));
    at = end + 1;
  }
  return lines;
}

std::string unescaped(const std::string& value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '\\') {
      text += value[i];
    } else {
      ++i;
      text += value.at(i) == 'n' ? '\n' : value.at(i);
    }
  }
  return text;
}

std::string entry(calendar_news news, const visit& of = sample_visit(), auth::language in = auth::language::en) {
  return calendar_entry(of, sample_issuer(), sample_day(), news, in);
}

TEST(Calendar, says_what_when_and_where) {
  const auto lines = read_strictly(entry(calendar_news::PUBLISH));
  for (const auto& [name, value] : std::map<std::string, std::string>{
           {"VERSION", "2.0"},
           {"METHOD", "PUBLISH"},
           {"UID", "booking-4711@ticketshow.example"},
           {"SEQUENCE", "0"},
           {"STATUS", "CONFIRMED"},
           {"DTSTAMP", "20261120T093000Z"},
           {"DTSTART", "20261127T140000Z"},
           {"DTEND", "20261127T160500Z"},
           {"ORGANIZER;CN=\"Ticket Show\"", "mailto:tickets@ticketshow.example"},
           {"SUMMARY;LANGUAGE=en", "The Lighthouse Keeper's Daughter"},
           {"LOCATION", R"(Regal Cinema\, Screen 2\, Shahid Bhagat Singh Road\, Colaba\, Mumbai)"},
           {"DESCRIPTION;LANGUAGE=en", R"(Booking number: 4711\nSeats: C7\, C8)"}}) {
    EXPECT_THAT(lines, Contains(Pair(name, value)));
  }
}

TEST(Calendar, a_cancellation_is_later_news_of_the_same_entry) {
  const auto before = read_strictly(entry(calendar_news::PUBLISH));
  const auto after = read_strictly(entry(calendar_news::CANCEL));
  EXPECT_EQ(before.find("UID")->second, after.find("UID")->second);
  EXPECT_THAT(after, Contains(Pair("METHOD", "CANCEL")));
  EXPECT_THAT(after, Contains(Pair("STATUS", "CANCELLED")));
  EXPECT_THAT(after, Contains(Pair("SEQUENCE", "1")));
  EXPECT_EQ(calendar_type(calendar_news::CANCEL), "text/calendar; charset=utf-8; method=CANCEL");
}

TEST(Calendar, keeps_any_name_in_short_lines_of_whole_characters) {
  TICKETSHOW_SEEDED(random);
  const std::vector<std::string> pieces{"प", "ि",  "த", "灯", "🎬", ",",    ";", "\\",
                                        ":", "\"", "a", " ",  "\n", "\r\n", "é"};
  for (int round = 0; round < 300; ++round) {
    auto of = sample_visit();
    of.show_name.clear();
    for (auto left = random.between(0, 200); left > 0; --left) {
      of.show_name += pieces[static_cast<std::size_t>(random.between(0, std::ssize(pieces) - 1))];
    }
    const auto lines = read_strictly(entry(calendar_news::PUBLISH, of, auth::language::hi));
    EXPECT_EQ(lines.size(), 18U) << "a name made a line of its own";
    EXPECT_EQ(unescaped(lines.find("SUMMARY;LANGUAGE=hi")->second), one_line(of.show_name));
  }
}

TEST(Calendar, lines_are_folded_only_when_they_must) {
  EXPECT_EQ(folded(std::string(75, 'x')), std::string(75, 'x') + "\r\n");
  EXPECT_EQ(folded(std::string(76, 'x')), std::string(75, 'x') + "\r\n x\r\n");
  EXPECT_EQ(folded(std::string(74, 'x') + "é"), std::string(74, 'x') + "\r\n é\r\n");
}

TEST(Calendar, a_name_of_the_issuer_cannot_leave_its_quotes) {
  auto by = sample_issuer();
  by.name = "Odeon\";X=\"\r\nATTENDEE:mailto:eve@example.com";
  const auto lines =
      read_strictly(calendar_entry(sample_visit(), by, sample_day(), calendar_news::PUBLISH, auth::language::en));
  EXPECT_EQ(lines.count("ATTENDEE"), 0U);
}

TEST(Calendar, folds_what_is_no_text_too) {
  const std::string inside(200, '\x80');
  EXPECT_GT(folded(inside).size(), inside.size());
}

}  // namespace
}  // namespace ticketshow::documents::testing
