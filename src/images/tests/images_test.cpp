#include "images/images.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "images/tests/samples.hpp"
#include "tests/support/seed.hpp"

namespace ticketshow::images {
namespace {

constexpr int widths[] = {40, 80, 160};

std::vector<rendition> rendered(std::string_view bytes) {
  auto made = render(bytes, widths);
  if (!made) throw std::runtime_error("the picture was refused");
  return std::move(*made);
}

refusal refused(std::string_view bytes) {
  const auto made = render(bytes, widths);
  if (made) throw std::runtime_error("the picture was taken");
  return made.error();
}

std::vector<int> widths_of(const std::vector<rendition>& all) {
  std::vector<int> found;
  for (const auto& each : all) found.push_back(each.width);
  return found;
}

TEST(images, each_width_is_made_in_both_formats_and_in_proportion) {
  const auto made = rendered(samples::png(200, 300));
  EXPECT_THAT(widths_of(made), testing::ElementsAre(40, 80, 160));
  EXPECT_EQ(made[2].height, 240);
  for (const auto& each : made) {
    EXPECT_EQ(recognise(each.webp), format::webp);
    EXPECT_EQ(recognise(each.jpeg), format::jpeg);
  }
}

TEST(images, nothing_is_made_larger_than_it_was) {
  EXPECT_THAT(widths_of(rendered(samples::png(100, 150))), testing::ElementsAre(40, 80, 100));
  EXPECT_THAT(widths_of(rendered(samples::png(80, 120))), testing::ElementsAre(40, 80));
  EXPECT_THAT(widths_of(rendered(samples::png(7, 3))), testing::ElementsAre(7));
}

TEST(images, every_format_is_read_back) {
  const auto first = rendered(samples::png(160, 160)).back();
  EXPECT_EQ(rendered(first.jpeg).back().width, 160);
  EXPECT_EQ(rendered(first.webp).back().width, 160);
}

TEST(images, the_same_bytes_give_the_same_renditions) {
  const auto bytes = samples::png(200, 300);
  EXPECT_EQ(rendered(bytes), rendered(bytes));
}

TEST(images, orientation_is_applied_and_what_the_camera_wrote_is_gone) {
  const auto plain = rendered(samples::png(160, 100)).back().jpeg;
  const auto original = samples::jpeg_with_exif(plain, 6);  // to be turned by a quarter
  ASSERT_THAT(original, testing::HasSubstr("GPS: taken at home"));
  const auto turned = rendered(original).back();
  EXPECT_EQ(turned.width, 100);
  EXPECT_EQ(turned.height, 160);
  for (const auto* bytes : {&turned.jpeg, &turned.webp}) {
    EXPECT_THAT(*bytes, testing::Not(testing::HasSubstr("GPS")));
    EXPECT_THAT(*bytes, testing::Not(testing::HasSubstr("ICC")));
  }
}

TEST(images, bombs_are_refused_by_what_they_claim) {
  for (const auto& [width, height] : {std::pair{50'000U, 50'000U}, {50'000U, 1U}, {1U, 50'000U}, {8'000U, 8'000U}}) {
    const auto bomb = samples::png_that_claims(width, height);
    EXPECT_LT(bomb.size(), 1'024U);
    EXPECT_EQ(refused(bomb), refusal::too_large) << width << " x " << height;
  }
}

TEST(images, other_formats_are_refused_whatever_they_call_themselves) {
  using namespace std::string_literals;
  const std::string svg = "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>";
  for (const auto& bytes : {""s, "x"s, svg, "<?xml version='1.0'?>" + svg, "GIF89a\x01\0\x01\0"s, "%PDF-1.7"s,
                            "\0\0\0\x1C"s + "ftypavif", "BM"s, "II*\0"s, "RIFF\0\0\0\0WAVE"s, "<html>"s}) {
    EXPECT_EQ(refused(bytes), refusal::unknown_format) << bytes;
  }
}

TEST(images, what_only_begins_like_a_picture_is_broken) {
  using namespace std::string_literals;
  const std::string svg = "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>";
  for (const auto& begin : {"\xFF\xD8\xFF"s, "\x89PNG\r\n\x1A\n"s, "RIFF\0\0\0\0WEBP"s}) {
    EXPECT_EQ(refused(begin), refusal::broken);
    EXPECT_EQ(refused(begin + svg), refusal::broken);
  }
}

TEST(images, what_ends_too_early_is_broken) {
  const auto whole = rendered(samples::png(160, 160)).back();
  for (const auto& bytes : {samples::png(160, 160), whole.jpeg, whole.webp}) {
    const auto made = render(std::string_view(bytes).substr(0, bytes.size() / 2), widths);
    ASSERT_FALSE(made) << testing::PrintToString(bytes.substr(0, 12));
    EXPECT_EQ(made.error(), refusal::broken);
  }
}

TEST(images, nothing_of_what_hangs_on_behind_a_picture_is_kept) {
  const auto polyglot = samples::png(160, 160) + "<script>alert(1)</script>PK\x03\x04";
  for (const auto& each : rendered(polyglot)) {
    EXPECT_THAT(each.webp, testing::Not(testing::HasSubstr("script")));
    EXPECT_THAT(each.jpeg, testing::Not(testing::HasSubstr("script")));
  }
}

TEST(images, any_bytes_are_rendered_or_refused) {
  TICKETSHOW_SEEDED(random);
  const auto first = rendered(samples::png(60, 60)).back();
  const std::string whole[] = {samples::png(60, 60), first.jpeg, first.webp};
  for (int round = 0; round < 150; ++round) {
    auto bytes = whole[random.between(0, 2)];
    for (auto flips = random.between(1, 8); flips > 0; --flips) {
      bytes[static_cast<std::size_t>(random.between(0, std::ssize(bytes) - 1))] = static_cast<char>(random()());
    }
    const auto made = render(bytes, widths);
    if (made) EXPECT_FALSE(made->empty());
  }
}

}  // namespace
}  // namespace ticketshow::images
