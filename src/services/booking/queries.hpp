#pragma once

#include "pg/statement.hpp"

/// The statements of schedules, holds and bookings; those of cancelled showings and of tickets are in files of their
/// own. Decisions about time use the database's clock: statement_timestamp(), which, not like now(), is read after the
/// transaction's earlier statements have waited for their locks.
namespace ticketshow::booking::queries {

using namespace std::chrono_literals;

// ---- schedules

/// A newer version overwrites an older one, never the other way round; a closed schedule never opens again, and its
/// cancellation begins with it. The row lock of the update waits until batches in flight are through. Each id once.
inline constexpr pg::statement record_schedules{"booking_record_schedules", R"(
WITH recorded AS (
  INSERT INTO booking.schedule AS mine (id, version, state, show_id, show_name, venue_id, venue_name, time_zone,
                                        screen_id, screen_name, capacity, seats_per_row, start_time, price, currency,
                                        end_time, venue_address)
  SELECT id, version, CASE WHEN cancelled THEN 'CANCELLING'::booking.sale_state ELSE 'OPEN' END, show_id, show_name,
         venue_id, venue_name, time_zone, screen_id, screen_name, capacity, seats_per_row, start_time, price, currency,
         end_time, venue_address
  FROM unnest($1::bigint[], $2::bigint[], $3::boolean[], $4::bigint[], $5::text[], $6::bigint[], $7::text[],
              $8::text[], $9::bigint[], $10::text[], $11::smallint[], $12::smallint[], $13::timestamptz[],
              $14::bigint[], $15::text[], $16::timestamptz[], $17::text[])
    AS fetched (id, version, cancelled, show_id, show_name, venue_id, venue_name, time_zone, screen_id, screen_name,
                capacity, seats_per_row, start_time, price, currency, end_time, venue_address)
  ORDER BY id
  ON CONFLICT (id) DO UPDATE SET
    version = excluded.version, state = greatest(mine.state, excluded.state), show_id = excluded.show_id,
    show_name = excluded.show_name, venue_id = excluded.venue_id, venue_name = excluded.venue_name,
    time_zone = excluded.time_zone, screen_id = excluded.screen_id, screen_name = excluded.screen_name,
    capacity = excluded.capacity, seats_per_row = excluded.seats_per_row, start_time = excluded.start_time,
    price = excluded.price, currency = excluded.currency, end_time = excluded.end_time,
    venue_address = excluded.venue_address
  WHERE mine.version < excluded.version
  RETURNING id, state)
INSERT INTO booking.cancellation (schedule_id) SELECT id FROM recorded WHERE state = 'CANCELLING'
ON CONFLICT (schedule_id) DO NOTHING)",
                                                10s};

inline constexpr pg::statement load_schedule{"booking_load_schedule", R"(
SELECT id, version, state = 'OPEN', show_id, show_name, venue_id, venue_name, time_zone, screen_id, screen_name,
       capacity, seats_per_row, start_time, price, currency, end_time, venue_address
FROM booking.schedule WHERE id = $1::bigint)"};

/// What is left of a hold's time in microseconds: the process's clock may differ from the database's.
inline constexpr pg::statement load_claims{"booking_load_claims", R"(
SELECT b.id, b.user_id, b.seats, b.state = 'CONFIRMED',
       (extract(epoch FROM b.expires_at - statement_timestamp()) * 1000000)::bigint
FROM booking.booking b
WHERE b.id IN (SELECT s.booking_id FROM booking.booking_seat s WHERE s.schedule_id = $1::bigint AND s.live))"};

/// The schedule's row lock is its mutex among all writers of all processes; always taken first, in ascending order.
inline constexpr pg::statement lock_schedules{
    "booking_lock_schedules",
    "SELECT id FROM booking.schedule WHERE id = ANY ($1::bigint[]) ORDER BY id FOR NO KEY UPDATE", 5s};

inline constexpr pg::statement suspend_sale{"booking_suspend_sale", R"(
INSERT INTO booking.suspension (schedule_id, ticket, until)
SELECT id, $3::text, now() + make_interval(secs => $2::bigint)
FROM (SELECT DISTINCT unnest($1::bigint[]) AS id ORDER BY id) named
ON CONFLICT (schedule_id, ticket) DO UPDATE SET until = excluded.until)"};

/// Of schedules $1, each by the ticket of the same place in $2.
inline constexpr pg::statement end_suspensions{"booking_end_suspensions", R"(
DELETE FROM booking.suspension p USING unnest($1::bigint[], $2::text[]) AS ended (schedule_id, ticket)
WHERE p.schedule_id = ended.schedule_id AND p.ticket = ended.ticket)"};

/// Those that nobody ended in time.
inline constexpr pg::statement lapsed_suspensions{
    "booking_lapsed_suspensions",
    "SELECT schedule_id, ticket FROM booking.suspension WHERE until <= now() ORDER BY until LIMIT $1::bigint"};

inline constexpr pg::statement count_live_bookings{"booking_count_live_bookings", R"(
SELECT count(DISTINCT booking_id) FROM (
  SELECT b.id AS booking_id
  FROM booking.booking_seat s JOIN booking.booking b ON b.id = s.booking_id
  WHERE s.schedule_id = ANY ($1::bigint[]) AND s.live
    AND (b.state = 'CONFIRMED' OR b.expires_at > statement_timestamp())
  LIMIT 2000) seats)",
                                                   10s};

// ---- holds

/// Decides a batch of holds and makes those that can be. No two of them want the same seat, come from the same user for
/// the same schedule or bear the same user and key: the writer sees to it, and the constraints would refuse it.
/// $1 … $6 are the requests in order, $7 the time of a hold in seconds, $8 the most live seats of a user.
inline constexpr pg::statement hold_seats{"booking_hold_seats", R"(
WITH request AS MATERIALIZED (
  SELECT n, user_id, schedule_id, version, seats::smallint[] AS seats, idempotency_key, correlation_id
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY
    AS r (user_id, schedule_id, version, seats, idempotency_key, correlation_id, n)
), decided AS MATERIALIZED (
  SELECT r.*, s.screen_id, s.start_time, s.price * cardinality(r.seats) AS total_amount,
         earlier.id AS earlier_id, claim.taken, claim.lapsed,
         CASE
           WHEN earlier.schedule_id = r.schedule_id AND earlier.seats = r.seats THEN 'REPLAY'
           WHEN earlier.id IS NOT NULL THEN 'CONFLICT'
           WHEN s.version <> r.version THEN 'STALE'
           WHEN s.state <> 'OPEN' OR s.start_time <= statement_timestamp()
             OR EXISTS (SELECT FROM booking.suspension p WHERE p.schedule_id = r.schedule_id) THEN 'CLOSED'
           WHEN claim.taken IS NOT NULL THEN 'TAKEN'
           WHEN cardinality(r.seats) + (
             SELECT coalesce(sum(cardinality(own.seats)), 0) FROM booking.booking own
             WHERE own.user_id = r.user_id AND own.schedule_id = r.schedule_id AND own.live
               AND (own.state = 'CONFIRMED' OR own.expires_at > statement_timestamp())) > $8::bigint THEN 'TOO_MANY'
           WHEN claim.lapsed IS NOT NULL THEN 'LAPSED'
           ELSE 'HELD'
         END AS verdict
  FROM request r
  JOIN booking.schedule s ON s.id = r.schedule_id
  LEFT JOIN booking.booking earlier ON earlier.user_id = r.user_id AND earlier.idempotency_key = r.idempotency_key
  CROSS JOIN LATERAL (
    SELECT array_agg(c.seat_no) FILTER (WHERE b.state = 'CONFIRMED' OR b.expires_at > statement_timestamp()) AS taken,
           array_agg(b.id) FILTER (WHERE b.state = 'PENDING' AND b.expires_at <= statement_timestamp()) AS lapsed
    FROM booking.booking_seat c JOIN booking.booking b ON b.id = c.booking_id
    WHERE c.schedule_id = r.schedule_id AND c.seat_no = ANY (r.seats) AND c.live) claim
), admitted AS MATERIALIZED (
  SELECT nextval('booking.booking_id') AS id, d.* FROM decided d WHERE d.verdict = 'HELD'
), booked AS (
  INSERT INTO booking.booking (id, user_id, schedule_id, screen_id, show_time, created_at, expires_at, total_amount,
                               seats, idempotency_key, correlation_id)
  SELECT id, user_id, schedule_id, screen_id, start_time, statement_timestamp(),
         statement_timestamp() + make_interval(secs => $7::bigint), total_amount, seats, idempotency_key,
         correlation_id
  FROM admitted
), claimed AS (
  INSERT INTO booking.booking_seat (booking_id, schedule_id, seat_no)
  SELECT id, schedule_id, unnest(seats) FROM admitted
)
SELECT d.n, d.verdict, coalesce(a.id, d.earlier_id), d.taken, d.lapsed, d.total_amount, statement_timestamp(),
       statement_timestamp() + make_interval(secs => $7::bigint)
FROM decided d LEFT JOIN admitted a ON a.n = d.n)",
                                          5s};

/// The foreign key frees the seats at the end of the statement, so this and a new hold of them are two statements of
/// one transaction.
inline constexpr pg::statement expire_lapsed{"booking_expire_lapsed", R"(
WITH due AS (
  SELECT id FROM booking.booking
  WHERE id = ANY ($1::bigint[]) AND state = 'PENDING' AND expires_at <= statement_timestamp() ORDER BY id FOR UPDATE)
UPDATE booking.booking b SET state = 'EXPIRED' FROM due WHERE b.id = due.id RETURNING b.schedule_id, b.id)"};

inline constexpr pg::statement expire_due{"booking_expire_due", R"(
WITH due AS (
  SELECT id FROM booking.booking
  WHERE state = 'PENDING' AND expires_at <= now() ORDER BY expires_at LIMIT $1::bigint FOR UPDATE SKIP LOCKED)
UPDATE booking.booking b SET state = 'EXPIRED' FROM due WHERE b.id = due.id RETURNING b.schedule_id, b.id)",
                                          10s};

// ---- reading

/// To the other booking processes. Never within a transaction that holds seats: NOTIFY makes commits wait for each
/// other.
inline constexpr pg::statement tell_of_seats{"booking_tell_of_seats", "SELECT pg_notify('booking_seats', $1::text)"};

inline constexpr pg::statement get_booking{"booking_get_booking",
                                           "SELECT * FROM booking.shown_booking WHERE id = $1::bigint"};

inline constexpr pg::statement list_bookings{"booking_list_bookings", R"(
SELECT * FROM booking.shown_booking
WHERE user_id = $1::bigint AND ($2::text IS NULL OR status = $2::booking.booking_state)
ORDER BY id DESC OFFSET $3::bigint LIMIT $4::bigint)"};

// ---- settling and cancelling

/// Only for taking an expired booking's seats again: before the booking's own lock, as everywhere.
inline constexpr pg::statement lock_schedule_of_booking{"booking_lock_schedule_of_booking", R"(
SELECT s.id FROM booking.schedule s
WHERE s.id = (SELECT b.schedule_id FROM booking.booking b WHERE b.id = $1::bigint) FOR NO KEY UPDATE)",
                                                        5s};

/// The last two columns mean something only while the schedule is locked.
inline constexpr pg::statement lock_to_settle{"booking_lock_to_settle", R"(
SELECT b.schedule_id, b.total_amount, b.state, b.payment_id, b.expires_at <= statement_timestamp() AS lapsed,
       s.state = 'OPEN' AND s.start_time > statement_timestamp()
         AND s.start_time = b.show_time AND s.screen_id = b.screen_id
         AND NOT EXISTS (SELECT FROM booking.suspension p WHERE p.schedule_id = b.schedule_id) AS on_sale,
       NOT EXISTS (SELECT FROM booking.booking_seat c JOIN booking.booking other ON other.id = c.booking_id
                   WHERE c.schedule_id = b.schedule_id AND c.seat_no = ANY (b.seats) AND c.live AND other.id <> b.id
                     AND (other.state = 'CONFIRMED' OR other.expires_at > statement_timestamp())) AS seats_free
FROM booking.booking b JOIN booking.schedule s ON s.id = b.schedule_id
WHERE b.id = $1::bigint FOR UPDATE OF b)"};

/// Other holds whose time has passed, on the seats of a booking that takes them again.
inline constexpr pg::statement expire_rivals{"booking_expire_rivals", R"(
WITH due AS (
  SELECT other.id FROM booking.booking mine
  JOIN booking.booking_seat c ON c.schedule_id = mine.schedule_id AND c.seat_no = ANY (mine.seats) AND c.live
  JOIN booking.booking other ON other.id = c.booking_id
  WHERE mine.id = $1::bigint AND other.id <> mine.id AND other.state = 'PENDING'
    AND other.expires_at <= statement_timestamp()
  ORDER BY other.id FOR UPDATE OF other)
UPDATE booking.booking b SET state = 'EXPIRED' FROM due WHERE b.id = due.id)"};

inline constexpr pg::statement confirm{
    "booking_confirm", "UPDATE booking.booking SET state = 'CONFIRMED', payment_id = $2::bigint WHERE id = $1::bigint"};

inline constexpr pg::statement lock_to_cancel{"booking_lock_to_cancel", R"(
SELECT b.state, b.expires_at <= statement_timestamp(), s.start_time <= statement_timestamp()
FROM booking.booking b JOIN booking.schedule s ON s.id = b.schedule_id
WHERE b.id = $1::bigint AND b.user_id = $2::bigint FOR UPDATE OF b)"};

inline constexpr pg::statement cancel{"booking_cancel",
                                      "UPDATE booking.booking SET state = 'CANCELLED' WHERE id = $1::bigint"};

inline constexpr pg::statement request_refund{
    "booking_request_refund",
    "INSERT INTO booking.refund_request (booking_id, initiated_by, reason) VALUES ($1::bigint, $2::text, $3::text)"};

inline constexpr const pg::statement* all_statements[] = {&record_schedules,
                                                          &load_schedule,
                                                          &load_claims,
                                                          &lock_schedules,
                                                          &suspend_sale,
                                                          &end_suspensions,
                                                          &lapsed_suspensions,
                                                          &hold_seats,
                                                          &expire_lapsed,
                                                          &expire_due,
                                                          &tell_of_seats,
                                                          &get_booking,
                                                          &list_bookings,
                                                          &lock_schedule_of_booking,
                                                          &lock_to_settle,
                                                          &expire_rivals,
                                                          &confirm,
                                                          &lock_to_cancel,
                                                          &cancel,
                                                          &request_refund,
                                                          &count_live_bookings};

}  // namespace ticketshow::booking::queries
