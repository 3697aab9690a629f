#include "services/catalog/booking_sync.hpp"

#include "rt/log.hpp"
#include "services/catalog/queries.hpp"

namespace ticketshow::catalog {
namespace {

/// One call's worth; booking takes at most 10,000.
constexpr std::int64_t chunk = 1'000;

/// How long the answer to a change waits for booking: it must still arrive itself.
rt::deadline patience_of(const rt::call& call) { return call.until.no_later_than(call.until.left() / 2); }

void log_delay(const char* what, const rt::call& call, const std::exception& failure) {
  rt::log::warning(what, {{"correlation_id", call.correlation_id}, {"error", failure.what()}});
}

}  // namespace

rt::task<> booking_sync::tell(rt::call call) {
  for (;;) {
    const auto rows = co_await database_.run(call.until, queries::list_sync, chunk);
    if (rows.empty()) co_return;
    std::vector<std::int64_t> ids;
    std::vector<std::int64_t> versions;
    for (const auto row : rows) {
      ids.push_back(row.get<std::int64_t>(0));
      versions.push_back(row.get<std::int64_t>(1));
    }
    booking::refresh_schedules news{ids};
    const auto told = co_await bookings_.handle(call.as_service("catalog"), std::move(news));
    if (!told) throw rt::unavailable("booking did not take a change: " + told.error().detail);
    co_await database_.run(call.until, queries::forget_sync, ids, versions);
    if (rows.size() < chunk) co_return;
  }
}

rt::task<> booking_sync::tell_if_possible(rt::call call) {
  call.until = patience_of(call);
  try {
    co_await tell(call);
  } catch (const std::exception& failure) {
    log_delay("booking will be told later", call, failure);
  }
}

rt::task<> booking_sync::end_suspension_if_possible(rt::call call, std::int64_t schedule_id, std::string ticket) {
  call.until = patience_of(call);
  booking::refresh_schedules on_sale_again{{schedule_id}, std::move(ticket)};
  try {
    const auto answer = co_await bookings_.handle(call.as_service("catalog"), std::move(on_sale_again));
    if (!answer) throw rt::unavailable(std::string(answer.error().kind->code));
  } catch (const std::exception& failure) {
    log_delay("a showing is on sale again only in a while", call, failure);
  }
}

}  // namespace ticketshow::catalog
