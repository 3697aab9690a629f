#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/catalog/fields.hpp"
#include "api/catalog/posters.hpp"
#include "base/money.hpp"
#include "base/time.hpp"
#include "contract/codec.hpp"
#include "contract/endpoint.hpp"

/// Shows: what there is to see.
namespace ticketshow::catalog {

inline constexpr contract::error show_not_found{"SHOW_NOT_FOUND", 404, "There is no such show."};
inline constexpr contract::error show_cancelled{"SHOW_CANCELLED", 409, "The show is cancelled."};

enum class show_status { ACTIVE, CANCELLED };
BOOST_DESCRIBE_ENUM(show_status, ACTIVE, CANCELLED)

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

inline constexpr contract::field title_field{.name = "title", .min = 1, .max = 255};
inline constexpr contract::field duration_field{.name = "duration_minutes", .min = 1, .max = 1'000};
inline constexpr contract::field price_field{.name = "price", .help = "Of one seat.", .min = 1, .max = 100'000'000};
inline constexpr contract::field description_field{.name = "description", .min = 0, .max = 4'000};
inline constexpr contract::field language_field{.name = "language", .min = 1, .max = 50};
inline constexpr contract::field rating_field{.name = "rating", .min = 1, .max = 20};

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

}  // namespace ticketshow::catalog
