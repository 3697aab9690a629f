#pragma once

#include "pg/statement.hpp"

/// The statements about tickets and doors. Time is the database's, as in queries.hpp.
namespace ticketshow::booking::queries {

using namespace std::chrono_literals;

// ---- keys

inline constexpr pg::statement lock_ticket_keys{"booking_lock_ticket_keys", "SELECT pg_advisory_xact_lock(7368698)"};

inline constexpr pg::statement list_ticket_keys{
    "booking_list_ticket_keys", "SELECT kid, seed, starts_at FROM booking.ticket_key ORDER BY starts_at DESC"};

/// In force after so many seconds, or (NULL) since ever.
inline constexpr pg::statement insert_ticket_key{"booking_insert_ticket_key", R"(
INSERT INTO booking.ticket_key (kid, seed, starts_at)
VALUES ($1::text, $2::text,
        coalesce(clock_timestamp() + make_interval(secs => $3::bigint), timestamptz '1970-01-01 00:00:00+00')))"};

// ---- what is true of tickets

inline constexpr pg::statement admissions_of_booking{
    "booking_admissions_of_booking",
    "SELECT seat_no, admitted_at FROM booking.admission WHERE booking_id = $1::bigint"};

/// Of bookings $1 and their seats $2, in this order; those that no booking has ever named are left out.
inline constexpr pg::statement read_tickets{"booking_read_tickets", R"(
SELECT asked.n, b.state, b.payment_id IS NOT NULL, b.schedule_id, b.show_time, b.created_at, s.venue_id, s.show_name,
       s.venue_name, s.screen_name, s.time_zone, s.seats_per_row, a.admitted_at, a.device,
       a.staff_id, a.scan_id, statement_timestamp()
FROM unnest($1::bigint[], $2::smallint[]) WITH ORDINALITY AS asked (booking_id, seat_no, n)
JOIN booking.booking b ON b.id = asked.booking_id
JOIN booking.schedule s ON s.id = b.schedule_id
LEFT JOIN booking.admission a ON a.booking_id = b.id AND a.seat_no = asked.seat_no
WHERE asked.seat_no = ANY (b.seats) ORDER BY asked.n)"};

// ---- the door

/// Admits with those tickets of $1 (bookings) and $2 (seats) that are good and unused, at the times $3 (now when NULL,
/// never later) by the scans $4, on device $5 by staff $6. Two scans of one ticket meet at the primary key, whatever
/// process they came to; locks are taken in ascending order.
inline constexpr pg::statement admit{"booking_admit", R"(
INSERT INTO booking.admission (booking_id, seat_no, admitted_at, device, staff_id, scan_id)
SELECT b.id, asked.seat_no, least(asked.scanned_at, clock_timestamp()), $5::text, $6::bigint, asked.scan_id
FROM unnest($1::bigint[], $2::smallint[], $3::timestamptz[], $4::text[]) AS asked (booking_id, seat_no, scanned_at, scan_id)
JOIN booking.booking b ON b.id = asked.booking_id
WHERE b.state = 'CONFIRMED' AND asked.seat_no = ANY (b.seats)
ORDER BY b.id, asked.seat_no FOR SHARE OF b
ON CONFLICT (booking_id, seat_no) DO NOTHING)"};

/// $1 bookings, $2 seats, $3 scans, $4 showings of the tickets, $5 kinds, $6 times, $7 showings that were entered; $8
/// device, $9 staff. Once for each scan.
inline constexpr pg::statement record_conflicts{"booking_record_conflicts", R"(
INSERT INTO booking.scan_conflict (booking_id, seat_no, scan_id, schedule_id, kind, scanned_at, entered_schedule_id,
                                   device, staff_id)
SELECT c.booking_id, c.seat_no, c.scan_id, c.schedule_id, c.kind, c.scanned_at, c.entered_schedule_id, $8::text,
       $9::bigint
FROM unnest($1::bigint[], $2::smallint[], $3::text[], $4::bigint[], $5::text[], $6::timestamptz[], $7::bigint[])
  AS c (booking_id, seat_no, scan_id, schedule_id, kind, scanned_at, entered_schedule_id)
ORDER BY c.booking_id, c.seat_no, c.scan_id ON CONFLICT DO NOTHING)"};

/// The tickets of a showing, good ones and dead ones; as many as a list may have.
inline constexpr pg::statement list_tickets{"booking_list_tickets", R"(
SELECT t.booking_id, t.seat_no, t.valid, a.admitted_at
FROM (
  SELECT c.booking_id, c.seat_no, true AS valid
  FROM booking.booking_seat c JOIN booking.booking b ON b.id = c.booking_id
  WHERE c.schedule_id = $1::bigint AND c.live AND b.state = 'CONFIRMED'
  UNION ALL
  SELECT b.id, unnest(b.seats), false
  FROM booking.booking b WHERE b.schedule_id = $1::bigint AND b.state = 'CANCELLED' AND b.payment_id IS NOT NULL) t
LEFT JOIN booking.admission a ON a.booking_id = t.booking_id AND a.seat_no = t.seat_no
ORDER BY t.booking_id, t.seat_no LIMIT 50000)",
                                            5s};

inline constexpr pg::statement list_conflicts{"booking_list_conflicts", R"(
SELECT c.kind, c.booking_id, c.seat_no, c.scan_id, c.scanned_at, c.uploaded_at, c.device, c.staff_id, a.admitted_at,
       a.device, c.entered_schedule_id
FROM booking.scan_conflict c
LEFT JOIN booking.admission a ON a.booking_id = c.booking_id AND a.seat_no = c.seat_no AND c.kind = 'ADMITTED_TWICE'
WHERE c.schedule_id = $1::bigint
ORDER BY c.uploaded_at DESC, c.booking_id, c.seat_no, c.scan_id OFFSET $2::bigint LIMIT $3::bigint)"};

inline constexpr const pg::statement* ticket_statements[] = {
    &lock_ticket_keys, &list_ticket_keys, &insert_ticket_key, &admissions_of_booking, &read_tickets, &admit,
    &record_conflicts, &list_tickets,     &list_conflicts};

}  // namespace ticketshow::booking::queries
