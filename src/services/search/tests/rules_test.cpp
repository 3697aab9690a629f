#include "services/search/rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "text/words.hpp"

namespace ticketshow::search::rules {
namespace {

highlight marked(std::string_view query, std::string_view title, std::string_view text = "") {
  return mark(text::folded_words_of(query), {title, text});
}

TEST(highlight, marks_the_words_that_fit) {
  EXPECT_EQ(marked("monsoon", "The Second Monsoon").title, "The Second <mark>Monsoon</mark>");
  EXPECT_EQ(marked("mon ex", "Monsoon Express, 1962").title, "<mark>Monsoon</mark> <mark>Express</mark>, 1962");
  EXPECT_EQ(marked("cafe", "Café Brûlé").title, "<mark>Café</mark> Brûlé");
  EXPECT_EQ(marked("keepers", "The Keeper's Atlas").title, "The <mark>Keeper&#39;s</mark> Atlas");
  EXPECT_EQ(marked("सपनों", "सपनों का हिसाब").title, "<mark>सपनों</mark> का हिसाब");
  EXPECT_EQ(marked("rain", "Monsoon", "Longest rain.").text, "Longest <mark>rain</mark>.");
  EXPECT_EQ(marked("other", "Monsoon").title, "Monsoon");
}

TEST(highlight, marks_typos_only_where_nothing_fits_better) {
  EXPECT_EQ(marked("monsun", "Monsoon Express").title, "<mark>Monsoon</mark> Express");
  EXPECT_EQ(marked("chai", "Chai and Chat", "a chair").title, "<mark>Chai</mark> and Chat");
  EXPECT_EQ(marked("chat", "Chai", "a chat").title, "Chai") << "the text has it as it is typed";
}

TEST(highlight, is_safe_to_show) {
  EXPECT_EQ(marked("script", "<script>alert(\"1\" & '2')</script>").title,
            "&lt;<mark>script</mark>&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/<mark>script</mark>&gt;");
  EXPECT_EQ(marked("<mark>", "</mark><mark>").title, "&lt;/<mark>mark</mark>&gt;&lt;<mark>mark</mark>&gt;");
}

TEST(highlight, of_a_long_text_shows_the_part_that_matters) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "filler" + std::to_string(i) + ' ';
  const auto with = marked("needle", "x", text + "a needle in it" + text).text;
  EXPECT_THAT(with, ::testing::HasSubstr("filler99 a <mark>needle</mark> in it"));
  EXPECT_TRUE(with.starts_with("… filler"));
  EXPECT_TRUE(with.ends_with(" …"));
  EXPECT_LT(with.size(), 400U);
  const auto without = marked("x", "x", text).text;
  EXPECT_TRUE(without.starts_with("filler0 "));
  EXPECT_LT(without.size(), 400U);
}

TEST(did_you_mean, mends_what_is_found_with_typos_alone) {
  const std::vector<searched_text> found{{"Monsoon Express", "Six strangers"}, {"The Second Monsoon", "A family"}};
  EXPECT_EQ(mend("mansoan express", found), "monsoon express");
  EXPECT_EQ(mend("Mansoan, EXPRES!", found), "monsoon, EXPRES!");
  EXPECT_EQ(mend("strngers", found), "strangers");
  EXPECT_EQ(mend("secnod monsoon", found), "second monsoon");
}

TEST(did_you_mean, says_nothing_when_there_is_nothing_to_mend) {
  const std::vector<searched_text> found{{"Monsoon Express", "Six strangers"}};
  EXPECT_EQ(mend("monsoon", found), std::nullopt);
  EXPECT_EQ(mend("monso", found), std::nullopt) << "still typing";
  EXPECT_EQ(mend("xylophone monsoon", found), std::nullopt);
  EXPECT_EQ(mend("monsun", {}), std::nullopt);
  EXPECT_EQ(mend("", found), std::nullopt);
}

}  // namespace
}  // namespace ticketshow::search::rules
