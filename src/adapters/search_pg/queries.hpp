#pragma once

#include "pg/statement.hpp"

/// Every statement that the search index on PostgreSQL sends.
namespace ticketshow::search_pg::queries {

using namespace std::chrono_literals;

inline constexpr pg::statement searched_generation{
    "search_searched_generation", "SELECT number FROM search_index.generation WHERE state = 'SEARCHED'"};

// ---- searching

/// The best documents of one kind by a rough measure, for ranking.hpp to look at closely. Who has all words in the
/// title comes before everybody else; only when there are not enough of those, the others are looked at. Both are
/// looked at up to a number, so that a single letter, which nearly every document has, costs no more than a word.
/// $1 all words, $2 all words exactly as typed, $3 the typed words, $4 what is enough, $5 folded city or '', $6 now, $7
/// the most, $8 how many hits are wanted. Columns: id, title, body (only where it matters), payload.
#define TICKETSHOW_LISTED(kind)                                                                 \
  " FROM search_index.document WHERE generation = (SELECT number FROM search_index.generation " \
  "WHERE state = 'SEARCHED') AND listed AND kind = '" kind                                      \
  "' AND ($5::text = '' OR EXISTS (SELECT FROM unnest(cities, until) AS p (city, until) "       \
  "WHERE p.city = $5::text AND p.until > $6::timestamptz)) "
#define TICKETSHOW_FIND(kind) \
  "WITH in_title AS MATERIALIZED ("                                                                   \
  "  SELECT id, title, '', payload FROM (SELECT *" TICKETSHOW_LISTED(kind)                            \
  "    AND title_words @@ $1::tsquery LIMIT 4000) d"                                                  \
  "  ORDER BY title_words @@ $2::tsquery DESC, starts_with(title, $3::text) DESC, title_length, id"   \
  "  LIMIT $7::bigint),"                                                                              \
  "anywhere AS ("                                                                                     \
  "  SELECT id, title, body, payload FROM (SELECT *" TICKETSHOW_LISTED(kind)                          \
  "    AND all_words @@ $4::tsquery AND NOT title_words @@ $1::tsquery"                               \
  "    AND (SELECT count(*) FROM in_title) < $8::bigint LIMIT 1000) d"                                \
  "  ORDER BY ts_rank('{0, 0, 0.1, 1}', all_words, $4::tsquery) DESC, title_length, id"               \
  "  LIMIT $7::bigint)"                                                                               \
  "SELECT * FROM in_title UNION ALL SELECT * FROM anywhere"

inline constexpr pg::statement find_shows{"search_find_shows", TICKETSHOW_FIND("show")};
inline constexpr pg::statement find_venues{"search_find_venues", TICKETSHOW_FIND("venue")};

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

/// $1 kind, $2 the id before the first, $3 the most.
inline constexpr pg::statement list_documents{"search_list_documents", R"(
SELECT id, version, listed FROM search_index.document
WHERE generation = (SELECT number FROM search_index.generation WHERE state = 'SEARCHED')
  AND kind = $1::text AND id > $2::bigint
ORDER BY id LIMIT $3::bigint)"};

// ---- writing. $1 is a generation; without one, all get what is written.

inline constexpr pg::statement put_documents{"search_put_documents", R"(
INSERT INTO search_index.document AS d
  (generation, kind, id, version, listed, title, body, title_length, title_words, all_words, cities, cities_shown,
   until, payload)
SELECT g.number, i.kind, i.id, i.version, i.listed, i.title, i.body, i.title_length, i.title_words::tsvector,
       i.all_words::tsvector, i.cities::text[], i.cities_shown::text[], i.until::timestamptz[], i.payload
FROM search_index.generation g,
     unnest($2::text[], $3::bigint[], $4::bigint[], $5::boolean[], $6::text[], $7::text[], $8::integer[], $9::text[],
            $10::text[], $11::text[], $12::text[], $13::text[], $14::text[])
  AS i (kind, id, version, listed, title, body, title_length, title_words, all_words, cities, cities_shown, until,
        payload)
WHERE $1::integer IS NULL OR g.number = $1::integer
ORDER BY g.number, i.kind, i.id
ON CONFLICT (generation, kind, id) DO UPDATE
SET version = excluded.version, listed = excluded.listed, title = excluded.title, body = excluded.body,
    title_length = excluded.title_length, title_words = excluded.title_words, all_words = excluded.all_words,
    cities = excluded.cities, cities_shown = excluded.cities_shown, until = excluded.until,
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
    &searched_generation, &find_shows,    &find_venues,   &similar_words, &cities,
    &list_documents,      &put_documents, &put_words,     &drop_building, &add_building,
    &share_building,      &lock_building, &drop_searched, &search_built};

}  // namespace ticketshow::search_pg::queries
