#include "app/schemas.hpp"

#include "adapters/bus_pg/bus_pg.hpp"
#include "adapters/search_pg/search_pg.hpp"
#include "services/auth/service.hpp"
#include "services/booking/service.hpp"
#include "services/catalog/service.hpp"
#include "services/notification/service.hpp"
#include "services/payment/service.hpp"
#include "services/search/service.hpp"

namespace ticketshow::app {

std::vector<pg::schema> all_schemas() {
  return {{bus_pg::schema_name, bus_pg::migrations()},
          {"auth", auth::migrations()},
          {"catalog", catalog::migrations()},
          {"booking", booking::migrations()},
          {"payment", payment::migrations()},
          {"search", search::migrations()},
          {search_pg::schema_name, search_pg::migrations()},
          {"notification", notification::migrations()}};
}

}  // namespace ticketshow::app
