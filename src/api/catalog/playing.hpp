#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/catalog/fields.hpp"
#include "api/catalog/schedules.hpp"
#include "api/catalog/shows.hpp"
#include "api/catalog/venues.hpp"
#include "base/time.hpp"
#include "contract/codec.hpp"
#include "contract/endpoint.hpp"

/// What there is to see on some days in some city: active showings that have not begun, in active venues.
namespace ticketshow::catalog {

inline constexpr contract::field from_date_field{
    .name = "from_date", .help = "The first day, of each venue's own calendar; today when absent."};
inline constexpr contract::field to_date_field{
    .name = "to_date", .help = "The last day, inclusive; six days after the first when absent."};

/// A show with what plays of it on the days and in the city that were asked for.
struct playing_show : show_view {
  std::int64_t showings;
  std::int64_t venues;    ///< that have these showings
  timestamp first_start;  ///< of the earliest of them
  std::string time_zone;  ///< of the earliest one's venue (IANA)
};
BOOST_DESCRIBE_STRUCT(playing_show, (show_view), (showings, venues, first_start, time_zone))

struct list_playing_shows {
  std::optional<std::string> city;  ///< in whatever case; all when absent
  std::optional<std::chrono::year_month_day> from_date;
  std::optional<std::chrono::year_month_day> to_date;
  std::optional<std::int64_t> skip;
  std::optional<std::int64_t> limit;

  using response = contract::cached<std::vector<playing_show>>;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/shows/playing",
                                       .who = contract::access::all,
                                       .summary = "Shows with showings to come, by their first one, with an ETag"};
  static constexpr contract::field fields[] = {city_field, from_date_field, to_date_field, skip_field, limit_field};
};
BOOST_DESCRIBE_STRUCT(list_playing_shows, (), (city, from_date, to_date, skip, limit))

/// A showing and where its venue is.
struct placed_schedule : schedule_view {
  std::string venue_city;
  std::string venue_location;
};
BOOST_DESCRIBE_STRUCT(placed_schedule, (schedule_view), (venue_city, venue_location))

struct list_show_schedules {
  std::int64_t id;
  std::optional<std::string> city;  ///< in whatever case; all when absent
  std::optional<std::chrono::year_month_day> from_date;
  std::optional<std::chrono::year_month_day> to_date;

  using response = contract::cached<std::vector<placed_schedule>>;
  static constexpr contract::spec spec{
      .verb = http::method::GET,
      .path = "/shows/{id}/schedules",
      .who = contract::access::all,
      .summary = "Showings to come of a show in all venues, by time, with an ETag (at most 1,000)"};
  static constexpr const contract::error* errors[] = {&show_not_found};
  static constexpr contract::field fields[] = {id_field, city_field, from_date_field, to_date_field};
};
BOOST_DESCRIBE_STRUCT(list_show_schedules, (), (id, city, from_date, to_date))

}  // namespace ticketshow::catalog
