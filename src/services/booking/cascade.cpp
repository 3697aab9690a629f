#include "services/booking/cascade.hpp"

#include "rt/fault_point.hpp"
#include "rt/in_parallel.hpp"
#include "rt/log.hpp"

namespace ticketshow::booking {
namespace {

using namespace std::chrono_literals;

constexpr auto look_again = 10s;  // for what another process left
constexpr auto step_time = 15s;
constexpr auto states_first = 5s;  // the longest that events of other bookings may have to wait
constexpr std::int64_t chunk = 2'000;
constexpr std::size_t schedules_at_once = 8;
constexpr std::size_t width = 2;

}  // namespace

cascade::cascade(rt::executor io, cancellations& tables, schedules& memory, events::outbox& outbox,
                 random_source& random)
    : cancellations_(tables),
      schedules_(memory),
      outbox_(outbox),
      random_(random),
      due_(io),
      cancelled_(rt::metrics::counter("ticketshow_booking_cancelled_with_showing_total",
                                      "Bookings cancelled because their showing was.")) {}

void cascade::start(rt::gate& background) {
  background_ = &background;
  due_.ring();
  background.repeat(1ms, [this] { return step(); });
}

rt::task<> cascade::step() {
  co_await due_.wait(look_again);
  const auto ids = co_await cancellations_.unfinished(rt::deadline::after(step_time));
  if (ids.empty()) co_return;
  // Seats and states first: the refunds that follow from them would take half of the machine meanwhile.
  outbox_.pause(states_first);
  const auto groups = (ids.size() + schedules_at_once - 1) / schedules_at_once;
  co_await rt::in_parallel(groups, width, [&](std::size_t group) {
    const auto begin = ids.begin() + static_cast<std::ptrdiff_t>(group * schedules_at_once);
    const auto count = std::min(schedules_at_once, ids.size() - group * schedules_at_once);
    return cancel_all({begin, begin + static_cast<std::ptrdiff_t>(count)});
  });
  outbox_.resume();
  due_.ring();  // there may be more than one answer of the database names
}

rt::task<> cascade::cancel_all(std::vector<std::int64_t> schedule_ids) {
  std::int64_t bookings = 0;
  const auto correlation_id = random_hex(random_, 16);
  while (true) {
    if (stopping()) co_return;  // the rest is found by the next start
    const auto done =
        co_await cancellations_.cancel_live(rt::deadline::after(step_time), schedule_ids, chunk, correlation_id);
    if (done == 0) break;
    bookings += done;
    cancelled_.Increment(static_cast<double>(done));
    rt::fault_point("booking.cascade_cancelled");
  }
  co_await cancellations_.finish(rt::deadline::after(step_time), schedule_ids);
  for (const auto id : schedule_ids) schedules_.forget(id);
  rt::log::info("bookings cancelled with their showings", {{"schedules", schedule_ids.size()}, {"bookings", bookings}});
}

}  // namespace ticketshow::booking
