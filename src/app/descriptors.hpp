#pragma once

namespace ticketshow::app {

/// Lets this process have as many files and connections open as the system allows it at all. The lower limit that it is
/// started with, 1,024 mostly, is there for programs that use select(), and is less than http.max_connections.
void raise_descriptor_limit();

}  // namespace ticketshow::app
