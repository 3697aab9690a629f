#include "services/booking/service.hpp"

// How far a cancellation is: whether there is one, catalog knows; what it does, booking.
namespace ticketshow::booking {
namespace {

contract::problem problem_of(const contract::problem& from_catalog, const contract::error& unknown) {
  if (*from_catalog.kind == unknown) return {.kind = &unknown, .detail = {}};
  return from_catalog;
}

}  // namespace

rt::task<contract::result<cancellation_view>> service::handle(rt::call call, get_show_cancellation request) {
  const auto show = co_await catalog_.handle(call.as_service("booking"), catalog::get_show{request.id});
  if (!show) co_return std::unexpected(problem_of(show.error(), show_not_found));
  const cancellation_scope of{.schedule_id = {}, .show_id = request.id, .venue_id = {}};
  co_return co_await cancellations_.measure(call.until, of, show->status == catalog::show_status::CANCELLED);
}

rt::task<contract::result<cancellation_view>> service::handle(rt::call call, get_schedule_cancellation request) {
  const auto schedule = co_await catalog_.handle(call.as_service("booking"), catalog::get_schedule{request.id});
  if (!schedule) co_return std::unexpected(problem_of(schedule.error(), schedule_not_found));
  const cancellation_scope of{.schedule_id = request.id, .show_id = {}, .venue_id = {}};
  co_return co_await cancellations_.measure(call.until, of, schedule->status == catalog::schedule_status::CANCELLED);
}

rt::task<contract::result<cancellation_view>> service::handle(rt::call call, get_venue_cancellation request) {
  const auto venue = co_await catalog_.handle(call.as_service("booking"), catalog::get_venue{request.id});
  if (!venue) co_return std::unexpected(problem_of(venue.error(), venue_not_found));
  const cancellation_scope of{.schedule_id = {}, .show_id = {}, .venue_id = request.id};
  co_return co_await cancellations_.measure(call.until, of, venue->status == catalog::venue_status::INACTIVE);
}

}  // namespace ticketshow::booking
