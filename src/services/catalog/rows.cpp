#include "services/catalog/rows.hpp"

namespace ticketshow::catalog {
namespace {

using text = std::optional<std::string>;

/// The poster whose name, widths and height begin at `column`; nothing when the show has none.
std::optional<poster> poster_at(pg::result_set::row row, int column) {
  const auto name = row.get<text>(column);
  if (!name) return std::nullopt;
  return poster{*name, row.get<std::vector<std::int64_t>>(column + 1), row.get<std::int64_t>(column + 2)};
}

/// PostgreSQL prints "09:30:00".
std::string clock_of(std::string_view time) { return std::string(time.substr(0, 5)); }

}  // namespace

std::optional<poster> poster_of(pg::result_set::row row) { return poster_at(row, 8); }

show_status show_status_of(pg::result_set::row row) { return row.get<show_status>(2); }

show_view show_of(pg::result_set::row row, surroundings in) {
  const auto shown = poster_of(row);
  return {.id = row.get<std::int64_t>(0),
          .title = row.get<std::string>(1),
          .status = row.get<show_status>(2),
          .duration_minutes = row.get<std::int64_t>(3),
          .price = row.get<money>(4),
          .currency = in.currency,
          .description = row.get<std::string>(5),
          .language = row.get<text>(6),
          .rating = row.get<text>(7),
          .poster_url = shown ? text(url_of(*shown, in.blobs)) : text(),
          .poster = shown ? std::optional(view_of(*shown, in.blobs)) : std::nullopt,
          .created_at = row.get<timestamp>(11)};
}

venue_view venue_of(pg::result_set::row row) {
  return {.id = row.get<std::int64_t>(0),
          .name = row.get<std::string>(1),
          .location = row.get<std::string>(2),
          .city = row.get<std::string>(3),
          .time_zone = row.get<std::string>(4),
          .opening_time = clock_of(row.text(5)),
          .closing_time = clock_of(row.text(6)),
          .status = row.get<venue_status>(7),
          .created_at = row.get<timestamp>(8)};
}

screen_view screen_of(pg::result_set::row row) {
  return {.id = row.get<std::int64_t>(0),
          .venue_id = row.get<std::int64_t>(1),
          .name = row.get<std::string>(2),
          .capacity = row.get<std::int64_t>(3),
          .seats_per_row = row.get<std::int64_t>(4),
          .created_at = row.get<timestamp>(5)};
}

schedule_view schedule_of(pg::result_set::row row, const std::string& currency) {
  return {.id = row.get<std::int64_t>(0),
          .show_id = row.get<std::int64_t>(1),
          .show_title = row.get<std::string>(2),
          .show_duration = row.get<std::int64_t>(3),
          .screen_id = row.get<std::int64_t>(4),
          .screen_name = row.get<std::string>(5),
          .venue_id = row.get<std::int64_t>(6),
          .venue_name = row.get<std::string>(7),
          .time_zone = row.get<std::string>(8),
          .start_time = row.get<timestamp>(9),
          .end_time = row.get<timestamp>(10),
          .price = row.get<money>(11),
          .currency = currency,
          .status = row.get<schedule_status>(12),
          .created_at = row.get<timestamp>(13)};
}

playing_show playing_show_of(pg::result_set::row row, surroundings in) {
  return {show_of(row, in), row.get<std::int64_t>(12), row.get<std::int64_t>(13), row.get<timestamp>(14),
          row.get<std::string>(15)};
}

placed_schedule placed_schedule_of(pg::result_set::row row, const std::string& currency) {
  return {schedule_of(row, currency), row.get<std::string>(14), row.get<std::string>(15)};
}

std::string address_of(const std::string& location, const std::string& city) {
  return location.contains(city) ? location : location + ", " + city;
}

schedule_for_sale schedule_for_sale_of(pg::result_set::row row, const std::string& currency) {
  return {.id = row.get<std::int64_t>(0),
          .version = row.get<std::int64_t>(1),
          .status = row.get<schedule_status>(2),
          .show_id = row.get<std::int64_t>(3),
          .show_title = row.get<std::string>(4),
          .venue_id = row.get<std::int64_t>(5),
          .venue_name = row.get<std::string>(6),
          .venue_address = address_of(row.get<std::string>(16), row.get<std::string>(7)),
          .city = row.get<std::string>(7),
          .time_zone = row.get<std::string>(8),
          .screen_id = row.get<std::int64_t>(9),
          .screen_name = row.get<std::string>(10),
          .capacity = row.get<std::int64_t>(11),
          .seats_per_row = row.get<std::int64_t>(12),
          .start_time = row.get<timestamp>(13),
          .end_time = row.get<timestamp>(14),
          .price = row.get<money>(15),
          .currency = currency};
}

show_document show_document_of(pg::result_set::row row, surroundings in) {
  const auto shown = poster_at(row, 9);
  show_document made{.id = row.get<std::int64_t>(0),
                     .version = row.get<std::int64_t>(1),
                     .status = row.get<show_status>(2),
                     .title = row.get<std::string>(3),
                     .duration_minutes = row.get<std::int64_t>(4),
                     .price = row.get<money>(5),
                     .currency = in.currency,
                     .description = row.get<std::string>(6),
                     .language = row.get<text>(7),
                     .rating = row.get<text>(8),
                     .poster_url = shown ? text(url_of(*shown, in.blobs)) : text(),
                     .plays_in = {}};
  auto cities = row.get<std::vector<std::string>>(12);
  const auto until = row.get<std::vector<timestamp>>(13);
  for (std::size_t i = 0; i < cities.size(); ++i) made.plays_in.push_back({std::move(cities[i]), until.at(i)});
  return made;
}

venue_document venue_document_of(pg::result_set::row row) {
  return {.id = row.get<std::int64_t>(0),
          .version = row.get<std::int64_t>(1),
          .status = row.get<venue_status>(2),
          .name = row.get<std::string>(3),
          .location = row.get<std::string>(4),
          .city = row.get<std::string>(5)};
}

}  // namespace ticketshow::catalog
