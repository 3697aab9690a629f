#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Texts as a search sees them: words without case, accents and punctuation, and how well what was typed fits a word.
/// Pure; everything is UTF-8. What is not UTF-8 counts as punctuation.
namespace ticketshow::text {

/// A word of a text.
struct word {
  std::string folded;  ///< as it is compared: "Crème" and "CREME" are both "creme"
  std::size_t begin;   ///< its bytes in the text
  std::size_t end;
};

/// The longest word, in bytes of its folded form; what is longer is cut.
inline constexpr std::size_t longest_word = 128;

/// The words of a text: letters with their marks, digits. An apostrophe inside a word belongs to it and is left out of
/// the folded form ("Keeper's" → "keepers"). Each ideograph is a word of its own.
std::vector<word> words_of(std::string_view text);

/// Their folded forms alone.
std::vector<std::string> folded_words_of(std::string_view text);

/// Their folded forms with a blank between: two names that differ in case, accents and punctuation alone fold to the
/// same.
std::string fold(std::string_view text);

/// The code points of UTF-8.
std::u32string code_points_of(std::string_view text);
std::string utf8_of(std::u32string_view code_points);

}  // namespace ticketshow::text
