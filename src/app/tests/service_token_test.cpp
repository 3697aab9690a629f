#include "app/service_token.hpp"

#include <barrier>
#include <filesystem>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.hpp"

namespace ticketshow::app {
namespace {

using ::testing::SizeIs;

/// A directory of its own, gone with the test.
struct directory {
  std::filesystem::path path;
  directory() {
    system_random_source random;
    path = std::filesystem::temp_directory_path() / ("service_token_test-" + random_hex(random, 8));
    std::filesystem::create_directories(path);
  }
  ~directory() { std::filesystem::remove_all(path); }
  directory(const directory&) = delete;
  directory& operator=(const directory&) = delete;
};

/// Threads have one process id, as containers do that share a volume.
std::set<std::string> keys_of_starters(const std::string& file, int count) {
  std::vector<std::string> read(static_cast<std::size_t>(count));
  std::barrier together(count);
  {
    std::vector<std::jthread> starters;
    for (auto& key : read) {
      starters.emplace_back([&] {
        together.arrive_and_wait();
        try {
          key = load_or_make_internal_key(file);
        } catch (const std::runtime_error& error) {
          key = error.what();
        }
      });
    }
  }
  return {read.begin(), read.end()};
}

TEST(InternalKey, AllWhoStartAtOnceHaveTheSameWholeKey) {
  for (int round = 0; round < 30; ++round) {
    const directory place;
    const auto file = (place.path / "data" / "internal.key").string();
    const auto keys = keys_of_starters(file, 12);
    ASSERT_THAT(keys, SizeIs(1));
    EXPECT_THAT(*keys.begin(), SizeIs(64));
    EXPECT_EQ(load_or_make_internal_key(file), *keys.begin());
    const std::filesystem::directory_iterator left(place.path / "data");
    EXPECT_EQ(std::distance(begin(left), end(left)), 1) << "a draft was left";
  }
}

TEST(InternalKey, WhatCannotBeMadeIsNamed) {
  EXPECT_THROW(load_or_make_internal_key("/proc/nowhere/internal.key"), std::exception);
}

}  // namespace
}  // namespace ticketshow::app
