#include "adapters/search_pg/search_pg.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <stdexcept>

#include <fmt/ranges.h>

#include "adapters/search_pg/queries.hpp"
#include "adapters/search_pg/ranking.hpp"
#include "rt/unavailable.hpp"
#include "text/spelling.hpp"
#include "text/words.hpp"

namespace ticketshow::search_pg {
namespace {

/// Looked at closely for each kind, beyond the hits asked for.
constexpr std::int64_t least_candidates = 48;
/// Words that share a key with a typed one; nearly always a few dozen.
constexpr std::int64_t most_similar = 400;
constexpr std::size_t most_meant = 16;

const char* name_of(ports::searched kind) { return kind == ports::searched::show ? "show" : "venue"; }

std::string array_of(const std::vector<std::string>& texts) { return *pg::to_parameter(texts); }

/// Documents as the columns of a statement; of two of one kind and id the newer.
class columns {
 public:
  explicit columns(const std::vector<ports::search_document>& documents) {
    std::map<std::pair<ports::searched, std::int64_t>, const ports::search_document*> newest;
    for (const auto& each : documents) {
      auto& held = newest[{each.kind, each.id}];
      if (held == nullptr || held->version < each.version) held = &each;
    }
    for (const auto& [key, document] : newest) add(*document);
  }

  /// Their statements; `generation` is NULL for all there are.
  [[nodiscard]] std::vector<pg::bound_statement> statements(std::optional<int> generation) const {
    std::vector<std::string> words;
    std::vector<std::string> keys;
    for (const auto& each : vocabulary_) {
      words.push_back(each);
      keys.push_back(array_of(text::index_keys_of(each)));
    }
    std::vector<pg::bound_statement> both;
    both.push_back(pg::bind(queries::put_documents, generation, kinds_, ids_, versions_, listed_, titles_, bodies_,
                            title_lengths_, title_words_, all_words_, cities_, cities_shown_, until_, payloads_));
    both.push_back(pg::bind(queries::put_words, generation, words, keys));
    return both;
  }

 private:
  void add(const ports::search_document& document) {
    const auto title = text::folded_words_of(document.title);
    const auto body = text::folded_words_of(document.text);
    if (document.listed) {
      vocabulary_.insert(title.begin(), title.end());
      vocabulary_.insert(body.begin(), body.end());
    }
    std::vector<std::string> cities;
    std::vector<std::string> shown;
    std::vector<timestamp> until;
    for (const auto& place : document.places) {
      cities.push_back(text::fold(place.city));
      shown.push_back(place.city);
      until.push_back(place.until);
    }
    kinds_.emplace_back(name_of(document.kind));
    ids_.push_back(document.id);
    versions_.push_back(document.version);
    listed_.push_back(document.listed);
    titles_.push_back(fmt::format("{}", fmt::join(title, " ")));
    bodies_.push_back(fmt::format("{}", fmt::join(body, " ")));
    title_lengths_.push_back(static_cast<int>(title.size()));
    title_words_.push_back(tsvector_of(title, {}));
    all_words_.push_back(tsvector_of(title, body));
    cities_.push_back(array_of(cities));
    cities_shown_.push_back(array_of(shown));
    until_.push_back(*pg::to_parameter(until));
    payloads_.push_back(document.payload);
  }

  std::vector<std::string> kinds_, titles_, bodies_, title_words_, all_words_, cities_, cities_shown_, until_,
      payloads_;
  std::vector<std::int64_t> ids_, versions_;
  std::vector<bool> listed_;
  std::vector<int> title_lengths_;
  std::set<std::string> vocabulary_;
};

std::vector<candidate> candidates_of(const pg::result_set& rows) {
  std::vector<candidate> all;
  all.reserve(static_cast<std::size_t>(rows.size()));
  for (const auto row : rows) {
    all.push_back({.id = row.get<std::int64_t>(0),
                   .title = row.get<std::string>(1),
                   .text = row.get<std::string>(2),
                   .payload = row.get<std::string>(3)});
  }
  return all;
}

std::vector<std::string> typed_of(const std::vector<wanted_word>& words) {
  std::vector<std::string> typed;
  for (const auto& each : words) typed.push_back(each.typed);
  return typed;
}

int generation_of(const std::string& name) {
  int number = 0;
  const auto* const end = name.data() + name.size();
  if (std::from_chars(name.data(), end, number).ptr != end) throw std::invalid_argument("no rebuild: " + name);
  return number;
}

[[noreturn]] void fail_unfilled() { throw rt::unavailable("the search index is being filled for the first time"); }

[[noreturn]] void fail_overtaken() {
  throw std::runtime_error("another rebuild of the search index has begun meanwhile; this one ends");
}

}  // namespace

// ---- searching

rt::task<ports::search_hits> index::search(rt::deadline until, ports::search_query what) {
  std::vector<wanted_word> words;
  for (auto& each : text::folded_words_of(what.text)) {
    if (words.size() < ports::most_query_words) words.push_back({std::move(each), {}});
  }
  if (words.empty()) co_return ports::search_hits{};
  auto hits = co_await find(until, what, words);
  if (hits.shows.empty() && hits.venues.empty()) {
    const bool any = co_await find_meant(until, words);
    if (any) hits = co_await find(until, what, words);
  }
  co_return hits;
}

rt::task<ports::search_hits> index::find(rt::deadline until, const ports::search_query& what,
                                         const std::vector<wanted_word>& words) {
  const bool all_needed = ports::words_needed(words.size()) == words.size();
  const auto all = tsquery_of(words, true);
  const auto exact = exact_tsquery_of(words);
  const auto enough = tsquery_of(words, all_needed);
  const auto typed = typed_of(words);
  const auto line = fmt::format("{}", fmt::join(typed, " "));
  const auto city = text::fold(what.city);
  const auto most = std::max(what.limit * 2, least_candidates);
  std::vector<pg::bound_statement> statements;
  statements.push_back(pg::bind(queries::searched_generation));
  for (const auto* each : {&queries::find_shows, &queries::find_venues}) {
    statements.push_back(pg::bind(*each, all, exact, line, enough, city, what.now, most, what.limit));
  }
  const auto results = co_await database_.run_all(until, std::move(statements));
  if (results[0].empty()) fail_unfilled();
  co_return ports::search_hits{.shows = best_of(typed, candidates_of(results[1]), what.limit),
                               .venues = best_of(typed, candidates_of(results[2]), what.limit)};
}

rt::task<bool> index::find_meant(rt::deadline until, std::vector<wanted_word>& words) {
  std::vector<std::string> keys;
  for (const auto& each : words) keys.push_back(array_of(text::typed_keys_of(each.typed)));
  const auto rows = co_await database_.run(until, queries::similar_words, keys, most_similar);
  struct meaning {
    std::size_t typos;
    std::string word;
  };
  std::vector<std::vector<meaning>> meanings(words.size());
  for (const auto row : rows) {
    const auto n = static_cast<std::size_t>(row.get<std::int64_t>(0) - 1);
    auto word = row.get<std::string>(1);
    const auto& typed = words[n].typed;
    const auto how = text::fit_of(typed, word);
    if (how != text::fit::typo && how != text::fit::typo_in_beginning) continue;
    const auto typos = text::typos_in(typed, word);
    meanings[n].push_back({typos, std::move(word)});
  }
  bool any = false;
  for (std::size_t n = 0; n < words.size(); ++n) {
    std::ranges::sort(meanings[n], {}, [](const meaning& each) { return std::tie(each.typos, each.word); });
    if (meanings[n].size() > most_meant) meanings[n].resize(most_meant);
    for (auto& each : meanings[n]) words[n].meant.push_back(std::move(each.word));
    any = any || !words[n].meant.empty();
  }
  co_return any;
}

rt::task<std::vector<std::string>> index::cities(rt::deadline until, std::int64_t most) {
  const auto results =
      co_await database_.run_all(until, {pg::bind(queries::searched_generation), pg::bind(queries::cities, most)});
  if (results[0].empty()) fail_unfilled();
  std::vector<std::string> names;
  for (const auto row : results[1]) names.push_back(row.get<std::string>(0));
  co_return names;
}

rt::task<std::vector<ports::held_document>> index::list(rt::deadline until, ports::searched kind, std::int64_t after,
                                                        std::int64_t most) {
  const std::string_view wanted = name_of(kind);
  const auto results = co_await database_.run_all(
      until, {pg::bind(queries::searched_generation), pg::bind(queries::list_documents, wanted, after, most)});
  if (results[0].empty()) fail_unfilled();
  std::vector<ports::held_document> held;
  for (const auto row : results[1]) {
    held.push_back({row.get<std::int64_t>(0), row.get<std::int64_t>(1), row.get<bool>(2)});
  }
  co_return held;
}

// ---- writing

rt::task<> index::put(rt::deadline until, std::vector<ports::search_document> documents) {
  if (documents.empty()) co_return;
  const auto statements = columns(documents).statements({});
  for (bool again = false;; again = true) {
    auto once = statements;
    try {
      co_await database_.run_all(until, std::move(once));
      co_return;
    } catch (const pg::sql_error& error) {
      // A rebuild has just ended: the generation that was replaced went while this was written into it.
      if (!error.foreign_key_violation() || again) throw;
    }
  }
}

rt::task<bool> index::is_filled(rt::deadline until) {
  const auto rows = co_await database_.run(until, queries::searched_generation);
  co_return !rows.empty();
}

rt::task<std::string> index::begin_rebuild(rt::deadline until) {
  const auto results =
      co_await database_.run_all(until, {pg::bind(queries::drop_building), pg::bind(queries::add_building)});
  co_return std::to_string(results[1].front().get<int>(0));
}

rt::task<> index::fill(rt::deadline until, std::string name, std::vector<ports::search_document> documents) {
  const int generation = generation_of(name);
  auto statements = columns(documents).statements(generation);
  auto transaction = co_await database_.begin(until);
  const auto building = co_await transaction.run(queries::share_building, generation);
  if (building.empty()) fail_overtaken();
  co_await transaction.run_all(std::move(statements));
  co_await transaction.commit();
}

rt::task<> index::finish_rebuild(rt::deadline until, std::string name) {
  const int generation = generation_of(name);
  auto transaction = co_await database_.begin(until);
  const auto building = co_await transaction.run(queries::lock_building, generation);
  if (building.empty()) fail_overtaken();
  co_await transaction.run(queries::drop_searched);
  co_await transaction.run(queries::search_built, generation);
  co_await transaction.commit();
}

}  // namespace ticketshow::search_pg
