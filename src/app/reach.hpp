#pragma once

#include <set>

#include "app/settings.hpp"
#include "app/targets.hpp"

namespace ticketshow::app {

/// Who tells others what happened, or wants to hear of it.
extern const std::set<target> with_events;

/// Throws std::runtime_error with a sentence that says which setting and why, when what a process of these targets is
/// told does not reach as far as the deployment it is part of: a service that is called is nowhere, memory is trusted
/// that others do not see, events go where nobody looks. What only an adapter can judge it says itself
/// (blob_store.hpp).
void refuse_short_reach(const settings& configured, const std::set<target>& here);

}  // namespace ticketshow::app
