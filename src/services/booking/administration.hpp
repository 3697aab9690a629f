#pragma once

#include <string>

#include "base/random.hpp"
#include "pg/pool.hpp"

/// What an operator does to booking by command, beside a running service.
namespace ticketshow::booking {

/// Makes a new key for the tickets of bookings to come; older ones stay good for what they signed. Gives the new one's
/// id.
rt::task<std::string> rotate_ticket_key(pg::pool& database, rt::deadline until, random_source& random);

}  // namespace ticketshow::booking
