#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/search.hpp"

/// What is said about what was found. Pure.
namespace ticketshow::search::rules {

/// What was searched of a hit.
struct searched_text {
  std::string_view title;
  std::string_view text;
};

/// Marks the words of a hit that fit those of the query (folded, text/words.hpp): typos where nothing fits better.
/// Of a long text the part with the first of them is shown.
highlight mark(const std::vector<std::string>& typed, searched_text what);

/// The query with each word replaced that fits no word of what was found but with typos, by the word that it fits with
/// the fewest. Nothing when there is no such word.
std::optional<std::string> mend(std::string_view query, const std::vector<searched_text>& found);

}  // namespace ticketshow::search::rules
