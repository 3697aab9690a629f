#include "app/printable.hpp"

#include <gtest/gtest.h>

namespace ticketshow::app {
namespace {

TEST(Printable, control_characters_are_written_and_all_else_stays) {
  EXPECT_EQ(printable("two\nlines\tand \x1b[31mred\x7f\r"), R"(two\nlines\tand \x1b[31mred\x7f\x0d)");
  EXPECT_EQ(printable("c1: \xc2\x9b"
                      "2J"),
            R"(c1: \x9b2J)");
  EXPECT_EQ(printable("हिन्दी ₹ é \\ \xc2"), "हिन्दी ₹ é \\ \xc2");
  EXPECT_EQ(printable({"\0", 1}), R"(\x00)");
}

}  // namespace
}  // namespace ticketshow::app
