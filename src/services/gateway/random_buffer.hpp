#pragma once

#include <array>
#include <cstring>
#include <string>

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
    constexpr const char* digits = "0123456789abcdef";
    if (used_ + size > bytes_.size()) {
      source_.fill(bytes_.data(), bytes_.size());
      used_ = 0;
    }
    std::string text(2 * size, '0');
    for (std::size_t i = 0; i < size; ++i) {
      const auto byte = bytes_[used_ + i];
      text[2 * i] = digits[byte >> 4];
      text[2 * i + 1] = digits[byte & 15];
    }
    used_ += size;
    return text;
  }

 private:
  random_source& source_;
  std::array<unsigned char, 4096> bytes_{};
  std::size_t used_ = 4096;
};

}  // namespace ticketshow::gateway
