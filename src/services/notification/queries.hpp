#pragma once

#include "pg/statement.hpp"

/// Every statement that notification sends.
namespace ticketshow::notification::queries {

/// Mails of one kind ($1) for events, one a booking; those that there are stay as they are, but for refused ones: they
/// are queued again. $2 … $8 are the events in order: booking, user, Message-ID, event id, version, time, correlation;
/// $9 the payloads.
inline constexpr pg::statement queue{"notification_queue", R"(
INSERT INTO notification.mail AS m (booking_id, kind, user_id, message_id, event_id, schema_version, happened_at,
                                    correlation_id, facts)
SELECT DISTINCT ON (booking_id) booking_id, $1::text::notification.kind, user_id, message_id, event_id, schema_version,
       happened_at, correlation_id, facts
FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::integer[], $7::timestamptz[], $8::text[], $9::text[])
  WITH ORDINALITY AS e (booking_id, user_id, message_id, event_id, schema_version, happened_at, correlation_id, facts, n)
ORDER BY booking_id, n
ON CONFLICT (booking_id, kind) DO UPDATE
SET state = 'QUEUED', event_id = excluded.event_id, schema_version = excluded.schema_version,
    happened_at = excluded.happened_at, correlation_id = excluded.correlation_id, facts = excluded.facts,
    queued_at = now(), attempts = 0, next_attempt_at = now()
WHERE m.state = 'REFUSED')"};

/// At most $1 whose time has come, each to this process alone for $2 seconds.
inline constexpr pg::statement take_due{"notification_take_due", R"(
WITH due AS (
  SELECT id FROM notification.mail WHERE state = 'QUEUED' AND next_attempt_at <= now()
  ORDER BY next_attempt_at LIMIT $1::bigint FOR UPDATE SKIP LOCKED)
UPDATE notification.mail m
SET run = m.run + 1, attempts = m.attempts + 1, next_attempt_at = now() + make_interval(secs => $2::bigint)
FROM due WHERE m.id = due.id
RETURNING m.id, m.booking_id, m.kind, m.user_id, m.message_id, m.event_id, m.schema_version, m.happened_at,
          m.correlation_id, m.facts, m.queued_at, m.run, m.attempts)"};

/// Whichever run it was.
inline constexpr pg::statement record_sent{"notification_record_sent", R"(
UPDATE notification.mail SET state = 'SENT', sent_at = now(), words = $2::text
WHERE id = $1::bigint AND state = 'QUEUED')"};

/// $3 milliseconds from now, unless a newer run has it.
inline constexpr pg::statement put_off{"notification_put_off", R"(
UPDATE notification.mail SET next_attempt_at = now() + make_interval(secs => $3::bigint / 1000.0), words = $4::text
WHERE id = $1::bigint AND run = $2::bigint AND state = 'QUEUED')"};

/// Nothing when a newer run has it.
inline constexpr pg::statement refuse{"notification_refuse", R"(
UPDATE notification.mail SET state = 'REFUSED', words = $3::text
WHERE id = $1::bigint AND run = $2::bigint AND state = 'QUEUED' RETURNING id)"};

/// How many wait, and how many seconds the oldest has.
inline constexpr pg::statement measure{"notification_measure", R"(
SELECT count(*), coalesce(extract(epoch FROM now() - min(queued_at)), 0)::bigint
FROM (SELECT queued_at FROM notification.mail WHERE state = 'QUEUED' LIMIT 100000) w)"};

inline constexpr const pg::statement* all_statements[] = {&queue, &take_due, &record_sent, &put_off, &refuse, &measure};

}  // namespace ticketshow::notification::queries
