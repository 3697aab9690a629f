#pragma once

#include <cstddef>
#include <string>

#include "api/catalog.hpp"

namespace ticketshow::app {

/// The poster of a show of the sample as PNG, `width` pixels wide and half as high again. It is drawn anew each time,
/// from shapes of the project's own and the show's title; takes some tenths of a second. `number` is the show's place
/// in sample_shows.
std::string sample_poster(std::size_t number, int width);

/// Gives the sample's shows that run the posters that they lack, through the catalogue's own endpoint. `by_admin` must
/// be an administrator's call. Takes some seconds the first time. Throws std::runtime_error when one is refused.
rt::task<> load_sample_posters(catalog::port& catalogue, rt::call by_admin);

}  // namespace ticketshow::app
