#pragma once

#include "pg/statement.hpp"

/// Every statement that the bus on PostgreSQL sends.
namespace ticketshow::bus_pg::queries {

using namespace std::chrono_literals;

inline constexpr pg::statement make_partitions{"bus_make_partitions", R"(
INSERT INTO bus.partition (topic, number)
SELECT t.topic, n FROM unnest($1::text[], $2::integer[]) AS t (topic, partitions), generate_series(0, partitions - 1) AS n
WHERE NOT EXISTS (SELECT FROM bus.partition p WHERE p.topic = t.topic)
ORDER BY 1, 2 ON CONFLICT DO NOTHING)"};

inline constexpr pg::statement count_partitions{
    "bus_count_partitions", "SELECT topic, count(*) FROM bus.partition GROUP BY topic ORDER BY topic"};

/// Held until the commit, so that positions have no gaps and become visible in their order. Always in this order.
inline constexpr pg::statement lock_partitions{"bus_lock_partitions", R"(
SELECT topic FROM bus.partition WHERE (topic, number) IN (SELECT * FROM unnest($1::text[], $2::integer[]))
ORDER BY topic, number FOR NO KEY UPDATE)"};

/// $1 … $8 are the events in order: topic, partition, id, key, schema version, time, correlation id, payload.
inline constexpr pg::statement append{"bus_append", R"(
WITH incoming AS MATERIALIZED (
  SELECT i.*, row_number() OVER (PARTITION BY topic, number ORDER BY n) - 1 AS place
  FROM unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::integer[], $6::timestamptz[], $7::text[], $8::text[])
    WITH ORDINALITY AS i (topic, number, id, key, schema_version, happened_at, correlation_id, payload, n)
), advanced AS (
  UPDATE bus.partition p SET next_position = p.next_position + c.count
  FROM (SELECT topic, number, count(*) FROM incoming GROUP BY topic, number) c
  WHERE p.topic = c.topic AND p.number = c.number
  RETURNING p.topic, p.number, p.next_position - c.count AS first)
INSERT INTO bus.event (topic, partition, position, id, key, schema_version, happened_at, correlation_id, payload)
SELECT i.topic, i.number, a.first + i.place, i.id, i.key, i.schema_version, i.happened_at, i.correlation_id, i.payload
FROM incoming i JOIN advanced a USING (topic, number))",
                                      5s};

inline constexpr pg::statement notify{"bus_notify", "SELECT pg_notify('ticketshow_bus', '')"};

// ---- consuming

/// A consumer that is new begins with what the bus still has.
inline constexpr pg::statement join{"bus_join", R"(
INSERT INTO bus.progress (consumer, topic, partition)
SELECT $1::text, topic, number FROM bus.partition WHERE topic = ANY ($2::text[])
ON CONFLICT (consumer, topic, partition) DO UPDATE SET seen_at = now())"};

/// Topics that a consumer no longer takes keep no events for it.
inline constexpr pg::statement leave_topics{
    "bus_leave_topics", "DELETE FROM bus.progress WHERE consumer = $1::text AND topic <> ALL ($2::text[])"};

inline constexpr pg::statement be_seen{"bus_be_seen", R"(
WITH seen AS (
  UPDATE bus.progress SET seen_at = now() WHERE consumer = $1::text AND seen_at < now() - interval '1 hour')
INSERT INTO bus.member (consumer, holder, seen_at) VALUES ($1::text, $2::text, now())
ON CONFLICT (consumer, holder) DO UPDATE SET seen_at = excluded.seen_at)"};

/// Keeps and takes partitions up to the holder's share, those it has first, and lets go of more. $1 consumer, $2
/// holder, $3 for how many seconds. Who listens no longer is dead, whatever its lease says: its connection ended with
/// it.
inline constexpr pg::statement hold_share{"bus_hold_share", R"(
WITH alive AS MATERIALIZED (
  SELECT m.holder FROM bus.member m
  WHERE m.consumer = $1::text AND (m.holder = $2::text OR (m.seen_at > now() - make_interval(secs => $3::bigint)
    AND EXISTS (SELECT FROM pg_stat_activity a WHERE a.application_name = 'ticketshow bus ' || m.holder)))
), share AS (
  SELECT ceil((SELECT count(*) FROM bus.progress WHERE consumer = $1::text)::numeric / count(*)) AS size FROM alive
), mine AS (
  SELECT topic, partition, row_number() OVER (ORDER BY holder IS NOT NULL AND holder = $2::text DESC, topic, partition) AS place
  FROM bus.progress
  WHERE consumer = $1::text
    AND (holder IS NULL OR holder = $2::text OR held_until < now() OR holder NOT IN (SELECT holder FROM alive)))
UPDATE bus.progress p
SET holder = CASE WHEN m.place <= s.size THEN $2::text END,
    held_until = CASE WHEN m.place <= s.size THEN now() + make_interval(secs => $3::bigint) END
FROM mine m, share s
WHERE p.consumer = $1::text AND p.topic = m.topic AND p.partition = m.partition
  AND (p.holder = $2::text
       OR (m.place <= s.size
           AND (p.holder IS NULL OR p.held_until < now() OR p.holder NOT IN (SELECT holder FROM alive)))))"};

inline constexpr pg::statement let_go{"bus_let_go", R"(
UPDATE bus.progress SET holder = NULL, held_until = NULL WHERE consumer = $1::text AND holder = $2::text)"};

inline constexpr pg::statement leave{"bus_leave",
                                     "DELETE FROM bus.member WHERE consumer = $1::text AND holder = $2::text"};

/// $3 is the most of one partition.
inline constexpr pg::statement fetch{"bus_fetch", R"(
SELECT p.topic, p.partition, e.position, e.id, e.key, e.schema_version, e.happened_at, e.correlation_id, e.payload
FROM bus.progress p CROSS JOIN LATERAL (
  SELECT * FROM bus.event e WHERE e.topic = p.topic AND e.partition = p.partition AND e.position >= p.next_position
  ORDER BY e.position LIMIT $3::bigint) e
WHERE p.consumer = $1::text AND p.holder = $2::text AND p.held_until > now()
ORDER BY p.topic, p.partition, e.position)",
                                     5s};

/// Never back: a process that lost its partition meanwhile must not undo another's progress.
inline constexpr pg::statement advance{"bus_advance", R"(
UPDATE bus.progress p SET next_position = d.next
FROM unnest($2::text[], $3::integer[], $4::bigint[]) AS d (topic, partition, next)
WHERE p.consumer = $1::text AND p.topic = d.topic AND p.partition = d.partition AND p.next_position < d.next)"};

inline constexpr pg::statement backlog{"bus_backlog", R"(
SELECT p.consumer, coalesce(sum(t.next_position - p.next_position), 0)::bigint
FROM bus.progress p JOIN bus.partition t ON t.topic = p.topic AND t.number = p.partition
WHERE p.consumer = ANY ($1::text[]) GROUP BY p.consumer)"};

inline constexpr pg::statement is_there{"bus_is_there", "SELECT to_regclass('bus.progress') IS NOT NULL"};

/// What every consumer is past, once it is old; $1 is the age in seconds, $2 the most at once.
inline constexpr pg::statement forget{"bus_forget", R"(
DELETE FROM bus.event e USING (
  SELECT o.topic, o.partition, o.position FROM bus.event o
  WHERE o.appended_at < now() - make_interval(secs => $1::bigint)
    AND NOT EXISTS (SELECT FROM bus.progress p
                    WHERE p.topic = o.topic AND p.partition = o.partition AND p.next_position <= o.position)
  ORDER BY o.appended_at LIMIT $2::bigint) old
WHERE e.topic = old.topic AND e.partition = old.partition AND e.position = old.position)",
                                      10s};

/// Consumers of which no process was seen for $1 seconds: who they were, and how much they had still to handle.
inline constexpr pg::statement forget_consumers{"bus_forget_consumers", R"(
WITH gone AS (
  DELETE FROM bus.progress
  WHERE seen_at < now() - make_interval(secs => $1::bigint) AND (held_until IS NULL OR held_until < now())
  RETURNING consumer, topic, partition, next_position)
SELECT g.consumer, coalesce(sum(t.next_position - g.next_position), 0)::bigint
FROM gone g JOIN bus.partition t ON t.topic = g.topic AND t.number = g.partition GROUP BY g.consumer ORDER BY 1)"};

/// Processes that ended without a word.
inline constexpr pg::statement forget_members{"bus_forget_members",
                                              "DELETE FROM bus.member WHERE seen_at < now() - interval '1 day'"};

}  // namespace ticketshow::bus_pg::queries
