#pragma once

#include <string>
#include <vector>

/// What documents must have, in the language of PostgreSQL's full text search. Words are folded (text/words.hpp) and so
/// need no escapes. Pure.
namespace ticketshow::search_pg {

/// A word of the query with the words of the index that it may mean.
struct wanted_word {
  std::string typed;
  std::vector<std::string> meant;
};

/// A tsquery: all words when `all`, else any; a word fits as the beginning of one, or as one that is meant.
std::string tsquery_of(const std::vector<wanted_word>& words, bool all);
/// All words exactly as they were typed.
std::string exact_tsquery_of(const std::vector<wanted_word>& words);

/// A tsvector with the words of the title as A, those of the text as B.
std::string tsvector_of(const std::vector<std::string>& title, const std::vector<std::string>& text);

}  // namespace ticketshow::search_pg
