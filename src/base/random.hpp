#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

namespace ticketshow {

/// Randomness of cryptographic quality from the operating system. May be called from any thread.
class random_source {
 public:
  virtual ~random_source() = default;
  virtual void fill(void* bytes, std::size_t size) = 0;
};

class system_random_source final : public random_source {
 public:
  void fill(void* bytes, std::size_t size) override;
};

/// The same bytes for the same seed, for tests that must be replayed.
class seeded_random_source final : public random_source {
 public:
  explicit seeded_random_source(std::uint64_t seed) : engine_(seed) {}
  void fill(void* bytes, std::size_t size) override;

 private:
  std::mt19937_64 engine_;
};

/// `bytes` random bytes written as lower-case hexadecimal: twice as many characters.
std::string random_hex(random_source& random, std::size_t bytes);

}  // namespace ticketshow
