#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/catalog/fields.hpp"
#include "api/catalog/screens.hpp"
#include "api/catalog/shows.hpp"
#include "api/catalog/venues.hpp"
#include "base/money.hpp"
#include "base/time.hpp"
#include "contract/codec.hpp"
#include "contract/endpoint.hpp"

/// Schedules: each is one showing of a show on a screen.
namespace ticketshow::catalog {

inline constexpr contract::error schedule_not_found{"SCHEDULE_NOT_FOUND", 404, "There is no such showing."};
inline constexpr contract::error schedule_cancelled{"SCHEDULE_CANCELLED", 409, "The showing is cancelled."};
inline constexpr contract::error schedule_overlaps{"SCHEDULE_OVERLAPS", 409,
                                                   "Another showing is on this screen at that time."};
inline constexpr contract::error outside_venue_hours{"OUTSIDE_VENUE_HOURS", 422, "The venue is closed at that time."};
inline constexpr contract::error starts_in_the_past{"STARTS_IN_THE_PAST", 422, "A showing must begin in the future."};
inline constexpr contract::error has_live_bookings{"HAS_LIVE_BOOKINGS", 409,
                                                   "There are live bookings for this showing."};
inline constexpr contract::error showing_has_begun{"SHOWING_HAS_BEGUN", 409, "The showing has begun."};

enum class schedule_status { ACTIVE, CANCELLED };
BOOST_DESCRIBE_ENUM(schedule_status, ACTIVE, CANCELLED)

struct schedule_view {
  std::int64_t id;
  std::int64_t show_id;
  std::string show_title;
  std::int64_t show_duration;  ///< minutes
  std::int64_t screen_id;
  std::string screen_name;
  std::int64_t venue_id;
  std::string venue_name;
  std::string time_zone;
  timestamp start_time;
  timestamp end_time;
  money price;
  std::string currency;
  schedule_status status;
  timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(schedule_view, (),
                      (id, show_id, show_title, show_duration, screen_id, screen_name, venue_id, venue_name, time_zone,
                       start_time, end_time, price, currency, status, created_at))

struct create_schedule {
  std::int64_t show_id;
  std::int64_t screen_id;
  timestamp start_time;

  using response = schedule_view;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/schedules",
                                       .who = contract::access::admin,
                                       .status = 201,
                                       .summary = "Put a show on a screen"};
  static constexpr const contract::error* errors[] = {&show_not_found,    &screen_not_found,  &show_cancelled,
                                                      &venue_inactive,    &schedule_overlaps, &outside_venue_hours,
                                                      &starts_in_the_past};
  static constexpr contract::field fields[] = {{.name = "show_id", .min = 1}, {.name = "screen_id", .min = 1}};
};
BOOST_DESCRIBE_STRUCT(create_schedule, (), (show_id, screen_id, start_time))

struct update_schedule {
  std::int64_t id;
  std::optional<timestamp> start_time;
  std::optional<std::int64_t> screen_id;

  using response = schedule_view;
  static constexpr contract::spec spec{.verb = http::method::PATCH,
                                       .path = "/schedules/{id}",
                                       .who = contract::access::admin,
                                       .summary = "Move a showing that nobody has booked"};
  static constexpr const contract::error* errors[] = {&schedule_not_found, &schedule_cancelled, &screen_not_found,
                                                      &venue_inactive,     &schedule_overlaps,  &outside_venue_hours,
                                                      &starts_in_the_past, &has_live_bookings};
  static constexpr contract::field fields[] = {id_field, {.name = "screen_id", .min = 1}};
};
BOOST_DESCRIBE_STRUCT(update_schedule, (), (id, start_time, screen_id))

struct cancel_schedule {
  std::int64_t id;

  using response = schedule_view;
  static constexpr contract::spec spec{.verb = http::method::DELETE,
                                       .path = "/schedules/{id}",
                                       .who = contract::access::admin,
                                       .summary = "Cancel one showing: every live booking is cancelled and refunded"};
  static constexpr const contract::error* errors[] = {&schedule_not_found, &showing_has_begun};
  static constexpr contract::field fields[] = {id_field};
};
BOOST_DESCRIBE_STRUCT(cancel_schedule, (), (id))

struct get_schedule {
  std::int64_t id;

  using response = schedule_view;
  static constexpr contract::spec spec{
      .verb = http::method::GET, .path = "/schedules/{id}", .who = contract::access::all, .summary = "One showing"};
  static constexpr const contract::error* errors[] = {&schedule_not_found};
  static constexpr contract::field fields[] = {id_field};
};
BOOST_DESCRIBE_STRUCT(get_schedule, (), (id))

struct list_venue_schedules {
  std::int64_t venue_id;
  std::optional<std::chrono::year_month_day> from_date;  ///< days of the venue's calendar; today when absent
  std::optional<std::chrono::year_month_day> to_date;    ///< inclusive; 7 days from from_date when absent
  std::optional<std::int64_t> show_id;
  std::optional<bool> include_cancelled;

  using response = std::vector<schedule_view>;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/schedules/venue/{venue_id}",
                                       .who = contract::access::all,
                                       .summary = "Showings of a venue by time (at most 1,000)"};
  static constexpr const contract::error* errors[] = {&venue_not_found};
  static constexpr contract::field fields[] = {{.name = "venue_id", .min = 1}, {.name = "show_id", .min = 1}};
};
BOOST_DESCRIBE_STRUCT(list_venue_schedules, (), (venue_id, from_date, to_date, show_id, include_cancelled))

/// What booking needs to know of a schedule, to keep its own copy.
struct schedule_for_sale {
  std::int64_t id;
  std::int64_t version;  ///< grows with every change of the schedule, its show, screen or venue that matters here
  schedule_status status;
  std::int64_t show_id;
  std::string show_title;
  std::int64_t venue_id;
  std::string venue_name;
  std::optional<std::string> venue_address{};  ///< with its city; absent in events from before this field
  std::string city;
  std::string time_zone;
  std::int64_t screen_id;
  std::string screen_name;
  std::int64_t capacity;
  std::int64_t seats_per_row;
  timestamp start_time;
  timestamp end_time;
  money price;
  std::string currency;
};
BOOST_DESCRIBE_STRUCT(schedule_for_sale, (),
                      (id, version, status, show_id, show_title, venue_id, venue_name, venue_address, city, time_zone,
                       screen_id, screen_name, capacity, seats_per_row, start_time, end_time, price, currency))

struct get_schedule_for_sale {
  std::int64_t id;

  using response = schedule_for_sale;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/internal/schedules/{id}",
                                       .who = contract::access::service,
                                       .summary = "What booking copies of a schedule"};
  static constexpr const contract::error* errors[] = {&schedule_not_found};
  static constexpr contract::field fields[] = {id_field};
};
BOOST_DESCRIBE_STRUCT(get_schedule_for_sale, (), (id))

}  // namespace ticketshow::catalog
