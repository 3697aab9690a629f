#include "adapters/mail_smtp/headers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ticketshow::mail_smtp {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (auto end = text.find("\r\n"); end != std::string::npos; end = text.find("\r\n", begin)) {
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 2;
  }
  lines.push_back(text.substr(begin));
  return lines;
}

TEST(MailHeaders, plain_text_stays_as_it_is) {
  EXPECT_EQ(header_text("Your tickets for 42"), "Your tickets for 42");
  EXPECT_EQ(header_address({"Ann", "ann@example.com"}), R"("Ann" <ann@example.com>)");
  EXPECT_EQ(header_address({"", "ann@example.com"}), "<ann@example.com>");
}

TEST(MailHeaders, text_of_other_scripts_is_encoded_in_words_of_at_most_75_characters) {
  EXPECT_EQ(header_text("é"), "=?UTF-8?B?w6k=?=");
  std::string hindi;
  for (int i = 0; i < 40; ++i) hindi += "टिकट ";
  const auto lines = lines_of(header_text(hindi));
  ASSERT_GT(lines.size(), 5U);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_LE(lines[i].size(), 76U);
    EXPECT_EQ(lines[i].starts_with(' '), i != 0) << "a following line is a fold";
  }
}

TEST(MailHeaders, a_character_is_never_divided_between_two_words) {
  for (std::size_t before = 0; before < 50; ++before) {
    const auto text = std::string(before, 'a') + "😀😀😀";
    // "😀" begins with F0 9F; a word that began inside of it would begin with a byte 80–BF, whose base64 begins g–v.
    for (const auto& line : lines_of(header_text(text))) {
      const auto first = line.at(line.find("?B?") + 3);
      EXPECT_TRUE(first < 'g' || first > 'v') << text;
    }
  }
}

TEST(MailHeaders, line_ends_in_a_name_make_no_header_line) {
  for (const std::string_view evil : {"Ann\r\nBcc: all@example.com", "Ann\nBcc: x@example.com",
                                      "Ann\rBcc: x@example.com", "Ä\r\nBcc: x@example.com"}) {
    for (const auto& value : {header_address({std::string(evil), "ann@example.com"}), header_text(evil)}) {
      const auto lines = lines_of(value);
      for (std::size_t i = 1; i < lines.size(); ++i) EXPECT_TRUE(lines[i].starts_with(' ')) << value;
      EXPECT_THAT(lines, Each(Not(HasSubstr("\n"))));
      EXPECT_THAT(lines, Each(Not(HasSubstr("\r"))));
    }
  }
}

TEST(MailHeaders, a_name_cannot_end_its_quotation) {
  EXPECT_EQ(header_address({R"(Ann" <evil@example.com>, "x\)", "ann@example.com"}),
            R"("Ann\" <evil@example.com>, \"x\\" <ann@example.com>)");
}

TEST(MailHeaders, text_that_looks_encoded_is_encoded) {
  EXPECT_THAT(header_text("=?UTF-8?B?QmNj?="), Not(HasSubstr("QmNj")));
}

TEST(MailHeaders, an_address_has_two_sides_and_nothing_that_ends_it) {
  for (const auto* good : {"ann@example.com", "a.b+c@mail.example.co.in", "आशा@उदाहरण.भारत", "o'neil@example.com"}) {
    EXPECT_TRUE(is_address(good)) << good;
  }
  for (const auto* bad : {"", "ann", "@example.com", "ann@", "a b@example.com", "ann@example.com>", "<ann@example.com",
                          "ann@example.com\r\nDATA", "ann@exa\nmple.com", "\"a\"@example.com", "a,b@example.com"}) {
    EXPECT_FALSE(is_address(bad)) << bad;
  }
  EXPECT_FALSE(is_address(std::string(250, 'a') + "@b.example"));
}

TEST(MailHeaders, dates_are_those_of_RFC_5322) {
  EXPECT_EQ(header_date(parse_rfc3339("2026-11-24T20:19:05.9Z").value()), "Tue, 24 Nov 2026 20:19:05 +0000");
  EXPECT_EQ(header_date(parse_rfc3339("2027-01-03T00:00:00Z").value()), "Sun, 3 Jan 2027 00:00:00 +0000");
}

TEST(MailHeaders, a_file_name_cannot_end_its_quotation) {
  EXPECT_EQ(file_name("ticket-42.pdf"), "ticket-42.pdf");
  EXPECT_EQ(file_name("a\"; x=\r\n.pdf"), "a___x___.pdf");
}

TEST(MailHeaders, every_line_ends_as_mail_wants_it) { EXPECT_EQ(mail_lines("a\nb\r\n\nc"), "a\r\nb\r\n\r\nc"); }

}  // namespace
}  // namespace ticketshow::mail_smtp
