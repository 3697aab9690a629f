#include "app/reach.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "app/event_bus.hpp"

namespace ticketshow::app {

const std::set<target> with_events{target::catalog, target::booking, target::payment, target::search,
                                   target::notification};

namespace {

/// Who calls whom.
const std::map<target, std::vector<target>> calls{
    {target::catalog, {target::booking}},
    {target::booking, {target::auth, target::catalog}},
    {target::payment, {target::auth, target::booking}},
    {target::search, {target::catalog}},
    {target::notification, {target::auth}},
    {target::gateway,
     {target::auth, target::catalog, target::booking, target::payment, target::search, target::notification}},
};

void refuse_unreachable_services(const settings& configured, const std::set<target>& here) {
  for (const auto& [caller, callees] : calls) {
    for (const auto callee : callees) {
      const std::string name(name_of(callee));
      const bool reached = here.contains(callee) || !configured.text(name + ".url").empty();
      if (!here.contains(caller) || reached) continue;
      throw std::runtime_error(
          fmt::format("{0} calls {1}, which this process does not run; the setting {1}.url must tell "
                      "where it is (or add {1} to target).",
                      name_of(caller), name));
    }
  }
}

/// Each booking process would take its own memory for the truth, and refuse for minutes what another one has freed.
void refuse_lonely_memory(const settings& configured) {
  const auto processes = configured.list("booking.url").size();
  if (processes < 2 || configured.number("booking.map_max_age_ms", 0, 60'000) > 0) return;
  throw std::runtime_error(fmt::format(
      "booking.url names {} processes, which share a database, but booking.map_max_age_ms is 0: each would trust its "
      "memory of the seats for good, and not see what the others sell and free. Set it for all of them, to 1000, say.",
      processes));
}

/// The bus in PostgreSQL is one schema that all services share; where each service has a database of its own, which one
/// has it must be said.
void refuse_bus_in_nobodys_database(const settings& configured, const std::set<target>& here) {
  if (!bus_is_postgresql(configured) || !configured.text("database.bus_url").empty()) return;
  const bool alone = std::ranges::includes(here, with_events);
  for (const auto each : with_events) {
    if (alone || !here.contains(each)) continue;
    if (configured.text(fmt::format("database.{}_url", name_of(each))).empty()) continue;
    throw std::runtime_error(fmt::format(
        "bus.adapter is pg, and {} has a database of its own, which other services do not see: events would stay "
        "where nobody looks. Name the one database in which all find the bus in database.bus_url, or use "
        "bus.adapter kafka.",
        name_of(each)));
  }
}

}  // namespace

void refuse_short_reach(const settings& configured, const std::set<target>& here) {
  refuse_unreachable_services(configured, here);
  refuse_lonely_memory(configured);
  refuse_bus_in_nobodys_database(configured, here);
}

}  // namespace ticketshow::app
