#include "services/payment/store.hpp"

#include <fmt/format.h>

#include "events/outbox.hpp"
#include "services/payment/queries.hpp"

namespace ticketshow::payment {

record record_of(const pg::result_set::row& row) {
  return {.id = row.get<std::int64_t>(0),
          .booking_id = row.get<std::optional<std::int64_t>>(1),
          .user_id = row.get<std::int64_t>(2),
          .amount = row.get<money>(3),
          .currency = row.get<std::string>(4),
          .method = row.get<payment_method>(5),
          .description = row.get<std::string>(6),
          .now = row.get<step>(7),
          .reason = row.get<std::string>(8),
          .failure_code = row.get<std::optional<std::string>>(9),
          .transaction_id = row.get<std::optional<std::int64_t>>(10),
          .correlation_id = row.get<std::string>(11),
          .created_at = row.get<timestamp>(12),
          .updated_at = row.get<timestamp>(13),
          .run = row.get<std::int64_t>(14),
          .failures = row.get<std::int64_t>(15),
          .payer_email = row.get<std::optional<std::string>>(16),
          .capture_id = row.get<std::optional<std::int64_t>>(17),
          .in_doubt_until = {}};
}

booking_failed failure_event_of(const record& known) {
  return {.booking_id = known.booking_id.value(),
          .user_id = known.user_id,
          .payment_id = known.id,
          .amount = known.amount,
          .currency = known.currency,
          .reason_code = known.failure_code.value_or(""),
          .reason = known.reason,
          .description = known.description};
}

refund_completed completion_event_of(const record& known, std::string refund_id) {
  return {.booking_id = known.booking_id.value(),
          .user_id = known.user_id,
          .payment_id = known.id,
          .refund_id = std::move(refund_id),
          .amount = known.amount,
          .currency = known.currency,
          .payment_method = known.method,
          .description = known.description,
          .reason = known.reason};
}

namespace {

/// A row of a statement that begins a run has the doubt behind the others.
record taken_record_of(const pg::result_set::row& row) {
  auto taken = record_of(row);
  taken.in_doubt_until = row.get<std::optional<timestamp>>(18);
  return taken;
}

std::optional<record> one(const pg::result_set& rows) {
  if (rows.empty()) return {};
  return record_of(rows.front());
}

std::optional<record> one_taken(const pg::result_set& rows) {
  if (rows.empty()) return {};
  return taken_record_of(rows.front());
}

rt::task<> tell_of_failure(pg::transaction& in, std::optional<record> known) {
  if (!known || !known->booking_id) co_return;  // who fills a wallet sees it there
  auto told = events::record(failure_event_of(*known), known->correlation_id);
  co_await in.run(std::move(told));
}

}  // namespace

pg::bound_statement store::recording(const intent& wish) const {
  const auto lease_s = wish.method == payment_method::DODO ? times_.card_lease_s : times_.lease_s;
  return pg::bind(queries::record_intent, lease_s, times_.doubt_s, wish.booking_id, wish.user_id, wish.amount,
                  wish.currency, wish.description, wish.correlation_id, wish.payer_email,
                  contract::enum_name(wish.method), wish.idempotency_key, wish.page_secret);
}

rt::task<std::optional<record>> store::record_intent(rt::deadline until, intent wish) {
  const auto rows = co_await database_.run(until, recording(wish));
  co_return one_taken(rows);
}

rt::task<contract::result<std::optional<record>>> store::record_intent(rt::deadline until, intent wish,
                                                                       page_limits allowed) {
  auto change = co_await database_.begin(until);
  co_await change.run(queries::lock_payer, wish.user_id);
  const auto rows = co_await change.run(recording(wish));
  auto made = one_taken(rows);
  if (!made) co_return made;  // whoever repeats a wish opens no other page
  const auto counted = co_await change.run(queries::pages_begun, wish.user_id);
  const auto [pages, top_ups, pages_s, top_ups_s] =
      counted.front().as<std::int64_t, std::int64_t, std::int64_t, std::int64_t>();
  auto refused =
      rules::too_many_pages({pages, top_ups, std::chrono::seconds(pages_s), std::chrono::seconds(top_ups_s)}, allowed);
  if (refused) co_return std::unexpected(std::move(*refused));
  co_await change.commit();
  co_return made;
}

rt::task<std::optional<record>> store::get(rt::deadline until, std::int64_t id) {
  const auto rows = co_await database_.run(until, queries::get_payment, id);
  co_return one(rows);
}

rt::task<std::vector<record>> store::list(rt::deadline until, std::int64_t user_id, std::int64_t skip,
                                          std::int64_t limit) {
  const auto rows = co_await database_.run(until, queries::list_payments, user_id, skip, limit);
  std::vector<record> payments;
  for (const auto& row : rows) payments.push_back(record_of(row));
  co_return payments;
}

rt::task<std::optional<record>> store::of_booking(rt::deadline until, std::int64_t booking_id) {
  const auto rows = co_await database_.run(until, queries::payment_of_booking, booking_id);
  co_return one(rows);
}

rt::task<std::optional<record>> store::latest_of(rt::deadline until, std::int64_t booking_id, std::int64_t user_id) {
  const auto rows = co_await database_.run(until, queries::latest_payment_of_booking, booking_id, user_id);
  co_return one(rows);
}

rt::task<std::optional<record>> store::find_top_up(rt::deadline until, std::int64_t user_id, std::string key) {
  const auto rows = co_await database_.run(until, queries::find_top_up, user_id, key);
  co_return one(rows);
}

rt::task<bool> store::was_refunded(rt::deadline until, std::int64_t booking_id) {
  const auto rows = co_await database_.run(until, queries::was_refunded, booking_id);
  co_return rows.front().get<bool>(0);
}

rt::task<std::optional<record>> store::take(rt::deadline until, std::int64_t id) {
  const auto rows =
      co_await database_.run(until, queries::take, times_.lease_s, times_.doubt_s, id, times_.card_lease_s);
  co_return one_taken(rows);
}

rt::task<std::vector<record>> store::take_due(rt::deadline until, std::int64_t limit) {
  const auto rows =
      co_await database_.run(until, queries::take_due, times_.lease_s, times_.doubt_s, limit, times_.card_lease_s);
  std::vector<record> taken;
  for (const auto& row : rows) taken.push_back(taken_record_of(row));
  co_return taken;
}

rt::task<> store::release_all(rt::deadline until) { co_await database_.run(until, queries::release_all); }

rt::task<open_payments> store::count_open(rt::deadline until) {
  const auto rows = co_await database_.run(until, queries::count_open);
  const auto& row = rows.front();
  co_return open_payments{.in_flight = row.get<std::int64_t>(0),
                          .oldest_in_flight_s = row.get<std::int64_t>(1),
                          .owed = row.get<std::int64_t>(2),
                          .oldest_owed_s = row.get<std::int64_t>(3),
                          .stuck = row.get<std::int64_t>(4),
                          .pages = row.get<std::int64_t>(5),
                          .card_refunds = row.get<std::int64_t>(6)};
}

rt::task<> store::put_off(rt::deadline until, record run, std::chrono::milliseconds delay) {
  const std::int64_t delay_ms = delay.count();
  co_await database_.run(until, queries::put_off, run.id, run.run, delay_ms);
}

rt::task<> store::put_off_in_doubt(rt::deadline until, record run, timestamp in_doubt_until) {
  co_await database_.run(until, queries::put_off_in_doubt, run.id, run.run, in_doubt_until);
}

rt::task<std::optional<record>> store::capture(rt::deadline until, record from, std::int64_t transaction_id) {
  const auto rows = co_await database_.run(until, queries::record_capture, from.id, transaction_id);
  co_return one(rows);
}

rt::task<std::optional<record>> store::fail(rt::deadline until, record from, std::string code, std::string why) {
  auto change = co_await database_.begin(until);
  const auto rows = co_await change.run(queries::record_failure, from.id, from.run, code, why);
  auto failed = one(rows);
  co_await tell_of_failure(change, failed);
  co_await change.commit();
  co_return failed;
}

rt::task<std::optional<record>> store::close(rt::deadline until, std::int64_t id, std::string code, std::string why,
                                             bool told) {
  auto change = co_await database_.begin(until);
  auto closed = co_await close(change, id, std::move(code), std::move(why), told);
  co_await change.commit();
  co_return closed;
}

rt::task<std::optional<record>> store::close(pg::transaction& in, std::int64_t id, std::string code, std::string why,
                                             bool told) {
  const auto rows = co_await in.run(queries::record_closing, id, code, why);
  auto closed = one(rows);
  if (told) co_await tell_of_failure(in, closed);
  co_return closed;
}

rt::task<std::optional<record>> store::open_page(rt::deadline until, record from, ports::checkout page,
                                                 std::chrono::seconds first_look) {
  const std::int64_t first_look_s = first_look.count();
  std::vector<pg::bound_statement> steps;
  steps.push_back(pg::bind(queries::record_checkout, from.id));  // the payment is locked first: see card_queries.hpp
  steps.push_back(pg::bind(queries::record_page, from.id, page.id, page.url, first_look_s));
  const auto results = co_await database_.run_all(until, std::move(steps));
  co_return one(results.front());
}

rt::task<std::optional<record>> store::top_up(rt::deadline until, record from, std::int64_t transaction_id) {
  const auto rows = co_await database_.run(until, queries::record_top_up, from.id, transaction_id);
  co_return one(rows);
}

rt::task<std::optional<record>> store::complete(rt::deadline until, record from, booking::booking_facts booking) {
  auto change = co_await database_.begin(until);
  const auto rows = co_await change.run(queries::record_completion, from.id);
  if (rows.empty()) co_return std::nullopt;
  const auto completed = record_of(rows.front());
  const booking_successful told{.booking = std::move(booking),
                                .payment_id = completed.id,
                                .amount = completed.amount,
                                .currency = completed.currency,
                                .payment_method = completed.method,
                                .email = completed.payer_email};
  std::vector<pg::bound_statement> rest;
  rest.push_back(events::record(told, completed.correlation_id));
  rest.push_back(pg::bind(queries::give_back_wished, std::vector{completed.booking_id.value()}));
  rest.push_back(pg::bind(queries::get_payment, completed.id));
  const auto results = co_await change.run_all(std::move(rest));
  co_await change.commit();
  co_return one(results.back());
}

rt::task<std::optional<record>> store::give_back(rt::deadline until, record from, std::string code, std::string why,
                                                 booking::initiator by) {
  const std::string_view from_step = boost::describe::enum_to_string(from.now, "");
  const std::string_view who = boost::describe::enum_to_string(by, "");
  auto change = co_await database_.begin(until);
  const auto rows =
      co_await change.run(queries::record_giving_back, from.id, from_step, code, why, who, times_.lease_s);
  auto giving_back = one(rows);
  co_await tell_of_failure(change, giving_back);
  co_await change.commit();
  co_return giving_back;
}

rt::task<std::vector<record>> store::refunded(rt::deadline until, std::vector<credited> done) {
  std::vector<std::int64_t> payments;
  std::vector<std::int64_t> transactions;
  for (const auto& each : done) {
    payments.push_back(each.payment_id);
    transactions.push_back(each.transaction_id);
  }
  auto change = co_await database_.begin(until);
  std::vector<pg::bound_statement> steps;
  steps.push_back(pg::bind(queries::record_credits, payments, transactions));
  steps.push_back(pg::bind(queries::record_refunded, payments));
  const auto results = co_await change.run_all(std::move(steps));
  std::vector<record> refunded;
  std::vector<refund_completed> told;
  std::vector<std::string> correlations;
  for (const auto& row : results.back()) {
    refunded.push_back(record_of(row));
    told.push_back(completion_event_of(refunded.back(), fmt::format("payment:{}:refund", refunded.back().id)));
    correlations.push_back(refunded.back().correlation_id);
  }
  auto recorded = events::record_all(told, correlations);
  co_await change.run(std::move(recorded));
  co_await change.commit();
  co_return refunded;
}

rt::task<> store::wish_refunds(pg::transaction& in, std::vector<booking::refund_initiated> cancelled) {
  std::vector<std::int64_t> bookings;
  std::vector<std::string> initiators;
  std::vector<std::string> reasons;
  for (const auto& each : cancelled) {
    bookings.push_back(each.booking_id);
    initiators.emplace_back(contract::enum_name(each.initiated_by));
    reasons.push_back(each.reason);
  }
  std::vector<pg::bound_statement> steps;
  steps.push_back(pg::bind(queries::lock_payments_of, bookings));
  steps.push_back(pg::bind(queries::wish_refunds, bookings, initiators, reasons));
  steps.push_back(pg::bind(queries::give_back_wished, bookings));
  co_await in.run_all(std::move(steps));
}

}  // namespace ticketshow::payment
