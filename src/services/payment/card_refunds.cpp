#include "services/payment/card_refunds.hpp"

#include <fmt/format.h>

#include "base/assert.hpp"
#include "rt/fault_point.hpp"
#include "rt/log.hpp"
#include "rt/unavailable.hpp"

namespace ticketshow::payment {
namespace {

using namespace std::chrono_literals;

constexpr auto record_time = 5s;
constexpr int most_calls = 5;  // for one: a look, the sending, a look at why not; and what is recorded beside

}  // namespace

card_refunds::card_refunds(rt::executor io, card_refund_store& rows, card_intake& intake, ports::card_gateway& gateway,
                           options chosen)
    : rows_(rows),
      intake_(intake),
      gateway_(gateway),
      options_(std::move(chosen)),
      due_(io),
      working_(io, "card refunds") {}

void card_refunds::start(std::chrono::milliseconds pause) {
  working_.repeat(1ms, [this, pause] { return work_after(pause); });
}

rt::task<> card_refunds::work_after(std::chrono::milliseconds pause) {
  co_await due_.wait(pause);
  const auto lease = intake_.lease_of(most_calls);
  auto due = co_await rows_.take_due(rt::deadline::after(record_time), options_.doubt, lease, 1);
  if (!due.empty()) due_.ring();  // there may be more; one at a time, the provider's limit of calls is the bound
  for (auto& each : due) co_await advance(std::move(each));
}

rt::task<> card_refunds::advance(owed_capture what) {
  const auto id = what.id;
  const auto payment = what.payment_id;
  const auto in_doubt = what.in_doubt;
  const auto delay = std::max(in_doubt, rules::between_refund_looks.after(what.failures + 1));
  bool is_sent = true;
  std::string why;
  try {
    co_await step_forward(std::move(what));
    co_return;
  } catch (const ports::card_not_sent&) {
    is_sent = false;
  } catch (const std::exception& error) {
    why = error.what();
  }
  if (is_sent) {
    co_await put_off_troubled(id, payment, delay, std::move(why));
  } else {
    co_await put_off_unsent(id, payment, std::max(in_doubt, rules::until_next_turn));
  }
}

rt::task<> card_refunds::put_off_unsent(std::int64_t id, std::int64_t payment, std::chrono::seconds delay) {
  co_await rows_.put_off_unsent(rt::deadline::after(record_time), id, delay);
  rt::log::info("a refund to a card waits for the provider's limit of calls", {{"capture", id}, {"payment", payment}});
}

rt::task<> card_refunds::put_off_troubled(std::int64_t id, std::int64_t payment, std::chrono::seconds delay,
                                          std::string why) {
  const auto in_a_row = co_await rows_.put_off_troubled(rt::deadline::after(record_time), id, delay, why);
  const bool now = in_a_row == rules::troubled_after;  // once
  rt::log::write(now ? rt::log::level::error : rt::log::level::info,
                 now ? "a refund to a card gets nowhere: ticketshow payments failed-refunds"
                     : "a refund to a card could not be brought forward yet",
                 {{"capture", id}, {"payment", payment}, {"reason", why}, {"in_a_row", in_a_row}});
}

rt::task<> card_refunds::step_forward(owed_capture what) {
  switch (rules::next_refund_move(what.latest, what.attempts_allowed)) {
    case rules::refund_move::SEND_NEW:
      return send_new(std::move(what));
    case rules::refund_move::LOOK:
      return look(std::move(what));
    case rules::refund_move::GIVE_UP:
      return give_up(std::move(what));
  }
  std::unreachable();
}

rt::task<> card_refunds::send_new(owed_capture what) {
  const refund_attempt attempt{.number = what.latest ? what.latest->number + 1 : 1,
                               .reference = {},
                               .provider_refund_id = {},
                               .state = attempt_state::SENDING};
  auto recorded = attempt;
  recorded.reference = fmt::format("refund:{}:{}", what.provider_payment_id, attempt.number);
  const auto until = intake_.call_deadline();  // before the record: doubt begins with that
  const auto id = co_await rows_.record_attempt(rt::deadline::after(record_time), what.id, recorded);
  reached("payment.card_refund_recorded");
  if (!id) throw rt::unavailable("somebody else sends it back");
  co_await send(until, std::move(what), *id, recorded.reference);
}

rt::task<> card_refunds::send(rt::deadline until, owed_capture what, std::int64_t attempt_id, std::string reference) {
  std::optional<ports::card_refund> made;
  std::optional<ports::card_refused> refusal;
  std::string lost_because;
  bool is_sent = true;
  try {
    made = co_await gateway_.refund(until, what.provider_payment_id, std::move(reference), what.reason);
  } catch (const ports::card_refused& no) {
    refusal = no;
  } catch (const ports::card_not_sent&) {
    is_sent = false;
  } catch (const rt::unavailable& lost) {
    // It may have been made: it is looked for when it cannot take effect any more.
    lost_because = lost.what();
    rt::log::warning("whether a refund to a card was made is not known",
                     {{"capture", what.id}, {"reason", lost_because}});
  }
  if (!is_sent) {  // its record does not know, so it is looked for before it is sent
    co_await put_off_unsent(what.id, what.payment_id, options_.doubt);
    co_return;
  }
  reached("payment.card_refund_sent");
  if (refusal) {
    co_await refused(std::move(what), attempt_id, *refusal);
  } else if (made) {
    co_await rows_.note(rt::deadline::after(record_time), attempt_id, std::move(*made));
    reached("payment.card_refund_noted");
    if (options_.told) options_.told();
  } else {
    co_await put_off_troubled(what.id, what.payment_id, options_.doubt, std::move(lost_because));
  }
}

rt::task<> card_refunds::look(owed_capture what) {
  TICKETSHOW_ASSERT(what.latest && what.attempt_id);
  const auto& latest = *what.latest;
  if (latest.state == attempt_state::SENDING && what.in_doubt > 0s) {
    co_await rows_.put_off(rt::deadline::after(record_time), what.id, what.in_doubt);
    co_return;
  }
  const auto until = intake_.call_deadline();
  auto seen = co_await gateway_.find_payment(until, what.provider_payment_id, ports::haste::work);
  if (!seen) throw rt::unavailable("the provider does not know the payment");
  const auto found = rules::find_attempt(latest, seen->refunds, what.amount);
  co_await intake_.take(std::move(*seen));
  if (!found && latest.state == attempt_state::SENDING) {
    const auto sent_until = intake_.call_deadline();
    const bool still = co_await rows_.send_again(rt::deadline::after(record_time), *what.attempt_id, options_.doubt);
    if (!still) co_return;
    const auto attempt_id = *what.attempt_id;
    auto reference = latest.reference;
    co_await send(sent_until, std::move(what), attempt_id, std::move(reference));
  } else if (!found) {
    throw rt::unavailable("the provider does not show the refund any more");
  } else if (rules::state_of(*found) == attempt_state::PENDING) {
    co_await rows_.put_off(rt::deadline::after(record_time), what.id,
                           rules::between_refund_looks.after(what.failures + 1));
  }
}

/// The provider made nothing of it. That all is back already is true when its payment shows it.
rt::task<> card_refunds::refused(owed_capture what, std::int64_t attempt_id, ports::card_refused why) {
  using enum ports::card_refused::why;
  if (why.kind() == already_refunded) {
    const auto until = intake_.call_deadline();
    auto seen = co_await gateway_.find_payment(until, what.provider_payment_id, ports::haste::work);
    const bool shown =
        seen &&
        rules::find_attempt({.number = 1, .reference = {}, .provider_refund_id = {}, .state = attempt_state::SENDING},
                            seen->refunds, what.amount);
    if (shown) {
      co_await intake_.take(std::move(*seen));
      co_return;
    }
  }
  rt::log::warning("the card provider refuses a refund",
                   {{"capture", what.id}, {"payment", what.payment_id}, {"reason", why.what()}});
  co_await rows_.note_refusal(rt::deadline::after(record_time), attempt_id, why.what());
  if (why.kind() == too_late || why.kind() == unknown || why.kind() == amount) co_await give_up(std::move(what));
}

rt::task<> card_refunds::give_up(owed_capture what) {
  const bool given_up = co_await rows_.give_up(rt::deadline::after(record_time), what.id);
  if (!given_up) co_return;
  rt::log::error("a refund to a card needs an operator: ticketshow payments failed-refunds",
                 {{"capture", what.id},
                  {"payment", what.payment_id},
                  {"provider_payment", what.provider_payment_id},
                  {"amount", to_string(what.amount)},
                  {"currency", what.currency}});
}

void card_refunds::reached(std::string_view point) const {
  rt::fault_point(point);
  if (options_.reached) options_.reached(point);
}

}  // namespace ticketshow::payment
