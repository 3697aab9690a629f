#include "app/public_api.hpp"

#include "api/wiring.hpp"
#include "contract/openapi.hpp"

namespace ticketshow::app {

contract::router make_public_router(auth::port& accounts, catalog::port& catalogue, booking::port& bookings,
                                    payment::port& payments, search::port& searches, operations::port& operators,
                                    contract::wire_options options) {
  contract::router routes{std::string(api_prefix), options};
  const auto mount = [&](auto& port) { api::mount(routes, port, contract::router::audience::outside); };
  mount(accounts);
  mount(catalogue);
  mount(bookings);
  mount(payments);
  mount(searches);
  mount(operators);
  return routes;
}

std::string openapi_text() {
  contract::openapi_document document("Ticket Show", TICKETSHOW_VERSION, std::string(api_prefix));
  document.add<auth::port>("auth");
  document.add<catalog::port>("catalog");
  document.add<booking::port>("booking");
  document.add<payment::port>("payment");
  document.add<search::port>("search");
  document.add<operations::port>("operations");
  return document.print();
}

}  // namespace ticketshow::app
