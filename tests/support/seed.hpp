#pragma once

#include <cstdint>
#include <random>

#include <gtest/gtest.h>

namespace ticketshow::test {

/// The seed of this run: TICKETSHOW_TEST_SEED, or a fresh one.
std::uint64_t chosen_seed();

/// Randomness of a test that can be replayed: while it is in scope, every failure names the seed to set.
class seeded {
 public:
  seeded(const char* file, int line);

  std::mt19937_64& operator()() { return engine_; }
  /// An integer of [least, most].
  std::int64_t between(std::int64_t least, std::int64_t most);
  bool one_in(std::int64_t chances) { return between(1, chances) == 1; }

 private:
  std::uint64_t seed_;
  std::mt19937_64 engine_;
  ::testing::ScopedTrace trace_;
};

}  // namespace ticketshow::test

/// `TICKETSHOW_SEEDED(random);` then `random.between(1, 6)`.
#define TICKETSHOW_SEEDED(name) ::ticketshow::test::seeded name(__FILE__, __LINE__)
