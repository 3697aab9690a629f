#include "documents/text.hpp"

#include <gtest/gtest.h>

namespace ticketshow::documents {
namespace {

TEST(Text, is_one_line_of_valid_characters) {
  EXPECT_EQ(one_line("a\r\nb\tc"), "a  b c");
  EXPECT_EQ(one_line("a\u2028b\u0085c"), "a b c");
  EXPECT_EQ(one_line("\xff"
                     "a"),
            "\uFFFDa");
  EXPECT_EQ(one_line("\uFDD0\U0001FFFFa"), "\uFFFD\uFFFDa");
  EXPECT_EQ(one_line("दीपस्तंभ 🎬"), "दीपस्तंभ 🎬");
  EXPECT_EQ(one_line(""), "");
}

TEST(Text, is_cut_off_between_two_characters) {
  EXPECT_EQ(one_line(std::string(longest_text, 'a') + "b"), std::string(longest_text, 'a'));
  EXPECT_EQ(one_line(std::string(longest_text - 1, 'a') + "é"), std::string(longest_text - 1, 'a'));
  EXPECT_EQ(one_line(std::string(longest_text - 2, 'a') + "é"), std::string(longest_text - 2, 'a') + "é");
  EXPECT_LE(one_line(std::string(longest_text, '\xff')).size(), 3 * longest_text);
}

}  // namespace
}  // namespace ticketshow::documents
