#pragma once

#include <utility>

#include "api/wiring.hpp"

namespace ticketshow::api {

template <class Port>
std::unique_ptr<Port> make_client(contract::transport& carrier, std::string prefix) {
  return std::make_unique<contract::client<Port>>(carrier, std::move(prefix));
}

template <class Port>
void mount(contract::router& routes, Port& port, contract::router::audience to) {
  routes.mount(port, to);
}

}  // namespace ticketshow::api

/// Compiles the wiring of a port here. In the file of the port, in no namespace.
// NOLINTBEGIN(bugprone-macro-parentheses): the argument is a type.
#define TICKETSHOW_MAKE_WIRING(port)                                                                                \
  template std::unique_ptr<port> ticketshow::api::make_client<port>(ticketshow::contract::transport&, std::string); \
  template void ticketshow::api::mount<port>(ticketshow::contract::router&, port&,                                  \
                                             ticketshow::contract::router::audience)
// NOLINTEND(bugprone-macro-parentheses)
