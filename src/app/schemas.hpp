#pragma once

#include <vector>

#include "pg/migrations.hpp"

namespace ticketshow::app {

/// The schemas of all services with their migrations, in the order in which they are brought up to date.
std::vector<pg::schema> all_schemas();

}  // namespace ticketshow::app
