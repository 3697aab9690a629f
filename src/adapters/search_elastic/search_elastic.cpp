#include "adapters/search_elastic/search_elastic.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/ranges.h>

#include "adapters/search_elastic/request.hpp"
#include "text/words.hpp"

namespace ticketshow::search_elastic {
namespace {

using http::method;

constexpr int version_conflict = 409;

std::vector<ports::search_hit> hits_of(const boost::json::value& response) {
  std::vector<ports::search_hit> hits;
  for (const auto& each : response.at("hits").at("hits").as_array()) {
    const auto& source = each.at("_source");
    hits.push_back({source.at("id").to_number<std::int64_t>(), std::string(source.at("payload").as_string())});
  }
  return hits;
}

/// Throws when a search of several failed. A missing index is one that was never filled.
void check_found(const boost::json::value& response) {
  const auto* error = response.as_object().if_contains("error");
  if (error != nullptr)
    throw rt::unavailable("the search engine cannot search: " + boost::json::serialize(error->at("type")));
}

/// Throws when a document was refused for another reason than that a newer version is there.
void check_written(const boost::json::value& answer) {
  for (const auto& each : answer.at("items").as_array()) {
    const auto& outcome = each.at("index");
    const auto status = outcome.at("status").to_number<int>();
    if (status / 100 == 2 || status == version_conflict) continue;
    const auto refusal = fmt::format("the search engine did not take {}: {}", outcome.at("_id").as_string().c_str(),
                                     boost::json::serialize(outcome));
    if (status == 400) throw std::runtime_error(refusal);
    throw rt::unavailable(refusal);
  }
}

/// n of "<alias>-n"; nothing for another name.
std::optional<int> number_of(const std::string& alias, const std::string& index) {
  const auto prefix = alias + '-';
  if (!index.starts_with(prefix)) return {};
  int number = 0;
  const auto* const end = index.data() + index.size();
  const auto [stopped, error] = std::from_chars(index.data() + prefix.size(), end, number);
  return error == std::errc{} && stopped == end ? std::optional(number) : std::nullopt;
}

boost::json::object alias_action(const char* what, const std::string& index, const std::string& alias) {
  return {{what, boost::json::object{{"index", index}, {"alias", alias}}}};
}

std::string actions_of(boost::json::array actions) {
  return boost::json::serialize(boost::json::object{{"actions", std::move(actions)}});
}

}  // namespace

// ---- searching

rt::task<ports::search_hits> index::search(rt::deadline until, ports::search_query what) {
  auto typed = text::folded_words_of(what.text);
  if (typed.size() > ports::most_query_words) typed.resize(ports::most_query_words);
  if (typed.empty()) co_return ports::search_hits{};
  auto hits = co_await find(until, what, typed, false);
  if (hits.shows.empty() && hits.venues.empty()) hits = co_await find(until, what, typed, true);
  co_return hits;
}

rt::task<ports::search_hits> index::find(rt::deadline until, const ports::search_query& what,
                                         const std::vector<std::string>& typed, bool with_typos) {
  engine::question asked{.verb = method::POST,
                         .path = fmt::format("/{}/_msearch", searched_),
                         .body = search_lines(what, typed, with_typos)};
  const auto got = co_await engine_.ask(until, std::move(asked));
  const auto& responses = got.body.at("responses").as_array();
  for (const auto& each : responses) check_found(each);
  co_return ports::search_hits{.shows = hits_of(responses.at(0)), .venues = hits_of(responses.at(1))};
}

rt::task<std::vector<std::string>> index::cities(rt::deadline until, std::int64_t most) {
  engine::question asked{
      .verb = method::POST, .path = fmt::format("/{}/_search", searched_), .body = cities_body(most)};
  const auto got = co_await engine_.ask(until, std::move(asked));
  std::vector<std::string> names;
  for (const auto& each : got.body.at("aggregations").at("places").at("cities").at("buckets").as_array()) {
    names.emplace_back(each.at("shown").at("buckets").at(0).at("key").as_string());
  }
  co_return names;
}

rt::task<std::vector<ports::held_document>> index::list(rt::deadline until, ports::searched kind, std::int64_t after,
                                                        std::int64_t most) {
  engine::question asked{
      .verb = method::POST, .path = fmt::format("/{}/_search", searched_), .body = list_body(kind, after, most)};
  const auto got = co_await engine_.ask(until, std::move(asked));
  std::vector<ports::held_document> held;
  for (const auto& each : got.body.at("hits").at("hits").as_array()) {
    const auto& source = each.at("_source");
    held.push_back({.id = source.at("id").to_number<std::int64_t>(),
                    .version = each.at("_version").to_number<std::int64_t>(),
                    .listed = source.at("listed").as_bool()});
  }
  co_return held;
}

// ---- writing

rt::task<std::vector<std::string>> index::indices_of(rt::deadline until, std::string alias) {
  engine::question asked{.path = "/_alias/" + alias, .may_be_missing = true};
  const auto got = co_await engine_.ask(until, std::move(asked));
  std::vector<std::string> names;
  if (got.status == 404) co_return names;
  for (const auto& each : got.body.as_object()) names.emplace_back(each.key());
  co_return names;
}

rt::task<> index::write(rt::deadline until, const std::vector<std::string>& indices,
                        const std::vector<ports::search_document>& documents) {
  std::string lines;
  for (const auto& each : documents) {
    for (const auto& name : indices) lines += bulk_lines(name, each);
  }
  if (lines.empty()) co_return;
  engine::question asked{.verb = method::POST, .path = "/_bulk", .body = std::move(lines)};
  const auto got = co_await engine_.ask(until, std::move(asked));
  check_written(got.body);
}

rt::task<> index::put(rt::deadline until, std::vector<ports::search_document> documents) {
  const auto indices = co_await indices_of(until, written_);
  co_await write(until, indices, documents);
}

// ---- rebuilding

rt::task<bool> index::is_filled(rt::deadline until) {
  const auto indices = co_await indices_of(until, searched_);
  co_return !indices.empty();
}

/// What is left of earlier rebuilds goes only now: a change that was on its way to an index when it was replaced must
/// not make it anew.
rt::task<std::string> index::begin_rebuild(rt::deadline until) {
  engine::question listing{.path = fmt::format("/{}-*/_alias", searched_), .may_be_missing = true};
  const auto listed = co_await engine_.ask(until, std::move(listing));
  int last = 0;
  if (listed.status != 404) {
    for (const auto& each : listed.body.as_object()) {
      const auto number = number_of(searched_, each.key());
      if (!number) continue;
      last = std::max(last, *number);
      if (each.value().at("aliases").as_object().contains(searched_)) continue;
      engine::question dropping{.verb = method::DELETE, .path = '/' + std::string(each.key()), .may_be_missing = true};
      co_await engine_.ask(until, std::move(dropping));
    }
  }
  const auto name = fmt::format("{}-{}", searched_, last + 1);
  engine::question making{
      .verb = method::PUT, .path = '/' + name, .body = std::string(index_definition()), .repeatable = false};
  co_await engine_.ask(until, std::move(making));
  engine::question naming{
      .verb = method::POST, .path = "/_aliases", .body = actions_of({alias_action("add", name, written_)})};
  co_await engine_.ask(until, std::move(naming));
  co_return name;
}

rt::task<> index::expect_building(rt::deadline until, const std::string& name) {
  const auto written = co_await indices_of(until, written_);
  const auto searched = co_await indices_of(until, searched_);
  const auto among = [&](const std::vector<std::string>& names) { return std::ranges::count(names, name) > 0; };
  if (!among(written) || among(searched)) {
    throw std::runtime_error("another rebuild of the search index has begun meanwhile; this one ends");
  }
}

rt::task<> index::fill(rt::deadline until, std::string name, std::vector<ports::search_document> documents) {
  co_await expect_building(until, name);
  const std::vector indices{name};
  co_await write(until, indices, documents);
}

rt::task<> index::finish_rebuild(rt::deadline until, std::string name) {
  co_await expect_building(until, name);
  engine::question showing{.verb = method::POST, .path = fmt::format("/{}/_refresh", name)};
  co_await engine_.ask(until, std::move(showing));
  boost::json::array actions{alias_action("add", name, searched_)};
  const auto replaced = co_await indices_of(until, searched_);
  for (const auto& each : replaced) {
    actions.push_back(alias_action("remove", each, searched_));
    actions.push_back(alias_action("remove", each, written_));
  }
  engine::question swapping{.verb = method::POST, .path = "/_aliases", .body = actions_of(std::move(actions))};
  co_await engine_.ask(until, std::move(swapping));
}

}  // namespace ticketshow::search_elastic
