#include "services/booking/store.hpp"

#include <chrono>

#include "base/assert.hpp"
#include "rt/fault_point.hpp"
#include "services/booking/queries.hpp"
#include "services/booking/rows.hpp"
#include "services/booking/ticket_queries.hpp"

namespace ticketshow::booking {
namespace {

schedule schedule_of(const pg::result_set::row& row) {
  return {.id = row.get<std::int64_t>(0),
          .version = row.get<std::int64_t>(1),
          .open = row.get<bool>(2),
          .show_id = row.get<std::optional<std::int64_t>>(3).value_or(0),
          .show_name = row.get<std::string>(4),
          .venue_id = row.get<std::optional<std::int64_t>>(5).value_or(0),
          .venue_name = row.get<std::string>(6),
          .venue_address = row.get<std::optional<std::string>>(16),
          .time_zone = row.get<std::string>(7),
          .screen_id = row.get<std::int64_t>(8),
          .screen_name = row.get<std::string>(9),
          .capacity = row.get<std::int64_t>(10),
          .seats_per_row = row.get<std::int64_t>(11),
          .start_time = row.get<timestamp>(12),
          .end_time = row.get<std::optional<timestamp>>(15),
          .price = row.get<money>(13),
          .currency = row.get<std::string>(14)};
}

hold_decision decision_of(const pg::result_set::row& row) {
  hold_decision made{.what = row.get<verdict>(1),
                     .booking_id = row.get<std::optional<std::int64_t>>(2).value_or(0),
                     .total_amount = row.get<money>(5),
                     .created_at = row.get<timestamp>(6),
                     .expires_at = row.get<timestamp>(7)};
  if (!row.is_null(3)) made.taken = row.get<std::vector<seat_no>>(3);
  if (!row.is_null(4)) made.lapsed = row.get<std::vector<std::int64_t>>(4);
  return made;
}

std::vector<booking_ref> refs_of(const pg::result_set& rows) {
  std::vector<booking_ref> refs;
  refs.reserve(static_cast<std::size_t>(rows.size()));
  for (const auto& row : rows) refs.push_back({row.get<std::int64_t>(0), row.get<std::int64_t>(1)});
  return refs;
}

pg::bound_statement bind_holds(const std::vector<const hold_request*>& batch, hold_limits limits) {
  const auto of = [&](auto member) {
    return column(batch, [member](const hold_request* each) { return std::invoke(member, each); });
  };
  const auto seats =
      column(batch, [](const hold_request* each) { return pg::to_parameter(each->seats).value_or("{}"); });
  return pg::bind(queries::hold_seats, of(&hold_request::user_id), of(&hold_request::schedule_id),
                  of(&hold_request::schedule_version), seats, of(&hold_request::idempotency_key),
                  of(&hold_request::correlation_id), limits.ttl_s, limits.max_live_seats_per_user);
}

pg::bound_statement bind_schedules(const std::vector<schedule>& copies) {
  return pg::bind(queries::record_schedules, column(copies, &schedule::id), column(copies, &schedule::version),
                  column(copies, [](const schedule& each) { return !each.open; }), column(copies, &schedule::show_id),
                  column(copies, &schedule::show_name), column(copies, &schedule::venue_id),
                  column(copies, &schedule::venue_name), column(copies, &schedule::time_zone),
                  column(copies, &schedule::screen_id), column(copies, &schedule::screen_name),
                  column(copies, &schedule::capacity), column(copies, &schedule::seats_per_row),
                  column(copies, &schedule::start_time), column(copies, &schedule::price),
                  column(copies, &schedule::currency),
                  column(copies, [](const schedule& each) { return each.end_time.value_or(each.start_time); }),
                  column(copies, &schedule::venue_address));
}

pg::bound_statement bind_ended(const std::vector<suspension>& ended) {
  return pg::bind(queries::end_suspensions, column(ended, &suspension::schedule_id),
                  column(ended, &suspension::ticket));
}

}  // namespace

// ---- schedules

rt::task<> store::record_schedules(rt::deadline until, std::vector<schedule> fetched) {
  auto statement = bind_schedules(fetched);
  co_await database_.run(until, std::move(statement));
}

rt::task<> store::take_news(pg::transaction& in, std::vector<schedule> newest, std::vector<suspension> ended) {
  std::vector<pg::bound_statement> both;
  both.push_back(bind_schedules(newest));
  if (!ended.empty()) both.push_back(bind_ended(ended));
  co_await in.run_all(std::move(both));
}

rt::task<std::optional<schedule>> store::load_schedule(rt::deadline until, std::int64_t id) {
  const auto rows = co_await database_.run(until, queries::load_schedule, id);
  if (rows.empty()) co_return std::nullopt;
  co_return schedule_of(rows.front());
}

rt::task<std::optional<seat_book>> store::load_seat_book(rt::deadline until, std::int64_t id,
                                                         const clock_source& clock) {
  std::vector<pg::bound_statement> both{pg::bind(queries::load_schedule, id), pg::bind(queries::load_claims, id)};
  const auto rows = co_await database_.run_all(until, std::move(both));
  if (rows[0].empty()) co_return std::nullopt;
  std::vector<claim> claims;
  for (const auto& row : rows[1]) {
    claims.push_back({.booking_id = row.get<std::int64_t>(0),
                      .user_id = row.get<std::int64_t>(1),
                      .seats = row.get<std::vector<seat_no>>(2),
                      .confirmed = row.get<bool>(3),
                      .expires_at = clock.now() + std::chrono::microseconds(row.get<std::int64_t>(4))});
  }
  co_return seat_book(schedule_of(rows[0].front()), std::move(claims));
}

rt::task<std::int64_t> store::suspend_sale(rt::deadline until, std::vector<std::int64_t> ids, std::string ticket,
                                           std::int64_t seconds) {
  // Two transactions: a copy that is recorded too late to be waited for below is sold from too late to miss this.
  co_await database_.run(until, queries::suspend_sale, ids, seconds, ticket);
  std::vector<pg::bound_statement> wait_and_count{pg::bind(queries::lock_schedules, ids),
                                                  pg::bind(queries::count_live_bookings, ids)};
  const auto rows = co_await database_.run_all(until, std::move(wait_and_count));
  co_return rows[1].front().get<std::int64_t>(0);
}

rt::task<> store::end_suspensions(rt::deadline until, std::vector<suspension> ended) {
  auto statement = bind_ended(ended);
  co_await database_.run(until, std::move(statement));
}

rt::task<std::vector<suspension>> store::lapsed_suspensions(rt::deadline until, std::int64_t most) {
  const auto rows = co_await database_.run(until, queries::lapsed_suspensions, most);
  std::vector<suspension> lapsed;
  for (const auto& row : rows) lapsed.push_back({row.get<std::int64_t>(0), row.get<std::string>(1)});
  co_return lapsed;
}

// ---- holds

rt::task<std::vector<hold_decision>> store::hold(rt::deadline until, std::vector<const hold_request*> batch,
                                                 hold_limits limits, std::vector<std::int64_t> expire_first) {
  const auto schedule_ids = column(batch, [](const hold_request* each) { return each->schedule_id; });
  std::vector<pg::bound_statement> statements{pg::bind(queries::lock_schedules, schedule_ids)};
  if (!expire_first.empty()) statements.push_back(pg::bind(queries::expire_lapsed, expire_first));
  statements.push_back(bind_holds(batch, limits));

  const auto results = co_await database_.run_all(until, std::move(statements));
  std::vector<hold_decision> decisions(batch.size());
  TICKETSHOW_ASSERT(results.back().size() == std::ssize(batch));
  for (const auto& row : results.back()) decisions[row.get<std::size_t>(0) - 1] = decision_of(row);
  co_return decisions;
}

rt::task<std::vector<booking_ref>> store::expire_due(rt::deadline until, std::int64_t most) {
  const auto rows = co_await database_.run(until, queries::expire_due, most);
  co_return refs_of(rows);
}

// ---- bookings

rt::task<std::optional<booking_view>> store::get_booking(rt::deadline until, std::int64_t id) {
  const auto rows = co_await database_.run(until, queries::get_booking, id);
  if (rows.empty()) co_return std::nullopt;
  co_return view_of(rows.front());
}

rt::task<std::vector<booking_view>> store::list_bookings(rt::deadline until, std::int64_t user_id,
                                                         std::optional<booking_status> status, std::int64_t skip,
                                                         std::int64_t limit) {
  std::optional<std::string> named;
  if (status) named = contract::enum_name(*status);
  const auto rows = co_await database_.run(until, queries::list_bookings, user_id, named, skip, limit);
  std::vector<booking_view> bookings;
  bookings.reserve(static_cast<std::size_t>(rows.size()));
  for (const auto& row : rows) bookings.push_back(view_of(row));
  co_return bookings;
}

rt::task<std::optional<settled>> store::settle(rt::deadline until, std::int64_t id, std::int64_t payment_id,
                                               money amount) {
  // Nearly every capture comes in time and needs no lock but the booking's. Taking seats again needs the schedule's,
  // which comes before it in the order of locks: then from the start, with both.
  auto attempt = co_await try_to_settle(until, id, payment_id, amount, false);
  if (attempt && attempt->needs_schedule_lock) attempt = co_await try_to_settle(until, id, payment_id, amount, true);
  if (!attempt) co_return std::nullopt;
  co_return attempt->result;
}

rt::task<std::optional<store::settle_attempt>> store::try_to_settle(rt::deadline until, std::int64_t id,
                                                                    std::int64_t payment_id, money amount,
                                                                    bool schedule_locked) {
  auto transaction = co_await database_.begin(until);
  if (schedule_locked) co_await transaction.run(queries::lock_schedule_of_booking, id);
  const auto rows = co_await transaction.run(queries::lock_to_settle, id);
  if (rows.empty()) co_return std::nullopt;

  const auto row = rows.front();
  const rules::settlement_facts known{.state = row.get<booking_status>(2),
                                      .payment_id = row.get<std::optional<std::int64_t>>(3),
                                      .total_amount = row.get<money>(1),
                                      .lapsed = row.get<bool>(4),
                                      .on_sale = row.get<bool>(5),
                                      .seats_free = row.get<bool>(6)};
  const auto decision = rules::decide_settlement(known, payment_id, amount);
  settled result{decision.outcome, {}, decision.step, {row.get<std::int64_t>(0), id}};

  const bool retakes = decision.step == rules::settlement_step::RETAKE;
  if (retakes && !schedule_locked) co_return settle_attempt{std::move(result), true};
  if (decision.step != rules::settlement_step::ANSWER) {
    if (retakes) co_await transaction.run(queries::expire_rivals, id);
    co_await transaction.run(queries::confirm, id, payment_id);
  }
  if (decision.outcome == settlement::CONFIRMED) {
    const auto shown = co_await transaction.run(queries::get_booking, id);
    result.shown = view_of(shown.front());
  }
  if (retakes) rt::fault_point("booking.retaking");
  co_await transaction.commit();
  co_return settle_attempt{std::move(result), false};
}

rt::task<std::optional<cancelled>> store::cancel(rt::deadline until, std::int64_t id, std::int64_t user_id,
                                                 std::string correlation_id) {
  auto transaction = co_await database_.begin(until);
  const auto rows = co_await transaction.run(queries::lock_to_cancel, id, user_id);
  if (rows.empty()) co_return std::nullopt;
  const auto row = rows.front();
  // Asked for by itself, now that the lock is held: it sees an admission for which the lock was waited.
  const auto admitted = co_await transaction.run(queries::admissions_of_booking, id);
  const auto decision =
      rules::decide_cancellation(row.get<booking_status>(0), row.get<bool>(1), row.get<bool>(2), !admitted.empty());

  using enum rules::cancellation;
  if (decision == RELEASE || decision == RELEASE_AND_REFUND) co_await transaction.run(queries::cancel, id);
  const auto shown = co_await transaction.run(queries::get_booking, id);
  auto booking = view_of(shown.front());
  if (decision == RELEASE_AND_REFUND) {
    const std::string reason = "The booking was cancelled by its owner.";
    std::vector<pg::bound_statement> refund;
    refund.push_back(pg::bind(queries::request_refund, id, contract::enum_name(initiator::USER), reason));
    record_refunds(refund, {booking}, reason, initiator::USER, correlation_id);
    co_await transaction.run_all(std::move(refund));
  }
  co_await transaction.commit();
  co_return cancelled{decision, std::move(booking)};
}

}  // namespace ticketshow::booking
