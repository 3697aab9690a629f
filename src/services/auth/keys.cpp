#include "services/auth/keys.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "services/auth/queries.hpp"

namespace ticketshow::auth {
rt::task<std::string> ensure_signing_key(pg::pool& database, rt::deadline until, random_source& random, bool rotate) {
  auto transaction = co_await database.begin(until);
  co_await transaction.run(queries::lock_keys);
  const auto present = co_await transaction.run(queries::list_keys);
  if (!present.empty() && !rotate) co_return present.front().get<std::string>(0);
  const auto seed = random_hex(random, 32);
  const auto kid = jose::make_signing_key(jose::seed_of_hex(seed)).id;
  co_await transaction.run(queries::insert_key, kid, seed);
  co_await transaction.run(queries::retire_other_keys, kid, static_cast<std::int64_t>(key_retirement.count()));
  co_await transaction.commit();
  co_return kid;
}

rt::task<> key_ring::load(rt::deadline until) {
  const auto rows = co_await database_.run(until, queries::list_keys);
  std::vector<entry> loaded;
  for (const auto row : rows) {
    const auto [kid, seed, age_s] = row.as<std::string, std::string, std::int64_t>();
    loaded.push_back({jose::make_signing_key(jose::seed_of_hex(seed)), age_s >= key_warm_up.count()});
  }
  if (!loaded.empty()) entries_ = std::move(loaded);
}

const jose::signing_key& key_ring::signing() const {
  TICKETSHOW_ASSERT(!entries_.empty());
  const auto warm = std::ranges::find_if(entries_, &entry::warm);
  return warm == entries_.end() ? entries_.back().key : warm->key;
}

key_set key_ring::published() const {
  key_set set;
  for (const auto& [key, warm] : entries_) {
    const std::string_view bytes(reinterpret_cast<const char*>(key.public_key.data()), key.public_key.size());
    set.keys.push_back({.kid = key.id,
                        .kty = "OKP",
                        .crv = "Ed25519",
                        .x = jose::base64url_encode(bytes),
                        .use = "sig",
                        .alg = "EdDSA"});
  }
  return set;
}

}  // namespace ticketshow::auth
