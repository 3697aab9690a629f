#pragma once

#include "services/catalog/queries.hpp"

/// The statements about what search indexes.
namespace ticketshow::catalog::queries {

/// New versions for the documents of shows, whose rows are locked, ascending, until the commit: what is read after it
/// is what the highest version says. (The version is taken under the lock; that of the refused INSERT was not.)
inline constexpr pg::statement renew_show_documents{"catalog_renew_show_documents", R"(
INSERT INTO catalog.show_document (show_id) SELECT DISTINCT id FROM unnest($1::bigint[]) AS changed (id) ORDER BY id
ON CONFLICT (show_id) DO UPDATE SET version = nextval('catalog.version'))",
                                                    std::chrono::seconds(10)};

#define TICKETSHOW_SHOW_DOCUMENT_COLUMNS                                                                              \
  "w.id, coalesce(d.version, w.version), w.status, w.title, w.duration_minutes, w.price, w.description, w.language, " \
  "w.rating, " TICKETSHOW_POSTER_COLUMNS("w") ", c.cities, c.until"
#define TICKETSHOW_SHOW_DOCUMENT_TABLES \
  R"(
FROM catalog.show w LEFT JOIN catalog.show_document d ON d.show_id = w.id
CROSS JOIN LATERAL (
  SELECT coalesce(array_agg(city ORDER BY city), '{}') AS cities,
         coalesce(array_agg(until ORDER BY city), '{}') AS until
  FROM (SELECT v.city, max(c.starts_at) AS until
        FROM catalog.schedule c JOIN catalog.screen s ON s.id = c.screen_id JOIN catalog.venue v ON v.id = s.venue_id
        WHERE c.show_id = w.id AND c.status = 'ACTIVE' AND c.starts_at > now() AND v.status = 'ACTIVE'
        GROUP BY v.city) p) c
)"

inline constexpr pg::statement get_show_documents{
    "catalog_get_show_documents",
    "SELECT " TICKETSHOW_SHOW_DOCUMENT_COLUMNS TICKETSHOW_SHOW_DOCUMENT_TABLES
    "WHERE w.id = ANY ($1::bigint[]) ORDER BY w.id",
    std::chrono::seconds(10)};

inline constexpr pg::statement list_show_documents{
    "catalog_list_show_documents",
    "SELECT " TICKETSHOW_SHOW_DOCUMENT_COLUMNS TICKETSHOW_SHOW_DOCUMENT_TABLES
    "WHERE w.id > $1::bigint ORDER BY w.id LIMIT $2::bigint",
    std::chrono::seconds(10)};

inline constexpr pg::statement get_venue_document{
    "catalog_get_venue_document",
    "SELECT id, version, status, name, location, city FROM catalog.venue WHERE id = $1::bigint"};

inline constexpr pg::statement list_venue_documents{
    "catalog_list_venue_documents",
    "SELECT id, version, status, name, location, city FROM catalog.venue WHERE id > $1::bigint ORDER BY id "
    "LIMIT $2::bigint"};

inline constexpr pg::statement shows_of_schedules{
    "catalog_shows_of_schedules", "SELECT DISTINCT show_id FROM catalog.schedule WHERE id = ANY ($1::bigint[])"};

/// Shows with showings to come in a venue.
inline constexpr pg::statement shows_coming_to{"catalog_shows_coming_to", R"(
SELECT DISTINCT c.show_id FROM catalog.schedule c JOIN catalog.screen s ON s.id = c.screen_id
WHERE s.venue_id = $1::bigint AND c.status = 'ACTIVE' AND c.starts_at > now())"};

inline constexpr const pg::statement* document_statements[] = {
    &renew_show_documents, &get_show_documents, &list_show_documents, &get_venue_document,
    &list_venue_documents, &shows_of_schedules, &shows_coming_to};

}  // namespace ticketshow::catalog::queries
