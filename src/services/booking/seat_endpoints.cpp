#include "services/booking/service.hpp"

namespace ticketshow::booking {

rt::task<contract::result<get_seat_map::response>> service::handle(rt::call, get_seat_map request) {
  const auto book = co_await schedules_.get(request.schedule_id);
  if (!book) co_return contract::fail(schedule_not_found);
  co_return book->map(clock_.now());
}

rt::task<contract::result<watch_seats::response>> service::handle(rt::call, watch_seats request) {
  return streams_.open(std::move(request));
}

}  // namespace ticketshow::booking
