#pragma once

#include "app/check/crossing.hpp"

namespace ticketshow::check {

/// I6: the index holds every show and venue of the catalogue in its newest version, and nothing else; what changed in
/// the last 30 seconds (or the time to settle, if that is shorter) may be on its way. A page of the index is read
/// before the catalogue's rows of the same ids, which are therefore at least as new.
rt::task<> check_search(rt::executor io, const options& chosen, tally into);

}  // namespace ticketshow::check
