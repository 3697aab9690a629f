#include "base/random.hpp"

#include <cstring>
#include <sys/random.h>

#include "base/assert.hpp"
#include "base/bytes.hpp"

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
  std::string raw(bytes, '\0');
  random.fill(raw.data(), raw.size());
  return hex(raw);
}

}  // namespace ticketshow
