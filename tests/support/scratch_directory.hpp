#pragma once

#include <filesystem>

#include <fmt/format.h>

#include "base/random.hpp"

namespace ticketshow::test {

/// A directory that nobody else uses; it is taken away at the end.
class scratch_directory {
 public:
  scratch_directory() {
    system_random_source random;
    path_ = std::filesystem::temp_directory_path() / fmt::format("ticketshow-{}", random_hex(random, 8));
    std::filesystem::create_directories(path_);
  }
  ~scratch_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  scratch_directory(const scratch_directory&) = delete;
  scratch_directory& operator=(const scratch_directory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace ticketshow::test
