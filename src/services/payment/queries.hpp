#pragma once

#include "pg/statement.hpp"

/// Every statement that payment sends. Each change of step names the step it starts from, so that of two runs that
/// bring the same payment forward at once one records it and the other finds it recorded.
namespace ticketshow::payment::queries {

// The columns of a `payment` row as store.cpp reads them.
#define TICKETSHOW_PAYMENT_COLUMNS                                                                                   \
  "p.id, p.booking_id, p.user_id, p.amount, p.currency, p.method, p.description, p.step, p.reason, p.failure_code, " \
  "p.transaction_id, p.correlation_id, p.created_at, p.updated_at, p.run, p.failures, p.payer_email, p.capture_id"

#define TICKETSHOW_PAYMENT_IN_FLIGHT \
  "(p.step IN ('INTENT', 'CAPTURED') OR (p.step = 'GIVING_BACK' AND p.method = 'WALLET'))"
// The same by the column of the index payment_in_flight, for those who look for all that is.
#define TICKETSHOW_ALL_IN_FLIGHT "p.in_flight"

// How long a run has its payment to itself, in seconds: $4 for one by card, else $1.
#define TICKETSHOW_PAYMENT_LEASE "make_interval(secs => CASE p.method WHEN 'DODO' THEN $4::bigint ELSE $1::bigint END)"

// Begins a run: the lease ends after that time, a debit that it sends is in doubt for $2 seconds.
#define TICKETSHOW_PAYMENT_TAKE                                                                               \
  "UPDATE payment.payment p SET run = p.run + 1, lease_until = now() + " TICKETSHOW_PAYMENT_LEASE             \
  ", next_attempt_at = now() + " TICKETSHOW_PAYMENT_LEASE                                                     \
  ", in_doubt_until = CASE WHEN p.step = 'INTENT' THEN "                                                      \
  "greatest(p.in_doubt_until, now() + make_interval(secs => $2::bigint)) ELSE p.in_doubt_until END FROM due " \
  "WHERE p.id = due.id RETURNING " TICKETSHOW_PAYMENT_COLUMNS ", nullif(greatest(due.in_doubt_until, now()), now())"

/// Nothing when the booking has a live payment, or the top-up is there. Begins its first run, as
/// TICKETSHOW_PAYMENT_TAKE does, with a lease of $1 seconds. One by card ($10) gets its page's reference, $12, which
/// its id makes readable.
inline constexpr pg::statement record_intent{"payment_record_intent", R"(
WITH made AS (
  INSERT INTO payment.payment (booking_id, user_id, amount, currency, description, correlation_id, payer_email, method,
                               idempotency_key, lease_until, next_attempt_at, in_doubt_until)
  VALUES ($3::bigint, $4::bigint, $5::bigint, $6::text, $7::text, $8::text, $9::text, $10::text, $11::text,
          now() + make_interval(secs => $1::bigint), now() + make_interval(secs => $1::bigint),
          now() + make_interval(secs => $2::bigint))
  ON CONFLICT DO NOTHING RETURNING *
), page AS (
  INSERT INTO payment.checkout (payment_id, reference)
  SELECT id, 'payment:' || id || ':' || $12::text FROM made WHERE method = 'DODO'
)
SELECT )" TICKETSHOW_PAYMENT_COLUMNS ", NULL::timestamptz FROM made p"};

/// Against parallel payments by card of the account $1, so that they can be counted.
inline constexpr pg::statement lock_payer{
    "payment_lock_payer", "SELECT pg_advisory_xact_lock(hashtextextended('payment.payer', $1::bigint))"};

/// What the account $1 began by card within the last hour: how many, how many of them fill the wallet and are not paid,
/// and in how many seconds the oldest of each is an hour old.
inline constexpr pg::statement pages_begun{"payment_pages_begun", R"(
SELECT count(*), count(*) FILTER (WHERE unpaid_top_up), coalesce(ceil(extract(epoch FROM min(ends))), 0)::bigint,
       coalesce(ceil(extract(epoch FROM min(ends) FILTER (WHERE unpaid_top_up))), 0)::bigint
FROM (SELECT p.created_at + interval '1 hour' - now() AS ends,
             p.booking_id IS NULL AND p.step IN ('INTENT', 'CHECKOUT') AS unpaid_top_up
      FROM payment.payment p
      WHERE p.user_id = $1::bigint AND p.method = 'DODO' AND p.created_at > now() - interval '1 hour') b)"};

// ---- reading

inline constexpr pg::statement get_payment{
    "payment_get", "SELECT " TICKETSHOW_PAYMENT_COLUMNS " FROM payment.payment p WHERE p.id = $1::bigint"};

inline constexpr pg::statement list_payments{"payment_list", "SELECT " TICKETSHOW_PAYMENT_COLUMNS R"(
FROM payment.payment p WHERE p.user_id = $1::bigint AND p.booking_id IS NOT NULL ORDER BY p.id DESC OFFSET $2::bigint LIMIT $3::bigint)"};

/// A live payment before those that are over, then the newest.
inline constexpr pg::statement payment_of_booking{"payment_of_booking", "SELECT " TICKETSHOW_PAYMENT_COLUMNS R"(
FROM payment.payment p WHERE p.booking_id = $1::bigint ORDER BY p.live DESC, p.id DESC LIMIT 1)"};

inline constexpr pg::statement latest_payment_of_booking{"payment_latest_of_booking",
                                                         "SELECT " TICKETSHOW_PAYMENT_COLUMNS R"(
FROM payment.payment p WHERE p.booking_id = $1::bigint AND p.user_id = $2::bigint ORDER BY p.id DESC LIMIT 1)"};

inline constexpr pg::statement find_top_up{"payment_find_top_up", "SELECT " TICKETSHOW_PAYMENT_COLUMNS R"(
FROM payment.payment p WHERE p.user_id = $1::bigint AND p.idempotency_key = $2::text)"};

/// Whether anything was ever given back for this booking.
inline constexpr pg::statement was_refunded{
    "payment_was_refunded",
    "SELECT EXISTS (SELECT FROM payment.payment WHERE booking_id = $1::bigint AND step = 'REFUNDED')"};

// ---- taking up

/// One payment, unless somebody works on it.
inline constexpr pg::statement take{"payment_take", R"(
WITH due AS (
  SELECT p.id, p.in_doubt_until FROM payment.payment p
  WHERE p.id = $3::bigint AND p.lease_until <= now() AND )" TICKETSHOW_PAYMENT_IN_FLIGHT
                                                    " FOR UPDATE) " TICKETSHOW_PAYMENT_TAKE};

inline constexpr pg::statement take_due{"payment_take_due", R"(
WITH due AS (
  SELECT p.id, p.in_doubt_until FROM payment.payment p
  WHERE p.next_attempt_at <= now() AND )" TICKETSHOW_ALL_IN_FLIGHT R"(
  ORDER BY p.next_attempt_at LIMIT $3::bigint FOR UPDATE SKIP LOCKED) )" TICKETSHOW_PAYMENT_TAKE};

/// Everything in flight is due at once: after a crash nobody waits for the leases of the dead. Those of the living, of
/// another process, are ended too, which costs a second run of what they are at, and a second run does no harm.
inline constexpr pg::statement release_all{"payment_release_all", R"(
UPDATE payment.payment p SET lease_until = now(), next_attempt_at = now()
WHERE )" TICKETSHOW_ALL_IN_FLIGHT};

/// How many payments are under way and how many refunds are owed, and since when the oldest of each, in seconds; and
/// how many of the refunds wait for an operator, or got nowhere so often that one should look (rules::troubled_after),
/// or were made by somebody else, and their bookings stand. Last, what the card provider is needed for: pages on which
/// a card may still be charged, and refunds to cards that go on by themselves.
inline constexpr pg::statement count_open{"payment_count_open", R"(
SELECT count(*) FILTER (WHERE NOT owed), coalesce(extract(epoch FROM now() - min(since) FILTER (WHERE NOT owed))::bigint, 0),
       count(*) FILTER (WHERE owed), coalesce(extract(epoch FROM now() - min(since) FILTER (WHERE owed))::bigint, 0),
       count(*) FILTER (WHERE stuck),
       (SELECT count(*) FROM payment.checkout WHERE next_look_at IS NOT NULL AND session_id IS NOT NULL),
       (SELECT count(*) FROM payment.capture WHERE state = 'OWED')
FROM (SELECT p.step = 'GIVING_BACK' AS owed, CASE p.step WHEN 'GIVING_BACK' THEN p.updated_at ELSE p.created_at END AS since,
             false AS stuck
      FROM payment.payment p WHERE )" TICKETSHOW_ALL_IN_FLIGHT R"(
      UNION ALL SELECT true, c.state_at, c.state = 'STUCK' OR c.errors >= 8 FROM payment.capture c WHERE c.state IN ('OWED', 'STUCK')
      UNION ALL SELECT NULL, NULL, true FROM payment.capture c WHERE c.state = 'KEPT' AND c.refunded_outside_at IS NOT NULL) o)"};

/// $3 milliseconds from now, unless a newer run has it.
inline constexpr pg::statement put_off{"payment_put_off", R"(
UPDATE payment.payment p
SET failures = failures + 1, lease_until = now(), next_attempt_at = now() + make_interval(secs => $3::bigint / 1000.0)
WHERE p.id = $1::bigint AND p.run = $2::bigint AND )" TICKETSHOW_PAYMENT_IN_FLIGHT};

/// Until $3, when the debits of earlier runs are no longer in doubt; this run's own was answered.
inline constexpr pg::statement put_off_in_doubt{"payment_put_off_in_doubt", R"(
UPDATE payment.payment p
SET lease_until = now(), next_attempt_at = $3::timestamptz, in_doubt_until = $3::timestamptz
WHERE p.id = $1::bigint AND p.run = $2::bigint AND p.step = 'INTENT')"};

// ---- steps forward: each answers with the row when it made the step, with nothing when the payment was elsewhere

inline constexpr pg::statement record_capture{"payment_record_capture", R"(
UPDATE payment.payment p
SET step = 'CAPTURED', transaction_id = $2::bigint, reason = 'the wallet was debited', failures = 0
WHERE p.id = $1::bigint AND p.step = 'INTENT' RETURNING )" TICKETSHOW_PAYMENT_COLUMNS};

/// Only by the newest run: an older one does not know what a newer one has sent.
inline constexpr pg::statement record_failure{"payment_record_failure", R"(
UPDATE payment.payment p SET step = 'FAILED', failure_code = $3::text, reason = $4::text
WHERE p.id = $1::bigint AND p.step = 'INTENT' AND p.run = $2::bigint RETURNING )" TICKETSHOW_PAYMENT_COLUMNS};

/// A payment by card for which nothing was captured. What its page may still bring goes back.
inline constexpr pg::statement record_closing{"payment_record_closing", R"(
UPDATE payment.payment p SET step = 'FAILED', failure_code = $2::text, reason = $3::text
WHERE p.id = $1::bigint AND p.step IN ('INTENT', 'CHECKOUT') AND p.method = 'DODO' RETURNING )" TICKETSHOW_PAYMENT_COLUMNS};

/// What came back from the provider is kept also when the payment was closed meanwhile: the page is looked after.
inline constexpr pg::statement record_page{"payment_record_page", R"(
UPDATE payment.checkout SET session_id = $2::text, url = $3::text, opened_at = now(),
                            next_look_at = now() + make_interval(secs => $4::bigint)
WHERE payment_id = $1::bigint AND session_id IS NULL)"};
inline constexpr pg::statement record_checkout{"payment_record_checkout", R"(
UPDATE payment.payment p SET step = 'CHECKOUT', reason = 'the page is open', failures = 0
WHERE p.id = $1::bigint AND p.step = 'INTENT' RETURNING )" TICKETSHOW_PAYMENT_COLUMNS};

inline constexpr pg::statement record_completion{"payment_record_completion", R"(
UPDATE payment.payment p SET step = 'COMPLETED', reason = 'the booking is confirmed', failures = 0
WHERE p.id = $1::bigint AND p.step = 'CAPTURED' RETURNING )" TICKETSHOW_PAYMENT_COLUMNS};

/// $2 is the credit in the wallet's ledger.
inline constexpr pg::statement record_top_up{"payment_record_top_up", R"(
UPDATE payment.payment p
SET step = 'COMPLETED', transaction_id = $2::bigint, reason = 'the money is in the wallet', failures = 0
WHERE p.id = $1::bigint AND p.step = 'CAPTURED' RETURNING )" TICKETSHOW_PAYMENT_COLUMNS};

/// The decision to give back and its record are one statement. $2 is the step it starts from, $6 the lease's seconds:
/// who decided goes on at once.
inline constexpr pg::statement record_giving_back{"payment_record_giving_back", R"(
WITH moved AS (
  UPDATE payment.payment p
  SET step = 'GIVING_BACK', failure_code = $3::text, reason = $4::text, run = p.run + 1, failures = 0,
      lease_until = now() + make_interval(secs => $6::bigint), next_attempt_at = now() + make_interval(secs => $6::bigint)
  WHERE p.id = $1::bigint AND p.step = $2::payment.step RETURNING p.*
), noted AS (
  INSERT INTO payment.refund (payment_id, amount, initiated_by, reason) SELECT id, amount, $5::text, $4::text FROM moved
)
SELECT )" TICKETSHOW_PAYMENT_COLUMNS " FROM moved p"};

// ---- refunds

/// Payments $1 and their credits $2. With record_refunded, in this order.
inline constexpr pg::statement record_credits{"payment_record_credits", R"(
UPDATE payment.refund r SET transaction_id = c.transaction_id, completed_at = now()
FROM unnest($1::bigint[], $2::bigint[]) AS c (payment_id, transaction_id)
WHERE r.payment_id = c.payment_id AND r.completed_at IS NULL)"};
inline constexpr pg::statement record_refunded{"payment_record_refunded", R"(
UPDATE payment.payment p SET step = 'REFUNDED', failures = 0
WHERE p.id = ANY ($1::bigint[]) AND p.step = 'GIVING_BACK' RETURNING )" TICKETSHOW_PAYMENT_COLUMNS};

/// The live payments of bookings, against whoever completes one at this moment: what is wished meanwhile it must see.
inline constexpr pg::statement lock_payments_of{"payment_lock_payments_of", R"(
SELECT id FROM payment.payment WHERE booking_id = ANY ($1::bigint[]) AND live ORDER BY id FOR UPDATE)"};

inline constexpr pg::statement wish_refunds{"payment_wish_refunds", R"(
INSERT INTO payment.refund_wish (booking_id, initiated_by, reason)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[]) ON CONFLICT (booking_id) DO NOTHING)"};

/// Of these bookings, the completed payments that are wished back. They are due at once.
inline constexpr pg::statement give_back_wished{"payment_give_back_wished", R"(
WITH moved AS (
  UPDATE payment.payment p
  SET step = 'GIVING_BACK', failure_code = 'BOOKING_CANCELLED', reason = w.reason, run = p.run + 1, failures = 0,
      lease_until = now(), next_attempt_at = now()
  FROM payment.refund_wish w
  WHERE w.booking_id = p.booking_id AND p.booking_id = ANY ($1::bigint[]) AND p.step = 'COMPLETED'
  RETURNING p.id, p.amount, w.initiated_by, w.reason)
INSERT INTO payment.refund (payment_id, amount, initiated_by, reason) SELECT * FROM moved)"};

#undef TICKETSHOW_PAYMENT_COLUMNS
#undef TICKETSHOW_PAYMENT_IN_FLIGHT
#undef TICKETSHOW_ALL_IN_FLIGHT
#undef TICKETSHOW_PAYMENT_TAKE

inline constexpr const pg::statement* all_statements[] = {&record_intent,
                                                          &lock_payer,
                                                          &pages_begun,
                                                          &get_payment,
                                                          &list_payments,
                                                          &payment_of_booking,
                                                          &latest_payment_of_booking,
                                                          &was_refunded,
                                                          &find_top_up,
                                                          &take,
                                                          &take_due,
                                                          &release_all,
                                                          &count_open,
                                                          &put_off,
                                                          &put_off_in_doubt,
                                                          &record_capture,
                                                          &record_failure,
                                                          &record_completion,
                                                          &record_closing,
                                                          &record_page,
                                                          &record_checkout,
                                                          &record_top_up,
                                                          &record_giving_back,
                                                          &record_credits,
                                                          &record_refunded,
                                                          &lock_payments_of,
                                                          &wish_refunds,
                                                          &give_back_wished};

}  // namespace ticketshow::payment::queries
