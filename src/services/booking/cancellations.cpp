#include "services/booking/cancellations.hpp"

#include "rt/fault_point.hpp"
#include "services/booking/cancellation_queries.hpp"
#include "services/booking/rows.hpp"

namespace ticketshow::booking {
namespace {

/// What a step adds to the counts of one cancelled showing.
struct tally {
  std::int64_t cancelled = 0;
  std::int64_t refunds = 0;
  money refund_amount;
  std::int64_t refunded = 0;
  money refunded_amount;
};

pg::bound_statement count(const std::map<std::int64_t, tally>& more) {
  const auto of = [&](auto member) {
    return column(std::vector(more.begin(), more.end()),
                  [member](const std::pair<std::int64_t, tally>& each) { return std::invoke(member, each.second); });
  };
  std::vector<std::int64_t> ids;
  for (const auto& [id, ignored] : more) ids.push_back(id);
  return pg::bind(queries::count_cancelled, ids, of(&tally::cancelled), of(&tally::refunds), of(&tally::refund_amount),
                  of(&tally::refunded), of(&tally::refunded_amount));
}

}  // namespace

rt::task<std::vector<std::int64_t>> cancellations::unfinished(rt::deadline until) {
  const auto rows = co_await database_.run(until, queries::cancelling_schedules);
  co_return ids_of(rows);
}

rt::task<std::int64_t> cancellations::cancel_live(rt::deadline until, std::vector<std::int64_t> schedule_ids,
                                                  std::int64_t most, std::string correlation_id) {
  constexpr int schedule_column = 19;  // behind those of the booking
  const std::string reason = "The showing was cancelled.";
  auto transaction = co_await database_.begin(until);
  const auto rows = co_await transaction.run(queries::cancel_live, schedule_ids, most, reason);
  if (rows.empty()) co_return 0;
  std::vector<booking_view> paid;
  std::map<std::int64_t, tally> more;
  for (const auto& row : rows) {
    auto& of_schedule = more[row.get<std::int64_t>(schedule_column)];
    ++of_schedule.cancelled;
    if (row.is_null(0)) continue;
    paid.push_back(view_of(row));
    ++of_schedule.refunds;
    of_schedule.refund_amount = of_schedule.refund_amount + paid.back().total_amount;
  }
  std::vector<pg::bound_statement> rest;
  if (!paid.empty()) record_refunds(rest, paid, reason, initiator::ADMIN, correlation_id);
  rest.push_back(count(more));
  co_await transaction.run_all(std::move(rest));
  rt::fault_point("booking.cascade_cancelling");
  co_await transaction.commit();
  co_return std::ssize(rows);
}

rt::task<> cancellations::finish(rt::deadline until, std::vector<std::int64_t> schedule_ids) {
  co_await database_.run(until, queries::finish_cancelling, schedule_ids);
}

rt::task<> cancellations::count_refunds(pg::transaction& in,
                                        std::vector<events::received<payment::refund_completed>> made) {
  std::vector<std::int64_t> bookings;
  for (const auto& each : made) bookings.push_back(each.what.booking_id);
  const auto rows = co_await in.run(queries::complete_refunds, bookings);
  if (rows.empty()) co_return;
  std::map<std::int64_t, tally> more;
  for (const auto& row : rows) {
    more[row.get<std::int64_t>(0)] = {.refunded = row.get<std::int64_t>(1), .refunded_amount = row.get<money>(2)};
  }
  auto counted = count(more);
  co_await in.run(std::move(counted));
}

rt::task<cancellation_view> cancellations::measure(rt::deadline until, cancellation_scope of, bool cancelled) {
  const auto rows =
      co_await database_.run(until, queries::measure_cancellation, of.schedule_id, of.show_id, of.venue_id, cancelled);
  const auto row = rows.front();
  cancellation_view view{.state = cancellation_state::NONE,
                         .showings = row.get<std::int64_t>(0),
                         .bookings = row.get<std::int64_t>(1),
                         .bookings_cancelled = row.get<std::int64_t>(2),
                         .refunds_pending = row.get<std::int64_t>(3),
                         .refunds_pending_amount = row.get<money>(4),
                         .refunds_done = row.get<std::int64_t>(5),
                         .refunds_done_amount = row.get<money>(6),
                         .currency = row.get<std::optional<std::string>>(8),
                         .started_at = {},
                         .finished_at = {}};
  if (!cancelled) co_return view;
  const bool finished = row.get<bool>(7);
  view.state = finished ? cancellation_state::DONE : cancellation_state::RUNNING;
  view.started_at = row.get<std::optional<timestamp>>(9);
  if (finished) view.finished_at = row.get<std::optional<timestamp>>(10);
  co_return view;
}

}  // namespace ticketshow::booking
