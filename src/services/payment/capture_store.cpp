#include "services/payment/capture_store.hpp"

#include <algorithm>

#include "services/payment/card_queries.hpp"
#include "services/payment/charge_store.hpp"

namespace ticketshow::payment {

/// The payment of a page; nobody else changes its step meanwhile.
struct capture_store::locked {
  std::int64_t id;
  step now;
  money amount;
  std::string currency;
};

rt::task<taken_in> capture_store::take_in(rt::deadline until, ports::card_payment seen) {
  taken_in result;
  auto change = co_await database_.begin(until);
  const auto found = co_await change.run(queries::lock_payment_of_page, seen.reference);
  if (found.empty()) co_return result;
  const auto [id, now, amount, currency] = found.front().as<std::int64_t, step, money, std::string>();
  const locked payment{id, now, amount, currency};
  result.payment_id = id;
  result.open = seen.status == ports::card_status::open;
  // A success that took nothing from the card is none: there is nothing that could go back.
  const bool took_nothing = seen.status == ports::card_status::succeeded && seen.amount == money{};
  const auto status = took_nothing ? ports::card_status::failed : seen.status;
  const bool is_news = co_await charge_store::record(change, id, seen.id, status);
  switch (seen.status) {
    case ports::card_status::open:
      break;
    case ports::card_status::succeeded:
      if (!took_nothing || is_news) co_await take_capture(change, payment, seen, result);
      break;
    case ports::card_status::failed:
    case ports::card_status::cancelled:  // not the end: the customer may try again on the same page
      co_await change.run(queries::record_decline, id, rules::words_of_decline(seen));
      break;
    case ports::card_status::partial:
      result.partial = is_news;
      break;
  }
  const bool is_back = std::ranges::any_of(seen.refunds, [&](const ports::card_refund& each) {
    return each.state == ports::card_refund::status::succeeded && !each.partial &&
           each.amount.value_or(seen.amount) == seen.amount;
  });
  if (is_back) {
    const auto noted = co_await change.run(queries::note_refunded_outside, seen.id);
    result.refunded_outside = !noted.empty();
  }
  result.refunds = co_await refunds_.note_all(change, std::move(seen));
  co_await change.commit();
  co_return result;
}

rt::task<> capture_store::take_capture(pg::transaction& in, const locked& payment, const ports::card_payment& seen,
                                       taken_in& into) {
  const auto refused = rules::capture_refusal(payment.now, payment.amount, payment.currency, seen);
  std::optional<std::string> code;
  std::optional<std::string> why;
  if (refused) {
    code = refused->code;
    why = refused->sentence;
  }
  if (seen.amount == money{}) {
    into.refused = refused;
    co_await store::close(in, payment.id, *code, *why, true);
    co_return;
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

rt::task<std::vector<known_capture>> capture_store::of_payment(rt::deadline until, std::int64_t payment_id) {
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

}  // namespace ticketshow::payment
