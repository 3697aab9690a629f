#pragma once

#include "services/catalog/queries.hpp"

/// What plays: showings to come by days of their venues' own calendars, which come as moments a time zone
/// (periods_by_zone: $1 to $3), seen at a moment ($4), of a city or all ($5).
namespace ticketshow::catalog::queries {

#define TICKETSHOW_PLAYS                                                                                   \
  "v.status = 'ACTIVE' AND ($5::text IS NULL OR lower(v.city) = lower($5::text)) AND c.status = 'ACTIVE' " \
  "AND c.starts_at > $4::timestamptz AND c.starts_at >= d.begins AND c.starts_at < d.ends "
#define TICKETSHOW_PERIODS "unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) AS d (zone, begins, ends)"

/// The time zones of active venues.
inline constexpr pg::statement list_zones{
    "catalog_list_zones",
    "SELECT DISTINCT time_zone FROM catalog.venue "
    "WHERE status = 'ACTIVE' AND ($1::text IS NULL OR lower(city) = lower($1::text))"};

inline constexpr pg::statement list_playing_shows{
    "catalog_list_playing_shows",
    "SELECT " TICKETSHOW_SHOW_COLUMNS
    ", p.showings, p.venues, p.first_start, p.first_zone FROM catalog.show JOIN ("
    "SELECT c.show_id, count(*) AS showings, count(DISTINCT v.id) AS venues, min(c.starts_at) AS first_start, "
    "(array_agg(v.time_zone ORDER BY c.starts_at, c.id))[1] AS first_zone "
    "FROM " TICKETSHOW_PERIODS
    " JOIN catalog.venue v ON v.time_zone = d.zone JOIN catalog.screen s ON s.venue_id = v.id "
    "JOIN catalog.schedule c ON c.screen_id = s.id WHERE " TICKETSHOW_PLAYS
    "GROUP BY c.show_id) p ON p.show_id = id "
    "WHERE status = 'ACTIVE' ORDER BY p.first_start, id OFFSET $6::bigint LIMIT $7::bigint"};

/// Those to come of the show are looked up first: from the venues' side, which a generic plan prefers, there are many
/// times as many.
inline constexpr pg::statement list_show_schedules{
    "catalog_list_show_schedules",
    "SELECT " TICKETSHOW_SCHEDULE_COLUMNS ", v.city, v.location" TICKETSHOW_SCHEDULE_TABLES "JOIN " TICKETSHOW_PERIODS
    " ON d.zone = v.time_zone WHERE c.id = ANY (ARRAY("
    "SELECT id FROM catalog.schedule WHERE show_id = $6::bigint AND status = 'ACTIVE' AND starts_at > $4::timestamptz "
    "AND starts_at < (SELECT max(ends) FROM unnest($3::timestamptz[]) AS ends))) AND " TICKETSHOW_PLAYS
    "ORDER BY c.starts_at, c.id LIMIT 1000"};

inline constexpr const pg::statement* playing_statements[] = {&list_zones, &list_playing_shows, &list_show_schedules};

}  // namespace ticketshow::catalog::queries
