#include "services/auth/service.hpp"

#include "services/auth/queries.hpp"

namespace ticketshow::auth {
namespace {

using namespace std::chrono_literals;

/// A rotation by command reaches every replica within this.
constexpr auto key_reload_interval = 2s;
constexpr auto forget_interval = 60s;
constexpr auto work_timeout = 10s;

std::optional<std::string> name_of(const std::optional<language>& chosen) {
  if (!chosen) return {};
  return std::string(contract::enum_name(*chosen));
}

}  // namespace

std::string normalised_email(std::string email) {
  for (char& c : email) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return email;
}

service::service(const dependencies& needs)
    : settings_(needs.settings),
      database_(needs.database),
      clock_(needs.clock),
      random_(needs.random),
      passwords_({needs.settings.hash_memory_bytes, needs.settings.hash_passes}, needs.settings.hash_threads,
                 needs.settings.hash_queue),
      sessions_(needs.database, needs.random, needs.settings.sessions),
      staff_(needs.database),
      keys_(needs.database),
      wallet_(needs.database),
      background_(needs.io, "auth") {}

rt::task<> service::start() {
  const auto until = rt::deadline::after(work_timeout);
  co_await ensure_signing_key(database_, until, random_, false);
  co_await keys_.load(until);
  background_.repeat(key_reload_interval, [this] { return reload_keys(rt::deadline::after(work_timeout)); });
  background_.repeat(forget_interval, [this] { return forget_sessions(rt::deadline::after(work_timeout)); });
}

rt::task<> service::stop(rt::deadline until) { co_await background_.close(until); }

// ---- accounts

rt::task<contract::result<account_view>> service::handle(rt::call call, register_account request) {
  const auto hash = co_await passwords_.hash(request.password);
  if (!hash) co_return std::unexpected(hash.error());
  const auto email = normalised_email(request.email);
  const auto made =
      co_await database_.run(call.until, queries::insert_account, email, request.username, request.city,
                             std::string("USER"), *hash, name_of(request.language), std::optional<std::int64_t>{});
  if (made.empty()) co_return contract::fail(email_taken);
  const auto id = made.front().get<std::int64_t>(0);
  co_return co_await show_account(call.until, id);
}

rt::task<contract::result<account_view>> service::show_account(rt::deadline until, std::int64_t id) {
  const auto found = co_await database_.run(until, queries::get_account, id);
  if (found.empty()) co_return contract::fail(account_not_found);
  auto [account_id, email, username, city, role, venue_id, language, created_at, balance] =
      found.front()
          .as<std::int64_t, std::string, std::string, std::optional<std::string>, rt::role, std::optional<std::int64_t>,
              auth::language, timestamp, money>();
  co_return account_view{.id = account_id,
                         .email = std::move(email),
                         .username = std::move(username),
                         .city = std::move(city),
                         .role = role,
                         .venue_id = venue_id,
                         .language = language,
                         .wallet_balance = balance,
                         .currency = settings_.currency,
                         .created_at = created_at};
}

rt::task<contract::result<account_view>> service::handle(rt::call call, get_me) {
  co_return co_await show_account(call.until, call.caller.user_id);
}

rt::task<contract::result<account_view>> service::handle(rt::call call, update_me request) {
  co_await database_.run(call.until, queries::update_account, call.caller.user_id, request.username, request.city,
                         name_of(request.language));
  co_return co_await show_account(call.until, call.caller.user_id);
}

// ---- sessions

rt::task<contract::result<session_view>> service::handle(rt::call call, login request) {
  const auto email = normalised_email(request.email);
  const auto found = co_await database_.run(call.until, queries::find_credentials, email);
  std::optional<std::string> hash;
  std::int64_t id = 0;
  if (!found.empty()) {
    id = found.front().get<std::int64_t>(0);
    hash = found.front().get<std::string>(1);
  }
  const auto matches = co_await passwords_.verify(request.password, hash);
  if (!matches) co_return std::unexpected(matches.error());
  if (!*matches) co_return contract::fail(wrong_credentials);
  if (request.city) {
    const std::optional<std::string> as_it_is;
    co_await database_.run(call.until, queries::update_account, id, as_it_is, request.city, as_it_is);
  }
  auto opened = co_await sessions_.open(call.until, id, *hash);
  if (!opened) co_return contract::fail(wrong_credentials);  // the password was changed a moment ago
  co_return co_await show_session(call.until, std::move(*opened));
}

rt::task<contract::result<session_view>> service::handle(rt::call call, refresh request) {
  if (request.refresh_token.value.empty()) co_return contract::fail(session_ended);
  auto opened = co_await sessions_.trade(call.until, request.refresh_token.value);
  if (!opened) co_return std::unexpected(opened.error());
  co_return co_await show_session(call.until, std::move(*opened));
}

rt::task<contract::result<logged_out>> service::handle(rt::call call, logout request) {
  if (!request.refresh_token.value.empty()) co_await sessions_.close(call.until, request.refresh_token.value);
  if (call.caller.is_user()) co_await sessions_.close_session(call.until, call.caller.session_id);
  co_return logged_out{};
}

rt::task<contract::result<session_view>> service::handle(rt::call call, change_password request) {
  const auto id = call.caller.user_id;
  const auto found = co_await database_.run(call.until, queries::get_credentials, id);
  if (found.empty()) co_return contract::fail(account_not_found);
  const auto current = found.front().get<std::string>(1);
  const auto matches = co_await passwords_.verify(request.current_password, current);
  if (!matches) co_return std::unexpected(matches.error());
  if (!*matches) co_return contract::fail(wrong_password);
  const auto changed = co_await passwords_.hash(request.new_password);
  if (!changed) co_return std::unexpected(changed.error());
  auto opened = co_await sessions_.change_password(call.until, id, current, *changed);
  if (!opened) co_return contract::fail(wrong_password, "The password was changed a moment ago.");
  co_return co_await show_session(call.until, std::move(*opened));
}

rt::task<contract::result<session_view>> service::show_session(rt::deadline until, opened_session opened) {
  const auto found = co_await database_.run(until, queries::get_credentials, opened.account_id);
  if (found.empty()) co_return contract::fail(account_not_found);
  const auto email = found.front().get<std::string>(0);
  const auto role = found.front().get<std::string>(2);
  const auto now_s = std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch().count();
  boost::json::object claims{{"iss", token_party},
                             {"aud", token_party},
                             {"sub", std::to_string(opened.account_id)},
                             {"email", email},
                             {"role", role},
                             {"sid", opened.session_id},
                             {"iat", now_s},
                             {"exp", now_s + access_token_life.count()},
                             {"jti", random_hex(random_, 16)}};
  if (const auto venue_id = found.front().get<std::optional<std::int64_t>>(3)) claims["venue"] = *venue_id;
  co_return session_view{.access_token = jose::sign(claims, keys_.signing(), access_token_type),
                         .token_type = "bearer",
                         .expires_in = access_token_life.count(),
                         .refresh_token = std::move(opened.refresh_token)};
}

rt::task<contract::result<key_set>> service::handle(rt::call, get_keys) { co_return keys_.published(); }

rt::task<contract::result<revoked_sessions>> service::handle(rt::call call, list_revoked_sessions) {
  auto ids = co_await sessions_.recently_ended(call.until);
  co_return revoked_sessions{.session_ids = std::move(ids)};
}

rt::task<contract::result<contact_view>> service::handle(rt::call call, get_contact request) {
  const get_contacts one{{request.user_id}};
  auto found = co_await handle(std::move(call), one);
  if (!found) co_return std::unexpected(std::move(found.error()));
  if (found->empty()) co_return contract::fail(account_not_found);
  co_return std::move(found->front());
}

rt::task<contract::result<std::vector<contact_view>>> service::handle(rt::call call, get_contacts request) {
  const auto rows = co_await database_.run(call.until, queries::get_contacts, request.user_ids);
  std::vector<contact_view> found;
  for (const auto row : rows) {
    auto [id, email, username, language] = row.as<std::int64_t, std::string, std::string, auth::language>();
    found.push_back({.user_id = id, .email = std::move(email), .username = std::move(username), .language = language});
  }
  co_return found;
}

// ---- the wallet

rt::task<contract::result<wallet_view>> service::handle(rt::call call, get_wallet request) {
  const auto id = call.caller.user_id;
  auto view = co_await wallet_.history(call.until, id, request.skip.value_or(0), request.limit.value_or(50));
  view.currency = settings_.currency;
  co_return view;
}

rt::task<contract::result<wallet_movement>> service::handle(rt::call call, debit_wallet request) {
  movement what{transaction_type::DEBIT, request.user_id, request.amount, request.reference, request.description};
  co_return co_await wallet_.move(call.until, std::move(what));
}

rt::task<contract::result<wallet_movement>> service::handle(rt::call call, credit_wallet request) {
  if (request.kind == transaction_type::DEBIT) {
    contract::problem wrong{.kind = &contract::validation_failed, .detail = {}};
    wrong.errors.push_back({"/kind", "must be CREDIT or REFUND"});
    co_return std::unexpected(std::move(wrong));
  }
  movement what{request.kind, request.user_id, request.amount, request.reference, request.description};
  co_return co_await wallet_.move(call.until, std::move(what));
}

rt::task<contract::result<credits_made>> service::handle(rt::call call, refund_wallets request) {
  co_return credits_made{co_await wallet_.refund_all(call.until, std::move(request.refunds))};
}

}  // namespace ticketshow::auth
