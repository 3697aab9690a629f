#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/random.hpp"
#include "ports/blob_store.hpp"
#include "rt/worker_pool.hpp"

namespace ticketshow::blob_disk {

struct options {
  std::filesystem::path directory;        ///< made at start
  std::string public_prefix = "/media/";  ///< the path below which the gateway gives public blobs
};

/// Keeps files in a directory, each written beside its place, synced and renamed. It reaches as far as the directory
/// does: whoever serves the files must see it.
class store final : public ports::blob_store {
 public:
  store(random_source& random, options settings);

  [[nodiscard]] std::string name() const override { return "blobs"; }
  /// Throws std::runtime_error with a sentence when the directory cannot be made or written to. What a process
  /// began to write an hour ago or earlier goes: it ended before it was done.
  rt::task<> start() override;
  rt::task<> stop(rt::deadline until) override;

  rt::task<> put(rt::deadline until, std::string key, std::string bytes) override;
  rt::task<std::optional<std::string>> get(rt::deadline until, std::string key) override;
  rt::task<bool> exists(rt::deadline until, std::string key) override;
  rt::task<> remove(rt::deadline until, std::string key) override;
  [[nodiscard]] std::string public_address(std::string_view key) const override;
  /// Nothing: there is nobody who could check such a URL.
  [[nodiscard]] std::optional<std::string> presigned(permission to, std::string_view key,
                                                     std::chrono::seconds valid) const override;

 private:
  [[nodiscard]] std::filesystem::path file_of(const std::string& key) const;

  random_source& random_;
  options settings_;
  rt::worker_pool workers_;
};

}  // namespace ticketshow::blob_disk
