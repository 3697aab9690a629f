#pragma once

#include <string>
#include <vector>

#include "api/catalog.hpp"
#include "pg/result.hpp"
#include "ports/blob_store.hpp"
#include "services/catalog/poster_files.hpp"

/// Rows of queries.hpp as what is shown.
namespace ticketshow::catalog {

/// What a view tells besides its row.
struct surroundings {
  const std::string& currency;
  const ports::blob_store& blobs;  ///< says where posters are
};

show_view show_of(pg::result_set::row row, surroundings in);
show_status show_status_of(pg::result_set::row row);
/// The poster of a show's row, if it has one.
std::optional<poster> poster_of(pg::result_set::row row);
venue_view venue_of(pg::result_set::row row);
screen_view screen_of(pg::result_set::row row);
schedule_view schedule_of(pg::result_set::row row, const std::string& currency);
playing_show playing_show_of(pg::result_set::row row, surroundings in);
placed_schedule placed_schedule_of(pg::result_set::row row, const std::string& currency);
/// Where a venue is, for who looks for it: the city is named once.
std::string address_of(const std::string& location, const std::string& city);
schedule_for_sale schedule_for_sale_of(pg::result_set::row row, const std::string& currency);
show_document show_document_of(pg::result_set::row row, surroundings in);
venue_document venue_document_of(pg::result_set::row row);

template <class F>
auto all_of(const pg::result_set& rows, F convert) {
  std::vector<decltype(convert(rows.front()))> all;
  all.reserve(static_cast<std::size_t>(rows.size()));
  for (const auto row : rows) all.push_back(convert(row));
  return all;
}

/// The first column.
inline std::vector<std::int64_t> ids_of(const pg::result_set& rows) {
  return all_of(rows, [](auto row) { return row.template get<std::int64_t>(0); });
}

}  // namespace ticketshow::catalog
