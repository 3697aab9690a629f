#include "api/auth.hpp"

#include "api/make_wiring.hpp"

TICKETSHOW_MAKE_WIRING(ticketshow::auth::port);
