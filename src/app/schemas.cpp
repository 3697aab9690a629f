#include "app/schemas.hpp"

#include "services/auth/service.hpp"
#include "services/booking/service.hpp"
#include "services/catalog/service.hpp"
#include "services/payment/service.hpp"

namespace ticketshow::app {

std::vector<pg::schema> all_schemas() {
  return {{"auth", auth::migrations()},
          {"catalog", catalog::migrations()},
          {"booking", booking::migrations()},
          {"payment", payment::migrations()}};
}

}  // namespace ticketshow::app
