#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ticketshow::app {

/// The services that a process may run, in the order in which they start.
enum class target { auth, catalog, booking, payment, search, notification, gateway };

inline constexpr target all_targets[] = {target::auth,   target::catalog,      target::booking, target::payment,
                                         target::search, target::notification, target::gateway};

std::string_view name_of(target which);

/// Reads "all" or a list of names; throws std::runtime_error with a sentence that lists the names.
std::set<target> parse_targets(const std::vector<std::string>& names);

}  // namespace ticketshow::app
