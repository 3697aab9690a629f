#pragma once

#include "app/check/crossing.hpp"

namespace ticketshow::check {

/// I11: the store has every file of every show's poster. Posters that no show has any more are noted: their files go in
/// a while, and of every file in the store there is a row (docs/adr/0014). Reads the newest rows, not a snapshot: what
/// is replaced meanwhile is looked at again.
rt::task<> check_posters(rt::executor io, const options& chosen, tally into);

}  // namespace ticketshow::check
