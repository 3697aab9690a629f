#pragma once

#include "pg/statement.hpp"

/// Every statement of the outbox, the inbox and the events set aside. Tables are named without their schema: the role
/// of a service finds its own.
namespace ticketshow::events::queries {

using namespace std::chrono_literals;

// ---- outbox

inline constexpr pg::statement record{"events_record", R"(
INSERT INTO outbox (topic, key, schema_version, correlation_id, payload)
SELECT $1::text, key, $2::integer, correlation_id, payload
FROM unnest($3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS e (correlation_id, key, payload, n) ORDER BY n)"};

/// One process relays a schema's events at a time, so that those of one key keep their order.
inline constexpr pg::statement lock_outbox{
    "events_lock_outbox", "SELECT pg_try_advisory_xact_lock(hashtextextended('outbox of ' || current_schema(), 0))"};

inline constexpr pg::statement waiting{"events_waiting", R"(
SELECT id, event_id, topic, key, schema_version, happened_at, correlation_id, payload
FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT $1::bigint)"};

inline constexpr pg::statement mark_published{
    "events_mark_published",
    "UPDATE outbox SET published_at = now() WHERE id = ANY ($1::bigint[]) AND published_at IS NULL", 10s};

inline constexpr pg::statement measure_outbox{"events_measure_outbox", R"(
SELECT count(*), coalesce(extract(epoch FROM now() - min(happened_at)), 0)::bigint, coalesce(min(id), 0)
FROM (SELECT id, happened_at FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT 100000) w)"};

/// But for what the bus refused: an operator may have it published once more.
inline constexpr pg::statement forget_published{"events_forget_published", R"(
DELETE FROM outbox WHERE id IN (
  SELECT id FROM outbox o WHERE published_at < now() - make_interval(secs => $1::bigint)
    AND NOT EXISTS (SELECT FROM set_aside s
                    WHERE s.event_id = o.event_id AND s.attempts = 0 AND s.next_attempt_at IS NULL)
  ORDER BY published_at LIMIT $2::bigint))",
                                                10s};

// ---- inbox

/// Puts events behind an earlier one of their key that waits for its next attempt. $1 … $7 are the events in order.
inline constexpr pg::statement hold_back{"events_hold_back", R"(
INSERT INTO set_aside (event_id, topic, key, schema_version, happened_at, correlation_id, payload, attempts,
                       next_attempt_at, error)
SELECT e.id, e.topic, e.key, e.schema_version, e.happened_at, e.correlation_id, e.payload, 0, now(),
       'waits for an earlier event of its key'
FROM unnest($1::text[], $2::text[], $3::text[], $4::integer[], $5::timestamptz[], $6::text[], $7::text[])
  WITH ORDINALITY AS e (id, topic, key, schema_version, happened_at, correlation_id, payload, n)
WHERE EXISTS (SELECT FROM set_aside s WHERE s.topic = e.topic AND s.key = e.key AND s.next_attempt_at IS NOT NULL)
  AND NOT EXISTS (SELECT FROM inbox i WHERE i.event_id = e.id)
ORDER BY e.n ON CONFLICT (event_id) DO NOTHING)"};

/// Those of $1 that are new here.
inline constexpr pg::statement take{"events_take", R"(
INSERT INTO inbox (event_id)
SELECT id FROM unnest($1::text[]) AS e (id)
WHERE NOT EXISTS (SELECT FROM set_aside s WHERE s.event_id = e.id)
ORDER BY id ON CONFLICT (event_id) DO NOTHING RETURNING event_id)"};

inline constexpr pg::statement forget_handled{"events_forget_handled", R"(
DELETE FROM inbox WHERE event_id IN (
  SELECT event_id FROM inbox WHERE handled_at < now() - make_interval(secs => $1::bigint)
  ORDER BY handled_at LIMIT $2::bigint))",
                                              10s};

// ---- set aside

/// $9 is in how many milliseconds it is tried again. Nothing when another process has handled it meanwhile: whoever has
/// the row in the inbox has the event, and from now on that is who tries what is set aside.
inline constexpr pg::statement set_aside{"events_set_aside", R"(
WITH claimed AS (INSERT INTO inbox (event_id) VALUES ($1::text) ON CONFLICT (event_id) DO NOTHING RETURNING event_id)
INSERT INTO set_aside AS s (event_id, topic, key, schema_version, happened_at, correlation_id, payload, attempts,
                            next_attempt_at, error)
SELECT event_id, $2::text, $3::text, $4::integer, $5::timestamptz, $6::text, $7::text, 1,
       now() + make_interval(secs => $9::bigint / 1000.0), $8::text
FROM claimed
ON CONFLICT (event_id) DO UPDATE SET next_attempt_at = excluded.next_attempt_at, error = excluded.error)"};

/// A dead letter of an event whose effect was refused (1 attempt) or that the bus refused (none).
inline constexpr pg::statement bury{"events_bury", R"(
INSERT INTO set_aside AS s (event_id, topic, key, schema_version, happened_at, correlation_id, payload, attempts, error)
VALUES ($1::text, $2::text, $3::text, $4::integer, $5::timestamptz, $6::text, $7::text, $9::integer, $8::text)
ON CONFLICT (event_id) DO UPDATE SET next_attempt_at = NULL, error = excluded.error)"};

/// Of each topic and key the earliest that waits, if its time has come. Ids alone.
inline constexpr pg::statement due{"events_due", R"(
SELECT s.event_id FROM set_aside s
WHERE s.next_attempt_at <= now()
  AND NOT EXISTS (SELECT FROM set_aside e WHERE e.topic = s.topic AND e.key = s.key
                    AND e.next_attempt_at IS NOT NULL AND e.place < s.place)
ORDER BY s.next_attempt_at LIMIT $1::bigint)"};

/// Takes one for an attempt, unless another process has it. Rolled back, it is there again.
inline constexpr pg::statement take_back{"events_take_back", R"(
WITH taken AS (
  SELECT event_id FROM set_aside WHERE event_id = $1::text AND next_attempt_at <= now() FOR UPDATE SKIP LOCKED)
DELETE FROM set_aside s USING taken WHERE s.event_id = taken.event_id
RETURNING s.event_id, s.topic, s.key, s.schema_version, s.happened_at, s.correlation_id, s.payload, s.attempts)"};

inline constexpr pg::statement count_attempt{"events_count_attempt", R"(
UPDATE set_aside SET attempts = attempts + 1, error = $2::text,
                     next_attempt_at = now() + make_interval(secs => $3::bigint / 1000.0)
WHERE event_id = $1::text AND next_attempt_at IS NOT NULL)"};

inline constexpr pg::statement measure_set_aside{"events_measure_set_aside", R"(
SELECT count(*) FILTER (WHERE next_attempt_at IS NOT NULL), count(*) FILTER (WHERE next_attempt_at IS NULL)
FROM set_aside)"};

// ---- dead letters

inline constexpr pg::statement list_dead{"events_list_dead", R"(
SELECT event_id, topic, key, schema_version, happened_at, correlation_id, payload, set_aside_at, attempts, error
FROM set_aside WHERE next_attempt_at IS NULL AND ($1::text IS NULL OR event_id = $1::text) ORDER BY place
LIMIT $2::bigint)"};

/// All when $1 is NULL. What the bus refused, which nobody tried to handle, leaves the outbox once more; what is not
/// there stays a dead letter.
inline constexpr pg::statement replay_dead{"events_replay_dead", R"(
WITH refused AS (
  UPDATE outbox o SET published_at = NULL FROM set_aside s
  WHERE o.event_id = s.event_id AND s.next_attempt_at IS NULL AND s.attempts = 0
    AND ($1::text IS NULL OR s.event_id = $1::text) RETURNING o.event_id
), out AS (
  DELETE FROM set_aside s USING refused r WHERE s.event_id = r.event_id
), again AS (
  UPDATE set_aside SET attempts = 0, next_attempt_at = now()
  WHERE next_attempt_at IS NULL AND attempts > 0 AND ($1::text IS NULL OR event_id = $1::text) RETURNING event_id)
SELECT (SELECT count(*) FROM refused) + (SELECT count(*) FROM again))"};

/// What is dropped counts as handled: should the bus bring it once more, it is passed over. What the bus refused never
/// happened to others.
inline constexpr pg::statement drop_dead{"events_drop_dead", R"(
WITH dropped AS (
  DELETE FROM set_aside WHERE next_attempt_at IS NULL AND event_id = $1::text RETURNING event_id, attempts
), noted AS (
  INSERT INTO inbox (event_id) SELECT event_id FROM dropped WHERE attempts > 0 ON CONFLICT (event_id) DO NOTHING
), unsaid AS (
  DELETE FROM outbox o USING dropped d WHERE d.attempts = 0 AND o.event_id = d.event_id)
SELECT event_id FROM dropped)"};

inline constexpr const pg::statement* all_statements[] = {
    &record,    &lock_outbox,   &waiting,           &mark_published, &measure_outbox, &forget_published,
    &hold_back, &take,          &forget_handled,    &set_aside,      &bury,           &due,
    &take_back, &count_attempt, &measure_set_aside, &list_dead,      &replay_dead,    &drop_dead};

}  // namespace ticketshow::events::queries
