#include "documents/qr.hpp"

#include <gtest/gtest.h>

#include "documents/tests/readers.hpp"
#include "tests/support/seed.hpp"

namespace ticketshow::documents {
namespace {

const std::string ticket_like = "TS1*" + std::string(144, 'A');  // as long as a ticket's code

TEST(Qr, is_read_from_svg_and_png_as_exactly_the_code) {
  TICKETSHOW_SEEDED(random);
  constexpr std::string_view alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  for (const int length : {1, 20, 148, 300}) {
    std::string code;
    for (int i = 0; i < length; ++i) code += alphanumeric[static_cast<std::size_t>(random.between(0, 44))];
    EXPECT_EQ(testing::scanned(qr_png(qr_of(code))), code);
    EXPECT_EQ(testing::scanned_svg(qr_svg(qr_of(code))), code);
  }
  EXPECT_EQ(testing::scanned(qr_png(qr_of("https://tickets.example/t?c=a_b"))), "https://tickets.example/t?c=a_b");
}

TEST(Qr, packs_letters_and_digits_closely) {
  // ISO/IEC 18004 table 7: version 6 takes 154 alphanumeric characters with correction M, 106 bytes.
  EXPECT_EQ(qr_of(ticket_like).size, 17 + 4 * 6);
  EXPECT_EQ(qr_of(std::string(148, 'a')).size, 17 + 4 * 8);
}

TEST(Qr, leaves_its_quiet_zone_free) {
  const auto code = qr_of(ticket_like);
  const auto svg = qr_svg(code);
  EXPECT_NE(svg.find("viewBox=\"0 0 49 49\""), std::string::npos) << svg;
  for (const auto& run : dark_runs(code)) {
    EXPECT_LE(run.end, code.size);
    for (int column = run.begin; column < run.end; ++column) EXPECT_TRUE(code.is_dark(run.row, column));
  }
}

TEST(Qr, has_so_many_pixels_a_module_and_a_light_border) {
  const auto code = qr_of(ticket_like);
  constexpr int side = 3;
  constexpr int border = 2;
  const auto pixels = pixels_of(code, side, border, 'x', '.');
  const int width = (code.size + 2 * border) * side;
  ASSERT_EQ(std::ssize(pixels), width * width);
  for (int y = 0; y < width; ++y) {
    for (int x = 0; x < width; ++x) {
      const int row = y / side - border;
      const int column = x / side - border;
      const bool inside = row >= 0 && row < code.size && column >= 0 && column < code.size;
      const char wanted = inside && code.is_dark(row, column) ? 'x' : '.';
      ASSERT_EQ(pixels[static_cast<std::size_t>(y * width + x)], wanted) << "row " << row << ", column " << column;
    }
  }
}

TEST(Qr, is_small_on_the_wire) {
  EXPECT_LT(qr_png(qr_of(ticket_like)).size(), 2'000U);
  EXPECT_LT(qr_svg(qr_of(ticket_like)).size(), 12'000U);
}

TEST(Qr, refuses_what_no_code_holds) {
  EXPECT_THROW(qr_of(""), std::invalid_argument);
  EXPECT_THROW(qr_of(std::string("a\0b", 3)), std::invalid_argument);
  EXPECT_THROW(qr_of(std::string(2'332, 'a')), std::invalid_argument);
  EXPECT_NO_THROW(qr_of(std::string(2'331, 'a')));
}

}  // namespace
}  // namespace ticketshow::documents
