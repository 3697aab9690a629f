#pragma once

#include "pg/statement.hpp"

/// Every statement that catalog sends, but for those of document_queries.hpp.
namespace ticketshow::catalog::queries {

#define TICKETSHOW_POSTER_COLUMNS(show)                                       \
  show ".poster, (SELECT p.widths FROM catalog.poster p WHERE p.name = " show \
       ".poster), (SELECT p.height FROM catalog.poster p WHERE p.name = " show ".poster)"
#define TICKETSHOW_SHOW_COLUMNS                                                                            \
  "id, title, status, duration_minutes, price, description, language, rating, " TICKETSHOW_POSTER_COLUMNS( \
      "show") ", created_at"
#define TICKETSHOW_VENUE_COLUMNS \
  "v.id, v.name, v.location, v.city, v.time_zone, v.opening_time, v.closing_time, v.status, v.created_at"
#define TICKETSHOW_SCREEN_COLUMNS "id, venue_id, name, capacity, seats_per_row, created_at"
#define TICKETSHOW_SCHEDULE_COLUMNS                                                                                   \
  "c.id, c.show_id, w.title, w.duration_minutes, c.screen_id, s.name, s.venue_id, v.name, v.time_zone, c.starts_at, " \
  "c.ends_at, w.price, c.status, c.created_at"
#define TICKETSHOW_FOR_SALE_COLUMNS                                                                         \
  "c.id, c.version, c.status, w.id, w.title, v.id, v.name, v.city, v.time_zone, s.id, s.name, s.capacity, " \
  "s.seats_per_row, c.starts_at, c.ends_at, w.price, v.location"
#define TICKETSHOW_SCHEDULE_TABLES                                                                                \
  " FROM catalog.schedule c JOIN catalog.show w ON w.id = c.show_id JOIN catalog.screen s ON s.id = c.screen_id " \
  "JOIN catalog.venue v ON v.id = s.venue_id "

// ---- shows

/// Grows with every commit that changes a show. (The highest version does not: a version can be taken before a higher
/// one and be committed after it.)
inline constexpr pg::statement sum_of_versions{"catalog_sum_of_versions",
                                               "SELECT coalesce(sum(version), 0)::bigint FROM catalog.show"};

inline constexpr pg::statement list_shows{"catalog_list_shows",
                                          "SELECT " TICKETSHOW_SHOW_COLUMNS
                                          " FROM catalog.show WHERE status = 'ACTIVE' OR $3::boolean ORDER BY id DESC "
                                          "OFFSET $1::bigint LIMIT $2::bigint"};

inline constexpr pg::statement get_show{"catalog_get_show",
                                        "SELECT " TICKETSHOW_SHOW_COLUMNS " FROM catalog.show WHERE id = $1::bigint"};

inline constexpr pg::statement lock_show{"catalog_lock_show",
                                         "SELECT " TICKETSHOW_SHOW_COLUMNS
                                         " FROM catalog.show WHERE id = $1::bigint FOR NO KEY UPDATE"};

/// Keeps a show from being cancelled until the transaction ends.
inline constexpr pg::statement share_show{
    "catalog_share_show", "SELECT status, duration_minutes FROM catalog.show WHERE id = $1::bigint FOR SHARE"};

inline constexpr pg::statement insert_show{
    "catalog_insert_show",
    "INSERT INTO catalog.show (title, duration_minutes, price, description, language, rating) "
    "VALUES ($1::text, $2::integer, $3::bigint, $4::text, $5::text, $6::text) RETURNING " TICKETSHOW_SHOW_COLUMNS};

inline constexpr pg::statement update_show{
    "catalog_update_show",
    "UPDATE catalog.show SET title = coalesce($2::text, title), duration_minutes = coalesce($3::integer, "
    "duration_minutes), "
    "price = coalesce($4::bigint, price), description = coalesce($5::text, description), "
    "language = coalesce($6::text, language), rating = coalesce($7::text, rating) "
    "WHERE id = $1::bigint RETURNING " TICKETSHOW_SHOW_COLUMNS};

inline constexpr pg::statement cancel_show{
    "catalog_cancel_show",
    "UPDATE catalog.show SET status = 'CANCELLED' WHERE id = $1::bigint RETURNING " TICKETSHOW_SHOW_COLUMNS};

inline constexpr pg::statement list_show_venues{"catalog_list_show_venues",
                                                "SELECT " TICKETSHOW_VENUE_COLUMNS R"( FROM catalog.venue v
WHERE v.status = 'ACTIVE' AND ($2::text IS NULL OR lower(v.city) = lower($2::text)) AND EXISTS (
  SELECT FROM catalog.schedule c JOIN catalog.screen s ON s.id = c.screen_id
  WHERE c.show_id = $1::bigint AND c.status = 'ACTIVE' AND c.starts_at > now() AND s.venue_id = v.id)
ORDER BY lower(v.city), lower(v.name) LIMIT 1000)"};

// ---- posters

/// Notes a poster before its files are put, so that every file in the store has a row here. Gives no row while the
/// files of an earlier one of the same content are being removed.
inline constexpr pg::statement note_poster{"catalog_note_poster", R"(
INSERT INTO catalog.poster AS p (name, widths, height) VALUES ($1::text, $2::integer[], $3::integer)
ON CONFLICT (name) DO UPDATE SET touched_at = clock_timestamp() WHERE NOT p.doomed RETURNING name)"};

/// Keeps posters from being doomed until the transaction ends, and from then on for the time of the unused. Locks in
/// ascending order: two who give each other's old poster to their shows do not wait for each other.
inline constexpr pg::statement touch_posters{"catalog_touch_posters", R"(
WITH kept AS MATERIALIZED (
  SELECT name FROM catalog.poster WHERE name = ANY ($1::text[]) AND NOT doomed ORDER BY name FOR NO KEY UPDATE)
UPDATE catalog.poster p SET touched_at = clock_timestamp() FROM kept WHERE p.name = kept.name RETURNING p.name)"};

inline constexpr pg::statement set_poster{
    "catalog_set_poster",
    "UPDATE catalog.show SET poster = $2::text WHERE id = $1::bigint RETURNING " TICKETSHOW_SHOW_COLUMNS};

/// Posters that no show has had for some time. Who wants one now holds its row's lock, and is passed over.
inline constexpr pg::statement lock_unused_posters{"catalog_lock_unused_posters", R"(
SELECT name FROM catalog.poster p
WHERE NOT doomed AND touched_at < now() - $1::bigint * interval '1 second'
  AND NOT EXISTS (SELECT FROM catalog.show w WHERE w.poster = p.name)
ORDER BY touched_at LIMIT 100 FOR UPDATE SKIP LOCKED)"};

/// Looks again, under the locks: a show may have got the poster before they were taken.
inline constexpr pg::statement doom_posters{"catalog_doom_posters", R"(
UPDATE catalog.poster p SET doomed = true, touched_at = '-infinity'
WHERE name = ANY ($1::text[]) AND NOT EXISTS (SELECT FROM catalog.show w WHERE w.poster = p.name))"};

/// Takes up to 100 doomed posters for a minute, in which nobody else removes their files.
inline constexpr pg::statement lease_doomed_posters{"catalog_lease_doomed_posters", R"(
UPDATE catalog.poster SET touched_at = clock_timestamp() WHERE name IN (
  SELECT name FROM catalog.poster WHERE doomed AND touched_at < now() - interval '1 minute'
  ORDER BY touched_at LIMIT 100 FOR UPDATE SKIP LOCKED)
RETURNING name, widths, height)"};

inline constexpr pg::statement forget_poster{"catalog_forget_poster",
                                             "DELETE FROM catalog.poster WHERE name = $1::text AND doomed"};

// ---- venues

inline constexpr pg::statement list_venues{"catalog_list_venues",
                                           "SELECT " TICKETSHOW_VENUE_COLUMNS R"( FROM catalog.venue v
WHERE (v.status = 'ACTIVE' OR $4::boolean) AND ($3::text IS NULL OR lower(v.city) = lower($3::text))
ORDER BY lower(v.city), lower(v.name) OFFSET $1::bigint LIMIT $2::bigint)"};

inline constexpr pg::statement get_venue{
    "catalog_get_venue", "SELECT " TICKETSHOW_VENUE_COLUMNS " FROM catalog.venue v WHERE v.id = $1::bigint"};

inline constexpr pg::statement lock_venue{"catalog_lock_venue",
                                          "SELECT " TICKETSHOW_VENUE_COLUMNS
                                          " FROM catalog.venue v WHERE v.id = $1::bigint FOR NO KEY UPDATE"};

inline constexpr pg::statement insert_venue{
    "catalog_insert_venue",
    "INSERT INTO catalog.venue AS v (name, location, city, opening_time, closing_time, time_zone) "
    "VALUES ($1::text, $2::text, $3::text, $4::time, $5::time, $6::text) RETURNING " TICKETSHOW_VENUE_COLUMNS};

inline constexpr pg::statement update_venue{
    "catalog_update_venue",
    "UPDATE catalog.venue v SET name = coalesce($2::text, name), location = coalesce($3::text, location), "
    "city = coalesce($4::text, city), opening_time = coalesce($5::time, opening_time), "
    "closing_time = coalesce($6::time, closing_time) WHERE v.id = $1::bigint RETURNING " TICKETSHOW_VENUE_COLUMNS};

inline constexpr pg::statement deactivate_venue{
    "catalog_deactivate_venue",
    "UPDATE catalog.venue v SET status = 'INACTIVE' WHERE v.id = $1::bigint RETURNING " TICKETSHOW_VENUE_COLUMNS};

// ---- screens

inline constexpr pg::statement list_screens{"catalog_list_screens",
                                            "SELECT " TICKETSHOW_SCREEN_COLUMNS
                                            " FROM catalog.screen WHERE $1::bigint IS NULL OR venue_id = $1::bigint "
                                            "ORDER BY venue_id, id OFFSET $2::bigint LIMIT $3::bigint"};

inline constexpr pg::statement lock_screen{"catalog_lock_screen",
                                           "SELECT " TICKETSHOW_SCREEN_COLUMNS
                                           " FROM catalog.screen WHERE id = $1::bigint FOR NO KEY UPDATE"};

inline constexpr pg::statement insert_screen{
    "catalog_insert_screen",
    "INSERT INTO catalog.screen (venue_id, name, capacity, seats_per_row) "
    "VALUES ($1::bigint, $2::text, $3::integer, $4::integer) RETURNING " TICKETSHOW_SCREEN_COLUMNS};

inline constexpr pg::statement update_screen{
    "catalog_update_screen",
    "UPDATE catalog.screen SET name = coalesce($2::text, name), capacity = coalesce($3::integer, capacity) "
    "WHERE id = $1::bigint RETURNING " TICKETSHOW_SCREEN_COLUMNS};

// ---- schedules

/// The screen with its venue, which cannot be deactivated until the transaction ends. Who wants to put a showing on the
/// screen waits here for whoever wanted so before: at the exclusion constraint both would wait for each other.
inline constexpr pg::statement lock_place{"catalog_lock_place", R"(
SELECT v.status, v.time_zone, v.opening_time, v.closing_time
FROM catalog.screen s JOIN catalog.venue v ON v.id = s.venue_id WHERE s.id = $1::bigint
FOR SHARE OF v FOR NO KEY UPDATE OF s)"};

inline constexpr pg::statement is_past{"catalog_is_past", "SELECT $1::timestamptz <= clock_timestamp()"};

inline constexpr pg::statement insert_schedule{"catalog_insert_schedule", R"(
INSERT INTO catalog.schedule (show_id, screen_id, starts_at, ends_at)
VALUES ($1::bigint, $2::bigint, $3::timestamptz, $4::timestamptz) RETURNING id)"};

inline constexpr pg::statement get_schedule{
    "catalog_get_schedule", "SELECT " TICKETSHOW_SCHEDULE_COLUMNS TICKETSHOW_SCHEDULE_TABLES "WHERE c.id = $1::bigint"};

inline constexpr pg::statement place_of_schedule{
    "catalog_place_of_schedule",
    "SELECT screen_id, starts_at, ends_at, status FROM catalog.schedule WHERE id = $1::bigint"};

inline constexpr pg::statement lock_schedule{
    "catalog_lock_schedule",
    "SELECT screen_id, starts_at, ends_at, status FROM catalog.schedule WHERE id = $1::bigint FOR NO KEY UPDATE"};

inline constexpr pg::statement find_overlap{"catalog_find_overlap", R"(
SELECT w.title, c.starts_at FROM catalog.schedule c JOIN catalog.show w ON w.id = c.show_id
WHERE c.screen_id = $1::bigint AND c.status = 'ACTIVE' AND c.id <> $4::bigint
  AND tstzrange(c.starts_at, c.ends_at) && tstzrange($2::timestamptz, $3::timestamptz)
ORDER BY c.starts_at LIMIT 1)"};

inline constexpr pg::statement move_schedule{"catalog_move_schedule", R"(
UPDATE catalog.schedule SET screen_id = $2::bigint, starts_at = $3::timestamptz, ends_at = $4::timestamptz
WHERE id = $1::bigint)"};

/// What has begun stays as it is; so with the next two.
inline constexpr pg::statement cancel_schedule{
    "catalog_cancel_schedule",
    "UPDATE catalog.schedule SET status = 'CANCELLED' "
    "WHERE id = $1::bigint AND status = 'ACTIVE' AND starts_at > now() RETURNING id"};

inline constexpr pg::statement cancel_schedules_of_show{"catalog_cancel_schedules_of_show", R"(
UPDATE catalog.schedule SET status = 'CANCELLED' WHERE id IN (
  SELECT id FROM catalog.schedule WHERE show_id = $1::bigint AND status = 'ACTIVE' AND starts_at > now()
  ORDER BY id FOR NO KEY UPDATE)
RETURNING id)",
                                                        std::chrono::seconds(10)};

inline constexpr pg::statement cancel_schedules_of_venue{"catalog_cancel_schedules_of_venue", R"(
UPDATE catalog.schedule SET status = 'CANCELLED' WHERE id IN (
  SELECT id FROM catalog.schedule
  WHERE screen_id IN (SELECT id FROM catalog.screen WHERE venue_id = $1::bigint)
    AND status = 'ACTIVE' AND starts_at > now()
  ORDER BY id FOR NO KEY UPDATE)
RETURNING id)",
                                                         std::chrono::seconds(10)};

inline constexpr pg::statement list_venue_schedules{
    "catalog_list_venue_schedules",
    "SELECT " TICKETSHOW_SCHEDULE_COLUMNS TICKETSHOW_SCHEDULE_TABLES
    "WHERE s.venue_id = $1::bigint AND c.starts_at >= $2::timestamptz AND c.starts_at < $3::timestamptz "
    "AND ($4::bigint IS NULL OR c.show_id = $4::bigint) AND (c.status = 'ACTIVE' OR $5::boolean) "
    "ORDER BY c.starts_at, c.id LIMIT 1000"};

inline constexpr pg::statement get_schedule_for_sale{"catalog_get_schedule_for_sale",
                                                     "SELECT " TICKETSHOW_FOR_SALE_COLUMNS TICKETSHOW_SCHEDULE_TABLES
                                                     "WHERE c.id = $1::bigint"};

// ---- telling booking

/// Gives schedules a new version, also when it was their show, screen or venue that changed: versions of one row, which
/// is locked until the commit, are committed in their order, so that booking's newest copy is the true one.
inline constexpr pg::statement renew_schedules{"catalog_renew_schedules", R"(
UPDATE catalog.schedule SET version = nextval('catalog.version') WHERE id IN (
  SELECT id FROM catalog.schedule WHERE id = ANY ($1::bigint[]) ORDER BY id FOR NO KEY UPDATE))",
                                               std::chrono::seconds(10)};

inline constexpr pg::statement list_schedules_for_sale{"catalog_list_schedules_for_sale",
                                                       "SELECT " TICKETSHOW_FOR_SALE_COLUMNS TICKETSHOW_SCHEDULE_TABLES
                                                       "WHERE c.id = ANY ($1::bigint[]) ORDER BY c.id",
                                                       std::chrono::seconds(10)};

/// Showings that are still to come, of a show, a screen or a venue (the others NULL).
inline constexpr pg::statement lock_coming{"catalog_lock_coming", R"(
SELECT c.id FROM catalog.schedule c JOIN catalog.screen s ON s.id = c.screen_id
WHERE c.status = 'ACTIVE' AND c.starts_at > now()
  AND ($1::bigint IS NULL OR c.show_id = $1::bigint) AND ($2::bigint IS NULL OR c.screen_id = $2::bigint)
  AND ($3::bigint IS NULL OR s.venue_id = $3::bigint)
ORDER BY c.id FOR NO KEY UPDATE OF c)",
                                           std::chrono::seconds(10)};

/// Schedules from before there were events.
inline constexpr pg::statement take_untold{"catalog_take_untold", R"(
DELETE FROM catalog.untold WHERE schedule_id IN (
  SELECT schedule_id FROM catalog.untold ORDER BY schedule_id LIMIT $1::bigint FOR UPDATE SKIP LOCKED)
RETURNING schedule_id)"};

inline constexpr const pg::statement* all_statements[] = {&sum_of_versions,
                                                          &list_shows,
                                                          &get_show,
                                                          &lock_show,
                                                          &share_show,
                                                          &insert_show,
                                                          &update_show,
                                                          &cancel_show,
                                                          &note_poster,
                                                          &touch_posters,
                                                          &set_poster,
                                                          &lock_unused_posters,
                                                          &doom_posters,
                                                          &lease_doomed_posters,
                                                          &forget_poster,
                                                          &list_show_venues,
                                                          &list_venues,
                                                          &get_venue,
                                                          &lock_venue,
                                                          &insert_venue,
                                                          &update_venue,
                                                          &deactivate_venue,
                                                          &list_screens,
                                                          &lock_screen,
                                                          &insert_screen,
                                                          &update_screen,
                                                          &lock_place,
                                                          &is_past,
                                                          &insert_schedule,
                                                          &get_schedule,
                                                          &place_of_schedule,
                                                          &lock_schedule,
                                                          &find_overlap,
                                                          &move_schedule,
                                                          &cancel_schedule,
                                                          &cancel_schedules_of_show,
                                                          &cancel_schedules_of_venue,
                                                          &list_venue_schedules,
                                                          &get_schedule_for_sale,
                                                          &renew_schedules,
                                                          &list_schedules_for_sale,
                                                          &lock_coming,
                                                          &take_untold};

}  // namespace ticketshow::catalog::queries
