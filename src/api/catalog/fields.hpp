#pragma once

#include "contract/endpoint.hpp"

/// Fields of the catalogue's endpoints that more than one kind of thing has.
namespace ticketshow::catalog {

inline constexpr contract::field id_field{.name = "id", .min = 1};
inline constexpr contract::field skip_field{.name = "skip", .help = "0 by default.", .min = 0, .max = 1'000'000};
inline constexpr contract::field limit_field{.name = "limit", .help = "20 by default.", .min = 1, .max = 100};

}  // namespace ticketshow::catalog
