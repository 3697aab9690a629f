#pragma once

#include "pg/statement.hpp"

/// What payment sends about the provider's payments as it sees them, and about how far it has read the list of them.
/// Locks: see card_queries.hpp.
namespace ticketshow::payment::queries {

/// The provider's payment $1 is one of our payment $2 and in the state $3. What has succeeded stays so: an answer may
/// be older than the one before. Answers whether that is news; our payment is locked.
inline constexpr pg::statement record_charge{"payment_record_charge", R"(
WITH known AS (SELECT state FROM payment.charge WHERE provider_payment_id = $1::text)
INSERT INTO payment.charge AS h (provider_payment_id, payment_id, state)
VALUES ($1::text, $2::bigint, $3::payment.charge_state)
ON CONFLICT (provider_payment_id) DO UPDATE
SET state = CASE WHEN h.state = 'SUCCEEDED' THEN h.state ELSE excluded.state END, looked_at = now()
RETURNING h.state IS DISTINCT FROM (SELECT state FROM known))"};

/// A page on which something is under way is looked at again, though it cannot be paid any more.
inline constexpr pg::statement watch_again{"payment_watch_again", R"(
UPDATE payment.checkout SET next_look_at = now() + interval '10 minutes'
WHERE payment_id = $1::bigint AND next_look_at IS NULL AND session_id IS NOT NULL)"};

/// Of payment $1 what may still take money: under way, in part, or ($2) failed too and not looked at
/// since the page was $4 seconds old, when it could still be paid. At most $3, looked at the longest ago first.
inline constexpr pg::statement uncharged_of{"payment_uncharged_of", R"(
SELECT h.provider_payment_id FROM payment.charge h JOIN payment.checkout k ON k.payment_id = h.payment_id
WHERE h.payment_id = $1::bigint AND h.state <> 'SUCCEEDED'
  AND (h.state IN ('OPEN', 'PARTIAL') OR ($2::boolean AND h.looked_at < k.opened_at + make_interval(secs => $4::bigint)))
ORDER BY h.looked_at LIMIT $3::bigint)"};

/// Of what the provider lists, ids $1, references $2, states $3: those of ours that are new, or not as we know them.
inline constexpr pg::statement news_of_list{"payment_news_of_list", R"(
SELECT l.id
FROM unnest($1::text[], $2::text[], $3::text[]) AS l (id, reference, state)
JOIN payment.checkout k ON k.reference = l.reference
LEFT JOIN payment.charge h ON h.provider_payment_id = l.id
WHERE h.state IS NULL OR (h.state <> 'SUCCEEDED' AND h.state <> l.state::payment.charge_state))"};

/// What is to be read of the provider's list: from $2 seconds before what was read, at most $3 seconds more than that.
/// Nobody else reads it for $1 seconds.
inline constexpr pg::statement take_sweep{"payment_take_sweep", R"(
UPDATE payment.sweep SET next_at = now() + make_interval(secs => $1::bigint) WHERE next_at <= now()
RETURNING read_until - make_interval(secs => $2::bigint), least(now(), read_until + make_interval(secs => $3::bigint)))"};
inline constexpr pg::statement hold_sweep{"payment_hold_sweep", R"(
UPDATE payment.sweep SET next_at = now() + make_interval(secs => $1::bigint))"};
/// Read until $1, or no further than it was. The next is due in $2 milliseconds, at once when much is left.
inline constexpr pg::statement finish_sweep{"payment_finish_sweep", R"(
UPDATE payment.sweep
SET read_until = greatest(read_until, $1::timestamptz),
    next_at = CASE WHEN $1::timestamptz < now() - interval '1 hour' THEN now()
                   ELSE now() + make_interval(secs => $2::bigint / 1000.0) END)"};

inline constexpr const pg::statement* all_charge_statements[] = {
    &record_charge, &watch_again, &uncharged_of, &news_of_list, &take_sweep, &hold_sweep, &finish_sweep};

}  // namespace ticketshow::payment::queries
