#include "services/booking/ticket_keys.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "jose/jwt.hpp"
#include "services/booking/ticket_queries.hpp"
#include "tickets/ticket.hpp"

namespace ticketshow::booking {

rt::task<std::string> ensure_ticket_key(pg::pool& database, rt::deadline until, random_source& random, bool rotate) {
  auto transaction = co_await database.begin(until);
  co_await transaction.run(queries::lock_ticket_keys);
  const auto present = co_await transaction.run(queries::list_ticket_keys);
  if (!present.empty() && !rotate) co_return present.front().get<std::string>(0);
  const auto seed = random_hex(random, 32);
  const auto kid = tickets::short_key_id(jose::make_signing_key(jose::seed_of_hex(seed)).id);
  std::optional<std::int64_t> starts_in_s;
  if (!present.empty()) starts_in_s = ticket_key_warm_up.count();
  co_await transaction.run(queries::insert_ticket_key, kid, seed, starts_in_s);
  co_await transaction.commit();
  co_return kid;
}

rt::task<> ticket_keys::refresh(rt::deadline until) {
  const auto now = rt::steady_clock::now();
  if (!entries_.empty() && now - read_at_ < ticket_keys_max_age) co_return;
  const auto rows = co_await database_.run(until, queries::list_ticket_keys);
  std::vector<entry> read;
  for (const auto& row : rows) {
    const auto seed = row.get<std::string>(1);
    read.push_back({row.get<std::string>(0), row.get<timestamp>(2), jose::make_signing_key(jose::seed_of_hex(seed))});
  }
  TICKETSHOW_ASSERT(!read.empty());
  entries_ = std::move(read);
  read_at_ = now;
}

const ticket_keys::entry& ticket_keys::in_force(timestamp at) const {
  TICKETSHOW_ASSERT(!entries_.empty());
  const auto found = std::ranges::find_if(entries_, [&](const entry& each) { return each.starts_at <= at; });
  return found == entries_.end() ? entries_.back() : *found;
}

const jose::signing_key* ticket_keys::find(std::string_view kid) const {
  const auto found = std::ranges::find(entries_, kid, &entry::kid);
  return found == entries_.end() ? nullptr : &found->key;
}

std::vector<std::string> ticket_keys::names_in_force(timestamp since) const {
  std::vector<std::string> names;
  for (const auto& each : entries_) {
    names.push_back(each.kid);
    if (each.starts_at <= since) break;
  }
  return names;
}

std::vector<ticket_key> ticket_keys::published() const {
  std::vector<ticket_key> keys;
  for (const auto& each : entries_) {
    const std::string_view bytes(reinterpret_cast<const char*>(each.key.public_key.data()), each.key.public_key.size());
    keys.push_back({.kid = each.kid,
                    .kty = "OKP",
                    .crv = "Ed25519",
                    .x = jose::base64url_encode(bytes),
                    .use = "sig",
                    .alg = "EdDSA"});
  }
  return keys;
}

}  // namespace ticketshow::booking
