#include "base/money.hpp"

#include <gtest/gtest.h>

namespace ticketshow {
namespace {

TEST(Money, PrintsExactMajorUnits) {
  EXPECT_EQ(to_string(money{35000}), "350.00");
  EXPECT_EQ(to_string(money{5}), "0.05");
  EXPECT_EQ(to_string(money{-5}), "-0.05");
  EXPECT_EQ(to_string(money{INT64_MIN}), "-92233720368547758.08");
}

TEST(Money, ReadsWhatItPrintsWithoutABinaryFloat) {
  for (const std::int64_t minor : {0L, 1L, 10L, 29L, 57L, 115L, 435L, 1999L, 123456789012345L, -1L, -250L}) {
    EXPECT_EQ(parse_money(to_string(money{minor})), money{minor});
  }
  EXPECT_EQ(parse_money("350"), money{35000});
  EXPECT_EQ(parse_money("350.5"), money{35050});
  EXPECT_EQ(parse_money("350.500"), money{35050});
}

TEST(Money, RefusesWhatIsNotAnExactAmount) {
  for (const auto* text : {"", "-", ".", "1.", ".5", "1.005", "1e3", " 1", "1 ", "+1", "0x10", "1,5", "NaN",
                           "1234567890123456", "1.-1", "--1"}) {
    EXPECT_FALSE(parse_money(text)) << text;
  }
}

TEST(MoneyDeathTest, OverflowIsABrokenInvariant) {
  EXPECT_DEATH((void)(money{INT64_MAX} + money{1}), "assertion failed");
  EXPECT_DEATH((void)(money{INT64_MAX / 2} * 3), "assertion failed");
}

}  // namespace
}  // namespace ticketshow
