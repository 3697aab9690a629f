#pragma once

#include <string>

#include "services/auth/service.hpp"

/// What an operator does to accounts and keys by command, beside a running service.
namespace ticketshow::auth {

/// Makes an account of any role, of STAFF with its venue; email_taken when there is one, validation_failed for what a
/// registration would not take: nobody could sign in with it.
rt::task<contract::result<std::int64_t>> create_account(pg::pool& database, rt::deadline until, options settings,
                                                        std::string email, std::string password, std::string username,
                                                        rt::role role, std::optional<std::int64_t> venue_id = {});

/// The id of the account with this address, if there is one.
rt::task<std::optional<std::int64_t>> find_account(pg::pool& database, rt::deadline until, std::string email);

/// Makes a new signing key, which every replica uses within seconds; older ones stay published until their last token
/// has ended. Returns the new key's id.
rt::task<std::string> rotate_signing_key(pg::pool& database, rt::deadline until, random_source& random);

}  // namespace ticketshow::auth
