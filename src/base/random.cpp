#include "base/random.hpp"

#include <cstring>
#include <sys/random.h>
#include <vector>

#include "base/assert.hpp"

namespace ticketshow {

void system_random_source::fill(void* bytes, std::size_t size) {
  auto* at = static_cast<unsigned char*>(bytes);
  while (size > 0) {
    const auto got = ::getrandom(at, size, 0);
    if (got < 0 && errno == EINTR) continue;
    TICKETSHOW_ASSERT(got > 0);
    at += got;
    size -= static_cast<std::size_t>(got);
  }
}

void seeded_random_source::fill(void* bytes, std::size_t size) {
  auto* at = static_cast<unsigned char*>(bytes);
  for (std::size_t i = 0; i < size; ++i) at[i] = static_cast<unsigned char>(engine_());
}

std::string random_hex(random_source& random, std::size_t bytes) {
  std::vector<unsigned char> raw(bytes);
  random.fill(raw.data(), raw.size());
  std::string text;
  text.reserve(bytes * 2);
  constexpr const char* digits = "0123456789abcdef";
  for (const auto byte : raw) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

}  // namespace ticketshow
