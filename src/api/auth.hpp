#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/money.hpp"
#include "base/time.hpp"
#include "contract/codec.hpp"
#include "contract/port.hpp"
#include "rt/call.hpp"

/// Accounts, sessions, signing keys and the wallet.
namespace ticketshow::rt {
BOOST_DESCRIBE_ENUM(role, USER, ADMIN, STAFF)
}

namespace ticketshow::auth {

// ---- errors

inline constexpr contract::error email_taken{"EMAIL_TAKEN", 409, "An account with this e-mail address exists already."};
inline constexpr contract::error wrong_credentials{"WRONG_CREDENTIALS", 401, "E-mail address or password is wrong."};
inline constexpr contract::error session_ended{"SESSION_ENDED", 401, "This session has ended; please sign in again."};
inline constexpr contract::error wrong_password{"WRONG_PASSWORD", 403, "The current password is wrong."};
inline constexpr contract::error too_busy{"TOO_BUSY", 503,
                                          "Too many people are signing in right now; please try again."};
inline constexpr contract::error account_not_found{"ACCOUNT_NOT_FOUND", 404, "There is no such account."};
inline constexpr contract::error staff_not_found{"STAFF_NOT_FOUND", 404, "There is no such member of staff."};
inline constexpr contract::error insufficient_funds{"INSUFFICIENT_FUNDS", 402, "The wallet does not hold enough."};
inline constexpr contract::error reference_conflict{"REFERENCE_CONFLICT", 409,
                                                    "This reference was used for another movement of money."};

// ---- what is shown

/// The languages in which the platform writes to people (ISO 639).
enum class language { en, hi };
BOOST_DESCRIBE_ENUM(language, en, hi)

struct account_view {
  std::int64_t id;
  std::string email;
  std::string username;
  std::optional<std::string> city;
  rt::role role;
  std::optional<std::int64_t> venue_id;  ///< of STAFF: whose doors it keeps
  language language;                     ///< of the mails it gets
  money wallet_balance;
  std::string currency;
  timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(account_view, (),
                      (id, email, username, city, role, venue_id, language, wallet_balance, currency, created_at))

struct session_view {
  std::string access_token;  ///< a JWT with sub, email, role, sid, exp; of STAFF venue
  std::string token_type;    ///< "bearer"
  std::int64_t expires_in;   ///< seconds
  contract::cookie refresh_token;
};
BOOST_DESCRIBE_STRUCT(session_view, (), (access_token, token_type, expires_in, refresh_token))

enum class transaction_type { CREDIT, REFUND, DEBIT };
BOOST_DESCRIBE_ENUM(transaction_type, CREDIT, REFUND, DEBIT)

struct wallet_transaction {
  std::int64_t id;
  std::int64_t user_id;
  money amount;  ///< always positive; the type tells the direction
  transaction_type transaction_type;
  std::string description;
  std::string reference_id;
  timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(wallet_transaction, (),
                      (id, user_id, amount, transaction_type, description, reference_id, created_at))

struct wallet_view {
  std::int64_t user_id;
  money current_amount;
  std::string currency;
  timestamp updated_at;
  std::vector<wallet_transaction> transactions;  ///< newest first
};
BOOST_DESCRIBE_STRUCT(wallet_view, (), (user_id, current_amount, currency, updated_at, transactions))

// ---- for everybody and for account holders

inline constexpr contract::field email_field{
    .name = "email", .help = "Compared without regard to case.", .min = 3, .max = 254, .format = "email"};
inline constexpr contract::field password_field{
    .name = "password", .help = "At least 8 characters.", .min = 8, .max = 256, .format = "password"};
inline constexpr contract::field username_field{
    .name = "username", .help = "How the account is addressed.", .min = 1, .max = 100};
inline constexpr contract::field city_field{
    .name = "city", .help = "Where the account looks for shows.", .min = 1, .max = 100};

struct register_account {
  std::string email;
  std::string password;
  std::string username;
  std::optional<std::string> city;
  std::optional<language> language;  ///< English when it is not given

  using response = account_view;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/auth/register",
                                       .who = contract::access::all,
                                       .status = 201,
                                       .summary = "Make an account"};
  static constexpr const contract::error* errors[] = {&email_taken, &too_busy};
  static constexpr contract::field fields[] = {email_field, password_field, username_field, city_field};
};
BOOST_DESCRIBE_STRUCT(register_account, (), (email, password, username, city, language))

struct login {
  std::string email;
  std::string password;
  std::optional<std::string> city;  ///< remembered with the account when given

  using response = session_view;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/auth/login",
                                       .who = contract::access::all,
                                       .summary = "Sign in; the refresh token comes as an HttpOnly cookie"};
  static constexpr const contract::error* errors[] = {&wrong_credentials, &too_busy};
  static constexpr contract::field fields[] = {
      email_field, {.name = "password", .min = 1, .max = 256, .format = "password"}, city_field};
};
BOOST_DESCRIBE_STRUCT(login, (), (email, password, city))

struct refresh {
  contract::cookie refresh_token;

  using response = session_view;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/auth/refresh",
                                       .who = contract::access::all,
                                       .summary = "Trade the refresh token for a new pair; each works once"};
  static constexpr const contract::error* errors[] = {&session_ended};
};
BOOST_DESCRIBE_STRUCT(refresh, (), (refresh_token))

struct logged_out {
  contract::cookie refresh_token;  ///< empty: takes the cookie away
};
BOOST_DESCRIBE_STRUCT(logged_out, (), (refresh_token))

struct logout {
  contract::cookie refresh_token;

  using response = logged_out;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/auth/logout",
                                       .who = contract::access::all,
                                       .summary = "End the session on this device and every token of it",
                                       .idempotent = true};
};
BOOST_DESCRIBE_STRUCT(logout, (), (refresh_token))

struct change_password {
  std::string current_password;
  std::string new_password;

  using response = session_view;  ///< all other sessions have ended; this one goes on with new tokens
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/auth/change-password",
                                       .who = contract::access::user,
                                       .summary = "Change the password and end all other sessions"};
  static constexpr const contract::error* errors[] = {&wrong_password, &too_busy};
  static constexpr contract::field fields[] = {
      {.name = "current_password", .min = 1, .max = 256, .format = "password"},
      {.name = "new_password", .help = "At least 8 characters.", .min = 8, .max = 256, .format = "password"}};
};
BOOST_DESCRIBE_STRUCT(change_password, (), (current_password, new_password))

struct get_me {
  using response = account_view;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/auth/me",
                                       .who = contract::access::user,
                                       .summary = "The account that is signed in"};
};
BOOST_DESCRIBE_STRUCT(get_me, (), ())

struct update_me {
  std::optional<std::string> username;
  std::optional<std::string> city;
  std::optional<language> language;

  using response = account_view;
  static constexpr contract::spec spec{.verb = http::method::PATCH,
                                       .path = "/auth/me",
                                       .who = contract::access::user,
                                       .summary = "Change name, city or language"};
  static constexpr contract::field fields[] = {username_field, city_field};
};
BOOST_DESCRIBE_STRUCT(update_me, (), (username, city, language))

struct get_wallet {
  std::optional<std::int64_t> skip;
  std::optional<std::int64_t> limit;

  using response = wallet_view;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/auth/wallet",
                                       .who = contract::access::user,
                                       .summary = "Balance and movements, newest first"};
  static constexpr contract::field fields[] = {{.name = "skip", .min = 0, .max = 1'000'000},
                                               {.name = "limit", .help = "50 by default.", .min = 1, .max = 100}};
};
BOOST_DESCRIBE_STRUCT(get_wallet, (), (skip, limit))

// ---- for administrators

/// An account that keeps the doors of a venue.
struct staff_view {
  std::int64_t id;
  std::string email;
  std::string username;
  std::int64_t venue_id;
  timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(staff_view, (), (id, email, username, venue_id, created_at))

inline constexpr contract::field venue_field{
    .name = "venue_id", .help = "Whose doors are kept. One that does not exist has none.", .min = 1};

struct create_staff {
  std::string email;
  std::string password;
  std::string username;
  std::int64_t venue_id;

  using response = staff_view;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/auth/staff",
                                       .who = contract::access::admin,
                                       .status = 201,
                                       .summary = "Make an account that keeps the doors of a venue"};
  static constexpr const contract::error* errors[] = {&email_taken, &too_busy};
  static constexpr contract::field fields[] = {email_field, password_field, username_field, venue_field};
};
BOOST_DESCRIBE_STRUCT(create_staff, (), (email, password, username, venue_id))

struct list_staff {
  std::optional<std::int64_t> venue_id;
  std::optional<std::int64_t> skip;
  std::optional<std::int64_t> limit;

  using response = std::vector<staff_view>;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/auth/staff",
                                       .who = contract::access::admin,
                                       .summary = "Who keeps doors, of one venue or of all"};
  static constexpr contract::field fields[] = {venue_field,
                                               {.name = "skip", .min = 0, .max = 1'000'000},
                                               {.name = "limit", .help = "50 by default.", .min = 1, .max = 100}};
};
BOOST_DESCRIBE_STRUCT(list_staff, (), (venue_id, skip, limit))

struct move_staff {
  std::int64_t id;
  std::int64_t venue_id;

  using response = staff_view;
  static constexpr contract::spec spec{.verb = http::method::PATCH,
                                       .path = "/auth/staff/{id}",
                                       .who = contract::access::admin,
                                       .summary = "Let somebody keep another venue's doors; its sessions end at once"};
  static constexpr const contract::error* errors[] = {&staff_not_found};
  static constexpr contract::field fields[] = {{.name = "id", .min = 1}, venue_field};
};
BOOST_DESCRIBE_STRUCT(move_staff, (), (id, venue_id))

/// The account stays, as that of a customer; ending a customer's changes nothing.
struct end_staff {
  std::int64_t id;

  using response = contract::nothing;
  static constexpr contract::spec spec{.verb = http::method::DELETE,
                                       .path = "/auth/staff/{id}",
                                       .who = contract::access::admin,
                                       .summary = "Let somebody keep no doors any more; its sessions end at once"};
  static constexpr const contract::error* errors[] = {&staff_not_found};
  static constexpr contract::field fields[] = {{.name = "id", .min = 1}};
};
BOOST_DESCRIBE_STRUCT(end_staff, (), (id))

// ---- for other services

struct key_view {
  std::string kid;
  std::string kty;  ///< "OKP"
  std::string crv;  ///< "Ed25519"
  std::string x;    ///< the public key, base64url
  std::string use;  ///< "sig"
  std::string alg;  ///< "EdDSA"
};
BOOST_DESCRIBE_STRUCT(key_view, (), (kid, kty, crv, x, use, alg))

struct key_set {
  std::vector<key_view> keys;
};
BOOST_DESCRIBE_STRUCT(key_set, (), (keys))

struct get_keys {
  using response = key_set;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/auth/jwks.json",
                                       .who = contract::access::all,
                                       .summary = "The public keys with which access tokens are verified (RFC 7517)"};
};
BOOST_DESCRIBE_STRUCT(get_keys, (), ())

struct revoked_sessions {
  std::vector<std::string> session_ids;
};
BOOST_DESCRIBE_STRUCT(revoked_sessions, (), (session_ids))

/// All sessions that ended while an access token of theirs may still be valid. Not those since some cursor: the order
/// in which they were written is not the order in which they become visible, so a cursor could pass one by.
struct list_revoked_sessions {
  using response = revoked_sessions;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/internal/auth/revoked-sessions",
                                       .who = contract::access::service,
                                       .summary = "Sessions that ended within the life of an access token"};
};
BOOST_DESCRIBE_STRUCT(list_revoked_sessions, (), ())

/// How an account is written to.
struct contact_view {
  std::int64_t user_id;
  std::string email;
  std::string username;
  language language;
};
BOOST_DESCRIBE_STRUCT(contact_view, (), (user_id, email, username, language))

struct get_contact {
  std::int64_t user_id;

  using response = contact_view;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/internal/auth/contacts/{user_id}",
                                       .who = contract::access::service,
                                       .summary = "Address, name and language of an account"};
  static constexpr const contract::error* errors[] = {&account_not_found};
};
BOOST_DESCRIBE_STRUCT(get_contact, (), (user_id))

/// Of many at once, each account once; those that do not exist are left out.
struct get_contacts {
  std::vector<std::int64_t> user_ids;

  using response = std::vector<contact_view>;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/internal/auth/contacts",
                                       .who = contract::access::service,
                                       .summary = "Addresses, names and languages of accounts",
                                       .idempotent = true};
  static constexpr contract::field fields[] = {{.name = "user_ids", .min = 1, .max = 100}};
};
BOOST_DESCRIBE_STRUCT(get_contacts, (), (user_ids))

struct wallet_movement {
  std::int64_t transaction_id;
  money balance;  ///< after the movement
};
BOOST_DESCRIBE_STRUCT(wallet_movement, (), (transaction_id, balance))

/// Takes money from a wallet into clearing. Idempotent by reference: the same reference with the same user and amount
/// answers as the first time, with others reference_conflict. References of debits and refunds begin with "payment:",
/// those of credits never do: reference_conflict.
struct debit_wallet {
  std::int64_t user_id;
  money amount;
  std::string reference;
  std::string description;

  using response = wallet_movement;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/internal/wallet/debit",
                                       .who = contract::access::service,
                                       .summary = "Take money from a wallet",
                                       .idempotent = true};
  static constexpr const contract::error* errors[] = {&insufficient_funds, &reference_conflict, &account_not_found};
  static constexpr contract::field fields[] = {{.name = "amount", .min = 1},
                                               {.name = "reference", .min = 1, .max = 100},
                                               {.name = "description", .min = 1, .max = 200}};
};
BOOST_DESCRIBE_STRUCT(debit_wallet, (), (user_id, amount, reference, description))

/// Puts money into a wallet: REFUND from clearing, CREDIT from outside (a top-up, the sample data). Idempotent by
/// reference.
struct credit_wallet {
  std::int64_t user_id;
  money amount;
  transaction_type kind;  ///< CREDIT or REFUND
  std::string reference;
  std::string description;

  using response = wallet_movement;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/internal/wallet/credit",
                                       .who = contract::access::service,
                                       .summary = "Put money into a wallet",
                                       .idempotent = true};
  static constexpr const contract::error* errors[] = {&reference_conflict, &account_not_found};
  static constexpr contract::field fields[] = {{.name = "amount", .min = 1},
                                               {.name = "reference", .min = 1, .max = 100},
                                               {.name = "description", .min = 1, .max = 200}};
};
BOOST_DESCRIBE_STRUCT(credit_wallet, (), (user_id, amount, kind, reference, description))

/// One of many credits made together.
struct wallet_credit {
  std::int64_t user_id;
  money amount;
  std::string reference;
  std::string description;
};
BOOST_DESCRIBE_STRUCT(wallet_credit, (), (user_id, amount, reference, description))

struct credit_outcome {
  std::optional<std::int64_t> transaction_id;  ///< the movement's, made now or before
  std::optional<std::string> problem;          ///< the code why there is none: as of credit_wallet
};
BOOST_DESCRIBE_STRUCT(credit_outcome, (), (transaction_id, problem))

struct credits_made {
  std::vector<credit_outcome> outcomes;  ///< in the order of the request
};
BOOST_DESCRIBE_STRUCT(credits_made, (), (outcomes))

/// Puts many refunds into wallets in one transaction; each is idempotent by its reference, and one that is refused
/// keeps no other from its wallet.
struct refund_wallets {
  std::vector<wallet_credit> refunds;

  using response = credits_made;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/internal/wallets/refund",
                                       .who = contract::access::service,
                                       .summary = "Put many refunds into wallets",
                                       .idempotent = true};
  static constexpr contract::field fields[] = {{.name = "refunds", .min = 1, .max = 1'000}};
};
BOOST_DESCRIBE_STRUCT(refund_wallets, (), (refunds))

using all_endpoints =
    contract::endpoints<register_account, login, refresh, logout, change_password, get_me, update_me, get_wallet,
                        create_staff, list_staff, move_staff, end_staff, get_keys, list_revoked_sessions, get_contact,
                        get_contacts, debit_wallet, credit_wallet, refund_wallets>;
using port = contract::port_of<all_endpoints>;

}  // namespace ticketshow::auth
