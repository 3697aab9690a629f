#include "api/operations.hpp"

#include "api/make_wiring.hpp"

TICKETSHOW_MAKE_WIRING(ticketshow::operations::port);
TICKETSHOW_MAKE_WIRING(ticketshow::operations::letters_port);
