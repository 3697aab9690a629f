#include "base/bytes.hpp"

#include <gtest/gtest.h>

namespace ticketshow {
namespace {

TEST(Bytes, are_written_as_two_digits_each) {
  EXPECT_EQ(hex(""), "");
  EXPECT_EQ(hex(std::string_view("\x00\x0f\xa5\xff", 4)), "000fa5ff");
}

TEST(Bytes, a_prefix_ends_between_two_characters) {
  EXPECT_EQ(utf8_prefix("ticket", 10), "ticket");
  EXPECT_EQ(utf8_prefix("ticket", 4), "tick");
  EXPECT_EQ(utf8_prefix("a\u0939b", 4), "a\u0939");
  EXPECT_EQ(utf8_prefix("a\u0939b", 3), "a") << "of three bytes two would be left";
  EXPECT_EQ(utf8_prefix("\u0939", 2), "");
  EXPECT_EQ(utf8_prefix("\u0939", 0), "");
}

}  // namespace
}  // namespace ticketshow
