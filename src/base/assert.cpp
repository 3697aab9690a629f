#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace ticketshow {

void assertion_failed(const char* condition, std::source_location where) {
  std::fprintf(stderr,
               "{\"level\":\"fatal\",\"event\":\"assertion failed\",\"condition\":\"%s\",\"where\":\"%s:%u\"}\n",
               condition, where.file_name(), where.line());
  std::abort();
}

}  // namespace ticketshow
