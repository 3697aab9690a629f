#pragma once

#include "pg/statement.hpp"

/// Every statement that the search index on PostgreSQL sends.
namespace ticketshow::search_pg::queries {

using namespace std::chrono_literals;

inline constexpr pg::statement searched_generation{
    "search_searched_generation", "SELECT number FROM search_index.generation WHERE state = 'SEARCHED'"};

// ---- searching

/// $1 kind, $2 what must fit, $3 the same in titles alone, $4 folded city or '', $5 now, $6 the most. The best by a
/// rough measure, for ranking.hpp to look at closely.
inline constexpr pg::statement find{"search_find", R"(
SELECT d.id, d.title, d.body, d.payload FROM search_index.document d
WHERE d.generation = (SELECT number FROM search_index.generation WHERE state = 'SEARCHED')
  AND d.kind = $1::text AND d.listed AND d.words @@ $2::tsquery
  AND ($4::text = '' OR EXISTS (
    SELECT FROM unnest(d.cities, d.until) AS p (city, until) WHERE p.city = $4::text AND p.until > $5::timestamptz))
ORDER BY d.words @@ $3::tsquery DESC, ts_rank('{0, 0, 0.1, 1}', d.words, $2::tsquery) DESC, length(d.title), d.id
LIMIT $6::bigint)"};

/// Words that share a key with a typed word; $1 has an array of keys for each of those, $2 is the most a typed word.
inline constexpr pg::statement similar_words{"search_similar_words", R"(
SELECT t.n, w.word
FROM unnest($1::text[]) WITH ORDINALITY AS t (keys, n)
CROSS JOIN LATERAL (
  SELECT word FROM search_index.word
  WHERE generation = (SELECT number FROM search_index.generation WHERE state = 'SEARCHED') AND keys && t.keys::text[]
  LIMIT $2::bigint) w)"};

inline constexpr pg::statement cities{"search_cities", R"(
SELECT min(p.shown) FROM search_index.document d, unnest(d.cities, d.cities_shown) AS p (city, shown)
WHERE d.generation = (SELECT number FROM search_index.generation WHERE state = 'SEARCHED')
  AND d.kind = 'venue' AND d.listed
GROUP BY p.city ORDER BY p.city COLLATE "C" LIMIT $1::bigint)"};

// ---- writing. $1 is a generation; without one, all get what is written.

inline constexpr pg::statement put_documents{"search_put_documents", R"(
INSERT INTO search_index.document AS d
  (generation, kind, id, version, listed, title, body, words, cities, cities_shown, until, payload)
SELECT g.number, i.kind, i.id, i.version, i.listed, i.title, i.body, i.words::tsvector, i.cities::text[],
       i.cities_shown::text[], i.until::timestamptz[], i.payload
FROM search_index.generation g, unnest($2::text[], $3::bigint[], $4::bigint[], $5::boolean[], $6::text[], $7::text[],
                                       $8::text[], $9::text[], $10::text[], $11::text[], $12::text[])
  AS i (kind, id, version, listed, title, body, words, cities, cities_shown, until, payload)
WHERE $1::integer IS NULL OR g.number = $1::integer
ORDER BY g.number, i.kind, i.id
ON CONFLICT (generation, kind, id) DO UPDATE
SET version = excluded.version, listed = excluded.listed, title = excluded.title, body = excluded.body,
    words = excluded.words, cities = excluded.cities, cities_shown = excluded.cities_shown, until = excluded.until,
    payload = excluded.payload
WHERE d.version < excluded.version)",
                                             20s};

inline constexpr pg::statement put_words{"search_put_words", R"(
INSERT INTO search_index.word (generation, word, keys)
SELECT g.number, i.word, i.keys::text[]
FROM search_index.generation g, unnest($2::text[], $3::text[]) AS i (word, keys)
WHERE ($1::integer IS NULL OR g.number = $1::integer)
  AND NOT EXISTS (SELECT FROM search_index.word w WHERE w.generation = g.number AND w.word = i.word)
ORDER BY g.number, i.word COLLATE "C" ON CONFLICT DO NOTHING)",
                                         20s};

// ---- rebuilding

inline constexpr pg::statement drop_building{"search_drop_building",
                                             "DELETE FROM search_index.generation WHERE state = 'BUILDING'", 60s};

inline constexpr pg::statement add_building{
    "search_add_building", "INSERT INTO search_index.generation (state) VALUES ('BUILDING') RETURNING number"};

/// Keeps the generation from being dropped until the transaction ends.
inline constexpr pg::statement share_building{
    "search_share_building",
    "SELECT number FROM search_index.generation WHERE number = $1::integer AND state = 'BUILDING' FOR KEY SHARE"};

inline constexpr pg::statement lock_building{
    "search_lock_building",
    "SELECT number FROM search_index.generation WHERE number = $1::integer AND state = 'BUILDING' FOR UPDATE"};

inline constexpr pg::statement drop_searched{"search_drop_searched",
                                             "DELETE FROM search_index.generation WHERE state = 'SEARCHED'", 60s};

inline constexpr pg::statement search_built{
    "search_search_built", "UPDATE search_index.generation SET state = 'SEARCHED' WHERE number = $1::integer"};

inline constexpr const pg::statement* all_statements[] = {
    &searched_generation, &find,         &similar_words,  &cities,        &put_documents, &put_words,
    &drop_building,       &add_building, &share_building, &lock_building, &drop_searched, &search_built};

}  // namespace ticketshow::search_pg::queries
