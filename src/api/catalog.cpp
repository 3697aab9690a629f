#include "api/catalog.hpp"

#include "api/make_wiring.hpp"

TICKETSHOW_MAKE_WIRING(ticketshow::catalog::port);
