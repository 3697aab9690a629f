#include "rt/worker_pool.hpp"

#include <algorithm>
#include <sys/resource.h>

namespace ticketshow::rt {

void worker_pool::give_way() {
  constexpr int niceness = 10;  // a tenth of what others get, when nothing is idle
  // On Linux it is the calling thread's alone. It may always be raised; if not, the work is done all the same.
  setpriority(PRIO_PROCESS, 0, std::max(niceness, getpriority(PRIO_PROCESS, 0)));
}

}  // namespace ticketshow::rt
