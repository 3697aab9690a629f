#include "adapters/search_pg/expression.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace ticketshow::search_pg {
namespace {

/// PostgreSQL's own limit; what comes later counts as here.
constexpr std::size_t last_position = 16'383;

}  // namespace

std::string tsquery_of(const std::vector<wanted_word>& words, bool all) {
  std::string query;
  for (const auto& word : words) {
    if (!query.empty()) query += all ? " & " : " | ";
    query += fmt::format("('{}':*", word.typed);
    for (const auto& each : word.meant) query += fmt::format(" | '{}'", each);
    query += ')';
  }
  return query;
}

std::string exact_tsquery_of(const std::vector<wanted_word>& words) {
  std::string query;
  for (const auto& word : words) query += fmt::format("{}'{}'", query.empty() ? "" : " & ", word.typed);
  return query;
}

std::string tsvector_of(const std::vector<std::string>& title, const std::vector<std::string>& text) {
  std::string vector;
  std::size_t position = 0;
  const auto add = [&](const std::vector<std::string>& words, char weight) {
    for (const auto& each : words) {
      position = std::min(position + 1, last_position);
      fmt::format_to(std::back_inserter(vector), "'{}':{}{} ", each, position, weight);
    }
  };
  add(title, 'A');
  add(text, 'B');
  return vector;
}

}  // namespace ticketshow::search_pg
