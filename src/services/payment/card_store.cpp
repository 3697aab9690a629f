#include "services/payment/card_store.hpp"

#include "events/outbox.hpp"
#include "services/payment/card_queries.hpp"
#include "services/payment/queries.hpp"

namespace ticketshow::payment {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t lease_s = 30;  // longer than the calls of one; several taken at once may outlive it
constexpr std::int64_t soon_s = 2;    // when somebody waits
constexpr std::int64_t forget_at_once = 1'000;

std::string text_of(attempt_state state) { return boost::describe::enum_to_string(state, ""); }

refund_attempt attempt_of(const pg::result_set::row& row, int first) {
  return {.number = row.get<std::int64_t>(first),
          .reference = row.get<std::string>(first + 1),
          .provider_refund_id = row.get<std::optional<std::string>>(first + 2),
          .state = row.get<attempt_state>(first + 3)};
}

std::vector<page_due> pages_due_of(const pg::result_set& rows) {
  std::vector<page_due> pages;
  for (const auto& row : rows) {
    pages.push_back({.payment_id = row.get<std::int64_t>(0),
                     .session_id = row.get<std::string>(1),
                     .now = row.get<step>(2),
                     .booking_id = row.get<std::optional<std::int64_t>>(3),
                     .age = std::chrono::seconds(row.get<std::int64_t>(4))});
  }
  return pages;
}

}  // namespace

/// The payment of a page; nobody else changes its step meanwhile.
struct card_store::locked {
  std::int64_t id;
  step now;
  money amount;
  std::string currency;
};

// ---- pages

rt::task<std::vector<page_view>> card_store::pages_of(rt::deadline until, std::vector<std::int64_t> payments) {
  const auto rows = co_await database_.run(until, queries::pages_of, payments);
  std::vector<page_view> pages;
  for (const auto& row : rows) {
    pages.push_back({.payment_id = row.get<std::int64_t>(0),
                     .reference = row.get<std::string>(1),
                     .url = row.get<std::optional<std::string>>(2),
                     .declined = row.get<std::optional<std::string>>(3),
                     .provider_payment_id = row.get<std::optional<std::string>>(4)});
  }
  co_return pages;
}

rt::task<std::vector<page_due>> card_store::take_due_pages(rt::deadline until, std::int64_t limit) {
  const auto rows = co_await database_.run(until, queries::take_due_pages, lease_s, limit);
  co_return pages_due_of(rows);
}

rt::task<std::vector<page_due>> card_store::recent_pages(rt::deadline until, std::int64_t behind,
                                                         std::chrono::seconds age, std::int64_t limit) {
  const std::int64_t age_s = age.count();
  const auto rows = co_await database_.run(until, queries::recent_pages, behind, age_s, limit);
  co_return pages_due_of(rows);
}

rt::task<std::vector<known_capture>> card_store::captures_of(rt::deadline until, std::int64_t payment_id) {
  const auto rows = co_await database_.run(until, queries::captures_of, payment_id);
  std::vector<known_capture> captures;
  for (const auto& row : rows) {
    captures.push_back({.provider_payment_id = row.get<std::string>(0),
                        .amount = row.get<money>(1),
                        .currency = row.get<std::string>(2),
                        .kept = row.get<bool>(3)});
  }
  co_return captures;
}

rt::task<> card_store::look_again(rt::deadline until, std::int64_t payment_id, std::optional<std::chrono::seconds> in) {
  std::optional<std::int64_t> in_s;
  if (in) in_s = in->count();
  co_await database_.run(until, queries::look_again, payment_id, in_s);
}

rt::task<> card_store::look_soon(rt::deadline until, std::int64_t payment_id) {
  co_await database_.run(until, queries::look_soon, payment_id, soon_s);
}

// ---- captures

rt::task<taken_in> card_store::take_in(rt::deadline until, ports::card_payment seen) {
  taken_in result;
  auto change = co_await database_.begin(until);
  const auto found = co_await change.run(queries::lock_payment_of_page, seen.reference);
  if (found.empty()) co_return result;
  const auto [id, now, amount, currency] = found.front().as<std::int64_t, step, money, std::string>();
  const locked payment{id, now, amount, currency};
  result.payment_id = id;
  switch (seen.status) {
    case ports::card_status::open:
      break;
    case ports::card_status::succeeded:
      co_await take_capture(change, payment, seen, result);
      break;
    case ports::card_status::failed:  // not the end: the customer may try again on the same page
      co_await change.run(queries::record_decline, id, seen.failure);
      break;
    case ports::card_status::cancelled:
      co_await store::close(change, id, "CHECKOUT_CANCELLED", "The payment was cancelled on the card provider's page.",
                            true);
      break;
  }
  const auto attempts = co_await change.run(queries::open_attempts_of, seen.id);
  for (const auto& row : attempts) {
    auto refund = rules::find_attempt(attempt_of(row, 1), seen.refunds, row.get<money>(5));
    if (!refund) continue;
    const bool news = co_await note(change, row.get<std::int64_t>(0), std::move(*refund));
    if (news) ++result.refunds;
  }
  co_await change.commit();
  co_return result;
}

rt::task<> card_store::take_capture(pg::transaction& in, const locked& payment, const ports::card_payment& seen,
                                    taken_in& into) {
  const auto refused = rules::capture_refusal(payment.now, payment.amount, payment.currency, seen);
  std::optional<std::string> code;
  std::optional<std::string> why;
  if (refused) {
    code = refused->code;
    why = refused->sentence;
  }
  const auto captured =
      co_await in.run(queries::record_card_capture, payment.id, seen.id, seen.amount, seen.currency, code, why);
  if (captured.empty()) co_return;  // known
  const auto capture_id = captured.front().get<std::int64_t>(0);
  into.refused = refused;
  into.captured = !refused;
  if (!refused) {
    co_await in.run(queries::capture_by_card, payment.id, capture_id);
  } else if (rules::is_wrong_amount(*refused)) {
    co_await store::close(in, payment.id, *code, *why, true);
  }
}

// ---- refunds to cards

rt::task<std::vector<owed_capture>> card_store::take_due_captures(rt::deadline until, std::chrono::seconds doubt,
                                                                  std::int64_t limit) {
  const std::int64_t doubt_s = doubt.count();
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

rt::task<std::optional<std::int64_t>> card_store::record_attempt(rt::deadline until, std::int64_t capture_id,
                                                                 refund_attempt attempt) {
  const auto rows =
      co_await database_.run(until, queries::record_attempt, capture_id, attempt.number, attempt.reference);
  if (rows.empty()) co_return std::nullopt;
  co_return rows.front().get<std::int64_t>(0);
}

rt::task<bool> card_store::send_again(rt::deadline until, std::int64_t attempt_id) {
  const auto rows = co_await database_.run(until, queries::send_attempt_again, attempt_id);
  co_return !rows.empty();
}

rt::task<bool> card_store::note_attempt(rt::deadline until, std::int64_t attempt_id, ports::card_refund seen) {
  auto change = co_await database_.begin(until);
  co_await change.run(queries::lock_payment_of_attempt, attempt_id);  // first: see card_queries.hpp
  const bool news = co_await note(change, attempt_id, std::move(seen));
  co_await change.commit();
  co_return news;
}

rt::task<bool> card_store::note_refusal(rt::deadline until, std::int64_t attempt_id, std::string words) {
  ports::card_refund refused;
  refused.state = ports::card_refund::status::failed;
  refused.reason = std::move(words);
  co_return co_await note_attempt(until, attempt_id, std::move(refused));
}

rt::task<bool> card_store::note(pg::transaction& in, std::int64_t attempt_id, ports::card_refund seen) {
  const auto state = rules::state_of(seen);
  std::optional<std::string> id;
  if (!seen.id.empty()) id = seen.id;
  const auto rows = co_await in.run(queries::record_attempt_state, attempt_id, text_of(state), id, seen.reason);
  if (rows.empty()) co_return false;
  const auto [capture_id, attempt] = rows.front().as<std::int64_t, std::int64_t>();
  if (state != attempt_state::SUCCEEDED) {
    const auto delay =
        state == attempt_state::PENDING ? rules::first_look_at_refund : rules::retry_delay(attempt, retry_);
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

rt::task<> card_store::put_off(rt::deadline until, std::int64_t capture_id, std::chrono::seconds delay) {
  const std::int64_t delay_s = delay.count();
  co_await database_.run(until, queries::put_off_capture, capture_id, delay_s, false);
}

rt::task<bool> card_store::give_up(rt::deadline until, std::int64_t capture_id) {
  const auto rows = co_await database_.run(until, queries::give_up_capture, capture_id);
  co_return !rows.empty();
}

rt::task<bool> card_store::retry(rt::deadline until, std::int64_t capture_id) {
  const auto rows = co_await database_.run(until, queries::retry_capture, capture_id);
  co_return !rows.empty();
}

rt::task<std::vector<owed_row>> card_store::list_owed(rt::deadline until, bool all) {
  const auto rows = co_await database_.run(until, queries::list_owed, all);
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

// ---- what the provider told

rt::task<bool> card_store::record_notice(rt::deadline until, ports::card_notice told,
                                         std::optional<std::string> outcome) {
  using about = ports::card_notice::about;
  const std::string what = told.what == about::payment ? "payment" : told.what == about::refund ? "refund" : "other";
  const auto rows = co_await database_.run(until, queries::record_notice, told.id, what, told.type, told.payment_id,
                                           told.refund_id, outcome);
  co_return !rows.empty();
}

rt::task<std::vector<notice_due>> card_store::take_notices(rt::deadline until, std::int64_t limit) {
  const auto rows = co_await database_.run(until, queries::take_notices, lease_s, limit);
  std::vector<notice_due> due;
  for (const auto& row : rows) {
    due.push_back({.id = row.get<std::string>(0),
                   .about = row.get<std::string>(1),
                   .type = row.get<std::string>(2),
                   .provider_payment_id = row.get<std::string>(3),
                   .provider_refund_id = row.get<std::string>(4),
                   .failures = row.get<std::int64_t>(5)});
  }
  co_return due;
}

rt::task<> card_store::finish_notice(rt::deadline until, std::string id, std::string outcome) {
  co_await database_.run(until, queries::finish_notice, id, outcome);
}

rt::task<> card_store::put_off_notice(rt::deadline until, std::string id, std::chrono::seconds delay) {
  const std::int64_t delay_s = delay.count();
  co_await database_.run(until, queries::put_off_notice, id, delay_s);
}

rt::task<std::int64_t> card_store::forget_notices(rt::deadline until, std::chrono::seconds age) {
  const std::int64_t age_s = age.count();
  const auto rows = co_await database_.run(until, queries::forget_notices, age_s, forget_at_once);
  std::int64_t unhandled = 0;
  for (const auto& row : rows) unhandled += row.get<bool>(0) ? 1 : 0;
  co_return unhandled;
}

rt::task<> card_store::release_all(rt::deadline until) {
  co_await database_.run(until, queries::release_captures);
  co_await database_.run(until, queries::release_notices);
}

}  // namespace ticketshow::payment
