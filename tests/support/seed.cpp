#include "tests/support/seed.hpp"

#include <cstdlib>

#include <fmt/format.h>

namespace ticketshow::test {

std::uint64_t chosen_seed() {
  static const std::uint64_t seed = [] {
    const char* given = std::getenv("TICKETSHOW_TEST_SEED");  // NOLINT(concurrency-mt-unsafe): nobody sets it
    return given != nullptr ? std::strtoull(given, nullptr, 10) : std::uint64_t{std::random_device{}()};
  }();
  return seed;
}

seeded::seeded(const char* file, int line)
    : seed_(chosen_seed()),
      engine_(seed_),
      trace_(file, line, fmt::format("to replay: TICKETSHOW_TEST_SEED={}", seed_)) {}

std::int64_t seeded::between(std::int64_t least, std::int64_t most) {
  return std::uniform_int_distribution<std::int64_t>(least, most)(engine_);
}

}  // namespace ticketshow::test
