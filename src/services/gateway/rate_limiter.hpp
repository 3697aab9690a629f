#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "rt/task.hpp"

namespace ticketshow::gateway {

/// What may come in: `burst` requests at once, and `per_second` on average. 0 a second means without limit.
struct rate {
  double per_second = 0;
  double burst = 1;
};

/// Token buckets for any number of accounts and addresses in memory that never grows. Each bucket is one number, the
/// time at which it will be full again (GCRA), in a flat table of sets of eight; a newcomer to a full set takes the
/// place of the bucket that will be full first, whose loss matters least. I/O thread only.
class rate_limiter {
 public:
  /// Whose bucket: a kind keeps an account's number apart from an address of the same bytes.
  enum class kind : std::uint8_t { account, anonymous_address, address, sign_in };

  /// `buckets` is rounded up to a power of two. The places of buckets depend on a random key, so that nobody can choose
  /// addresses that fall into one set.
  rate_limiter(std::size_t buckets, random_source& random);

  /// Takes one request out of a bucket. Zero means that it may pass; else nothing was taken, and it may after this
  /// time.
  rt::steady_clock::duration take(kind what, std::int64_t account, rate limit, rt::steady_clock::time_point now);
  rt::steady_clock::duration take(kind what, std::string_view address, rate limit, rt::steady_clock::time_point now);

  [[nodiscard]] std::size_t capacity() const { return sets_.size() * set_size; }

 private:
  static constexpr std::size_t set_size = 8;  // two cache lines
  struct bucket {
    std::uint64_t key = 0;  // 0: free
    std::int64_t full_at = 0;
  };

  [[nodiscard]] std::uint64_t key_of(kind what, const void* bytes, std::size_t size) const;
  rt::steady_clock::duration take(std::uint64_t key, rate limit, rt::steady_clock::time_point now);

  std::array<unsigned char, 16> secret_{};
  std::vector<std::array<bucket, set_size>> sets_;
};

}  // namespace ticketshow::gateway
