#include "api/payment.hpp"

#include "api/make_wiring.hpp"

TICKETSHOW_MAKE_WIRING(ticketshow::payment::port);
