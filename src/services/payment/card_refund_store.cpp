#include "services/payment/card_refund_store.hpp"

#include "events/outbox.hpp"
#include "services/payment/card_queries.hpp"
#include "services/payment/queries.hpp"

namespace ticketshow::payment {
namespace {

std::string text_of(attempt_state state) { return boost::describe::enum_to_string(state, ""); }

refund_attempt attempt_of(const pg::result_set::row& row, int first) {
  return {.number = row.get<std::int64_t>(first),
          .reference = row.get<std::string>(first + 1),
          .provider_refund_id = row.get<std::optional<std::string>>(first + 2),
          .state = row.get<attempt_state>(first + 3)};
}

}  // namespace

rt::task<std::vector<owed_capture>> card_refund_store::take_due(rt::deadline until, std::chrono::seconds doubt,
                                                                std::chrono::seconds lease, std::int64_t limit) {
  const std::int64_t doubt_s = doubt.count();
  const std::int64_t lease_s = lease.count();
  const auto rows = co_await database_.run(until, queries::take_due_captures, doubt_s, lease_s, limit);
  std::vector<owed_capture> due;
  for (const auto& row : rows) {
    auto& each = due.emplace_back(
        owed_capture{.id = row.get<std::int64_t>(0),
                     .payment_id = row.get<std::int64_t>(1),
                     .provider_payment_id = row.get<std::string>(2),
                     .amount = row.get<money>(3),
                     .currency = row.get<std::string>(4),
                     .reason = row.get<std::string>(5),
                     .attempts_allowed = row.get<std::int64_t>(6),
                     .failures = row.get<std::int64_t>(7),
                     .attempt_id = row.get<std::optional<std::int64_t>>(8),
                     .latest = {},
                     .in_doubt = std::chrono::seconds(std::max<std::int64_t>(row.get<std::int64_t>(13), 0))});
    if (each.attempt_id) each.latest = attempt_of(row, 9);
  }
  co_return due;
}

rt::task<std::optional<std::int64_t>> card_refund_store::record_attempt(rt::deadline until, std::int64_t capture_id,
                                                                        refund_attempt attempt) {
  const auto rows =
      co_await database_.run(until, queries::record_attempt, capture_id, attempt.number, attempt.reference);
  if (rows.empty()) co_return std::nullopt;
  co_return rows.front().get<std::int64_t>(0);
}

rt::task<bool> card_refund_store::send_again(rt::deadline until, std::int64_t attempt_id, std::chrono::seconds doubt) {
  const std::int64_t doubt_s = doubt.count();
  const auto rows = co_await database_.run(until, queries::send_attempt_again, attempt_id, doubt_s);
  co_return !rows.empty();
}

rt::task<bool> card_refund_store::note(rt::deadline until, std::int64_t attempt_id, ports::card_refund seen) {
  auto change = co_await database_.begin(until);
  co_await change.run(queries::lock_payment_of_attempt, attempt_id);  // first: see card_queries.hpp
  const bool news = co_await note_state(change, attempt_id, std::move(seen));
  co_await change.commit();
  co_return news;
}

rt::task<bool> card_refund_store::note_refusal(rt::deadline until, std::int64_t attempt_id, std::string words) {
  ports::card_refund refused;
  refused.state = ports::card_refund::status::failed;
  refused.reason = std::move(words);
  co_return co_await note(until, attempt_id, std::move(refused));
}

rt::task<bool> card_refund_store::note_state(pg::transaction& in, std::int64_t attempt_id,
                                             ports::card_refund seen) const {
  const auto state = rules::state_of(seen);
  std::optional<std::string> id;
  if (!seen.id.empty()) id = seen.id;
  if (state == attempt_state::SUCCEEDED) co_await in.run(queries::supersede_attempts, attempt_id);
  const auto rows = co_await in.run(queries::record_attempt_state, attempt_id, text_of(state), id, seen.reason);
  if (rows.empty()) co_return false;
  const auto [capture_id, attempt] = rows.front().as<std::int64_t, std::int64_t>();
  if (state != attempt_state::SUCCEEDED) {
    const auto delay =
        state == attempt_state::PENDING ? rules::between_refund_looks.first : rules::retry_delay(attempt, retry_);
    const std::int64_t delay_s = delay.count();
    co_await in.run(queries::put_off_capture, capture_id, delay_s, true);
    co_return true;
  }
  const auto returned = co_await in.run(queries::record_returned, capture_id);
  if (returned.empty()) co_return true;
  const auto [payment_id, captured_by] = returned.front().as<std::int64_t, bool>();
  if (!captured_by) co_return true;  // surplus: its payment goes its own way
  std::vector<pg::bound_statement> steps;
  steps.push_back(pg::bind(queries::record_refund_to_card, payment_id, capture_id));
  steps.push_back(pg::bind(queries::record_refunded, std::vector{payment_id}));
  const auto results = co_await in.run_all(std::move(steps));
  for (const auto& row : results.back()) {
    const auto refunded = record_of(row);
    if (!refunded.booking_id) continue;
    auto told = events::record(completion_event_of(refunded, seen.id), refunded.correlation_id);
    co_await in.run(std::move(told));
  }
  co_return true;
}

rt::task<int> card_refund_store::note_all(pg::transaction& in, ports::card_payment seen) const {
  const auto rows = co_await in.run(queries::attempts_of, seen.id);
  std::vector<refund_attempt> all;
  for (const auto& row : rows) all.push_back(attempt_of(row, 1));
  int news = 0;
  for (const auto& row : rows) {
    auto refund = rules::find_attempt(attempt_of(row, 1), seen.refunds, row.get<money>(5), all);
    if (!refund) continue;
    const bool is_news = co_await note_state(in, row.get<std::int64_t>(0), std::move(*refund));
    if (is_news) ++news;
  }
  co_return news;
}

rt::task<> card_refund_store::put_off(rt::deadline until, std::int64_t capture_id, std::chrono::seconds delay) {
  const std::int64_t delay_s = delay.count();
  co_await database_.run(until, queries::put_off_capture, capture_id, delay_s, false);
}

rt::task<std::int64_t> card_refund_store::put_off_troubled(rt::deadline until, std::int64_t capture_id,
                                                           std::chrono::seconds delay, std::string why) {
  const std::int64_t delay_s = delay.count();
  const auto rows = co_await database_.run(until, queries::put_off_troubled_capture, capture_id, delay_s, why);
  co_return rows.empty() ? 0 : rows.front().get<std::int64_t>(0);
}

rt::task<> card_refund_store::put_off_unsent(rt::deadline until, std::int64_t capture_id, std::chrono::seconds delay) {
  const std::int64_t delay_s = delay.count();
  co_await database_.run(until, queries::put_off_unsent_capture, capture_id, delay_s);
}

rt::task<bool> card_refund_store::give_up(rt::deadline until, std::int64_t capture_id) {
  const auto rows = co_await database_.run(until, queries::give_up_capture, capture_id);
  co_return !rows.empty();
}

rt::task<bool> card_refund_store::retry(rt::deadline until, std::int64_t capture_id) {
  const auto rows = co_await database_.run(until, queries::retry_capture, capture_id);
  co_return !rows.empty();
}

rt::task<std::vector<owed_row>> card_refund_store::list_owed(rt::deadline until, bool all) {
  const auto rows = co_await database_.run(until, queries::list_owed, all, rules::troubled_after);
  std::vector<owed_row> owed;
  for (const auto& row : rows) {
    owed.push_back({.capture_id = row.get<std::int64_t>(0),
                    .payment_id = row.get<std::int64_t>(1),
                    .booking_id = row.get<std::optional<std::int64_t>>(2),
                    .provider_payment_id = row.get<std::string>(3),
                    .amount = row.get<money>(4),
                    .currency = row.get<std::string>(5),
                    .state = row.get<std::string>(6),
                    .code = row.get<std::string>(7),
                    .attempts = row.get<std::int64_t>(8),
                    .words = row.get<std::string>(9),
                    .since = row.get<timestamp>(10)});
  }
  co_return owed;
}

rt::task<> card_refund_store::release_all(rt::deadline until) {
  co_await database_.run(until, queries::release_captures);
}

}  // namespace ticketshow::payment
