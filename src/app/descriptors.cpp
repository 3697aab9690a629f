#include "app/descriptors.hpp"

#include <sys/resource.h>

namespace ticketshow::app {

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);  // when it is refused, the limit stays what it was
}

}  // namespace ticketshow::app
