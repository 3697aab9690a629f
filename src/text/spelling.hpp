#pragma once

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ticketshow::text {

/// How well a typed word fits a word of a text, from worse to better.
enum class fit {
  none,
  typo_in_beginning,  ///< typed is, with typos, how the word begins; only for five letters and more
  typo,               ///< the word with typos
  beginning,          ///< the word begins so: somebody is still typing
  exact,
};

/// Both folded (words.hpp). A typo is a letter too many, too few or wrong, or two neighbours exchanged.
fit fit_of(std::string_view typed, std::string_view word);

/// Typos forgiven in a typed word: none below three letters, one below six, two from there on.
std::size_t typos_forgiven(std::size_t letters);

/// How many typos make `b` of `a` (optimal string alignment distance); most + 1 when it is more than `most`.
std::size_t typos_between(std::u32string_view a, std::u32string_view b, std::size_t most);

/// How many typos `typed` has as the word, or as its beginning when it has five letters or more, whichever is less;
/// more than are forgiven when it is neither.
std::size_t typos_in(std::string_view typed, std::string_view word);

/// Keys by which an index finds the words that a typed word may mean: a word fits with typos only if one of
/// index_keys_of(word) is among typed_keys_of(typed). (Both leave letters out, as many as are forgiven, of the first
/// seven: two words within two typos become the same that way. Known as symmetric deletion.)
std::vector<std::string> index_keys_of(std::string_view word);
std::vector<std::string> typed_keys_of(std::string_view typed);

}  // namespace ticketshow::text
