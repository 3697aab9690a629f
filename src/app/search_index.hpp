#pragma once

#include <memory>

#include "app/settings.hpp"
#include "pg/pool.hpp"
#include "ports/search_index.hpp"

namespace ticketshow::app {

/// Whether the settings name PostgreSQL; throws std::runtime_error with a sentence when they name nothing we have.
bool searches_in_postgresql(const settings& configured);

/// The search index that the settings name. `database` is that of the schema `search_index`; nullptr when the index is
/// not in PostgreSQL. Throws std::runtime_error with a sentence when the settings do not fit together.
std::unique_ptr<ports::search_index> make_search_index(rt::executor io, const settings& configured, pg::pool* database);

}  // namespace ticketshow::app
