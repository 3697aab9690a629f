#pragma once

#include <string>

#include "api/auth.hpp"
#include "api/booking.hpp"
#include "api/catalog.hpp"
#include "api/operations.hpp"
#include "api/payment.hpp"
#include "api/search.hpp"
#include "contract/router.hpp"

/// The list of services that make the public API: what is mounted is what is documented.
namespace ticketshow::app {

/// The prefix of the public API.
inline constexpr std::string_view api_prefix = "/api/v1";

/// A router for people: every endpoint of the ports but those for services. The ports must outlive it.
contract::router make_public_router(auth::port& accounts, catalog::port& catalogue, booking::port& bookings,
                                    payment::port& payments, search::port& searches, operations::port& operators,
                                    contract::wire_options options);

/// The OpenAPI document of the same endpoints.
std::string openapi_text();

}  // namespace ticketshow::app
