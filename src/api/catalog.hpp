#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/money.hpp"
#include "base/time.hpp"
#include "contract/codec.hpp"
#include "contract/event.hpp"
#include "contract/port.hpp"

/// Shows, venues, screens and schedules: what plays where and when. (A schedule is one showing of a show on a screen.)
namespace ticketshow::catalog {

// ---- errors

inline constexpr contract::error show_not_found{"SHOW_NOT_FOUND", 404, "There is no such show."};
inline constexpr contract::error venue_not_found{"VENUE_NOT_FOUND", 404, "There is no such venue."};
inline constexpr contract::error screen_not_found{"SCREEN_NOT_FOUND", 404, "There is no such screen."};
inline constexpr contract::error schedule_not_found{"SCHEDULE_NOT_FOUND", 404, "There is no such showing."};
inline constexpr contract::error show_cancelled{"SHOW_CANCELLED", 409, "The show is cancelled."};
inline constexpr contract::error venue_inactive{"VENUE_INACTIVE", 409, "The venue was closed for good; add a new one."};
inline constexpr contract::error schedule_cancelled{"SCHEDULE_CANCELLED", 409, "The showing is cancelled."};
inline constexpr contract::error schedule_overlaps{"SCHEDULE_OVERLAPS", 409,
                                                   "Another showing is on this screen at that time."};
inline constexpr contract::error outside_venue_hours{"OUTSIDE_VENUE_HOURS", 422, "The venue is closed at that time."};
inline constexpr contract::error starts_in_the_past{"STARTS_IN_THE_PAST", 422, "A showing must begin in the future."};
inline constexpr contract::error has_live_bookings{"HAS_LIVE_BOOKINGS", 409,
                                                   "There are live bookings for this showing."};
inline constexpr contract::error showing_has_begun{"SHOWING_HAS_BEGUN", 409, "The showing has begun."};
inline constexpr contract::error name_taken{"NAME_TAKEN", 409, "There is one of this name already."};
inline constexpr contract::error capacity_may_only_grow{"CAPACITY_MAY_ONLY_GROW", 409,
                                                        "Seats of a screen cannot be taken away."};
inline constexpr contract::error unknown_time_zone{"UNKNOWN_TIME_ZONE", 422,
                                                   "The time zone is not in the IANA database."};

inline constexpr contract::error poster_missing{"POSTER_MISSING", 422, "The form has no file in the field poster."};
inline constexpr contract::error poster_too_large{"POSTER_TOO_LARGE", 413, "A poster may have at most 5 MB."};
inline constexpr contract::error poster_unsupported{"POSTER_UNSUPPORTED", 415,
                                                    "A poster must be a JPEG, PNG or WebP picture."};
inline constexpr contract::error poster_too_many_pixels{"POSTER_TOO_MANY_PIXELS", 422,
                                                        "The picture has too many pixels."};
inline constexpr contract::error poster_broken{"POSTER_BROKEN", 422, "The picture cannot be read to its end."};

// ---- what is shown

enum class show_status { ACTIVE, CANCELLED };
BOOST_DESCRIBE_ENUM(show_status, ACTIVE, CANCELLED)
enum class venue_status { ACTIVE, INACTIVE };
BOOST_DESCRIBE_ENUM(venue_status, ACTIVE, INACTIVE)
enum class schedule_status { ACTIVE, CANCELLED };
BOOST_DESCRIBE_ENUM(schedule_status, ACTIVE, CANCELLED)

/// A poster in one width.
struct poster_file {
  std::int64_t width;  ///< pixels
  std::string url;     ///< of a picture that never changes under this address
};
BOOST_DESCRIBE_STRUCT(poster_file, (), (width, url))

/// A poster in all its widths, ascending: what a page's srcset is made of.
struct poster_view {
  std::int64_t width;  ///< of the largest
  std::int64_t height;
  std::vector<poster_file> webp;
  std::vector<poster_file> jpeg;
};
BOOST_DESCRIBE_STRUCT(poster_view, (), (width, height, webp, jpeg))

struct show_view {
  std::int64_t id;
  std::string title;
  show_status status;
  std::int64_t duration_minutes;
  money price;
  std::string currency;
  std::string description;
  std::optional<std::string> language;
  std::optional<std::string> rating;
  std::optional<std::string> poster_url;  ///< of a JPEG of middle size, for who looks at nothing else
  std::optional<poster_view> poster;
  timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(show_view, (),
                      (id, title, status, duration_minutes, price, currency, description, language, rating, poster_url,
                       poster, created_at))

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

struct screen_view {
  std::int64_t id;
  std::int64_t venue_id;
  std::string name;
  std::int64_t capacity;
  std::int64_t seats_per_row;
  timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(screen_view, (), (id, venue_id, name, capacity, seats_per_row, created_at))

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

// ---- seats: pure arithmetic, so that no service needs another's table

/// The largest screen. Seat ids leave room for it.
inline constexpr std::int64_t max_capacity = 2'000;
inline constexpr std::int64_t max_seats_per_row = 60;
inline constexpr std::int64_t seat_id_stride = 10'000;

/// The platform-wide id of the seat at `position` (1 … capacity, row by row from the front) of a screen.
constexpr std::int64_t seat_id_of(std::int64_t screen_id, std::int64_t position) {
  return screen_id * seat_id_stride + position;
}
constexpr std::int64_t position_of_seat(std::int64_t seat_id) { return seat_id % seat_id_stride; }
constexpr std::int64_t screen_of_seat(std::int64_t seat_id) { return seat_id / seat_id_stride; }

/// "A" … "Z", "AA", "AB", … for the row that holds a position.
inline std::string row_label(std::int64_t position, std::int64_t seats_per_row) {
  std::string label;
  for (std::int64_t row = (position - 1) / seats_per_row; row >= 0; row = row / 26 - 1) {
    label.insert(label.begin(), static_cast<char>('A' + row % 26));
  }
  return label;
}
/// "1" … within its row.
inline std::string seat_label(std::int64_t position, std::int64_t seats_per_row) {
  return std::to_string((position - 1) % seats_per_row + 1);
}

// ---- fields used more than once

inline constexpr contract::field id_field{.name = "id", .min = 1};
inline constexpr contract::field skip_field{.name = "skip", .help = "0 by default.", .min = 0, .max = 1'000'000};
inline constexpr contract::field limit_field{.name = "limit", .help = "20 by default.", .min = 1, .max = 100};
inline constexpr contract::field title_field{.name = "title", .min = 1, .max = 255};
inline constexpr contract::field duration_field{.name = "duration_minutes", .min = 1, .max = 1'000};
inline constexpr contract::field price_field{.name = "price", .help = "Of one seat.", .min = 1, .max = 100'000'000};
inline constexpr contract::field description_field{.name = "description", .min = 0, .max = 4'000};
inline constexpr contract::field language_field{.name = "language", .min = 1, .max = 50};
inline constexpr contract::field rating_field{.name = "rating", .min = 1, .max = 20};
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
inline constexpr contract::field capacity_field{.name = "capacity", .min = 1, .max = max_capacity};
inline constexpr contract::field seats_per_row_field{
    .name = "seats_per_row", .help = "12 by default; fixed once made.", .min = 1, .max = max_seats_per_row};

// ---- shows

struct list_shows {
  std::optional<std::int64_t> skip;
  std::optional<std::int64_t> limit;
  std::optional<bool> include_cancelled;

  using response = contract::cached<std::vector<show_view>>;
  static constexpr contract::spec spec{
      .verb = http::method::GET, .path = "/shows", .who = contract::access::all, .summary = "Shows, newest first"};
  static constexpr contract::field fields[] = {skip_field, limit_field};
};
BOOST_DESCRIBE_STRUCT(list_shows, (), (skip, limit, include_cancelled))

struct get_show {
  std::int64_t id;

  using response = show_view;
  static constexpr contract::spec spec{
      .verb = http::method::GET, .path = "/shows/{id}", .who = contract::access::all, .summary = "One show"};
  static constexpr const contract::error* errors[] = {&show_not_found};
  static constexpr contract::field fields[] = {id_field};
};
BOOST_DESCRIBE_STRUCT(get_show, (), (id))

struct create_show {
  std::string title;
  std::int64_t duration_minutes;
  money price;
  std::string description;
  std::optional<std::string> language;
  std::optional<std::string> rating;

  using response = show_view;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/shows",
                                       .who = contract::access::admin,
                                       .status = 201,
                                       .summary = "Add a show"};
  static constexpr contract::field fields[] = {title_field,       duration_field, price_field,
                                               description_field, language_field, rating_field};
};
BOOST_DESCRIBE_STRUCT(create_show, (), (title, duration_minutes, price, description, language, rating))

struct update_show {
  std::int64_t id;
  std::optional<std::string> title;
  std::optional<std::int64_t> duration_minutes;  ///< of showings made from now on
  std::optional<money> price;                    ///< of holds made from now on
  std::optional<std::string> description;
  std::optional<std::string> language;
  std::optional<std::string> rating;

  using response = show_view;
  static constexpr contract::spec spec{
      .verb = http::method::PATCH, .path = "/shows/{id}", .who = contract::access::admin, .summary = "Change a show"};
  static constexpr const contract::error* errors[] = {&show_not_found, &show_cancelled};
  static constexpr contract::field fields[] = {id_field,          title_field,    duration_field, price_field,
                                               description_field, language_field, rating_field};
};
BOOST_DESCRIBE_STRUCT(update_show, (), (id, title, duration_minutes, price, description, language, rating))

struct cancel_show {
  std::int64_t id;

  using response = show_view;
  static constexpr contract::spec spec{
      .verb = http::method::DELETE,
      .path = "/shows/{id}",
      .who = contract::access::admin,
      .summary = "Cancel a show: its showings close to sale at once, every live booking is cancelled and refunded"};
  static constexpr const contract::error* errors[] = {&show_not_found};
  static constexpr contract::field fields[] = {id_field};
};
BOOST_DESCRIBE_STRUCT(cancel_show, (), (id))

/// The most bytes of a poster's file, and of the form around it.
inline constexpr std::int64_t max_poster_bytes = 5L * 1024 * 1024;
inline constexpr std::int64_t max_poster_form_bytes = max_poster_bytes + 16L * 1024;

struct upload_poster {
  std::int64_t id;
  contract::content poster;  ///< the whole form

  using response = show_view;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/shows/{id}/poster",
                                       .who = contract::access::admin,
                                       .summary = "Give a show its poster: a JPEG, PNG or WebP picture of at most 5 MB",
                                       .idempotent = true};
  static constexpr const contract::error* errors[] = {&show_not_found,   &show_cancelled,     &poster_missing,
                                                      &poster_too_large, &poster_unsupported, &poster_too_many_pixels,
                                                      &poster_broken};
  static constexpr contract::field fields[] = {
      id_field, {.name = "poster", .min = 0, .max = max_poster_form_bytes, .format = "multipart/form-data"}};
};
BOOST_DESCRIBE_STRUCT(upload_poster, (), (id, poster))

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

// ---- venues

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

// ---- screens

struct list_screens {
  std::optional<std::int64_t> venue_id;
  std::optional<std::int64_t> skip;
  std::optional<std::int64_t> limit;

  using response = std::vector<screen_view>;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/screens",
                                       .who = contract::access::all,
                                       .summary = "Screens, of one venue if named"};
  static constexpr contract::field fields[] = {{.name = "venue_id", .min = 1}, skip_field, limit_field};
};
BOOST_DESCRIBE_STRUCT(list_screens, (), (venue_id, skip, limit))

struct create_screen {
  std::int64_t venue_id;
  std::string name;
  std::int64_t capacity;
  std::optional<std::int64_t> seats_per_row;

  using response = screen_view;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/screens",
                                       .who = contract::access::admin,
                                       .status = 201,
                                       .summary = "Add a screen; its seats are made with it"};
  static constexpr const contract::error* errors[] = {&venue_not_found, &venue_inactive, &name_taken};
  static constexpr contract::field fields[] = {
      {.name = "venue_id", .min = 1}, name_field, capacity_field, seats_per_row_field};
};
BOOST_DESCRIBE_STRUCT(create_screen, (), (venue_id, name, capacity, seats_per_row))

struct update_screen {
  std::int64_t id;
  std::optional<std::string> name;
  std::optional<std::int64_t> capacity;  ///< may only grow

  using response = screen_view;
  static constexpr contract::spec spec{.verb = http::method::PATCH,
                                       .path = "/screens/{id}",
                                       .who = contract::access::admin,
                                       .summary = "Rename a screen or add seats at its end"};
  static constexpr const contract::error* errors[] = {&screen_not_found, &name_taken, &capacity_may_only_grow};
  static constexpr contract::field fields[] = {id_field, name_field, capacity_field};
};
BOOST_DESCRIBE_STRUCT(update_screen, (), (id, name, capacity))

// ---- schedules

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

// ---- for other services

/// What booking needs to know of a schedule, to keep its own copy.
struct schedule_for_sale {
  std::int64_t id;
  std::int64_t version;  ///< grows with every change of the schedule, its show, screen or venue that matters here
  schedule_status status;
  std::int64_t show_id;
  std::string show_title;
  std::int64_t venue_id;
  std::string venue_name;
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
                      (id, version, status, show_id, show_title, venue_id, venue_name, city, time_zone, screen_id,
                       screen_name, capacity, seats_per_row, start_time, end_time, price, currency))

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

// ---- for search

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

// ---- events

/// A schedule is new or has changed in something that booking must know.
struct schedule_changed {
  schedule_for_sale schedule;
  std::optional<std::string> ticket;  ///< the suspension by this ticket ends with the news: see booking::suspend_sale

  static constexpr contract::event_spec spec{.topic = "catalog.schedule_changed",
                                             .summary =
                                                 "A showing is new, has changed or is cancelled: booking "
                                                 "keeps a copy of it"};
  [[nodiscard]] std::string key() const { return std::to_string(schedule.id); }
};
BOOST_DESCRIBE_STRUCT(schedule_changed, (), (schedule, ticket))

/// What happened to a document: `deleted` is a show that was cancelled, a venue that was closed for good.
enum class change { created, updated, deleted };
BOOST_DESCRIBE_ENUM(change, created, updated, deleted)

/// A show, or where it plays, changed.
struct show_changed {
  change action;
  show_document show;

  static constexpr contract::event_spec spec{.topic = "search.show_changed",
                                             .summary = "A show, or where it plays, changed: search indexes it"};
  [[nodiscard]] std::string key() const { return std::to_string(show.id); }
};
BOOST_DESCRIBE_STRUCT(show_changed, (), (action, show))

struct venue_changed {
  change action;
  venue_document venue;

  static constexpr contract::event_spec spec{.topic = "search.venue_changed",
                                             .summary = "A venue changed: search indexes it"};
  [[nodiscard]] std::string key() const { return std::to_string(venue.id); }
};
BOOST_DESCRIBE_STRUCT(venue_changed, (), (action, venue))

using all_events = contract::events<schedule_changed, show_changed, venue_changed>;

using all_endpoints =
    contract::endpoints<list_shows, get_show, create_show, update_show, cancel_show, upload_poster, list_show_venues,
                        list_venues, get_venue, create_venue, update_venue, deactivate_venue, list_screens,
                        create_screen, update_screen, create_schedule, update_schedule, cancel_schedule, get_schedule,
                        list_venue_schedules, get_schedule_for_sale, list_show_documents, list_venue_documents>;
using port = contract::port_of<all_endpoints>;

}  // namespace ticketshow::catalog
