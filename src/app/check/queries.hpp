#pragma once

#include "pg/statement.hpp"

/// What the checks ask. They trust no constraint, trigger or generated column: those are what they check. A query for
/// violations gives their number and a sentence for each of the first $1.
namespace ticketshow::check::queries {

using namespace std::chrono_literals;

inline constexpr auto long_time = 600s;

/// The first in each transaction: everything is read as it was at one moment.
inline constexpr pg::statement one_snapshot{"check_one_snapshot",
                                            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"};
inline constexpr pg::statement take_snapshot{"check_take_snapshot", "SELECT now()"};

// ---- I1, in booking

inline constexpr pg::statement count_claims{"check_count_claims", "SELECT count(*) FROM booking.booking_seat",
                                            long_time};

inline constexpr pg::statement seats_twice{"check_seats_twice", R"(
SELECT count(*) OVER (), format('showing %s, seat %s is claimed by the live bookings %s', c.schedule_id, c.seat_no,
                                string_agg(b.id::text, ', ' ORDER BY b.id))
FROM booking.booking_seat c JOIN booking.booking b ON b.id = c.booking_id
WHERE b.state IN ('PENDING', 'CONFIRMED')
GROUP BY c.schedule_id, c.seat_no HAVING count(*) > 1 ORDER BY c.schedule_id, c.seat_no LIMIT $1::bigint)",
                                           long_time};

inline constexpr pg::statement claims_astray{"check_claims_astray", R"(
SELECT count(*) OVER (), format('booking %s is %s, but its claim on seat %s is %s', c.booking_id,
                                coalesce(b.state::text, 'missing'), c.seat_no,
                                CASE WHEN b.schedule_id <> c.schedule_id THEN 'of another showing'
                                     WHEN c.live THEN 'live' ELSE 'not live' END)
FROM booking.booking_seat c LEFT JOIN booking.booking b ON b.id = c.booking_id
WHERE b.id IS NULL OR b.schedule_id <> c.schedule_id OR c.live <> (b.state IN ('PENDING', 'CONFIRMED'))
ORDER BY c.booking_id, c.seat_no LIMIT $1::bigint)",
                                             long_time};

inline constexpr pg::statement seats_unclaimed{"check_seats_unclaimed", R"(
SELECT count(*) OVER (), format('booking %s is %s, but does not claim the seats it names', b.id, b.state)
FROM booking.booking b
LEFT JOIN (SELECT booking_id, array_agg(seat_no ORDER BY seat_no) AS seats FROM booking.booking_seat GROUP BY booking_id) c
  ON c.booking_id = b.id
WHERE b.state IN ('PENDING', 'CONFIRMED')
  AND c.seats IS DISTINCT FROM (SELECT array_agg(s ORDER BY s) FROM unnest(b.seats) s)
ORDER BY b.id LIMIT $1::bigint)",
                                               long_time};

// ---- I2, in auth

inline constexpr pg::statement count_movements{"check_count_movements", "SELECT count(*) FROM auth.ledger_transaction",
                                               long_time};

inline constexpr pg::statement wallets_astray{"check_wallets_astray", R"(
SELECT count(*) OVER (), format('wallet %s, entry %s: %s after %s and a movement of %s', e.user_id, e.seq, e.balance,
                                coalesce(e.before, 0), e.delta)
FROM (SELECT w.*, lag(w.balance) OVER chain AS before, row_number() OVER chain AS place
      FROM auth.wallet_entry w WINDOW chain AS (PARTITION BY w.user_id ORDER BY w.seq)) e
LEFT JOIN auth.ledger_transaction t ON t.id = e.transaction_id
WHERE e.seq <> e.place OR e.balance < 0 OR e.balance <> coalesce(e.before, 0) + e.delta OR t.id IS NULL
   OR t.user_id <> e.user_id OR e.delta <> CASE t.kind WHEN 'DEBIT' THEN -t.amount ELSE t.amount END
ORDER BY e.user_id, e.seq LIMIT $1::bigint)",
                                              long_time};

inline constexpr pg::statement movements_astray{"check_movements_astray", R"(
SELECT count(*) OVER (), format('transaction %s (%s): %s from %s to %s, in %s wallet entries', t.id, t.reference, t.amount,
                                t.debit_account, t.credit_account, coalesce(e.entries, 0))
FROM auth.ledger_transaction t
LEFT JOIN (SELECT transaction_id, count(*) AS entries FROM auth.wallet_entry GROUP BY transaction_id) e
  ON e.transaction_id = t.id
WHERE e.entries IS DISTINCT FROM 1 OR t.amount <= 0
   OR (t.debit_account, t.credit_account) IS DISTINCT FROM
      CASE t.kind WHEN 'CREDIT' THEN ('external'::text, 'wallet:' || t.user_id)
                  WHEN 'REFUND' THEN ('clearing'::text, 'wallet:' || t.user_id)
                  WHEN 'DEBIT' THEN ('wallet:' || t.user_id, 'clearing'::text) END
ORDER BY t.id LIMIT $1::bigint)",
                                                long_time};

/// Payment alone takes and gives back, and names the payment; so do top-ups.
inline constexpr pg::statement movements_unnamed{"check_movements_unnamed", R"(
SELECT count(*) OVER (), format('transaction %s (%s) is a %s for no payment', t.id, t.reference, t.kind)
FROM auth.ledger_transaction t
WHERE (t.kind <> 'CREDIT' AND t.reference !~ '^payment:[0-9]{1,18}:(debit|refund)$')
   OR (t.reference LIKE 'top-up:%' AND (t.kind <> 'CREDIT' OR t.reference !~ '^top-up:[0-9]{1,18}:credit$'))
ORDER BY t.id LIMIT $1::bigint)",
                                                 long_time};

// ---- I9

inline constexpr pg::statement count_bookings{"check_count_bookings", "SELECT count(*) FROM booking.booking",
                                              long_time};

inline constexpr pg::statement wishes_twice{"check_wishes_twice", R"(
SELECT count(*) OVER (), format('user %s, idempotency key "%s": bookings %s', user_id, idempotency_key,
                                string_agg(id::text, ', ' ORDER BY id))
FROM booking.booking GROUP BY user_id, idempotency_key HAVING count(*) > 1 ORDER BY min(id) LIMIT $1::bigint)",
                                            long_time};

inline constexpr pg::statement refunds_asked_twice{"check_refunds_asked_twice", R"(
SELECT count(*) OVER (), format('booking %s has %s refund requests', booking_id, count(*))
FROM booking.refund_request GROUP BY booking_id HAVING count(*) > 1 ORDER BY booking_id LIMIT $1::bigint)",
                                                   long_time};

inline constexpr pg::statement payments_twice{"check_payments_twice", R"(
SELECT count(*) OVER (), format('booking %s has the live payments %s', booking_id, string_agg(id::text, ', ' ORDER BY id))
FROM payment.payment WHERE step NOT IN ('FAILED', 'REFUNDED') AND booking_id IS NOT NULL
GROUP BY booking_id HAVING count(*) > 1 ORDER BY booking_id LIMIT $1::bigint)",
                                              long_time};

inline constexpr pg::statement captures_twice{"check_captures_twice", R"(
SELECT count(*) OVER (), format('the movement %s stands for the payments %s', transaction_id,
                                string_agg(id::text, ', ' ORDER BY id))
FROM payment.payment WHERE transaction_id IS NOT NULL
GROUP BY transaction_id HAVING count(*) > 1 ORDER BY transaction_id LIMIT $1::bigint)",
                                              long_time};

inline constexpr pg::statement refunds_twice{"check_refunds_twice", R"(
SELECT count(*) OVER (), format('payment %s has %s refunds', payment_id, count(*))
FROM payment.refund GROUP BY payment_id HAVING count(*) > 1 ORDER BY payment_id LIMIT $1::bigint)",
                                             long_time};

inline constexpr pg::statement credits_twice{"check_credits_twice", R"(
SELECT count(*) OVER (), format('the credit %s stands for the refunds of the payments %s', transaction_id,
                                string_agg(payment_id::text, ', ' ORDER BY payment_id))
FROM payment.refund WHERE transaction_id IS NOT NULL
GROUP BY transaction_id HAVING count(*) > 1 ORDER BY transaction_id LIMIT $1::bigint)",
                                             long_time};

inline constexpr pg::statement references_twice{"check_references_twice", R"(
SELECT count(*) OVER (), format('reference %s: transactions %s', reference, string_agg(id::text, ', ' ORDER BY id))
FROM auth.ledger_transaction GROUP BY reference HAVING count(*) > 1 ORDER BY min(id) LIMIT $1::bigint)",
                                                long_time};

// ---- cards: I3, I4 and I9 within payment (the provider's own books are the reconciler's to compare)

inline constexpr pg::statement count_captures{"check_count_captures", "SELECT count(*) FROM payment.capture",
                                              long_time};

/// A payment by card that was captured has exactly one capture of its amount, kept as long as it keeps the money.
inline constexpr pg::statement cards_astray{"check_cards_astray", R"(
SELECT count(*) OVER (), format('payment %s of %s %s is %s by capture %s: %s', p.id, p.amount, p.currency, p.step,
                                coalesce(p.capture_id::text, 'none'), coalesce(format('%s %s of payment %s, %s%s', c.amount,
                                c.currency, c.payment_id, c.state, CASE WHEN c.surplus THEN ', surplus' ELSE '' END), 'missing'))
FROM payment.payment p LEFT JOIN payment.capture c ON c.id = p.capture_id
WHERE p.method = 'DODO' AND CASE WHEN p.step IN ('INTENT', 'CHECKOUT', 'FAILED') THEN p.capture_id IS NOT NULL
  ELSE (c.payment_id = p.id AND c.amount = p.amount AND c.currency = p.currency AND NOT c.surplus
        AND CASE p.step WHEN 'GIVING_BACK' THEN c.state IN ('OWED', 'STUCK') WHEN 'REFUNDED' THEN c.state = 'RETURNED'
            ELSE c.state = 'KEPT' END) IS NOT TRUE END
ORDER BY p.id LIMIT $1::bigint)",
                                            long_time};

/// Every capture is what exactly one payment was captured by, or goes back.
inline constexpr pg::statement captures_astray{"check_captures_astray", R"(
SELECT count(*) OVER (), format('capture %s (%s) of payment %s is %s and %s', c.id, c.provider_payment_id, c.payment_id, c.state,
                                CASE WHEN c.surplus THEN 'surplus' ELSE format('pays for %s payments', coalesce(p.payments, 0)) END)
FROM payment.capture c
LEFT JOIN (SELECT capture_id, count(*) AS payments FROM payment.payment WHERE capture_id IS NOT NULL GROUP BY capture_id) p
  ON p.capture_id = c.id
WHERE CASE WHEN c.surplus THEN c.state = 'KEPT' OR p.payments IS NOT NULL ELSE p.payments IS DISTINCT FROM 1 END
ORDER BY c.id LIMIT $1::bigint)",
                                               long_time};

/// What succeeded at the provider is a capture of the same payment.
inline constexpr pg::statement charges_astray{"check_charges_astray", R"(
SELECT count(*) OVER (), format('%s of payment %s succeeded at the provider and is no capture of it', h.provider_payment_id,
                                h.payment_id)
FROM payment.charge h
WHERE h.state = 'SUCCEEDED' AND NOT EXISTS (
  SELECT FROM payment.capture c WHERE c.provider_payment_id = h.provider_payment_id AND c.payment_id = h.payment_id)
ORDER BY h.provider_payment_id LIMIT $1::bigint)",
                                              long_time};

/// What is back was sent back once; what is kept never was.
inline constexpr pg::statement card_refunds_astray{"check_card_refunds_astray", R"(
SELECT count(*) OVER (), format('capture %s (%s) is %s with %s refunds that succeeded and %s under way', c.id,
                                c.provider_payment_id, c.state, coalesce(r.made, 0), coalesce(r.open, 0))
FROM payment.capture c
LEFT JOIN (SELECT capture_id, count(*) FILTER (WHERE state = 'SUCCEEDED') AS made,
                  count(*) FILTER (WHERE state IN ('SENDING', 'PENDING')) AS open
           FROM payment.card_refund GROUP BY capture_id) r ON r.capture_id = c.id
WHERE coalesce(r.made, 0) <> CASE c.state WHEN 'RETURNED' THEN 1 ELSE 0 END
   OR coalesce(r.open, 0) > CASE WHEN c.state IN ('OWED', 'STUCK') THEN 1 ELSE 0 END
ORDER BY c.id LIMIT $1::bigint)",
                                                   long_time};

/// Captures that are not back yet: for how long they have been owed, and whether the provider works on it, which may
/// take days.
inline constexpr pg::statement captures_owed{"check_captures_owed", R"(
SELECT format('capture %s (%s) of payment %s is not given back yet%s', c.id, c.provider_payment_id, c.payment_id,
              CASE c.state WHEN 'STUCK' THEN ': it needs an operator (ticketshow payments failed-refunds)' ELSE '' END),
       (extract(epoch FROM now() - c.state_at) * 1000)::bigint,
       EXISTS (SELECT FROM payment.card_refund r WHERE r.capture_id = c.id AND r.state = 'PENDING')
FROM payment.capture c WHERE c.state IN ('OWED', 'STUCK') ORDER BY c.id LIMIT 10000)",
                                             long_time};

inline constexpr pg::statement provider_ids_twice{"check_provider_ids_twice", R"(
SELECT count(*) OVER (), format('the provider''s %s %s is there %s times', kind, id, count)
FROM (SELECT 'payment' AS kind, provider_payment_id AS id, count(*) FROM payment.capture GROUP BY 2 HAVING count(*) > 1
      UNION ALL SELECT 'refund', provider_refund_id, count(*) FROM payment.card_refund
                WHERE provider_refund_id IS NOT NULL GROUP BY 2 HAVING count(*) > 1
      UNION ALL SELECT 'page', session_id, count(*) FROM payment.checkout
                WHERE session_id IS NOT NULL GROUP BY 2 HAVING count(*) > 1) t
ORDER BY kind, id LIMIT $1::bigint)",
                                                  long_time};

inline constexpr pg::statement top_ups_twice{"check_top_ups_twice", R"(
SELECT count(*) OVER (), format('user %s, idempotency key "%s": top-ups %s', user_id, idempotency_key,
                                string_agg(id::text, ', ' ORDER BY id))
FROM payment.payment WHERE idempotency_key IS NOT NULL
GROUP BY user_id, idempotency_key HAVING count(*) > 1 ORDER BY min(id) LIMIT $1::bigint)",
                                             long_time};

// ---- I10

/// An instant after the snapshot was taken, unlike now(): a hold may end in between.
inline constexpr pg::statement bookings_astray{"check_bookings_astray", R"(
SELECT count(*) OVER (), format('booking %s is %s%s', b.id, b.state, CASE
    WHEN b.payment_id IS NOT NULL AND b.state NOT IN ('CONFIRMED', 'CANCELLED')
    THEN format(', though payment %s settled it', b.payment_id)
    WHEN r.booking_id IS NOT NULL AND b.state <> 'CANCELLED' THEN ', though its refund was asked for'
    ELSE ' before its time' END)
FROM booking.booking b LEFT JOIN (SELECT DISTINCT booking_id FROM booking.refund_request) r ON r.booking_id = b.id
WHERE (b.payment_id IS NOT NULL AND b.state NOT IN ('CONFIRMED', 'CANCELLED'))
   OR (r.booking_id IS NOT NULL AND b.state <> 'CANCELLED')
   OR (b.state = 'EXPIRED' AND b.expires_at > statement_timestamp())
ORDER BY b.id LIMIT $1::bigint)",
                                               long_time};

/// Whoever was let in had a confirmed booking at that moment, and nobody was let in twice with one ticket. A later
/// cancellation is an administrator's.
inline constexpr pg::statement admissions_astray{"check_admissions_astray", R"(
SELECT count(*) OVER (), format('seat %s of booking %s was entered%s', a.seat_no, a.booking_id, CASE
    WHEN a.times > 1 THEN format(' %s times', a.times)
    WHEN b.id IS NULL OR NOT a.seat_no = ANY (b.seats) THEN ', which no booking has'
    WHEN r.asked_by_owner THEN ', though its owner has the money back'
    ELSE format(', though it was %s', b.state) END)
FROM (SELECT booking_id, seat_no, count(*) AS times, max(recorded_at) AS recorded_at
      FROM booking.admission GROUP BY booking_id, seat_no) a
LEFT JOIN booking.booking b ON b.id = a.booking_id
LEFT JOIN (SELECT booking_id, min(created_at) AS created_at, bool_or(initiated_by = 'USER') AS asked_by_owner
           FROM booking.refund_request GROUP BY booking_id) r ON r.booking_id = a.booking_id
WHERE a.times > 1 OR b.id IS NULL OR NOT a.seat_no = ANY (b.seats) OR r.asked_by_owner
   OR NOT (b.state = 'CONFIRMED' OR (b.state = 'CANCELLED' AND r.created_at > a.recorded_at) IS TRUE)
ORDER BY a.booking_id, a.seat_no LIMIT $1::bigint)",
                                                 long_time};

inline constexpr pg::statement count_admissions{"check_count_admissions", "SELECT count(*) FROM booking.admission",
                                                long_time};

inline constexpr pg::statement histories_astray{"check_histories_astray", R"(
SELECT count(*) OVER (), format('payment %s is %s, its history says %s', p.id, p.step, coalesce(h.steps, 'nothing'))
FROM payment.payment p
LEFT JOIN (
  SELECT payment_id, string_agg(to_step::text, ' → ' ORDER BY id) AS steps,
         (array_agg(to_step ORDER BY id DESC))[1] AS last,
         bool_and(from_step IS NOT DISTINCT FROM before AND CASE
           WHEN from_step IS NULL THEN to_step = 'INTENT'
           ELSE (from_step, to_step) IN (('INTENT', 'CHECKOUT'), ('INTENT', 'CAPTURED'), ('INTENT', 'FAILED'),
             ('CHECKOUT', 'CAPTURED'), ('CHECKOUT', 'FAILED'), ('CAPTURED', 'COMPLETED'), ('CAPTURED', 'GIVING_BACK'),
             ('COMPLETED', 'GIVING_BACK'), ('GIVING_BACK', 'REFUNDED')) END) AS legal
  FROM (SELECT t.*, lag(t.to_step) OVER (PARTITION BY t.payment_id ORDER BY t.id) AS before FROM payment.transition t) t
  GROUP BY payment_id) h ON h.payment_id = p.id
WHERE h.legal IS NOT TRUE OR h.last <> p.step
ORDER BY p.id LIMIT $1::bigint)",
                                                long_time};

// ---- streams, for what is compared across schemas: declared once, then fetched in chunks

/// Bookings that money has to do with.
inline constexpr pg::statement declare_bookings{"check_declare_bookings", R"(
DECLARE check_bookings NO SCROLL CURSOR FOR
SELECT b.id, b.user_id, b.total_amount, b.state, b.payment_id,
       (extract(epoch FROM now() - r.created_at) * 1000)::bigint
FROM booking.booking b
LEFT JOIN (SELECT booking_id, min(created_at) AS created_at FROM booking.refund_request
           GROUP BY booking_id) r ON r.booking_id = b.id
WHERE b.state = 'CONFIRMED' OR (b.state = 'CANCELLED' AND b.payment_id IS NOT NULL) ORDER BY b.id)",
                                                long_time};
inline constexpr pg::statement fetch_bookings{"check_fetch_bookings", "FETCH 5000 FROM check_bookings", long_time};

#define TICKETSHOW_CHECK_PAYMENTS                                                                        \
  "SELECT p.id, coalesce(p.booking_id, 0), p.user_id, p.amount, p.step, p.transaction_id, "              \
  "(extract(epoch FROM now() - p.updated_at) * 1000)::bigint, r.transaction_id, r.amount, "              \
  "CASE WHEN p.method = 'WALLET' THEN 'wallet' WHEN p.booking_id IS NULL THEN 'top-up' ELSE 'card' END " \
  "FROM payment.payment p LEFT JOIN (SELECT payment_id, min(transaction_id) AS transaction_id, "         \
  "min(amount) AS amount FROM payment.refund GROUP BY payment_id) r ON r.payment_id = p.id "

inline constexpr pg::statement declare_payments_by_booking{
    "check_declare_payments_by_booking",
    "DECLARE check_payments_by_booking NO SCROLL CURSOR FOR " TICKETSHOW_CHECK_PAYMENTS
    "WHERE p.booking_id IS NOT NULL ORDER BY p.booking_id, p.id",
    long_time};
inline constexpr pg::statement fetch_payments_by_booking{"check_fetch_payments_by_booking",
                                                         "FETCH 5000 FROM check_payments_by_booking", long_time};

inline constexpr pg::statement declare_payments{
    "check_declare_payments", "DECLARE check_payments NO SCROLL CURSOR FOR " TICKETSHOW_CHECK_PAYMENTS "ORDER BY p.id",
    long_time};
inline constexpr pg::statement fetch_payments{"check_fetch_payments", "FETCH 5000 FROM check_payments", long_time};

#undef TICKETSHOW_CHECK_PAYMENTS

/// The wallet's movements that payment asked for, by the payment that their reference names; "credit" (of a top-up),
/// "debit", "refund" in this order.
inline constexpr pg::statement declare_movements{"check_declare_movements", R"(
DECLARE check_movements NO SCROLL CURSOR FOR
SELECT split_part(t.reference, ':', 2)::bigint AS payment_id, split_part(t.reference, ':', 3) AS what, t.id, t.kind,
       t.user_id, t.amount, (extract(epoch FROM now() - t.created_at) * 1000)::bigint
FROM auth.ledger_transaction t
WHERE t.reference ~ '^(payment:[0-9]{1,18}:(debit|refund)|top-up:[0-9]{1,18}:credit)$' ORDER BY payment_id, what, t.id)",
                                                 long_time};
inline constexpr pg::statement fetch_movements{"check_fetch_movements", "FETCH 5000 FROM check_movements", long_time};

/// Ticket mails, and events that could not be made into one.
inline constexpr pg::statement declare_mails{"check_declare_mails", R"(
DECLARE check_mails NO SCROLL CURSOR FOR
SELECT m.booking_id, m.message_id, m.state::text, extract(epoch FROM now() - m.queued_at)::bigint,
       extract(epoch FROM now() - m.next_attempt_at)::bigint, coalesce(m.words, ''), s.event_id IS NOT NULL
FROM notification.mail m LEFT JOIN notification.set_aside s ON s.event_id = m.event_id
WHERE m.kind = 'BOOKING_CONFIRMED'
UNION ALL
SELECT s.key::bigint, NULL, 'NOT WRITTEN', 0, 0, s.error, true
FROM notification.set_aside s
WHERE s.topic = 'booking.successful' AND s.key ~ '^[0-9]{1,18}$'
  AND NOT EXISTS (SELECT FROM notification.mail m WHERE m.event_id = s.event_id)
ORDER BY 1, 2)",
                                             long_time};
inline constexpr pg::statement fetch_mails{"check_fetch_mails", "FETCH 5000 FROM check_mails", long_time};

// ---- I6, in catalog

inline constexpr pg::statement count_documents{
    "check_count_documents", "SELECT (SELECT count(*) FROM catalog.show) + (SELECT count(*) FROM catalog.venue)",
    long_time};

/// What differs between the documents $3 (ids), $4 (versions), $5 (listed or not) and the catalogue's rows with ids
/// behind $6 up to $7. What changed in the last $2 seconds is young. Columns: how many differ and are young, how many
/// others, and a sentence; for the first $1, those that are not young before the others.
#define TICKETSHOW_CHECK_INDEX(kind, topic, documents)                                                             \
  "WITH known AS (" documents                                                                                      \
  "), held AS (SELECT * FROM unnest($3::bigint[], $4::bigint[], $5::boolean[]) AS h (id, version, listed)),"       \
  "recent AS (SELECT DISTINCT key FROM catalog.outbox WHERE topic = '" topic                                       \
  "'  AND happened_at > now() - make_interval(secs => $2::bigint)),"                                               \
  "differing AS (SELECT id, k.version AS true_version, k.listed AS truly_listed, h.version, h.listed,"             \
  "    coalesce(k.version > coalesce(h.version, 0) AND id::text IN (SELECT key FROM recent), false) AS young"      \
  "  FROM known k FULL JOIN held h USING (id) WHERE (k.version, k.listed) IS DISTINCT FROM (h.version, h.listed))" \
  "SELECT count(*) FILTER (WHERE young) OVER (), count(*) FILTER (WHERE NOT young) OVER (),"                       \
  "  format('" kind                                                                                                \
  " %s: the catalogue has %s, the index %s', id,"                                                                  \
  "    coalesce('version ' || true_version || CASE WHEN truly_listed THEN '' ELSE ', not listed' END, 'none'),"    \
  "    coalesce('version ' || version || CASE WHEN listed THEN '' ELSE ', not listed' END, 'none')) "              \
  "FROM differing ORDER BY young, id LIMIT $1::bigint"

inline constexpr pg::statement compare_shows{
    "check_compare_shows",
    TICKETSHOW_CHECK_INDEX("show", "search.show_changed",
                           "SELECT w.id, coalesce(d.version, w.version) AS version, w.status = 'ACTIVE' AS listed "
                           "FROM catalog.show w LEFT JOIN catalog.show_document d ON d.show_id = w.id "
                           "WHERE w.id > $6::bigint AND w.id <= $7::bigint"),
    long_time};
inline constexpr pg::statement compare_venues{
    "check_compare_venues",
    TICKETSHOW_CHECK_INDEX("venue", "search.venue_changed",
                           "SELECT id, version, status = 'ACTIVE' AS listed FROM catalog.venue "
                           "WHERE id > $6::bigint AND id <= $7::bigint"),
    long_time};

#undef TICKETSHOW_CHECK_INDEX

// ---- I7, in any schema with the tables of src/events

inline constexpr pg::statement use_schema{"check_use_schema", "SELECT set_config('search_path', $1::text, true)"};

inline constexpr pg::statement declare_outbox{"check_declare_outbox", R"(
DECLARE check_outbox NO SCROLL CURSOR FOR
SELECT event_id, topic, key, published_at IS NOT NULL,
       (extract(epoch FROM now() - coalesce(published_at, happened_at)) * 1000)::bigint
FROM outbox o  -- but for those that the bus refused: they wait for an operator
WHERE NOT EXISTS (SELECT FROM set_aside s
                  WHERE s.event_id = o.event_id AND s.attempts = 0 AND s.next_attempt_at IS NULL)
ORDER BY id)",
                                              long_time};
inline constexpr pg::statement fetch_outbox{"check_fetch_outbox", "FETCH 5000 FROM check_outbox", long_time};

inline constexpr pg::statement not_handled{"check_not_handled", R"(
SELECT e.id FROM unnest($1::text[]) AS e (id)
WHERE NOT EXISTS (SELECT FROM inbox i WHERE i.event_id = e.id)
  AND NOT EXISTS (SELECT FROM set_aside s WHERE s.event_id = e.id))",
                                           long_time};

/// Those that can be prepared: all but the cursors' and the transaction's own.
inline constexpr const pg::statement* all_statements[] = {
    &take_snapshot,      &count_claims,        &seats_twice,      &claims_astray,       &seats_unclaimed,
    &count_movements,    &wallets_astray,      &movements_astray, &movements_unnamed,   &count_bookings,
    &wishes_twice,       &refunds_asked_twice, &payments_twice,   &captures_twice,      &refunds_twice,
    &credits_twice,      &references_twice,    &bookings_astray,  &histories_astray,    &count_captures,
    &cards_astray,       &captures_astray,     &charges_astray,   &card_refunds_astray, &captures_owed,
    &provider_ids_twice, &top_ups_twice,       &count_documents,  &compare_shows,       &compare_venues,
    &use_schema,         &not_handled};

/// DECLARE … CURSOR FOR what can be prepared.
inline constexpr const pg::statement* all_cursors[] = {&declare_bookings, &declare_payments_by_booking,
                                                       &declare_payments, &declare_movements,
                                                       &declare_mails,    &declare_outbox};

}  // namespace ticketshow::check::queries
