#include "services/booking/administration.hpp"

#include "services/booking/ticket_keys.hpp"

namespace ticketshow::booking {

rt::task<std::string> rotate_ticket_key(pg::pool& database, rt::deadline until, random_source& random) {
  return ensure_ticket_key(database, until, random, true);
}

}  // namespace ticketshow::booking
