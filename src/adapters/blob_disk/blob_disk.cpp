#include "adapters/blob_disk/blob_disk.hpp"

#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "rt/unavailable.hpp"

namespace ticketshow::blob_disk {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t threads = 2;
constexpr std::size_t most_waiting = 256;

/// What is being written. No key has a part that begins with a dot.
constexpr std::string_view begun_prefix = ".begun-";

[[noreturn]] void fail(std::string_view what, const fs::path& file) {
  const std::error_code why(errno, std::generic_category());
  throw std::runtime_error(fmt::format("{} {}: {}.", what, file.string(), why.message()));
}

class descriptor {
 public:
  descriptor(const fs::path& file, int flags) : number_(::open(file.c_str(), flags | O_CLOEXEC, 0644)) {
    if (number_ < 0) fail("cannot open", file);
  }
  ~descriptor() { ::close(number_); }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;

  void write(std::string_view bytes, const fs::path& file) const {
    while (!bytes.empty()) {
      const auto written = ::write(number_, bytes.data(), bytes.size());
      if (written < 0 && errno != EINTR) fail("cannot write", file);
      if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void sync(const fs::path& file) const {
    if (::fsync(number_) != 0) fail("cannot sync", file);
  }

 private:
  int number_;
};

/// A name outlives a power cut once its directory is on the disk.
void sync_directory(const fs::path& directory) { descriptor(directory, O_RDONLY | O_DIRECTORY).sync(directory); }

/// Makes the directories that are missing, each name synced in its parent.
void make_directories(const fs::path& directory) {
  if (fs::is_directory(directory)) return;
  make_directories(directory.parent_path());
  fs::create_directory(directory);
  sync_directory(directory.parent_path());
}

bool write_file(const fs::path& place, const fs::path& beside, const std::string& bytes) {
  make_directories(place.parent_path());
  try {
    const descriptor file(beside, O_WRONLY | O_CREAT | O_EXCL);
    file.write(bytes, beside);
    file.sync(beside);
    fs::rename(beside, place);
  } catch (...) {
    std::error_code ignored;
    fs::remove(beside, ignored);
    throw;
  }
  sync_directory(place.parent_path());
  return true;
}

std::optional<std::string> read_file(const fs::path& place) {
  std::error_code failure;
  if (!fs::is_regular_file(place, failure)) return std::nullopt;
  std::ifstream stream(place, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  if (!stream.is_open() || stream.bad()) throw std::runtime_error(fmt::format("cannot read {}.", place.string()));
  return bytes;
}

bool remove_file(const fs::path& place) {
  if (fs::remove(place)) sync_directory(place.parent_path());
  return true;
}

/// What a process began to write before it ended. Another one may be writing just now.
void remove_unfinished(const fs::path& directory) {
  const auto long_ago = fs::file_time_type::clock::now() - std::chrono::hours(1);
  std::vector<fs::path> begun;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    const bool unfinished = entry.path().filename().native().starts_with(begun_prefix);
    if (unfinished && entry.last_write_time() < long_ago) begun.push_back(entry.path());
  }
  for (const auto& each : begun) fs::remove(each);
}

/// The value, unless the threads had no time for the work.
template <class T>
T done(std::optional<T> value) {
  if (!value) throw rt::unavailable("the disk has too much to do");
  return std::move(*value);
}

}  // namespace

store::store(random_source& random, options settings)
    : random_(random), settings_(std::move(settings)), workers_(threads, most_waiting) {}

rt::task<> store::start() {
  try {
    settings_.directory = fs::absolute(settings_.directory);
    make_directories(settings_.directory);
    remove_unfinished(settings_.directory);
    const auto probe = settings_.directory / fmt::format("{}{}", begun_prefix, random_hex(random_, 8));
    write_file(probe, probe.string() + "-probe", "");
    fs::remove(probe);
  } catch (const std::exception& failure) {
    throw std::runtime_error(
        fmt::format("The directory of blobs, {}, cannot be used: {}", settings_.directory.string(), failure.what()));
  }
  co_return;
}

rt::task<> store::stop(rt::deadline) { co_return; }

fs::path store::file_of(const std::string& key) const {
  if (!ports::is_blob_key(key)) throw std::invalid_argument(fmt::format("\"{}\" is no key of a blob", key));
  return settings_.directory / key;
}

rt::task<> store::put(rt::deadline, std::string key, std::string bytes) {
  const auto place = file_of(key);
  const auto beside = place.parent_path() / fmt::format("{}{}", begun_prefix, random_hex(random_, 16));
  auto work = [place, beside, content = std::move(bytes)] { return write_file(place, beside, content); };
  done(co_await workers_.run(std::move(work)));
}

rt::task<std::optional<std::string>> store::get(rt::deadline, std::string key) {
  auto work = [place = file_of(key)] { return read_file(place); };
  co_return done(co_await workers_.run(std::move(work)));
}

rt::task<bool> store::exists(rt::deadline, std::string key) {
  auto work = [place = file_of(key)] { return fs::is_regular_file(place); };
  co_return done(co_await workers_.run(std::move(work)));
}

rt::task<> store::remove(rt::deadline, std::string key) {
  auto work = [place = file_of(key)] { return remove_file(place); };
  done(co_await workers_.run(std::move(work)));
}

std::string store::public_address(std::string_view key) const { return settings_.public_prefix + std::string(key); }

std::optional<std::string> store::presigned(permission, std::string_view, std::chrono::seconds) const {
  return std::nullopt;
}

}  // namespace ticketshow::blob_disk
