#include "services/gateway/rate_limiter.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include <sodium/crypto_shorthash.h>

#include "services/gateway/client_address.hpp"

namespace ticketshow::gateway {

static_assert(crypto_shorthash_KEYBYTES == 16 && crypto_shorthash_BYTES == 8);

rate_limiter::rate_limiter(std::size_t buckets, random_source& random)
    : sets_(std::bit_ceil(std::max(buckets, set_size)) / set_size) {
  random.fill(secret_.data(), secret_.size());
}

std::uint64_t rate_limiter::key_of(kind what, const void* bytes, std::size_t size) const {
  std::array<unsigned char, 17> text{static_cast<unsigned char>(what)};
  std::memcpy(text.data() + 1, bytes, size);
  std::uint64_t key = 0;
  crypto_shorthash(reinterpret_cast<unsigned char*>(&key), text.data(), size + 1, secret_.data());
  return key == 0 ? 1 : key;
}

rt::steady_clock::duration rate_limiter::take(kind what, std::int64_t account, rate limit,
                                              rt::steady_clock::time_point now) {
  return take(key_of(what, &account, sizeof account), limit, now);
}

rt::steady_clock::duration rate_limiter::take(kind what, std::string_view address, rate limit,
                                              rt::steady_clock::time_point now) {
  const auto network = network_of(address);
  return take(key_of(what, network.data(), network.size()), limit, now);
}

rt::steady_clock::duration rate_limiter::take(std::uint64_t key, rate limit, rt::steady_clock::time_point now) {
  if (limit.per_second <= 0) return {};
  auto& set = sets_[key & (sets_.size() - 1)];
  auto* place = std::ranges::find(set, key, &bucket::key);
  if (place == set.end()) {
    place = std::ranges::min_element(set, {}, &bucket::full_at);  // free ones have 0
    *place = {.key = key};
  }
  const auto at = std::chrono::nanoseconds(now.time_since_epoch()).count();
  const auto each = static_cast<std::int64_t>(1e9 / limit.per_second);
  const auto slack = static_cast<std::int64_t>(static_cast<double>(each) * std::max(0.0, limit.burst - 1));
  const auto full_at = std::max(place->full_at, at);
  if (full_at - at > slack) return std::chrono::nanoseconds(full_at - at - slack);
  place->full_at = full_at + each;
  return {};
}

}  // namespace ticketshow::gateway
