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

/// At most $1 whose time has come, each to this process alone for $2 seconds. Mails of a booking tell a story and go in
/// its order: whether it was paid, that money is on its way, that it is there. One that waits for another, or up to $3
/// milliseconds for the event of another, is put off for as long again as it has waited (record_sent and refuse call it
/// before); so the answer has some with `waits`, which are not to be sent.
/// Mails of one booking are looked for in other words than the index of what is due (mail_due) has: else PostgreSQL
/// reads all of that index for each of them, which with a thousand queued mails took 6 ms a look.
inline constexpr pg::statement take_due{"notification_take_due", R"(
WITH due AS MATERIALIZED (
  SELECT id, booking_id, kind, happened_at, queued_at, next_attempt_at FROM notification.mail
  WHERE state = 'QUEUED' AND next_attempt_at <= now()
  ORDER BY next_attempt_at LIMIT $1::bigint * 8 FOR UPDATE SKIP LOCKED
), judged AS MATERIALIZED (
  SELECT d.id, d.next_attempt_at,
         EXISTS (SELECT FROM notification.mail e
                 WHERE e.booking_id = d.booking_id AND e.state NOT IN ('SENT', 'REFUSED')
                   AND (greatest(e.kind, 'PAYMENT_FAILED'), e.happened_at)
                       < (greatest(d.kind, 'PAYMENT_FAILED'), d.happened_at))
         OR (d.kind = 'REFUND_COMPLETED' AND d.queued_at > now() - make_interval(secs => $3::bigint / 1000.0)
             AND NOT EXISTS (SELECT FROM notification.mail e
                             WHERE e.booking_id = d.booking_id AND e.kind = 'REFUND_INITIATED')) AS waits
  FROM due d
), chosen AS (
  (SELECT id, waits FROM judged WHERE NOT waits ORDER BY next_attempt_at LIMIT $1::bigint)
  UNION ALL SELECT id, waits FROM judged WHERE waits)
UPDATE notification.mail m
SET run = m.run + (NOT c.waits)::integer, attempts = m.attempts + (NOT c.waits)::integer,
    next_attempt_at = now() + CASE WHEN c.waits THEN least(greatest(now() - m.queued_at, interval '1 s'), interval '60 s')
                                   ELSE make_interval(secs => $2::bigint) END
FROM chosen c WHERE m.id = c.id
RETURNING m.id, m.booking_id, m.kind, m.user_id, m.message_id, m.event_id, m.schema_version, m.happened_at,
          m.correlation_id, m.facts, m.queued_at, m.run, m.attempts, c.waits)"};

/// Whichever run it was. The next mail of its booking goes out at once.
inline constexpr pg::statement record_sent{"notification_record_sent", R"(
WITH sent AS (
  UPDATE notification.mail SET state = 'SENT', sent_at = now(), words = $2::text
  WHERE id = $1::bigint AND state = 'QUEUED' RETURNING id, booking_id)
UPDATE notification.mail m SET next_attempt_at = now() FROM sent
WHERE m.booking_id = sent.booking_id AND m.id <> sent.id AND m.state NOT IN ('SENT', 'REFUSED') AND m.attempts = 0)"};

/// $3 milliseconds from now, unless a newer run has it.
inline constexpr pg::statement put_off{"notification_put_off", R"(
UPDATE notification.mail SET next_attempt_at = now() + make_interval(secs => $3::bigint / 1000.0), words = $4::text
WHERE id = $1::bigint AND run = $2::bigint AND state = 'QUEUED')"};

/// Nothing when a newer run has it. The next mail of its booking goes out at once.
inline constexpr pg::statement refuse{"notification_refuse", R"(
WITH refused AS (
  UPDATE notification.mail SET state = 'REFUSED', words = $3::text
  WHERE id = $1::bigint AND run = $2::bigint AND state = 'QUEUED' RETURNING id, booking_id
), next AS (
  UPDATE notification.mail m SET next_attempt_at = now() FROM refused
  WHERE m.booking_id = refused.booking_id AND m.id <> refused.id AND m.state NOT IN ('SENT', 'REFUSED') AND m.attempts = 0)
SELECT id FROM refused)"};

/// How many wait, and how many seconds the oldest has.
inline constexpr pg::statement measure{"notification_measure", R"(
SELECT count(*), coalesce(extract(epoch FROM now() - min(queued_at)), 0)::bigint
FROM (SELECT queued_at FROM notification.mail WHERE state = 'QUEUED' LIMIT 100000) w)"};

/// At most $2 of those that were sent $1 days ago or earlier.
inline constexpr pg::statement forget_sent{"notification_forget_sent", R"(
DELETE FROM notification.mail WHERE id IN (
  SELECT id FROM notification.mail WHERE state = 'SENT' AND sent_at < now() - make_interval(days => $1::integer)
  ORDER BY sent_at LIMIT $2::bigint FOR UPDATE SKIP LOCKED))"};

inline constexpr const pg::statement* all_statements[] = {&queue,  &take_due, &record_sent, &put_off,
                                                          &refuse, &measure,  &forget_sent};

}  // namespace ticketshow::notification::queries
