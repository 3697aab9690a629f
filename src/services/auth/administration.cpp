#include "services/auth/administration.hpp"

#include "services/auth/queries.hpp"

namespace ticketshow::auth {
namespace {

/// The limits that a registration meets at the router.
contract::result<void> check_account(const std::string& email, const std::string& password,
                                     const std::string& username) {
  contract::problems found;
  contract::check_limits(email_field, email, "email", found);
  contract::check_limits(password_field, password, "password", found);
  contract::check_limits(username_field, username, "username", found);
  if (found.empty()) return {};
  return std::unexpected(contract::problem{&contract::validation_failed, {}, std::move(found)});
}

}  // namespace

rt::task<contract::result<std::int64_t>> create_account(pg::pool& database, rt::deadline until, options settings,
                                                        std::string email, std::string password, std::string username,
                                                        rt::role role, std::optional<std::int64_t> venue_id) {
  if (auto good = check_account(email, password, username); !good) co_return std::unexpected(std::move(good.error()));
  const auto hash = hash_password(password, {settings.hash_memory_bytes, settings.hash_passes});
  const auto address = normalised_email(std::move(email));
  const std::string role_name(contract::enum_name(role));
  const auto made =
      co_await database.run(until, queries::insert_account, address, username, std::optional<std::string>{}, role_name,
                            hash, std::optional<std::string>{}, venue_id);
  if (made.empty()) co_return contract::fail(email_taken);
  co_return made.front().get<std::int64_t>(0);
}

rt::task<std::optional<std::int64_t>> find_account(pg::pool& database, rt::deadline until, std::string email) {
  const auto address = normalised_email(std::move(email));
  const auto found = co_await database.run(until, queries::find_credentials, address);
  if (found.empty()) co_return std::nullopt;
  co_return found.front().get<std::int64_t>(0);
}

rt::task<std::string> rotate_signing_key(pg::pool& database, rt::deadline until, random_source& random) {
  co_return co_await ensure_signing_key(database, until, random, true);
}

}  // namespace ticketshow::auth
