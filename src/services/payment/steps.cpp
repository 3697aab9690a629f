#include "services/payment/steps.hpp"

#include <fmt/format.h>

namespace ticketshow::payment {
namespace {

using namespace std::chrono_literals;

constexpr auto record_time = 5s;  // for a statement

/// An answer that says nothing about what happened: the same as no answer.
[[noreturn]] void no_answer(std::string_view what, const contract::problem& problem) {
  throw rt::unavailable(fmt::format("{}: {} {}", what, problem.kind->code, problem.detail));
}

}  // namespace

rt::task<std::optional<record>> steps::forward(record from) {
  switch (rules::next_action(from.now, from.kind())) {
    case rules::action::DEBIT:
      return debit(std::move(from));
    case rules::action::OPEN:
      return open_page(std::move(from));
    case rules::action::TOP_UP:
      return top_up(std::move(from));
    case rules::action::SETTLE:
      return settle(std::move(from));
    case rules::action::CREDIT:
      return refunds_.give(std::move(from));
    case rules::action::NONE:
      break;
  }
  std::unreachable();
}

rt::task<std::optional<record>> steps::debit(record from) {
  const auto call = call_for(from);
  auth::debit_wallet wanted{.user_id = from.user_id,
                            .amount = from.amount,
                            .reference = fmt::format("payment:{}:debit", from.id),
                            .description = from.description};
  const auto moved = co_await accounts_.handle(call, std::move(wanted));
  if (moved) {
    options_.reached("payment.debited");
    auto captured = co_await store_.capture(rt::deadline::after(record_time), std::move(from), moved->transaction_id);
    options_.reached("payment.capture_recorded");
    co_return captured;
  }
  const auto& refused = *moved.error().kind;
  if (refused != auth::insufficient_funds && refused != auth::account_not_found &&
      refused != auth::reference_conflict) {
    no_answer("debit", moved.error());
  }
  // A debit that an earlier run sent, and whose answer was lost, may still be on its way: money that moves after this
  // payment was called failed would be nobody's. It is asked again when that cannot be any more.
  if (from.in_doubt_until) throw refused_in_doubt(*from.in_doubt_until);
  co_return co_await store_.fail(rt::deadline::after(record_time), std::move(from), std::string(refused.code),
                                 std::string(refused.title));
}

rt::task<std::optional<record>> steps::open_page(record from) {
  if (options_.open_page) return options_.open_page(std::move(from));
  // It was begun when cards were taken here; nobody has the address of its page, if there is one.
  return store_.close(rt::deadline::after(record_time), from.id, std::string(rules::page_not_opened.code),
                      std::string(rules::page_not_opened.sentence), true);
}

rt::task<std::optional<record>> steps::top_up(record from) {
  const auto call = call_for(from);
  auth::credit_wallet wanted{.user_id = from.user_id,
                             .amount = from.amount,
                             .kind = auth::transaction_type::CREDIT,
                             .reference = fmt::format("top-up:{}:credit", from.id),
                             .description = from.description};
  const auto moved = co_await accounts_.handle(call, std::move(wanted));
  if (moved) {
    options_.reached("payment.topped_up");
    co_return co_await store_.top_up(rt::deadline::after(record_time), std::move(from), moved->transaction_id);
  }
  if (*moved.error().kind != auth::account_not_found) no_answer("top-up", moved.error());
  co_return co_await give_back(std::move(from),
                               {"ACCOUNT_NOT_FOUND", "There is no such wallet; the money is given back."});
}

rt::task<std::optional<record>> steps::settle(record from) {
  const auto call = call_for(from);
  const booking::settle_booking wanted{.id = from.booking_id.value(), .payment_id = from.id, .amount = from.amount};
  auto answer = co_await bookings_.handle(call, wanted);
  auto back = std::optional(rules::reason{"BOOKING_NOT_FOUND", "There is no such booking; the money was given back."});
  if (answer) {
    back = rules::reason_to_give_back(answer->outcome);
  } else if (*answer.error().kind != booking::booking_not_found) {
    no_answer("settle", answer.error());
  }
  options_.reached("payment.settled");
  if (!back) {
    if (!answer->booking) throw rt::unavailable("settle: booking confirmed without telling what");
    auto completed =
        co_await store_.complete(rt::deadline::after(record_time), std::move(from), std::move(*answer->booking));
    options_.reached("payment.completed");
    co_return completed;
  }
  co_return co_await give_back(std::move(from), *back);
}

rt::task<std::optional<record>> steps::give_back(record from, rules::reason why) {
  const bool by_card = from.kind() != course::wallet;
  auto giving_back = co_await store_.give_back(rt::deadline::after(record_time), std::move(from), std::string(why.code),
                                               std::string(why.sentence), booking::initiator::SYSTEM);
  options_.reached("payment.refund_recorded");
  if (by_card && options_.owed) options_.owed();
  co_return giving_back;
}

rt::call steps::call_for(const record& which) const {
  const rt::call call{.until = rt::deadline::after(options_.call_time), .correlation_id = which.correlation_id};
  return call.as_service("payment");
}

}  // namespace ticketshow::payment
