#include "text/spelling.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/seed.hpp"
#include "text/words.hpp"

namespace ticketshow::text {
namespace {

TEST(typos, are_counted_as_people_make_them) {
  EXPECT_EQ(typos_between(U"chai", U"chai", 2), 0U);
  EXPECT_EQ(typos_between(U"chai", U"chia", 2), 1U) << "exchanged";
  EXPECT_EQ(typos_between(U"chai", U"cha", 2), 1U);
  EXPECT_EQ(typos_between(U"chai", U"chaai", 2), 1U);
  EXPECT_EQ(typos_between(U"chai", U"chbi", 2), 1U);
  EXPECT_EQ(typos_between(U"monsoon", U"mansun", 2), 3U) << "more than asked for";
  EXPECT_EQ(typos_between(U"", U"abc", 2), 3U);
}

TEST(fit, is_best_when_nothing_is_wrong) {
  EXPECT_EQ(fit_of("monsoon", "monsoon"), fit::exact);
  EXPECT_EQ(fit_of("mons", "monsoon"), fit::beginning);
  EXPECT_EQ(fit_of("monsun", "monsoon"), fit::typo);
  EXPECT_EQ(fit_of("lihgth", "lighthouse"), fit::typo_in_beginning);
  EXPECT_EQ(fit_of("nsoon", "monsoons"), fit::none);
  EXPECT_EQ(fit_of("", "monsoon"), fit::none);
}

TEST(fit, forgives_one_typo_in_short_and_two_in_longer_words) {
  EXPECT_EQ(fit_of("hi", "ha"), fit::none);
  EXPECT_EQ(fit_of("chia", "chai"), fit::typo);
  EXPECT_EQ(fit_of("hcia", "chai"), fit::none);
  EXPECT_EQ(fit_of("cxrbxn", "carbon"), fit::typo);
  EXPECT_EQ(fit_of("cxrbxx", "carbon"), fit::none);
  EXPECT_EQ(fit_of("chia", "chairs"), fit::none) << "four letters with a typo begin too many words";
}

TEST(fit, counts_letters_not_bytes) { EXPECT_EQ(fit_of("हिसब", "हिसाब"), fit::typo); }

std::u32string some_word(test::seeded& random, std::int64_t least, std::int64_t most) {
  std::u32string word;
  const auto length = random.between(least, most);
  for (std::int64_t i = 0; i < length; ++i) word += static_cast<char32_t>(U'a' + random.between(0, 3));
  return word;
}

void make_typo(test::seeded& random, std::u32string& word) {
  const auto at = static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(word.size()) - 1));
  const auto letter = static_cast<char32_t>(U'a' + random.between(0, 5));
  switch (random.between(0, 3)) {
    case 0:
      word[at] = letter;
      break;
    case 1:
      word.insert(at, 1, letter);
      break;
    case 2:
      if (word.size() > 1) word.erase(at, 1);
      break;
    default:
      if (at + 1 < word.size()) std::swap(word[at], word[at + 1]);
  }
}

/// The promise of the keys: whatever fits with typos is found by them.
TEST(keys, find_every_word_that_fits) {
  TICKETSHOW_SEEDED(random);
  int fitting = 0;
  for (int round = 0; round < 20'000; ++round) {
    const auto word = some_word(random, 1, 12);
    auto typed = word.substr(0, static_cast<std::size_t>(random.between(1, static_cast<std::int64_t>(word.size()))));
    for (auto typos = random.between(0, 2); typos > 0; --typos) make_typo(random, typed);
    const auto typed_text = utf8_of(typed);
    const auto word_text = utf8_of(word);
    const auto how = fit_of(typed_text, word_text);
    if (how != fit::typo && how != fit::typo_in_beginning) continue;
    ++fitting;
    const auto in_index = index_keys_of(word_text);
    const auto asked = typed_keys_of(typed_text);
    const bool met =
        std::ranges::any_of(asked, [&](const auto& key) { return std::ranges::binary_search(in_index, key); });
    ASSERT_TRUE(met) << typed_text << " for " << word_text;
  }
  EXPECT_GT(fitting, 500);
}

TEST(keys, are_few) {
  EXPECT_LE(index_keys_of("lighthouse").size(), 60U);
  EXPECT_LE(typed_keys_of("lighthouse").size(), 30U);
}

}  // namespace
}  // namespace ticketshow::text
