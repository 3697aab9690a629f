#pragma once

#include <memory>
#include <string>

#include "contract/client.hpp"
#include "contract/router.hpp"

/// What joins services to each other and to HTTP. It takes the compiler half a minute for each port to write what reads
/// and checks and writes each of its requests and answers, so that is done once, in the file that is named after the
/// port (auth.cpp and so on, by means of make_wiring.hpp), and those who include this only call it.
namespace ticketshow::api {

/// A port whose service is reached through `carrier`, which must outlive the client. `prefix` is the one of the
/// service's router.
template <class Port>
std::unique_ptr<Port> make_client(contract::transport& carrier, std::string prefix);

/// Adds all endpoints of a port, which must outlive the router; of those for services only what `to` allows.
template <class Port>
void mount(contract::router& routes, Port& port, contract::router::audience to);

}  // namespace ticketshow::api
