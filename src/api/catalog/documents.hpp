#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/catalog/shows.hpp"
#include "api/catalog/venues.hpp"
#include "base/money.hpp"
#include "base/time.hpp"
#include "contract/codec.hpp"
#include "contract/endpoint.hpp"

/// Documents: what search knows of shows and venues, and how it reads them all.
namespace ticketshow::catalog {

/// A city in which a show plays, until its last showing there begins.
struct city_until {
  std::string city;
  timestamp until;
};
BOOST_DESCRIBE_STRUCT(city_until, (), (city, until))

/// All that search needs to know of a show.
struct show_document {
  std::int64_t id;
  std::int64_t version;  ///< grows with every change of the document; of two the one with the higher version is true
  show_status status;
  std::string title;
  std::int64_t duration_minutes;
  money price;
  std::string currency;
  std::string description;
  std::optional<std::string> language;
  std::optional<std::string> rating;
  std::optional<std::string> poster_url;
  std::vector<city_until> plays_in;  ///< by showings that have not begun
};
BOOST_DESCRIBE_STRUCT(show_document, (),
                      (id, version, status, title, duration_minutes, price, currency, description, language, rating,
                       poster_url, plays_in))

/// All that search needs to know of a venue.
struct venue_document {
  std::int64_t id;
  std::int64_t version;  ///< as of a show
  venue_status status;
  std::string name;
  std::string location;
  std::string city;
};
BOOST_DESCRIBE_STRUCT(venue_document, (), (id, version, status, name, location, city))

inline constexpr contract::field after_field{
    .name = "after", .help = "The last id of the page before; 0 for the first.", .min = 0};
inline constexpr contract::field page_field{.name = "limit", .min = 1, .max = 500};

/// Every show there ever was, by id, a page at a time.
struct list_show_documents {
  std::int64_t after;
  std::int64_t limit;

  using response = std::vector<show_document>;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/internal/documents/shows",
                                       .who = contract::access::service,
                                       .summary = "Shows as search indexes them"};
  static constexpr contract::field fields[] = {after_field, page_field};
};
BOOST_DESCRIBE_STRUCT(list_show_documents, (), (after, limit))

/// The same of venues.
struct list_venue_documents {
  std::int64_t after;
  std::int64_t limit;

  using response = std::vector<venue_document>;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/internal/documents/venues",
                                       .who = contract::access::service,
                                       .summary = "Venues as search indexes them"};
  static constexpr contract::field fields[] = {after_field, page_field};
};
BOOST_DESCRIBE_STRUCT(list_venue_documents, (), (after, limit))

}  // namespace ticketshow::catalog
