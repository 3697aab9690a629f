#include "adapters/search_elastic/request.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>
#include <fmt/ranges.h>

#include "text/words.hpp"

namespace ticketshow::search_elastic {
namespace {

using boost::json::array;
using boost::json::object;

std::string name_of(ports::searched kind) { return kind == ports::searched::show ? "show" : "venue"; }

std::int64_t milliseconds_of(timestamp time) {
  return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

template <class T>
object named(std::string_view name, T what) {
  return object{{name, boost::json::value_from(std::move(what))}};
}

/// Worth `points` where it fits, however often and however rare the word is.
object worth(int points, object condition) {
  return named("constant_score", object{{"filter", std::move(condition)}, {"boost", points}});
}

object fits(const std::string& field, const std::string& word, bool with_typos) {
  object match{{"query", word}};
  if (with_typos) {
    match["fuzziness"] = "AUTO:3,6";
    match["max_expansions"] = 200;
  }
  return named("match", named(field, std::move(match)));
}

/// The best way in which a word fits: the same points as in search_pg/ranking.cpp.
object fits_somewhere(const std::string& word, bool with_typos) {
  constexpr std::size_t least_beginning_with_typos = 5;
  const bool typed_enough = text::code_points_of(word).size() >= least_beginning_with_typos;
  array ways;
  for (const auto& [field, counts] : {std::pair{std::string("title"), 10}, std::pair{std::string("text"), 1}}) {
    const auto beginning = field + ".beginning";
    ways.push_back(worth(8 * counts, fits(field, word, false)));
    ways.push_back(worth(6 * counts, fits(beginning, word, false)));
    if (!with_typos) continue;
    ways.push_back(worth(4 * counts, fits(field, word, true)));
    if (typed_enough) ways.push_back(worth(2 * counts, fits(beginning, word, true)));
  }
  return named("dis_max", named("queries", std::move(ways)));
}

object query_of(ports::searched kind, const ports::search_query& what, const std::vector<std::string>& typed,
                bool with_typos) {
  array conditions{named("term", named("kind", name_of(kind))), named("term", named("listed", true))};
  if (!what.city.empty()) {
    array place{named("term", named("places.city", text::fold(what.city))),
                named("range", named("places.until", named("gt", milliseconds_of(what.now))))};
    object inside = named("bool", named("filter", std::move(place)));
    conditions.push_back(named("nested", object{{"path", "places"}, {"query", std::move(inside)}}));
  }
  array words;
  for (const auto& each : typed) words.push_back(fits_somewhere(each, with_typos));
  object enough =
      named("bool", object{{"should", std::move(words)}, {"minimum_should_match", ports::words_needed(typed.size())}});
  object begins = worth(1, named("prefix", named("whole_title", fmt::format("{}", fmt::join(typed, " ")))));
  return named("bool", object{{"filter", std::move(conditions)},
                              {"must", array{std::move(enough)}},
                              {"should", array{std::move(begins)}}});
}

std::size_t count_words(const std::string& folded) {
  return static_cast<std::size_t>(std::ranges::count(folded, ' ')) + 1;
}

}  // namespace

std::string_view index_definition() {
  return R"({
  "settings": {
    "index": {
      "number_of_shards": 1,
      "auto_expand_replicas": "0-1",
      "refresh_interval": "200ms",
      "analysis": {
        "filter": {"beginnings": {"type": "edge_ngram", "min_gram": 1, "max_gram": 24, "preserve_original": true}},
        "analyzer": {
          "words": {"type": "custom", "tokenizer": "whitespace", "filter": ["lowercase", "asciifolding"]},
          "beginnings": {"type": "custom", "tokenizer": "whitespace",
                         "filter": ["lowercase", "asciifolding", "beginnings"]}
        }
      }
    }
  },
  "mappings": {
    "dynamic": "strict",
    "properties": {
      "kind": {"type": "keyword"},
      "id": {"type": "long"},
      "listed": {"type": "boolean"},
      "title": {"type": "text", "analyzer": "words", "fields": {
        "beginning": {"type": "text", "analyzer": "beginnings", "search_analyzer": "words"}}},
      "text": {"type": "text", "analyzer": "words", "fields": {
        "beginning": {"type": "text", "analyzer": "beginnings", "search_analyzer": "words"}}},
      "whole_title": {"type": "keyword"},
      "words_of_title": {"type": "integer"},
      "places": {"type": "nested", "properties": {
        "city": {"type": "keyword"}, "shown": {"type": "keyword"}, "until": {"type": "date", "format": "epoch_millis"}}},
      "payload": {"type": "keyword", "index": false, "doc_values": false}
    }
  }
})";
}

std::string bulk_lines(const std::string& index, const ports::search_document& document) {
  const auto title = text::fold(document.title);
  array places;
  for (const auto& each : document.places) {
    places.push_back(
        object{{"city", text::fold(each.city)}, {"shown", each.city}, {"until", milliseconds_of(each.until)}});
  }
  const object action = named("index", object{{"_index", index},
                                              {"_id", fmt::format("{}-{}", name_of(document.kind), document.id)},
                                              {"version", document.version},
                                              {"version_type", "external"}});
  const object source{{"kind", name_of(document.kind)},
                      {"id", document.id},
                      {"listed", document.listed},
                      {"title", title},
                      {"text", text::fold(document.text)},
                      {"whole_title", title},
                      {"words_of_title", count_words(title)},
                      {"places", std::move(places)},
                      {"payload", document.payload}};
  return boost::json::serialize(action) + '\n' + boost::json::serialize(source) + '\n';
}

std::string search_lines(const ports::search_query& what, const std::vector<std::string>& typed, bool with_typos) {
  std::string lines;
  for (const auto kind : {ports::searched::show, ports::searched::venue}) {
    const object body{{"size", what.limit},
                      {"_source", array{"id", "payload"}},
                      {"track_total_hits", false},
                      {"query", query_of(kind, what, typed, with_typos)},
                      {"sort", array{named("_score", "desc"), named("words_of_title", "asc"), named("id", "asc")}}};
    lines += "{}\n" + boost::json::serialize(body) + '\n';
  }
  return lines;
}

std::string cities_body(std::int64_t most) {
  object shown = named("terms", object{{"field", "places.shown"}, {"size", 1}, {"order", named("_key", "asc")}});
  object cities{{"terms", object{{"field", "places.city"}, {"size", most}, {"order", named("_key", "asc")}}},
                {"aggs", named("shown", std::move(shown))}};
  object places{{"nested", named("path", "places")}, {"aggs", named("cities", std::move(cities))}};
  array listed_venues{named("term", named("kind", "venue")), named("term", named("listed", true))};
  const object body{{"size", 0},
                    {"query", named("bool", named("filter", std::move(listed_venues)))},
                    {"aggs", named("places", std::move(places))}};
  return boost::json::serialize(body);
}

std::string list_body(ports::searched kind, std::int64_t after, std::int64_t most) {
  array conditions{named("term", named("kind", name_of(kind))), named("range", named("id", named("gt", after)))};
  const object body{{"size", most},
                    {"version", true},
                    {"_source", array{"id", "listed"}},
                    {"track_total_hits", false},
                    {"query", named("bool", named("filter", std::move(conditions)))},
                    {"sort", array{named("id", "asc")}}};
  return boost::json::serialize(body);
}

}  // namespace ticketshow::search_elastic
