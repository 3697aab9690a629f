#pragma once

#include <string>
#include <vector>

#include "ports/search_index.hpp"

/// The order that ports/search_index.hpp promises. Pure.
namespace ticketshow::search_pg {

struct candidate {
  std::int64_t id;
  std::string title;  ///< folded words
  std::string text;   ///< folded words
  std::string payload;
};

/// The best `limit` of the candidates that have enough of the words, in order.
std::vector<ports::search_hit> best_of(const std::vector<std::string>& typed, std::vector<candidate> candidates,
                                       std::int64_t limit);

}  // namespace ticketshow::search_pg
