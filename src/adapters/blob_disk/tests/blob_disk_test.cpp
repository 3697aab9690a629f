#include "adapters/blob_disk/blob_disk.hpp"

#include <fstream>

#include "tests/support/blob_conformance.hpp"
#include "tests/support/run_all.hpp"
#include "tests/support/scratch_directory.hpp"

namespace ticketshow::blob_disk {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> files_below(const fs::path& directory) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) names.push_back(entry.path().lexically_relative(directory).generic_string());
  }
  return names;
}

class blob_disk_test : public test::blob_conformance {
 protected:
  void SetUp() override {
    run(made_.start());
    run(other_.start());
  }
  ports::blob_store& tested() override { return made_; }
  ports::blob_store& another() override { return other_; }

  test::scratch_directory directory_;
  store made_{random_, {.directory = directory_.path() / "blobs"}};
  store other_{random_, {.directory = directory_.path() / "blobs"}};
};

TICKETSHOW_BLOB_CONFORMANCE(blob_disk_test)

TEST_F(blob_disk_test, public_blobs_are_below_the_gateways_path_and_nothing_is_presigned) {
  EXPECT_EQ(made_.public_address("posters/a.webp"), "/media/posters/a.webp");
  EXPECT_EQ(made_.presigned(ports::blob_store::permission::get, "posters/a.webp", std::chrono::seconds(60)),
            std::nullopt);
}

TEST_F(blob_disk_test, readers_see_a_whole_file_while_it_is_replaced) {
  const auto key = fresh();
  const std::string a(200'000, 'a');
  const std::string b(100'000, 'b');
  run(made_.put(soon(), key, a));
  const auto replace = [](store& at, std::string name, std::string bytes) -> rt::task<bool> {
    co_await at.put(soon(), std::move(name), std::move(bytes));
    co_return true;
  };
  const auto look = [](store& at, std::string name, const std::string& one, const std::string& two) -> rt::task<bool> {
    const auto seen = co_await at.get(soon(), std::move(name));
    co_return seen == one || seen == two;
  };
  std::vector<rt::task<bool>> work;
  for (int round = 0; round < 40; ++round) {
    work.push_back(replace(made_, key, round % 2 == 0 ? b : a));
    work.push_back(look(other_, key, a, b));
  }
  EXPECT_THAT(test::run_all(context_, std::move(work)), testing::Each(true));
}

TEST_F(blob_disk_test, only_what_was_put_is_left_behind) {
  run(made_.put(soon(), "posters/one.webp", "1"));
  EXPECT_THAT(files_below(directory_.path() / "blobs"), testing::ElementsAre("posters/one.webp"));
}

TEST_F(blob_disk_test, what_was_never_finished_goes_an_hour_later) {
  const auto old = directory_.path() / "blobs/.begun-0123";
  const auto fresh_one = directory_.path() / "blobs/.begun-4567";
  for (const auto& each : {old, fresh_one}) std::ofstream(each) << "half";
  fs::last_write_time(old, fs::file_time_type::clock::now() - std::chrono::hours(2));
  run(other_.start());
  EXPECT_FALSE(fs::exists(old));
  EXPECT_TRUE(fs::exists(fresh_one)) << "somebody may be writing it";
}

TEST_F(blob_disk_test, a_directory_that_cannot_be_made_is_named_at_start) {
  std::ofstream(directory_.path() / "file") << "no directory";
  store nowhere(random_, {.directory = directory_.path() / "file/blobs"});
  try {
    run(nowhere.start());
    FAIL() << "it started";
  } catch (const std::runtime_error& failure) {
    EXPECT_THAT(failure.what(), testing::HasSubstr("file/blobs"));
  }
}

}  // namespace
}  // namespace ticketshow::blob_disk
