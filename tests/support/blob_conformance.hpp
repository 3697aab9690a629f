#pragma once

#include <cstdlib>
#include <functional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.hpp"
#include "ports/blob_store.hpp"
#include "rt/call.hpp"
#include "rt/task.hpp"
#include "tests/support/seed.hpp"

/// What every ports::blob_store promises. An adapter derives a fixture and instantiates the suite with
/// TICKETSHOW_BLOB_CONFORMANCE(its_fixture).
namespace ticketshow::test {

class blob_conformance : public testing::Test {
 protected:
  virtual ports::blob_store& tested() = 0;
  /// Another store over the same files, as another process has it.
  virtual ports::blob_store& another() = 0;

  static rt::deadline soon() { return rt::deadline::after(std::chrono::seconds(20)); }
  template <class T>
  T run(rt::task<T> work) {
    return rt::run(context_, std::move(work));
  }
  /// A key that no other test uses.
  std::string fresh(std::string_view ending = ".webp") {
    return "posters/" + random_hex(random_, 8) + "/" + random_hex(random_, 4) + std::string(ending);
  }

  rt::asio::io_context context_;
  system_random_source random_;

 public:
  void what_is_put_is_there_for_every_store() {
    const auto key = fresh();
    EXPECT_FALSE(run(tested().exists(soon(), key)));
    EXPECT_EQ(run(tested().get(soon(), key)), std::nullopt);
    run(tested().put(soon(), key, "bytes"));
    EXPECT_TRUE(run(another().exists(soon(), key)));
    EXPECT_EQ(run(another().get(soon(), key)), "bytes");
  }
  void the_last_put_counts() {
    const auto key = fresh();
    run(tested().put(soon(), key, "first"));
    run(another().put(soon(), key, "second, which is longer"));
    run(tested().put(soon(), key, "third"));
    EXPECT_EQ(run(another().get(soon(), key)), "third");
  }
  void any_bytes_of_any_length_come_back() {
    TICKETSHOW_SEEDED(random);
    for (const std::size_t size : {0UZ, 1UZ, 4'095UZ, 65'536UZ, 3'000'000UZ}) {
      std::string bytes(size, '\0');
      for (auto& each : bytes) each = static_cast<char>(random()());
      const auto key = fresh(".jpg");
      run(tested().put(soon(), key, bytes));
      EXPECT_TRUE(run(tested().get(soon(), key)) == bytes) << size << " bytes";
    }
  }
  void what_is_removed_is_gone_and_may_be_removed_again() {
    const auto key = fresh();
    run(tested().put(soon(), key, "bytes"));
    run(tested().remove(soon(), key));
    EXPECT_FALSE(run(another().exists(soon(), key)));
    run(tested().remove(soon(), key));
    run(tested().put(soon(), key, "again"));
    EXPECT_EQ(run(tested().get(soon(), key)), "again");
  }
  void only_the_key_itself_is_removed() {
    const auto key = fresh();
    const auto beside = key.substr(0, key.rfind('/')) + "/beside.webp";
    run(tested().put(soon(), key, "bytes"));
    run(tested().put(soon(), beside, "stays"));
    run(tested().remove(soon(), key));
    EXPECT_EQ(run(tested().get(soon(), beside)), "stays");
  }
  void keys_that_lead_elsewhere_are_refused() {
    const auto wrong = {"",          "/posters/a.webp", "posters/../a.webp", "posters//a.webp",  "../a.webp",
                        ".a.webp",   "posters/.a.webp", "posters/A.webp",    "posters/a b.webp", "posters/a.html",
                        "posters/a", "posters/a.webp/", "posters/%2e.webp",  "posters\\a.webp",  "posters/a\n.webp"};
    for (const std::string key : wrong) {
      EXPECT_THROW(run(tested().put(soon(), key, "x")), std::invalid_argument) << key;
      EXPECT_THROW(run(tested().get(soon(), key)), std::invalid_argument) << key;
      EXPECT_THROW(run(tested().exists(soon(), key)), std::invalid_argument) << key;
      EXPECT_THROW(run(tested().remove(soon(), key)), std::invalid_argument) << key;
    }
    const std::string longest = "posters/" + std::string(187, 'a') + ".webp";
    EXPECT_TRUE(ports::is_blob_key(longest));
    EXPECT_FALSE(ports::is_blob_key("a" + longest));
  }
  void starting_again_changes_nothing() {
    const auto key = fresh();
    run(tested().put(soon(), key, "bytes"));
    run(another().start());
    EXPECT_EQ(run(another().get(soon(), key)), "bytes");
  }
};

}  // namespace ticketshow::test

#define TICKETSHOW_BLOB_CASE(fixture, promise) \
  TEST_F(fixture, promise) { blob_conformance::promise(); }

#define TICKETSHOW_BLOB_CONFORMANCE(fixture)                                      \
  TICKETSHOW_BLOB_CASE(fixture, what_is_put_is_there_for_every_store)             \
  TICKETSHOW_BLOB_CASE(fixture, the_last_put_counts)                              \
  TICKETSHOW_BLOB_CASE(fixture, any_bytes_of_any_length_come_back)                \
  TICKETSHOW_BLOB_CASE(fixture, what_is_removed_is_gone_and_may_be_removed_again) \
  TICKETSHOW_BLOB_CASE(fixture, only_the_key_itself_is_removed)                   \
  TICKETSHOW_BLOB_CASE(fixture, keys_that_lead_elsewhere_are_refused)             \
  TICKETSHOW_BLOB_CASE(fixture, starting_again_changes_nothing)
