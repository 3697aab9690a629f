#pragma once

#include "pg/statement.hpp"

/// Every statement that auth sends.
namespace ticketshow::auth::queries {

// ---- accounts

/// Columns of an account as it is shown, with its balance.
#define TICKETSHOW_ACCOUNT_COLUMNS                                                                     \
  "a.id, a.email, a.username, a.city, a.role, a.venue_id, a.language, a.created_at, coalesce((SELECT " \
  "e.balance FROM auth.wallet_entry e "                                                                \
  "WHERE e.user_id = a.id ORDER BY e.seq DESC LIMIT 1), 0)"

inline constexpr pg::statement insert_account{"auth_insert_account", R"(
INSERT INTO auth.account (email, username, city, role, password_hash, language, venue_id)
VALUES ($1::text, $2::text, $3::text, $4::text, $5::text, coalesce($6::text, 'en'), $7::bigint) ON CONFLICT (email) DO NOTHING RETURNING id)"};

inline constexpr pg::statement get_account{
    "auth_get_account", "SELECT " TICKETSHOW_ACCOUNT_COLUMNS " FROM auth.account a WHERE a.id = $1::bigint"};

inline constexpr pg::statement get_contacts{
    "auth_get_contacts",
    "SELECT id, email, username, language FROM auth.account WHERE id = ANY ($1::bigint[]) ORDER BY id"};

inline constexpr pg::statement find_credentials{
    "auth_find_credentials", "SELECT id, password_hash, role FROM auth.account WHERE email = $1::text"};

inline constexpr pg::statement get_credentials{
    "auth_get_credentials", "SELECT email, password_hash, role, venue_id FROM auth.account WHERE id = $1::bigint"};

inline constexpr pg::statement update_account{"auth_update_account", R"(
UPDATE auth.account
SET username = coalesce($2::text, username), city = coalesce($3::text, city), language = coalesce($4::text, language)
WHERE id = $1::bigint)"};

/// Only over the hash that was verified: of two changes at once one wins.
inline constexpr pg::statement change_password{"auth_change_password", R"(
UPDATE auth.account SET password_hash = $3::text WHERE id = $1::bigint AND password_hash = $2::text)"};

// ---- staff

inline constexpr pg::statement get_staff{"auth_get_staff", R"(
SELECT id, email, username, venue_id, created_at FROM auth.account WHERE id = $1::bigint AND role = 'STAFF')"};

inline constexpr pg::statement list_staff{"auth_list_staff", R"(
SELECT id, email, username, venue_id, created_at FROM auth.account
WHERE role = 'STAFF' AND ($1::bigint IS NULL OR venue_id = $1::bigint) ORDER BY id OFFSET $2::bigint LIMIT $3::bigint)"};

/// To no venue: the account is a customer's from now on.
inline constexpr pg::statement assign_staff{"auth_assign_staff", R"(
UPDATE auth.account SET venue_id = $2::bigint, role = CASE WHEN $2::bigint IS NULL THEN 'USER' ELSE 'STAFF' END
WHERE id = $1::bigint AND role = 'STAFF')"};

// ---- sessions

/// Only while the hash is the one that was verified. The lock makes it wait for a change of the password under way, and
/// such a change wait for it: no session outlives the password with which it began.
inline constexpr pg::statement begin_session{"auth_begin_session", R"(
INSERT INTO auth.session (id, account_id, expires_at)
SELECT $1::text, a.id, now() + make_interval(secs => $3::double precision)
FROM auth.account a WHERE a.id = $2::bigint AND a.password_hash = $4::text FOR SHARE)"};

inline constexpr pg::statement insert_refresh_token{"auth_insert_refresh_token", R"(
INSERT INTO auth.refresh_token (sha256, session_id, expires_at)
SELECT $1::text, s.id, least(s.expires_at, now() + make_interval(secs => $3::double precision))
FROM auth.session s WHERE s.id = $2::text RETURNING extract(epoch FROM expires_at - now())::bigint)"};

/// Locks the session first, so that two trades of one token happen one after the other.
inline constexpr pg::statement lock_session_of_token{"auth_lock_session_of_token", R"(
SELECT s.id, s.account_id, t.used_at IS NOT NULL,
       s.revoked_at IS NULL AND s.expires_at > statement_timestamp() AND t.expires_at > statement_timestamp()
FROM auth.refresh_token t JOIN auth.session s ON s.id = t.session_id
WHERE t.sha256 = $1::text FOR UPDATE)"};

inline constexpr pg::statement use_refresh_token{
    "auth_use_refresh_token", "UPDATE auth.refresh_token SET used_at = now() WHERE sha256 = $1::text"};

inline constexpr pg::statement revoke_session{
    "auth_revoke_session",
    "UPDATE auth.session SET revoked_at = clock_timestamp() WHERE id = $1::text AND revoked_at IS NULL"};

inline constexpr pg::statement revoke_session_of_token{"auth_revoke_session_of_token", R"(
UPDATE auth.session SET revoked_at = clock_timestamp()
WHERE id = (SELECT session_id FROM auth.refresh_token WHERE sha256 = $1::text) AND revoked_at IS NULL)"};

inline constexpr pg::statement revoke_sessions_of_account{
    "auth_revoke_sessions_of_account",
    "UPDATE auth.session SET revoked_at = clock_timestamp() WHERE account_id = $1::bigint AND revoked_at IS NULL"};

/// The newest first: were there ever more than the limit, those whose tokens are about to end are left out.
inline constexpr pg::statement list_revoked{"auth_list_revoked", R"(
SELECT id FROM auth.session WHERE revoked_at > now() - make_interval(secs => $1::double precision)
ORDER BY revoked_at DESC LIMIT 100000)"};

/// Sessions nobody can use any more, so many at a time.
inline constexpr pg::statement forget_sessions{"auth_forget_sessions", R"(
DELETE FROM auth.session WHERE id IN (
  SELECT id FROM auth.session WHERE least(expires_at, revoked_at) < now() - interval '1 day' LIMIT $1::bigint))",
                                               std::chrono::seconds(10)};

// ---- signing keys

inline constexpr pg::statement lock_keys{"auth_lock_keys", "SELECT pg_advisory_xact_lock(7368697)"};

inline constexpr pg::statement list_keys{"auth_list_keys", R"(
SELECT kid, seed, extract(epoch FROM clock_timestamp() - created_at)::bigint FROM auth.signing_key
WHERE retires_at IS NULL OR retires_at > now() ORDER BY created_at DESC)"};

inline constexpr pg::statement insert_key{"auth_insert_key",
                                          "INSERT INTO auth.signing_key (kid, seed) VALUES ($1::text, $2::text)"};

inline constexpr pg::statement retire_other_keys{"auth_retire_other_keys", R"(
UPDATE auth.signing_key SET retires_at = now() + make_interval(secs => $2::double precision)
WHERE kid <> $1::text AND retires_at IS NULL)"};

// ---- the wallet

/// The mutex of a wallet: movements of one wallet happen one after the other.
inline constexpr pg::statement lock_wallet{"auth_lock_wallet",
                                           "SELECT id FROM auth.account WHERE id = $1::bigint FOR NO KEY UPDATE"};

inline constexpr pg::statement find_movement{"auth_find_movement", R"(
SELECT t.id, t.user_id, t.amount, t.kind, e.balance
FROM auth.ledger_transaction t JOIN auth.wallet_entry e ON e.transaction_id = t.id WHERE t.reference = $1::text)"};

inline constexpr pg::statement lock_wallets{
    "auth_lock_wallets", "SELECT id FROM auth.account WHERE id = ANY ($1::bigint[]) ORDER BY id FOR NO KEY UPDATE"};

inline constexpr pg::statement get_balance{"auth_get_balance", R"(
SELECT coalesce((SELECT balance FROM auth.wallet_entry WHERE user_id = $1::bigint ORDER BY seq DESC LIMIT 1), 0))"};

inline constexpr pg::statement insert_movement{"auth_insert_movement", R"(
INSERT INTO auth.ledger_transaction (reference, kind, user_id, debit_account, credit_account, amount, description)
VALUES ($1::text, $2::text, $3::bigint, $4::text, $5::text, $6::bigint, $7::text) RETURNING id)"};

/// What is not given follows from the movement and the entry before: see the trigger.
inline constexpr pg::statement insert_entry{"auth_insert_entry", R"(
INSERT INTO auth.wallet_entry (user_id, seq, transaction_id, delta, balance) VALUES (0, 1, $1::bigint, 1, 0)
RETURNING balance)"};

/// Those of many refunds whose reference is new, of accounts that exist. $1 … $4: user, amount, reference, description.
inline constexpr pg::statement insert_refunds{"auth_insert_refunds", R"(
INSERT INTO auth.ledger_transaction (reference, kind, user_id, debit_account, credit_account, amount, description)
SELECT w.reference, 'REFUND', a.id, 'clearing', 'wallet:' || a.id, w.amount, w.description
FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) WITH ORDINALITY
  AS w (user_id, amount, reference, description, n)
JOIN auth.account a ON a.id = w.user_id
ORDER BY w.n ON CONFLICT (reference) DO NOTHING)",
                                              std::chrono::seconds(5)};

inline constexpr pg::statement insert_missing_entries{"auth_insert_missing_entries", R"(
INSERT INTO auth.wallet_entry (user_id, seq, transaction_id, delta, balance)
SELECT 0, 1, t.id, 1, 0 FROM auth.ledger_transaction t
WHERE t.reference = ANY ($1::text[]) AND NOT EXISTS (SELECT FROM auth.wallet_entry e WHERE e.transaction_id = t.id)
ORDER BY t.id)",
                                                      std::chrono::seconds(5)};

inline constexpr pg::statement find_movements{"auth_find_movements", R"(
SELECT t.reference, t.id, t.user_id, t.amount, t.kind FROM auth.ledger_transaction t WHERE t.reference = ANY ($1::text[]))"};

/// Balance, the time of the last movement, and a page of movements in one look, so that they always add up. One row
/// without a movement when the page is empty, none when there is no such account.
inline constexpr pg::statement show_wallet{"auth_show_wallet", R"(
SELECT coalesce(h.balance, 0), coalesce(h.created_at, a.created_at),
       m.id, m.amount, m.kind, m.description, m.reference, m.created_at
FROM auth.account a
LEFT JOIN LATERAL (SELECT e.balance, t.created_at
                   FROM auth.wallet_entry e JOIN auth.ledger_transaction t ON t.id = e.transaction_id
                   WHERE e.user_id = a.id ORDER BY e.seq DESC LIMIT 1) h ON true
LEFT JOIN LATERAL (SELECT e.seq, t.id, t.amount, t.kind, t.description, t.reference, t.created_at
                   FROM auth.wallet_entry e JOIN auth.ledger_transaction t ON t.id = e.transaction_id
                   WHERE e.user_id = a.id ORDER BY e.seq DESC OFFSET $2::bigint LIMIT $3::bigint) m ON true
WHERE a.id = $1::bigint ORDER BY m.seq DESC)"};

inline constexpr const pg::statement* all_statements[] = {&insert_account,
                                                          &get_account,
                                                          &get_contacts,
                                                          &find_credentials,
                                                          &get_credentials,
                                                          &update_account,
                                                          &get_staff,
                                                          &list_staff,
                                                          &assign_staff,
                                                          &change_password,
                                                          &begin_session,
                                                          &insert_refresh_token,
                                                          &lock_session_of_token,
                                                          &use_refresh_token,
                                                          &revoke_session,
                                                          &revoke_session_of_token,
                                                          &revoke_sessions_of_account,
                                                          &list_revoked,
                                                          &forget_sessions,
                                                          &lock_keys,
                                                          &list_keys,
                                                          &insert_key,
                                                          &retire_other_keys,
                                                          &lock_wallet,
                                                          &find_movement,
                                                          &get_balance,
                                                          &insert_movement,
                                                          &insert_entry,
                                                          &lock_wallets,
                                                          &insert_refunds,
                                                          &insert_missing_entries,
                                                          &find_movements,
                                                          &show_wallet};

}  // namespace ticketshow::auth::queries
