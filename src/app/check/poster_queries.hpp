#pragma once

#include "app/check/queries.hpp"

/// What I11 asks of catalog.
namespace ticketshow::check::queries {

/// The posters of shows behind the name $1, at most $2, with up to ten shows of each. A poster of which there is no row
/// has no widths.
inline constexpr pg::statement posters_shown{"check_posters_shown", R"(
SELECT w.poster, p.widths, coalesce(p.height, 0),
       array_to_string((array_agg(w.id ORDER BY w.id))[1:10], ', ') || CASE WHEN count(*) > 10 THEN ', …' ELSE '' END
FROM catalog.show w LEFT JOIN catalog.poster p ON p.name = w.poster
WHERE w.poster > $1::text GROUP BY w.poster, p.name ORDER BY w.poster LIMIT $2::bigint)",
                                             long_time};

inline constexpr pg::statement poster_still_shown{"check_poster_still_shown",
                                                  "SELECT EXISTS (SELECT FROM catalog.show WHERE poster = $1::text)"};

inline constexpr pg::statement count_posters_unused{"check_count_posters_unused", R"(
SELECT count(*) FROM catalog.poster p WHERE NOT EXISTS (SELECT FROM catalog.show w WHERE w.poster = p.name))",
                                                    long_time};

inline constexpr const pg::statement* poster_statements[] = {&posters_shown, &poster_still_shown,
                                                             &count_posters_unused};

}  // namespace ticketshow::check::queries
