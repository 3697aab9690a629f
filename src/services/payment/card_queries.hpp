#pragma once

#include "pg/statement.hpp"

/// What payment sends about cards, beside queries.hpp: pages, captures, refunds to cards, and what the provider told.
///
/// The order of locks: who changes more than one row of a payment by card locks the row of payment.payment first
/// (lock_payment_of_page, lock_payment_of_attempt, or a change of its step), so that nobody waits for a lock that
/// somebody holds who waits for his. A statement that changes one row of one table holds nothing while it waits; one
/// that takes many passes over what is locked.
namespace ticketshow::payment::queries {

// ---- pages

/// Of the payments $1: what their owners see of the page, and who took the money.
inline constexpr pg::statement pages_of{"payment_pages_of", R"(
SELECT k.payment_id, k.reference, k.url, k.declined, c.provider_payment_id
FROM payment.checkout k LEFT JOIN payment.capture c ON c.payment_id = k.payment_id AND NOT c.surplus
WHERE k.payment_id = ANY ($1::bigint[]))"};

#define TICKETSHOW_PAGE_COLUMNS \
  "k.payment_id, k.session_id, p.step, p.booking_id, extract(epoch FROM now() - k.opened_at)::bigint, k.opened_at "

/// Pages that are to be looked at, at most $2; nobody else takes them for $1 seconds.
inline constexpr pg::statement take_due_pages{"payment_take_due_pages", R"(
WITH due AS (
  SELECT payment_id FROM payment.checkout WHERE next_look_at <= now() AND session_id IS NOT NULL
  ORDER BY next_look_at LIMIT $2::bigint FOR UPDATE SKIP LOCKED)
UPDATE payment.checkout k SET next_look_at = now() + make_interval(secs => $1::bigint)
FROM due JOIN payment.payment p ON p.id = due.payment_id WHERE k.payment_id = due.payment_id
RETURNING )" TICKETSHOW_PAGE_COLUMNS};

/// Pages that were opened from $1 on, behind that of the payment $2, at most $3, for the reconciler.
inline constexpr pg::statement recent_pages{"payment_recent_pages", "SELECT " TICKETSHOW_PAGE_COLUMNS R"(
FROM payment.checkout k JOIN payment.payment p ON p.id = k.payment_id
WHERE (k.opened_at, k.payment_id) > ($1::timestamptz, $2::bigint)
ORDER BY k.opened_at, k.payment_id LIMIT $3::bigint)",
                                            std::chrono::milliseconds(30'000)};
#undef TICKETSHOW_PAGE_COLUMNS

/// $2 seconds from now; never when that is null.
inline constexpr pg::statement look_again{"payment_look_again", R"(
UPDATE payment.checkout SET next_look_at = now() + make_interval(secs => $2::bigint) WHERE payment_id = $1::bigint)"};

/// Somebody waits for it: within $2 seconds at the latest.
inline constexpr pg::statement look_soon{"payment_look_soon", R"(
UPDATE payment.checkout SET next_look_at = least(next_look_at, now() + make_interval(secs => $2::bigint))
WHERE payment_id = $1::bigint AND next_look_at > now() + make_interval(secs => $2::bigint))"};

inline constexpr pg::statement record_decline{"payment_record_decline", R"(
UPDATE payment.checkout SET declined = $2::text WHERE payment_id = $1::bigint AND declined IS DISTINCT FROM $2::text)"};

// ---- captures

/// The payment of a page, against everybody who would change its step.
inline constexpr pg::statement lock_payment_of_page{"payment_lock_payment_of_page", R"(
SELECT p.id, p.step, p.amount, p.currency
FROM payment.checkout k JOIN payment.payment p ON p.id = k.payment_id WHERE k.reference = $1::text FOR UPDATE OF p)"};

/// Of payment $1: a capture that goes back at once when there is a reason, $5 and $6; nothing when it is known.
inline constexpr pg::statement record_card_capture{"payment_record_card_capture", R"(
INSERT INTO payment.capture (payment_id, provider_payment_id, amount, currency, surplus, state, code, reason)
VALUES ($1::bigint, $2::text, $3::bigint, $4::text, $5::text IS NOT NULL,
        CASE WHEN $5::text IS NULL THEN 'KEPT' ELSE 'OWED' END::payment.capture_state, $5::text, $6::text)
ON CONFLICT (provider_payment_id) DO NOTHING RETURNING id)"};

/// It is due at once.
inline constexpr pg::statement capture_by_card{"payment_capture_by_card", R"(
UPDATE payment.payment p
SET step = 'CAPTURED', capture_id = $2::bigint, reason = 'the card was charged', failures = 0, run = p.run + 1,
    lease_until = now(), next_attempt_at = now()
WHERE p.id = $1::bigint AND p.step IN ('INTENT', 'CHECKOUT'))"};

/// Somebody sent the money of the provider's payment $1 back, while we keep it. Nothing when that is known, or not so.
inline constexpr pg::statement note_refunded_outside{"payment_note_refunded_outside", R"(
UPDATE payment.capture SET refunded_outside_at = now()
WHERE provider_payment_id = $1::text AND state = 'KEPT' AND refunded_outside_at IS NULL RETURNING id)"};

inline constexpr pg::statement captures_of{"payment_captures_of", R"(
SELECT provider_payment_id, amount, currency, state = 'KEPT' FROM payment.capture WHERE payment_id = $1::bigint ORDER BY id)"};

// ---- refunds to cards

#define TICKETSHOW_OWED_COLUMNS                                                                                 \
  "c.id, c.payment_id, c.provider_payment_id, c.amount, c.currency, c.reason, c.attempts_allowed, c.failures, " \
  "r.id, r.attempt, r.reference, r.provider_refund_id, r.state, coalesce(ceil(extract(epoch FROM r.sent_at + "  \
  "make_interval(secs => $1::bigint) - now())), 0)::bigint "

/// Captures that must go back and are due, at most $3, with their latest attempt and for how long that may still take
/// effect ($1 seconds after it was sent). Nobody else takes them for $2 seconds.
inline constexpr pg::statement take_due_captures{"payment_take_due_captures", R"(
WITH due AS (
  SELECT id FROM payment.capture WHERE state = 'OWED' AND next_attempt_at <= now()
  ORDER BY next_attempt_at LIMIT $3::bigint FOR UPDATE SKIP LOCKED
), taken AS (
  UPDATE payment.capture c SET next_attempt_at = now() + make_interval(secs => $2::bigint), failures = c.failures + 1
  FROM due WHERE c.id = due.id RETURNING c.*
)
SELECT )" TICKETSHOW_OWED_COLUMNS R"(
FROM taken c LEFT JOIN LATERAL (
  SELECT * FROM payment.card_refund r WHERE r.capture_id = c.id ORDER BY r.attempt DESC LIMIT 1) r ON true)"};
#undef TICKETSHOW_OWED_COLUMNS

inline constexpr pg::statement record_attempt{"payment_record_attempt", R"(
INSERT INTO payment.card_refund (capture_id, attempt, reference) VALUES ($1::bigint, $2::bigint, $3::text)
ON CONFLICT DO NOTHING RETURNING id)"};

/// The same attempt is sent once more, since the provider does not have it $2 seconds after it was sent: of those who
/// saw that, one.
inline constexpr pg::statement send_attempt_again{"payment_send_attempt_again", R"(
UPDATE payment.card_refund SET sent_at = now()
WHERE id = $1::bigint AND state = 'SENDING' AND sent_at <= now() - make_interval(secs => $2::bigint) RETURNING id)"};

/// The same for the payment of the attempt $1 to send something back.
inline constexpr pg::statement lock_payment_of_attempt{"payment_lock_payment_of_attempt", R"(
SELECT p.id FROM payment.card_refund r
JOIN payment.capture c ON c.id = r.capture_id JOIN payment.payment p ON p.id = c.payment_id
WHERE r.id = $1::bigint FOR UPDATE OF p)"};

/// The attempt $1 succeeded: a later one of its capture that the provider does not know is not sent any more.
inline constexpr pg::statement supersede_attempts{"payment_supersede_attempts", R"(
UPDATE payment.card_refund r SET state = 'FAILED', words = 'An earlier attempt succeeded after all.'
FROM payment.card_refund made
WHERE made.id = $1::bigint AND r.capture_id = made.capture_id AND r.attempt > made.attempt
  AND r.state = 'SENDING' AND r.provider_refund_id IS NULL)"};

/// Attempt $1 is in the state $2 now. Nothing when that is no news. One that failed may have succeeded after all, but
/// only one of a capture ever does.
inline constexpr pg::statement record_attempt_state{"payment_record_attempt_state", R"(
UPDATE payment.card_refund r
SET state = $2::payment.card_refund_state, provider_refund_id = coalesce(r.provider_refund_id, $3::text), words = $4::text
WHERE r.id = $1::bigint AND r.state <> $2::payment.card_refund_state
  AND (r.state IN ('SENDING', 'PENDING') OR $2::payment.card_refund_state = 'SUCCEEDED' AND NOT EXISTS (
         SELECT FROM payment.card_refund o WHERE o.capture_id = r.capture_id AND o.state <> 'FAILED'))
RETURNING r.capture_id, r.attempt)"};

/// The attempts to send back what is still owed of a provider's payment; first the one that has not ended.
inline constexpr pg::statement attempts_of{"payment_attempts_of", R"(
SELECT r.id, r.attempt, r.reference, r.provider_refund_id, r.state, c.amount
FROM payment.capture c JOIN payment.card_refund r ON r.capture_id = c.id
WHERE c.provider_payment_id = $1::text AND c.state IN ('OWED', 'STUCK') ORDER BY r.state = 'FAILED', r.attempt)"};

/// The money is back, the provider says. Answers the payment, and whether this was what it was captured by.
inline constexpr pg::statement record_returned{"payment_record_returned", R"(
UPDATE payment.capture c SET state = 'RETURNED' WHERE c.id = $1::bigint AND c.state IN ('OWED', 'STUCK')
RETURNING c.payment_id, NOT c.surplus)"};
inline constexpr pg::statement record_refund_to_card{"payment_record_refund_to_card", R"(
UPDATE payment.refund SET capture_id = $2::bigint, completed_at = now() WHERE payment_id = $1::bigint AND completed_at IS NULL)"};

/// $2 seconds from now: it could be asked or sent. $3: that led further, and what did not begins to count anew.
inline constexpr pg::statement put_off_capture{"payment_put_off_capture", R"(
UPDATE payment.capture SET next_attempt_at = now() + make_interval(secs => $2::bigint), errors = 0, trouble = NULL,
                           failures = CASE WHEN $3::boolean THEN 0 ELSE failures END
WHERE id = $1::bigint)"};
/// The same for what could not, because of $3. Answers how often that was so in a row.
inline constexpr pg::statement put_off_troubled_capture{"payment_put_off_troubled_capture", R"(
UPDATE payment.capture SET next_attempt_at = now() + make_interval(secs => $2::bigint), errors = errors + 1, trouble = $3::text
WHERE id = $1::bigint RETURNING errors)"};

/// The same for what the provider's limit of calls left no time for: that is no trouble, and counts for nothing.
inline constexpr pg::statement put_off_unsent_capture{"payment_put_off_unsent_capture", R"(
UPDATE payment.capture SET next_attempt_at = now() + make_interval(secs => $2::bigint), failures = greatest(failures - 1, 0)
WHERE id = $1::bigint)"};

inline constexpr pg::statement give_up_capture{"payment_give_up_capture", R"(
UPDATE payment.capture SET state = 'STUCK' WHERE id = $1::bigint AND state = 'OWED' RETURNING id)"};

/// An operator lets it be tried again, some times more than it was.
inline constexpr pg::statement retry_capture{"payment_retry_capture", R"(
UPDATE payment.capture c
SET state = 'OWED', failures = 0, next_attempt_at = now(),
    attempts_allowed = 5 + (SELECT count(*) FROM payment.card_refund r WHERE r.capture_id = c.id)
WHERE c.id = $1::bigint AND c.state = 'STUCK' RETURNING c.id)"};

/// After a start nobody works on anything, but on what is locked.
inline constexpr pg::statement release_captures{"payment_release_captures", R"(
UPDATE payment.capture SET next_attempt_at = now() WHERE id IN (
  SELECT id FROM payment.capture WHERE state = 'OWED' AND failures <= 1 FOR UPDATE SKIP LOCKED))"};

/// For operators: captures that are not as they should be, the oldest first: stuck ones, those that got nowhere $2
/// times in a row, those that are kept and went back all the same, or ($1) all that are owed too.
inline constexpr pg::statement list_owed{"payment_list_owed", R"(
SELECT c.id, c.payment_id, p.booking_id, c.provider_payment_id, c.amount, c.currency, c.state::text,
       coalesce(c.code, 'REFUNDED_OUTSIDE'),
       coalesce((SELECT max(r.attempt) FROM payment.card_refund r WHERE r.capture_id = c.id), 0),
       CASE c.state WHEN 'KEPT' THEN 'Its money was sent back at the card provider, and its booking stands.'
         ELSE coalesce(c.trouble, (SELECT r.words FROM payment.card_refund r WHERE r.capture_id = c.id ORDER BY r.attempt DESC LIMIT 1), '') END,
       CASE c.state WHEN 'KEPT' THEN c.refunded_outside_at ELSE c.state_at END
FROM payment.capture c JOIN payment.payment p ON p.id = c.payment_id
WHERE c.state IN ('OWED', 'STUCK') AND (c.state = 'STUCK' OR c.errors >= $2::bigint OR $1::boolean)
   OR c.state = 'KEPT' AND c.refunded_outside_at IS NOT NULL
ORDER BY c.id LIMIT 1000)"};

// ---- what the provider told

/// Nothing when it was told before. $6: nobody has to look.
inline constexpr pg::statement record_notice{"payment_record_notice", R"(
INSERT INTO payment.notice (id, about, type, provider_payment_id, provider_refund_id, handled_at, outcome)
VALUES ($1::text, $2::text, $3::text, $4::text, $5::text, CASE WHEN $6::text IS NOT NULL THEN now() END, $6::text)
ON CONFLICT (id) DO NOTHING RETURNING id)"};

/// At most $2; nobody else takes them for $1 seconds.
inline constexpr pg::statement take_notices{"payment_take_notices", R"(
WITH due AS (
  SELECT id FROM payment.notice WHERE handled_at IS NULL AND next_attempt_at <= now()
  ORDER BY next_attempt_at LIMIT $2::bigint FOR UPDATE SKIP LOCKED)
UPDATE payment.notice n SET next_attempt_at = now() + make_interval(secs => $1::bigint), failures = n.failures + 1
FROM due WHERE n.id = due.id
RETURNING n.id, n.about, n.type, n.provider_payment_id, n.provider_refund_id, n.failures)"};

inline constexpr pg::statement release_notices{"payment_release_notices", R"(
UPDATE payment.notice SET next_attempt_at = now() WHERE id IN (
  SELECT id FROM payment.notice WHERE handled_at IS NULL AND failures <= 1 FOR UPDATE SKIP LOCKED))"};

inline constexpr pg::statement finish_notice{"payment_finish_notice", R"(
UPDATE payment.notice SET handled_at = now(), outcome = $2::text WHERE id = $1::text AND handled_at IS NULL)"};
inline constexpr pg::statement put_off_notice{"payment_put_off_notice", R"(
UPDATE payment.notice SET next_attempt_at = now() + make_interval(secs => $2::bigint)
WHERE id = $1::text AND handled_at IS NULL)"};

/// For operators: disputes of the last year, the newest first.
inline constexpr pg::statement list_disputes{"payment_list_disputes", R"(
SELECT n.received_at, n.type, n.provider_payment_id, p.id, p.booking_id, p.amount, p.currency
FROM payment.notice n
LEFT JOIN payment.charge h ON h.provider_payment_id = n.provider_payment_id
LEFT JOIN payment.payment p ON p.id = h.payment_id
WHERE n.about = 'dispute' ORDER BY n.received_at DESC LIMIT 1000)"};

/// Those of more than $1 seconds ago, at most $2: the provider does not repeat them any more. Disputes are for people,
/// who have a year.
inline constexpr pg::statement forget_notices{"payment_forget_notices", R"(
DELETE FROM payment.notice WHERE id IN (
  SELECT id FROM payment.notice WHERE received_at < now() - make_interval(secs => $1::bigint)
    AND (about <> 'dispute' OR received_at < now() - interval '1 year')
  ORDER BY received_at LIMIT $2::bigint FOR UPDATE SKIP LOCKED) RETURNING handled_at IS NULL)"};

inline constexpr const pg::statement* all_card_statements[] = {&pages_of,
                                                               &take_due_pages,
                                                               &recent_pages,
                                                               &look_again,
                                                               &look_soon,
                                                               &record_decline,
                                                               &lock_payment_of_page,
                                                               &record_card_capture,
                                                               &capture_by_card,
                                                               &note_refunded_outside,
                                                               &captures_of,
                                                               &take_due_captures,
                                                               &record_attempt,
                                                               &send_attempt_again,
                                                               &lock_payment_of_attempt,
                                                               &supersede_attempts,
                                                               &record_attempt_state,
                                                               &attempts_of,
                                                               &record_returned,
                                                               &record_refund_to_card,
                                                               &put_off_capture,
                                                               &put_off_troubled_capture,
                                                               &put_off_unsent_capture,
                                                               &give_up_capture,
                                                               &retry_capture,
                                                               &release_captures,
                                                               &list_owed,
                                                               &record_notice,
                                                               &take_notices,
                                                               &release_notices,
                                                               &finish_notice,
                                                               &put_off_notice,
                                                               &list_disputes,
                                                               &forget_notices};

}  // namespace ticketshow::payment::queries
