#pragma once

#include "api/catalog.hpp"
#include "base/time.hpp"

namespace ticketshow::app {

/// A city's worth of cinema to try the platform with, relative to today: 14 shows, 8 venues in 4 cities, 24 screens,
/// and at least 400 showings over 7 days, made through the catalogue's own endpoints. `by_admin` must be an
/// administrator's call. What an interrupted load left out is added; does nothing and answers false when it was loaded
/// to its end before. Things are known by their names.
rt::task<bool> load_sample_catalogue(catalog::port& catalogue, rt::call by_admin, const clock_source& clock);

}  // namespace ticketshow::app
