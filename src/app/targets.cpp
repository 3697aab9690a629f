#include "app/targets.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ticketshow::app {

std::string_view name_of(target which) {
  switch (which) {
    case target::auth:
      return "auth";
    case target::catalog:
      return "catalog";
    case target::booking:
      return "booking";
    case target::payment:
      return "payment";
    case target::notification:
      return "notification";
    case target::search:
      return "search";
    case target::gateway:
      return "gateway";
  }
  return {};
}

std::set<target> parse_targets(const std::vector<std::string>& names) {
  std::set<target> chosen;
  for (const auto& name : names) {
    if (name == "all") {
      chosen.insert(std::begin(all_targets), std::end(all_targets));
      continue;
    }
    const auto* const found = std::ranges::find(all_targets, name, name_of);
    if (found == std::end(all_targets)) {
      std::vector<std::string_view> known;
      std::ranges::transform(all_targets, std::back_inserter(known), name_of);
      throw std::runtime_error(
          fmt::format("There is no target \"{}\"; there are all, {}.", name, fmt::join(known, ", ")));
    }
    chosen.insert(*found);
  }
  if (chosen.empty()) throw std::runtime_error("The setting target names no service; use all to run every one.");
  return chosen;
}

}  // namespace ticketshow::app
