#pragma once

#include "app/check/crossing.hpp"

namespace ticketshow::check {

/// I7: every row of an outbox is on the bus, and everybody who consumes its topic has it in the inbox or set aside. The
/// outboxes are read before the inboxes, so that what is under way shows as such.
rt::task<> check_events(rt::executor io, const options& chosen, tally into);

}  // namespace ticketshow::check
