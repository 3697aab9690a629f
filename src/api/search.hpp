#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/money.hpp"
#include "contract/codec.hpp"
#include "contract/port.hpp"

/// Search over shows and venues: forgiving of typos, case and accents, from the first letter on.
namespace ticketshow::search {

// ---- errors

inline constexpr contract::error search_unavailable{
    "SEARCH_UNAVAILABLE", 503, "The search is not available right now; everything else works. Please try again soon."};

// ---- what is found

/// Where the words of the query were found. HTML that is safe to show: `<mark>` and `</mark>` stand around the words,
/// everything else is escaped.
struct highlight {
  std::string title;  ///< of a venue its name
  std::string text;   ///< a part of the description, of a venue its location and city
};
BOOST_DESCRIBE_STRUCT(highlight, (), (title, text))

struct found_show {
  std::int64_t id;
  std::string title;
  std::int64_t duration_minutes;
  money price;
  std::string currency;
  std::string description;
  std::optional<std::string> language;
  std::optional<std::string> rating;
  std::optional<std::string> poster_url;
  std::optional<search::highlight> highlight;
};
BOOST_DESCRIBE_STRUCT(found_show, (),
                      (id, title, duration_minutes, price, currency, description, language, rating, poster_url,
                       highlight))

struct found_venue {
  std::int64_t id;
  std::string name;
  std::string location;
  std::string city;
  std::optional<search::highlight> highlight;
};
BOOST_DESCRIBE_STRUCT(found_venue, (), (id, name, location, city, highlight))

struct search_result {
  std::string query;
  std::optional<std::string> city;
  std::vector<found_show> shows;            ///< the best first
  std::vector<found_venue> venues;          ///< the best first
  std::optional<std::string> did_you_mean;  ///< the query with its typos mended, when something is found that way alone
};
BOOST_DESCRIBE_STRUCT(search_result, (), (query, city, shows, venues, did_you_mean))

// ---- endpoints

struct find {
  std::string q;
  std::optional<std::string> city;
  std::optional<std::int64_t> limit;

  using response = search_result;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/search",
                                       .who = contract::access::all,
                                       .summary = "Shows and venues by what people type"};
  static constexpr const contract::error* errors[] = {&search_unavailable};
  static constexpr contract::field fields[] = {
      {.name = "q", .help = "Words or their beginnings; typos, case and accents are forgiven.", .min = 1, .max = 120},
      {.name = "city", .help = "Only shows that play there, and venues of it.", .min = 1, .max = 100},
      {.name = "limit", .help = "The most of each kind, 8 by default.", .min = 1, .max = 50}};
};
BOOST_DESCRIBE_STRUCT(find, (), (q, city, limit))

struct list_cities {
  std::optional<std::int64_t> limit;

  using response = std::vector<std::string>;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/search/cities",
                                       .who = contract::access::all,
                                       .summary = "The cities of active venues, sorted"};
  static constexpr const contract::error* errors[] = {&search_unavailable};
  static constexpr contract::field fields[] = {{.name = "limit", .help = "100 by default.", .min = 1, .max = 1'000}};
};
BOOST_DESCRIBE_STRUCT(list_cities, (), (limit))

// ---- for operators

struct rebuild_outcome {
  std::int64_t shows;
  std::int64_t venues;
};
BOOST_DESCRIBE_STRUCT(rebuild_outcome, (), (shows, venues))

/// Builds the index anew from the catalogue, beside the one in use, and puts it in its place. One is made at a
/// time: another waits for it. The problem's detail has the cause.
struct rebuild_index {
  using response = rebuild_outcome;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/internal/search/rebuild",
                                       .who = contract::access::service,
                                       .summary = "Build the search index anew from the catalogue",
                                       .idempotent = true};
  static constexpr const contract::error* errors[] = {&search_unavailable};
};
BOOST_DESCRIBE_STRUCT(rebuild_index, (), ())

using all_endpoints = contract::endpoints<find, list_cities, rebuild_index>;
using port = contract::port_of<all_endpoints>;

}  // namespace ticketshow::search
