#include "adapters/search_pg/ranking.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

#include <fmt/ranges.h>

#include "text/spelling.hpp"

namespace ticketshow::search_pg {
namespace {

/// The same as in search_elastic/request.cpp.
constexpr int points_of(text::fit how) {
  switch (how) {
    case text::fit::none:
      return 0;
    case text::fit::typo_in_beginning:
      return 2;
    case text::fit::typo:
      return 4;
    case text::fit::beginning:
      return 6;
    case text::fit::exact:
      return 8;
  }
  return 0;
}
constexpr int title_counts = 10;

int best_fit(const std::string& typed, std::string_view words) {
  auto best = text::fit::none;
  while (!words.empty() && best != text::fit::exact) {
    const auto word = words.substr(0, words.find(' '));
    words.remove_prefix(std::min(words.size(), word.size() + 1));
    best = std::max(best, text::fit_of(typed, word));
  }
  return points_of(best);
}

/// Nothing when too few of the words are there.
std::optional<int> score_of(const std::vector<std::string>& typed, const std::string& query, const candidate& what) {
  int score = what.title.starts_with(query) ? 1 : 0;
  std::size_t present = 0;
  for (const auto& each : typed) {
    int points = best_fit(each, what.title) * title_counts;
    if (points == 0) points = best_fit(each, what.text);
    if (points > 0) ++present;
    score += points;
  }
  return present < ports::words_needed(typed.size()) ? std::nullopt : std::optional(score);
}

}  // namespace

std::vector<ports::search_hit> best_of(const std::vector<std::string>& typed, std::vector<candidate> candidates,
                                       std::int64_t limit) {
  struct place {
    int score;
    std::size_t words_of_title;
    candidate* what;
  };
  const auto query = fmt::format("{}", fmt::join(typed, " "));
  std::vector<place> places;
  for (auto& each : candidates) {
    const auto words = static_cast<std::size_t>(std::ranges::count(each.title, ' '));
    if (const auto score = score_of(typed, query, each)) places.push_back({*score, words, &each});
  }
  std::ranges::sort(places, {}, [](const place& p) { return std::tuple(-p.score, p.words_of_title, p.what->id); });
  std::vector<ports::search_hit> hits;
  for (const auto& each : places) {
    if (std::ssize(hits) == limit) break;
    hits.push_back({each.what->id, std::move(each.what->payload)});
  }
  return hits;
}

}  // namespace ticketshow::search_pg
