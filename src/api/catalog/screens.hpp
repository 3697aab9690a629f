#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/catalog/fields.hpp"
#include "api/catalog/seats.hpp"
#include "api/catalog/venues.hpp"
#include "base/time.hpp"
#include "contract/codec.hpp"
#include "contract/endpoint.hpp"

/// Screens: the halls of a venue, with their seats.
namespace ticketshow::catalog {

inline constexpr contract::error screen_not_found{"SCREEN_NOT_FOUND", 404, "There is no such screen."};
inline constexpr contract::error capacity_may_only_grow{"CAPACITY_MAY_ONLY_GROW", 409,
                                                        "Seats of a screen cannot be taken away."};

struct screen_view {
  std::int64_t id;
  std::int64_t venue_id;
  std::string name;
  std::int64_t capacity;
  std::int64_t seats_per_row;
  timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(screen_view, (), (id, venue_id, name, capacity, seats_per_row, created_at))

inline constexpr contract::field capacity_field{.name = "capacity", .min = 1, .max = max_capacity};
inline constexpr contract::field seats_per_row_field{
    .name = "seats_per_row", .help = "12 by default; fixed once made.", .min = 1, .max = max_seats_per_row};

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

}  // namespace ticketshow::catalog
