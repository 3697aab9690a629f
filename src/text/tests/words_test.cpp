#include "text/words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ticketshow::text {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(words, are_what_stands_between_punctuation) {
  EXPECT_THAT(folded_words_of("  Zero-Gravity Waltz, (1998)! "), ElementsAre("zero", "gravity", "waltz", "1998"));
  EXPECT_THAT(folded_words_of(""), IsEmpty());
  EXPECT_THAT(folded_words_of("–…!?'’"), IsEmpty());
}

TEST(words, keep_an_apostrophe_inside) {
  EXPECT_THAT(folded_words_of("The Lighthouse Keeper's 'Atlas'"), ElementsAre("the", "lighthouse", "keepers", "atlas"));
  EXPECT_THAT(folded_words_of("Don’t L'Été"), ElementsAre("dont", "lete"));
}

TEST(words, have_neither_case_nor_accents) {
  EXPECT_EQ(fold("Crème BRÛLÉE"), "creme brulee");
  EXPECT_EQ(fold("Cre\u0300me"), "creme") << "decomposed";
  EXPECT_EQ(fold("Straße Łódź Åland Smørrebrød"), "strasse lodz aland smorrebrod");
  EXPECT_EQ(fold("ЁЛКА Άλφα"), "елка αλφα");
  EXPECT_EQ(fold("ＡＢＣ"), "abc") << "full width";
}

TEST(words, of_hindi_keep_their_vowels) {
  EXPECT_THAT(folded_words_of("सपनों का हिसाब।"), ElementsAre("सपनों", "का", "हिसाब"));
  EXPECT_NE(fold("सपना"), fold("सपन"));
}

TEST(words, of_ideographs_are_one_each) { EXPECT_THAT(folded_words_of("花樣x年"), ElementsAre("花", "樣", "x", "年")); }

TEST(words, know_where_they_stand) {
  const std::string text = "É: Keeper's";
  const auto words = words_of(text);
  ASSERT_EQ(words.size(), 2U);
  EXPECT_EQ(text.substr(words[0].begin, words[0].end - words[0].begin), "É");
  EXPECT_EQ(text.substr(words[1].begin, words[1].end - words[1].begin), "Keeper's");
}

TEST(words, are_cut_between_code_points) {
  std::string endless;
  for (int i = 0; i < 100; ++i) endless += "स";
  const auto words = folded_words_of(endless);
  ASSERT_EQ(words.size(), 1U);
  EXPECT_EQ(words[0].size(), 126U);
}

TEST(words, are_not_found_in_broken_utf8) {
  EXPECT_THAT(folded_words_of("a\xff"
                              "b\xc3"),
              ElementsAre("a", "b"));
}

TEST(code_points, go_there_and_back) { EXPECT_EQ(utf8_of(code_points_of("aéस😀")), "aéस😀"); }

}  // namespace
}  // namespace ticketshow::text
