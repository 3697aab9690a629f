#pragma once

#include <array>
#include <string>

#include "base/bytes.hpp"
#include "base/random.hpp"

namespace ticketshow::gateway {

/// Random bytes fetched from their source by the kilobyte: a correlation id for every request is no reason for a system
/// call for every request.
class random_buffer {
 public:
  explicit random_buffer(random_source& source) : source_(source) {}

  /// 32 lower-case hexadecimal digits.
  std::string hex_id() {
    constexpr std::size_t size = 16;
    if (used_ + size > bytes_.size()) {
      source_.fill(bytes_.data(), bytes_.size());
      used_ = 0;
    }
    used_ += size;
    return hex({&bytes_[used_ - size], size});
  }

 private:
  random_source& source_;
  std::array<char, 4096> bytes_{};
  std::size_t used_ = 4096;
};

}  // namespace ticketshow::gateway
