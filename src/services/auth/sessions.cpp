#include "services/auth/sessions.hpp"

#include "base/bytes.hpp"
#include "jose/jwt.hpp"
#include "services/auth/keys.hpp"
#include "services/auth/queries.hpp"

namespace ticketshow::auth {
namespace {

std::string fingerprint(const std::string& token) { return hex(jose::sha256(token)); }

}  // namespace

rt::task<contract::cookie> sessions::issue(pg::transaction& transaction, const std::string& session_id) {
  auto token = random_hex(random_, 32);
  const auto hash = fingerprint(token);
  const std::int64_t idle_s = limits_.idle.count();
  const auto made = co_await transaction.run(queries::insert_refresh_token, hash, session_id, idle_s);
  co_return contract::cookie{.value = std::move(token), .max_age_s = made.front().get<std::int64_t>(0)};
}

rt::task<std::optional<opened_session>> sessions::begin(pg::transaction& transaction, std::int64_t account_id,
                                                        const std::string& verified) {
  const auto session_id = random_hex(random_, 16);
  const std::int64_t absolute_s = limits_.absolute.count();
  const auto begun = co_await transaction.run(queries::begin_session, session_id, account_id, absolute_s, verified);
  if (begun.affected() == 0) co_return std::nullopt;
  auto token = co_await issue(transaction, session_id);
  co_return opened_session{session_id, account_id, std::move(token)};
}

rt::task<std::optional<opened_session>> sessions::open(rt::deadline until, std::int64_t account_id,
                                                       std::string verified) {
  auto transaction = co_await database_.begin(until);
  auto opened = co_await begin(transaction, account_id, verified);
  if (opened) co_await transaction.commit();
  co_return opened;
}

rt::task<std::optional<opened_session>> sessions::change_password(rt::deadline until, std::int64_t account_id,
                                                                  std::string verified, std::string changed) {
  auto transaction = co_await database_.begin(until);
  const auto updated = co_await transaction.run(queries::change_password, account_id, verified, changed);
  if (updated.affected() == 0) co_return std::nullopt;
  co_await transaction.run(queries::revoke_sessions_of_account, account_id);
  auto opened = co_await begin(transaction, account_id, changed);
  co_await transaction.commit();
  co_return opened;
}

rt::task<contract::result<opened_session>> sessions::trade(rt::deadline until, std::string token) {
  const auto hash = fingerprint(token);
  auto transaction = co_await database_.begin(until);
  const auto found = co_await transaction.run(queries::lock_session_of_token, hash);
  if (found.empty()) co_return contract::fail(session_ended);
  const auto [session_id, account_id, used, alive] = found.front().as<std::string, std::int64_t, bool, bool>();
  if (used) {
    co_await transaction.run(queries::revoke_session, session_id);
    co_await transaction.commit();
    co_return contract::fail(session_ended);
  }
  if (!alive) co_return contract::fail(session_ended);
  co_await transaction.run(queries::use_refresh_token, hash);
  auto next = co_await issue(transaction, session_id);
  co_await transaction.commit();
  co_return opened_session{session_id, account_id, std::move(next)};
}

rt::task<> sessions::close(rt::deadline until, std::string token) {
  const auto hash = fingerprint(token);
  co_await database_.run(until, queries::revoke_session_of_token, hash);
}

rt::task<> sessions::close_session(rt::deadline until, std::string session_id) {
  co_await database_.run(until, queries::revoke_session, session_id);
}

rt::task<std::vector<std::string>> sessions::recently_ended(rt::deadline until) {
  const std::int64_t window_s = std::chrono::seconds(access_token_life + std::chrono::minutes(5)).count();
  const auto rows = co_await database_.run(until, queries::list_revoked, window_s);
  std::vector<std::string> ids;
  for (const auto row : rows) ids.push_back(row.get<std::string>(0));
  co_return ids;
}

rt::task<> sessions::forget(rt::deadline until) {
  constexpr std::int64_t batch = 1000;
  while (!until.passed()) {
    const auto gone = co_await database_.run(until, queries::forget_sessions, batch);
    if (gone.affected() < batch) break;
  }
}

}  // namespace ticketshow::auth
