#include "services/auth/tests/house.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "contract/document.hpp"
#include "tests/support/wait_until.hpp"

namespace ticketshow::auth::testing {

using namespace std::chrono_literals;

house::house(const options& settings) { start_replica(settings); }

house::~house() {
  for (auto& each : replicas_) stop(*each);
}

replica& house::add_replica(const options& settings) {
  replicas_.push_back(std::make_unique<replica>(io.get_executor(), database.service("auth"), clock, random, settings));
  auto& made = *replicas_.back();
  run(made.pool.start());
  return made;
}

replica& house::start_replica(const options& settings) {
  auto& made = add_replica(settings);
  run(made.auth.start());
  made.running = true;
  return made;
}

void house::stop(replica& which) {
  if (which.running) run(which.auth.stop(rt::deadline::after(10s)));
  run(which.pool.stop(rt::deadline::after(10s)));
  which.running = false;
}

rt::call house::anybody() {
  return {.until = rt::deadline::after(20s), .correlation_id = "0123456789abcdef0123456789abcdef"};
}

rt::call house::service() { return anybody().as_service("payment"); }

rt::call house::call_of(const guest& who) {
  auto call = anybody();
  call.caller = {.type = rt::principal::kind::user, .user_id = who.id, .session_id = session_of(who.access_token)};
  return call;
}

http::response house::post(const contract::router& through, rt::call call, std::string_view path,
                           std::string_view body) {
  const http::header_view headers[] = {{"Content-Type", "application/json"}};
  const http::request incoming{.verb = http::method::POST, .target = path, .headers = headers, .body = body};
  return run(through.dispatch(std::move(call), incoming));
}

guest house::welcome(const std::string& email, const std::string& password) {
  const auto account = ask(register_account{email, password, "Ann", {}}).value();
  auto session = sign_in(email, password).value();
  return {account.id, std::move(session.access_token), std::move(session.refresh_token)};
}

std::vector<jose::verification_key> house::keys_of(replica& which) {
  const auto shown = run(which.auth.handle(anybody(), get_keys{})).value();
  std::vector<jose::verification_key> keys;
  keys.reserve(shown.keys.size());
  for (const auto& each : shown.keys) {
    keys.push_back(jose::from_jwk({{"kid", each.kid},
                                   {"kty", each.kty},
                                   {"crv", each.crv},
                                   {"x", each.x},
                                   {"use", each.use},
                                   {"alg", each.alg}})
                       .value());
  }
  return keys;
}

std::optional<boost::json::object> house::verified(const std::string& access_token, replica& by) {
  auto claims = jose::verify(access_token, keys_of(by), {token_party, token_party, access_token_type, clock.now()});
  if (!claims) return std::nullopt;
  return std::move(*claims);
}

std::string house::session_of(const std::string& access_token) {
  const auto begin = access_token.find('.') + 1;
  const auto claims = jose::base64url_decode(access_token.substr(begin, access_token.rfind('.') - begin)).value();
  const auto document = contract::parse_document(claims);
  return document.root.find("sid")->text;
}

bool house::is_told_ended(const std::string& session_id) {
  const auto told = ask(service(), list_revoked_sessions{}).value().session_ids;
  return std::ranges::find(told, session_id) != told.end();
}

std::vector<std::string> house::broken_invariants() const {
  return rows({R"(
    SELECT 'movement ' || t.id || ' is no entry' FROM auth.ledger_transaction t
    WHERE NOT EXISTS (SELECT FROM auth.wallet_entry e WHERE e.transaction_id = t.id)
    UNION ALL
    SELECT 'movement ' || t.id || ' does not sum to zero' FROM auth.ledger_transaction t
    CROSS JOIN LATERAL (VALUES (t.debit_account, -t.amount), (t.credit_account, t.amount)) side (account, delta)
    LEFT JOIN auth.wallet_entry e ON e.transaction_id = t.id AND side.account = 'wallet:' || e.user_id
    GROUP BY t.id HAVING sum(side.delta) <> 0 OR count(e) <> 1
       OR sum(e.delta) <> sum(side.delta) FILTER (WHERE e IS NOT NULL)
    UNION ALL
    SELECT 'entry ' || user_id || '/' || seq || ' does not follow from the one before'
    FROM (SELECT *, lag(balance, 1, 0::bigint) OVER chain AS was, lag(seq, 1, 0::bigint) OVER chain AS place
          FROM auth.wallet_entry WINDOW chain AS (PARTITION BY user_id ORDER BY seq)) e
    WHERE balance <> was + delta OR seq <> place + 1 OR balance < 0)"});
}

void house::age(std::chrono::seconds by) {
  const auto back = [&](std::string_view table, std::initializer_list<std::string_view> columns) {
    std::string changes;
    for (const auto each : columns) {
      changes += fmt::format("{}{} = {} - interval '{} seconds'", changes.empty() ? "" : ", ", each, each, by.count());
    }
    return fmt::format("UPDATE auth.{} SET {}", table, changes);
  };
  rows({back("session", {"created_at", "expires_at", "revoked_at"}), back("refresh_token", {"expires_at", "used_at"}),
        back("signing_key", {"created_at", "retires_at"})});
  clock.advance(by);
}

std::string house::sql(const std::string& statement) const {
  const auto values = rows({statement});
  return values.empty() ? std::string{} : values.front();
}

void house::wait_until(const std::function<bool()>& done) { test::wait_until(io, done); }

std::string wire_code(const http::response& answer, std::string_view pointer) {
  if (answer.status < 400) return "OK";
  const auto document = contract::parse_document(answer.bytes());
  const auto text_of = [](const contract::json_node& node, std::string_view name) {
    const auto* found = node.find(name);
    return found == nullptr ? std::string{} : found->text;
  };
  if (!pointer.empty()) {
    const auto* errors = document.root.find("errors");
    const auto named = [&](const auto& each) { return text_of(each, "pointer") == pointer; };
    if (errors == nullptr || std::ranges::none_of(errors->children, named)) return "another field";
  }
  return text_of(document.root, "code");
}

}  // namespace ticketshow::auth::testing
