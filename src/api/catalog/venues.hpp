#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/catalog/fields.hpp"
#include "api/catalog/shows.hpp"
#include "base/time.hpp"
#include "contract/codec.hpp"
#include "contract/endpoint.hpp"

/// Venues: the houses in which shows play.
namespace ticketshow::catalog {

inline constexpr contract::error venue_not_found{"VENUE_NOT_FOUND", 404, "There is no such venue."};
inline constexpr contract::error venue_inactive{"VENUE_INACTIVE", 409, "The venue was closed for good; add a new one."};
inline constexpr contract::error name_taken{"NAME_TAKEN", 409, "There is one of this name already."};
inline constexpr contract::error unknown_time_zone{"UNKNOWN_TIME_ZONE", 422,
                                                   "The time zone is not in the IANA database."};

enum class venue_status { ACTIVE, INACTIVE };
BOOST_DESCRIBE_ENUM(venue_status, ACTIVE, INACTIVE)

struct venue_view {
  std::int64_t id;
  std::string name;
  std::string location;
  std::string city;
  std::string time_zone;     ///< IANA name
  std::string opening_time;  ///< HH:MM of the venue's clock
  std::string closing_time;  ///< HH:MM; not later than opening_time means past midnight
  venue_status status;
  timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(venue_view, (),
                      (id, name, location, city, time_zone, opening_time, closing_time, status, created_at))

inline constexpr contract::field name_field{.name = "name", .min = 1, .max = 255};
inline constexpr contract::field location_field{.name = "location", .min = 1, .max = 500};
inline constexpr contract::field city_field{.name = "city", .min = 1, .max = 100};
inline constexpr contract::field time_zone_field{
    .name = "time_zone", .help = "An IANA name such as Asia/Kolkata.", .min = 1, .max = 64};
inline constexpr contract::field opening_field{
    .name = "opening_time", .help = "Of the venue's clock.", .min = 5, .max = 8, .format = "clock"};
inline constexpr contract::field closing_field{
    .name = "closing_time",
    .help = "Not later than opening_time means past midnight; equal means always open.",
    .min = 5,
    .max = 8,
    .format = "clock"};

struct list_show_venues {
  std::int64_t id;
  std::optional<std::string> city;

  using response = std::vector<venue_view>;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/shows/{id}/venues",
                                       .who = contract::access::all,
                                       .summary = "Active venues with showings of a show that have not begun"};
  static constexpr const contract::error* errors[] = {&show_not_found};
  static constexpr contract::field fields[] = {id_field, city_field};
};
BOOST_DESCRIBE_STRUCT(list_show_venues, (), (id, city))

struct list_venues {
  std::optional<std::int64_t> skip;
  std::optional<std::int64_t> limit;
  std::optional<std::string> city;
  std::optional<bool> include_inactive;

  using response = std::vector<venue_view>;
  static constexpr contract::spec spec{
      .verb = http::method::GET, .path = "/venues", .who = contract::access::all, .summary = "Venues by city and name"};
  static constexpr contract::field fields[] = {skip_field, limit_field, city_field};
};
BOOST_DESCRIBE_STRUCT(list_venues, (), (skip, limit, city, include_inactive))

struct get_venue {
  std::int64_t id;

  using response = venue_view;
  static constexpr contract::spec spec{
      .verb = http::method::GET, .path = "/venues/{id}", .who = contract::access::all, .summary = "One venue"};
  static constexpr const contract::error* errors[] = {&venue_not_found};
  static constexpr contract::field fields[] = {id_field};
};
BOOST_DESCRIBE_STRUCT(get_venue, (), (id))

struct create_venue {
  std::string name;
  std::string location;
  std::string city;
  std::string opening_time;
  std::string closing_time;
  std::optional<std::string> time_zone;  ///< the deployment's default when absent

  using response = venue_view;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/venues",
                                       .who = contract::access::admin,
                                       .status = 201,
                                       .summary = "Add a venue"};
  static constexpr const contract::error* errors[] = {&name_taken, &unknown_time_zone};
  static constexpr contract::field fields[] = {name_field,    location_field, city_field,
                                               opening_field, closing_field,  time_zone_field};
};
BOOST_DESCRIBE_STRUCT(create_venue, (), (name, location, city, opening_time, closing_time, time_zone))

struct update_venue {
  std::int64_t id;
  std::optional<std::string> name;
  std::optional<std::string> location;
  std::optional<std::string> city;
  std::optional<std::string> opening_time;
  std::optional<std::string> closing_time;
  std::optional<venue_status> status;  ///< INACTIVE closes it, as DELETE does; a closed venue stays closed

  using response = venue_view;
  static constexpr contract::spec spec{
      .verb = http::method::PATCH, .path = "/venues/{id}", .who = contract::access::admin, .summary = "Change a venue"};
  static constexpr const contract::error* errors[] = {&venue_not_found, &venue_inactive, &name_taken};
  static constexpr contract::field fields[] = {id_field,   name_field,    location_field,
                                               city_field, opening_field, closing_field};
};
BOOST_DESCRIBE_STRUCT(update_venue, (), (id, name, location, city, opening_time, closing_time, status))

struct deactivate_venue {
  std::int64_t id;

  using response = venue_view;
  static constexpr contract::spec spec{
      .verb = http::method::DELETE,
      .path = "/venues/{id}",
      .who = contract::access::admin,
      .summary = "Close a venue: its showings are cancelled, every live booking is cancelled and refunded"};
  static constexpr const contract::error* errors[] = {&venue_not_found};
  static constexpr contract::field fields[] = {id_field};
};
BOOST_DESCRIBE_STRUCT(deactivate_venue, (), (id))

}  // namespace ticketshow::catalog
