#pragma once

#include "api/catalog/documents.hpp"
#include "api/catalog/events.hpp"
#include "api/catalog/playing.hpp"
#include "api/catalog/posters.hpp"
#include "api/catalog/schedules.hpp"
#include "api/catalog/screens.hpp"
#include "api/catalog/seats.hpp"
#include "api/catalog/shows.hpp"
#include "api/catalog/venues.hpp"
#include "contract/port.hpp"

/// Shows, venues, screens and schedules: what plays where and when. The port has them all; who needs one of them
/// includes its own header.
namespace ticketshow::catalog {

using all_endpoints =
    contract::endpoints<list_shows, get_show, create_show, update_show, cancel_show, upload_poster, list_playing_shows,
                        list_show_schedules, list_show_venues, list_venues, get_venue, create_venue, update_venue,
                        deactivate_venue, list_screens, create_screen, update_screen, create_schedule, update_schedule,
                        cancel_schedule, get_schedule, list_venue_schedules, get_schedule_for_sale, list_show_documents,
                        list_venue_documents>;
using port = contract::port_of<all_endpoints>;

}  // namespace ticketshow::catalog
