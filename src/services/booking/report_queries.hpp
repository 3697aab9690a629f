#pragma once

#include "pg/statement.hpp"

namespace ticketshow::booking::queries {

using namespace std::chrono_literals;

/// Showings of days $1 to $2 of their venues' calendars, grouped by $3. No clock is farther from UTC than 14 hours, so
/// the index of starts narrows them down. Copies from before booking knew whose showing it is are grouped by the name.
inline constexpr pg::statement read_sales{"booking_read_sales", R"(
WITH showing AS MATERIALIZED (
  SELECT s.id, s.start_time, s.capacity, s.currency,
         CASE $3::text WHEN 'day' THEN ((s.start_time AT TIME ZONE s.time_zone)::date)::text
                       WHEN 'show' THEN coalesce(s.show_id::text, s.show_name)
                       ELSE coalesce(s.venue_id::text, s.venue_name) END AS key,
         CASE $3::text WHEN 'day' THEN ((s.start_time AT TIME ZONE s.time_zone)::date)::text
                       WHEN 'show' THEN s.show_name ELSE s.venue_name END AS label
  FROM booking.schedule s
  WHERE s.state = 'OPEN' AND s.start_time >= ($1::date - 1)::timestamp AT TIME ZONE 'UTC'
    AND s.start_time < ($2::date + 2)::timestamp AT TIME ZONE 'UTC'
    AND (s.start_time AT TIME ZONE s.time_zone)::date BETWEEN $1::date AND $2::date
)
SELECT key, (array_agg(label ORDER BY start_time DESC))[1] AS label, count(*), sum(capacity)::bigint,
       coalesce(sum(seats), 0)::bigint, coalesce(sum(amount), 0)::bigint AS revenue, currency
FROM showing CROSS JOIN LATERAL (
  SELECT sum(cardinality(b.seats)) AS seats, sum(b.total_amount) AS amount
  FROM booking.booking b WHERE b.schedule_id = showing.id AND b.state = 'CONFIRMED') sold
GROUP BY key, currency
ORDER BY CASE WHEN $3::text = 'day' THEN key END, revenue DESC, label, key, currency LIMIT 10000)",
                                          10s};

/// Bookings of a showing, the newest first.
inline constexpr pg::statement list_schedule_bookings{"booking_list_schedule_bookings", R"(
SELECT * FROM booking.shown_booking
WHERE schedule_id = $1::bigint AND ($2::text IS NULL OR status = $2::booking.booking_state)
ORDER BY id DESC OFFSET $3::bigint LIMIT $4::bigint)"};

inline constexpr const pg::statement* report_statements[] = {&read_sales, &list_schedule_bookings};

}  // namespace ticketshow::booking::queries
