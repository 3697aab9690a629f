#pragma once

#include "api/catalog.hpp"
#include "base/time.hpp"

namespace ticketshow::app {

/// A city's worth of cinema to try the platform with, relative to today: 14 shows, 8 venues in 4 cities, 24 screens,
/// and at least 400 showings over 7 days, made through the catalogue's own endpoints. `by_admin` must be an
/// administrator's call. What an interrupted load left out is added; on later days the showings of the days that came
/// into reach are, where the sample's venues and shows are still open. Gives the number of showings added. Things are
/// known by their names; what a day shows does not depend on when it was loaded.
rt::task<int> load_sample_catalogue(catalog::port& catalogue, rt::call by_admin, const clock_source& clock);

/// The venue of the sample whose doors the sample's staff keeps; nothing when somebody has renamed it.
rt::task<std::optional<std::int64_t>> sample_venue_id(catalog::port& catalogue, rt::call by_admin);

}  // namespace ticketshow::app
