#pragma once

#include "pg/statement.hpp"

/// The statements about cancelled showings. Time is the database's, as in queries.hpp.
namespace ticketshow::booking::queries {

using namespace std::chrono_literals;

inline constexpr pg::statement cancelling_schedules{
    "booking_cancelling_schedules",
    "SELECT id FROM booking.schedule WHERE state = 'CANCELLING' ORDER BY id LIMIT 1000"};

/// Cancels up to $2 live bookings of closed schedules, each with its refund request when it was paid. Gives each
/// booking's schedule, and those that were paid as they are shown.
inline constexpr pg::statement cancel_live{"booking_cancel_live", R"(
WITH chunk AS MATERIALIZED (
  SELECT b.id, b.schedule_id, b.state FROM booking.booking b
  WHERE b.live AND b.id IN (
    SELECT s.booking_id FROM booking.booking_seat s WHERE s.schedule_id = ANY ($1::bigint[]) AND s.live LIMIT $2::bigint)
  ORDER BY b.id FOR UPDATE
), cancelled AS (
  UPDATE booking.booking b SET state = 'CANCELLED' FROM chunk WHERE b.id = chunk.id
), refunds AS (
  INSERT INTO booking.refund_request (booking_id, initiated_by, reason)
  SELECT id, 'ADMIN', $3::text FROM chunk WHERE state = 'CONFIRMED'
)
SELECT shown.*, chunk.schedule_id AS closed_schedule_id
FROM chunk LEFT JOIN booking.shown_booking shown ON chunk.state = 'CONFIRMED' AND shown.id = chunk.id
ORDER BY chunk.id)",
                                           10s};

/// Adds to the counts of cancellations $1: cancelled bookings $2, refunds $3 and their amounts $4, refunds made $5 and
/// their amounts $6. Locks in ascending order, as everybody who counts.
inline constexpr pg::statement count_cancelled{"booking_count_cancelled", R"(
WITH more AS MATERIALIZED (
  SELECT m.* FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
    AS m (schedule_id, cancelled, refunds, refund_amount, refunded, refunded_amount)
  JOIN booking.cancellation c USING (schedule_id) ORDER BY schedule_id FOR NO KEY UPDATE OF c)
UPDATE booking.cancellation c
SET cancelled = c.cancelled + more.cancelled, refunds = c.refunds + more.refunds,
    refund_amount = c.refund_amount + more.refund_amount, refunded = c.refunded + more.refunded,
    refunded_amount = c.refunded_amount + more.refunded_amount, changed_at = statement_timestamp()
FROM more WHERE c.schedule_id = more.schedule_id)"};

inline constexpr pg::statement finish_cancelling{"booking_finish_cancelling", R"(
WITH finished AS (
  UPDATE booking.schedule s SET state = 'CANCELLED'
  WHERE s.id = ANY ($1::bigint[]) AND s.state = 'CANCELLING'
    AND NOT EXISTS (SELECT FROM booking.booking_seat c WHERE c.schedule_id = s.id AND c.live)
  RETURNING s.id)
UPDATE booking.cancellation SET changed_at = statement_timestamp() WHERE schedule_id IN (SELECT id FROM finished))"};

/// Money is back. Of each cancelled showing: how many more of its refunds, and how much.
inline constexpr pg::statement complete_refunds{"booking_complete_refunds", R"(
WITH completed AS (
  UPDATE booking.refund_request SET completed_at = now()
  WHERE booking_id = ANY ($1::bigint[]) AND completed_at IS NULL RETURNING booking_id, initiated_by)
SELECT b.schedule_id, count(*), sum(b.total_amount)::bigint
FROM completed c JOIN booking.booking b ON b.id = c.booking_id
WHERE c.initiated_by = 'ADMIN' GROUP BY b.schedule_id)"};

/// The numbers of api/booking.hpp's cancellation_view, of the showing $1, of the show $2 or of the venue $3 (the others
/// NULL). $4 tells whether it is cancelled in catalog: then what was closed counts too.
inline constexpr pg::statement measure_cancellation{"booking_measure_cancellation", R"(
WITH affected AS MATERIALIZED (
  SELECT s.id, s.state, s.currency, c.changed_at,
         CASE WHEN s.state = 'OPEN' THEN statement_timestamp() ELSE c.started_at END AS started_at, coalesce(c.cancelled, 0) AS cancelled,
         coalesce(c.refunds, 0) AS refunds, coalesce(c.refund_amount, 0) AS refund_amount,
         coalesce(c.refunded, 0) AS refunded, coalesce(c.refunded_amount, 0) AS refunded_amount
  FROM booking.schedule s LEFT JOIN booking.cancellation c ON c.schedule_id = s.id
  WHERE s.id IN (SELECT id FROM booking.schedule WHERE id = $1::bigint
                 UNION ALL SELECT id FROM booking.schedule WHERE show_id = $2::bigint
                 UNION ALL SELECT id FROM booking.schedule WHERE venue_id = $3::bigint)
    AND CASE WHEN s.state = 'OPEN' THEN s.start_time > statement_timestamp() ELSE $4::boolean END
), live AS (
  SELECT count(*) AS bookings, count(*) FILTER (WHERE b.state = 'CONFIRMED') AS paid,
         coalesce(sum(b.total_amount) FILTER (WHERE b.state = 'CONFIRMED'), 0) AS paid_amount
  FROM booking.booking b
  WHERE b.id IN (SELECT seat.booking_id FROM booking.booking_seat seat
                 WHERE seat.live AND seat.schedule_id IN (SELECT id FROM affected WHERE state <> 'CANCELLED'))
    AND (b.state = 'CONFIRMED' OR b.expires_at > statement_timestamp())
), done AS (
  SELECT count(*) AS showings, sum(cancelled) AS cancelled, sum(refunds - refunded) AS pending,
         sum(refund_amount - refunded_amount) AS pending_amount, sum(refunded) AS refunded,
         sum(refunded_amount) AS refunded_amount, bool_and(state = 'CANCELLED' AND refunds = refunded) AS finished,
         max(currency) AS currency, max(started_at) AS started_at, max(changed_at) AS changed_at
  FROM affected
)
SELECT d.showings, (coalesce(d.cancelled, 0) + l.bookings)::bigint, coalesce(d.cancelled, 0)::bigint,
       (coalesce(d.pending, 0) + l.paid)::bigint, (coalesce(d.pending_amount, 0) + l.paid_amount)::bigint,
       coalesce(d.refunded, 0)::bigint, coalesce(d.refunded_amount, 0)::bigint, coalesce(d.finished, true), d.currency,
       d.started_at, d.changed_at
FROM done d, live l)",
                                                    10s};

inline constexpr const pg::statement* cancellation_statements[] = {&cancelling_schedules, &cancel_live,
                                                                   &count_cancelled,      &finish_cancelling,
                                                                   &complete_refunds,     &measure_cancellation};

}  // namespace ticketshow::booking::queries
