#include "api/booking.hpp"

#include "api/make_wiring.hpp"

TICKETSHOW_MAKE_WIRING(ticketshow::booking::port);
