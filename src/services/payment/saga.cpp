#include "services/payment/saga.hpp"

#include <boost/asio/redirect_error.hpp>
#include <fmt/format.h>

#include "base/assert.hpp"
#include "rt/fault_point.hpp"
#include "rt/log.hpp"
#include "rt/metrics.hpp"

namespace ticketshow::payment {
namespace {

using namespace std::chrono_literals;

constexpr auto record_time = 5s;      // for a statement of a run
constexpr auto look_again = 50ms;     // at a payment on which another process works
constexpr std::int64_t patience = 3;  // failures in a row before an operator hears of it

/// An answer that says nothing about what happened: the same as no answer.
[[noreturn]] void no_answer(std::string_view what, const contract::problem& problem) {
  throw rt::unavailable(fmt::format("{}: {} {}", what, problem.kind->code, problem.detail));
}

/// The wallet refused, but an earlier debit of the same payment may still take effect until then.
class refused_in_doubt : public rt::unavailable {
 public:
  explicit refused_in_doubt(timestamp ends)
      : rt::unavailable("the debit was refused while an earlier one is in doubt"), until(ends) {}
  timestamp until;
};

void count_end(step end) {
  rt::metrics::counter("ticketshow_payment_ends_total", "Payments that came to rest, by the step in which they rest.",
                       {{"step", boost::describe::enum_to_string(end, "")}})
      .Increment();
}

}  // namespace

/// A waiter's place in running_, left when it is gone.
struct saga::wake_up {
  wake_up(saga& s, std::int64_t p) : owner(s), payment(p), alarm(s.io_) {
    owner.running_.at(p).waiting.push_back(&alarm);
  }
  ~wake_up() {
    const auto found = owner.running_.find(payment);
    if (found != owner.running_.end()) std::erase(found->second.waiting, &alarm);
  }
  wake_up(const wake_up&) = delete;
  wake_up& operator=(const wake_up&) = delete;

  saga& owner;
  std::int64_t payment;
  rt::timer alarm;
};

saga::saga(rt::executor io, store& payments, booking::port& bookings, auth::port& accounts, random_source& random,
           options chosen)
    : io_(io),
      store_(payments),
      bookings_(bookings),
      accounts_(accounts),
      random_(random),
      options_(std::move(chosen)),
      refunds_(io, payments, accounts, random, options_.call_time, [this](std::string_view point) { reached(point); }),
      due_(io),
      runs_(io, "payment runs"),
      sweeping_(io, "payment sweeper") {}

void saga::start(std::chrono::milliseconds pause) {
  refunds_.start();
  sweeping_.spawn(recover());
  sweeping_.repeat(1ms, [this, pause] { return sweep_after(pause); });
}

rt::task<> saga::stop(rt::deadline until) {
  co_await sweeping_.close(until);
  const bool finished = co_await runs_.drain(until);
  if (!finished) co_await runs_.close(rt::deadline::after(1s));
  co_await refunds_.stop(rt::deadline::after(1s));
}

rt::task<> saga::recover() {
  co_await store_.release_all(rt::deadline::after(record_time));
  due_.ring();
}

rt::task<> saga::sweep_after(std::chrono::milliseconds pause) {
  co_await due_.wait(pause);
  co_await sweep();
}

rt::task<> saga::sweep() {
  more_due_ = true;
  if (running_.size() >= options_.at_once) co_return;
  const auto room = options_.at_once - running_.size();
  auto due = co_await store_.take_due(rt::deadline::after(record_time), static_cast<std::int64_t>(room));
  more_due_ = due.size() == room;
  for (auto& each : due) {
    if (!runs_.closing()) go_on(std::move(each));
  }
}

void saga::go_on(record taken) {
  if (runs_.closing()) throw rt::unavailable("payment is stopping");
  // Two runs of one payment in one process: the older one's lease ended, or it is about to leave. The newer one follows
  // it, and finds its steps made or makes them.
  const auto [place, alone] = running_.try_emplace(taken.id);
  if (alone) {
    runs_.spawn(run(std::move(taken)));
  } else {
    place->second.next = std::move(taken);
  }
}

rt::task<> saga::run(record taken) {
  struct leave {
    saga& owner;
    std::int64_t payment;
    ~leave() {
      const auto found = owner.running_.find(payment);
      TICKETSHOW_ASSERT(found != owner.running_.end());
      for (auto* alarm : found->second.waiting) alarm->cancel();
      auto next = std::move(found->second.next);
      owner.running_.erase(found);
      if (owner.more_due_ && owner.running_.size() <= owner.options_.at_once / 2) owner.due_.ring();
      if (next && !owner.runs_.closing()) owner.go_on(std::move(*next));
    }
  };
  const leave at_end{*this, taken.id};

  std::string why;
  std::optional<timestamp> ask_again;
  try {
    co_await advance(taken);
    co_return;
  } catch (const refused_in_doubt& doubt) {
    why = doubt.what();
    ask_again = doubt.until;
  } catch (const std::exception& error) {
    why = error.what();
  }
  rt::log::write(taken.failures >= patience ? rt::log::level::warning : rt::log::level::info,
                 "a payment could not be finished yet",
                 {{"payment", taken.id},
                  {"step", boost::describe::enum_to_string(taken.now, "")},
                  {"failures", taken.failures + 1},
                  {"correlation_id", taken.correlation_id},
                  {"reason", why}});
  reached("payment.put_off");
  const auto until = rt::deadline::after(record_time);
  if (ask_again) {
    co_await store_.put_off_in_doubt(until, std::move(taken), *ask_again);
  } else {
    const auto delay = rules::retry_delay(taken.failures, jitter());
    co_await store_.put_off(until, std::move(taken), delay);
  }
}

/// `known` is the payment as this run last saw it, for whoever has to put it off.
rt::task<> saga::advance(record& known) {
  const auto in_doubt_until = known.in_doubt_until;
  while (known.in_flight()) {
    auto next = co_await step_forward(known);
    if (!next) {
      // Another run was there first, or has taken this one's place; the record knows which.
      next = co_await store_.get(rt::deadline::after(record_time), known.id);
      TICKETSHOW_ASSERT(next.has_value());
      if (next->now == known.now) co_return;
    }
    known = std::move(*next);
    known.in_doubt_until = in_doubt_until;
  }
  count_end(known.now);
  if (options_.told) options_.told();
}

rt::task<std::optional<record>> saga::step_forward(record from) {
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

rt::task<std::optional<record>> saga::debit(record from) {
  const auto call = call_for(from);
  auth::debit_wallet wanted{.user_id = from.user_id,
                            .amount = from.amount,
                            .reference = fmt::format("payment:{}:debit", from.id),
                            .description = from.description};
  const auto moved = co_await accounts_.handle(call, std::move(wanted));
  if (moved) {
    reached("payment.debited");
    auto captured = co_await store_.capture(rt::deadline::after(record_time), std::move(from), moved->transaction_id);
    reached("payment.capture_recorded");
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

rt::task<std::optional<record>> saga::open_page(record from) {
  if (!options_.open_page) throw rt::unavailable("no card provider is configured");
  return options_.open_page(std::move(from));
}

rt::task<std::optional<record>> saga::top_up(record from) {
  const auto call = call_for(from);
  auth::credit_wallet wanted{.user_id = from.user_id,
                             .amount = from.amount,
                             .kind = auth::transaction_type::CREDIT,
                             .reference = fmt::format("top-up:{}:credit", from.id),
                             .description = from.description};
  const auto moved = co_await accounts_.handle(call, std::move(wanted));
  if (moved) {
    reached("payment.topped_up");
    co_return co_await store_.top_up(rt::deadline::after(record_time), std::move(from), moved->transaction_id);
  }
  if (*moved.error().kind != auth::account_not_found) no_answer("top-up", moved.error());
  co_return co_await give_back(std::move(from),
                               {"ACCOUNT_NOT_FOUND", "There is no such wallet; the money is given back."});
}

rt::task<std::optional<record>> saga::settle(record from) {
  const auto call = call_for(from);
  const booking::settle_booking wanted{.id = from.booking_id.value(), .payment_id = from.id, .amount = from.amount};
  auto answer = co_await bookings_.handle(call, wanted);
  auto back = std::optional(rules::reason{"BOOKING_NOT_FOUND", "There is no such booking; the money was given back."});
  if (answer) {
    back = rules::reason_to_give_back(answer->outcome);
  } else if (*answer.error().kind != booking::booking_not_found) {
    no_answer("settle", answer.error());
  }
  reached("payment.settled");
  if (!back) {
    if (!answer->booking) throw rt::unavailable("settle: booking confirmed without telling what");
    auto completed =
        co_await store_.complete(rt::deadline::after(record_time), std::move(from), std::move(*answer->booking));
    reached("payment.completed");
    co_return completed;
  }
  co_return co_await give_back(std::move(from), *back);
}

rt::task<std::optional<record>> saga::give_back(record from, rules::reason why) {
  const bool by_card = from.kind() != course::wallet;
  auto giving_back = co_await store_.give_back(rt::deadline::after(record_time), std::move(from), std::string(why.code),
                                               std::string(why.sentence), booking::initiator::SYSTEM);
  reached("payment.refund_recorded");
  if (by_card && options_.owed) options_.owed();
  co_return giving_back;
}

rt::task<bool> saga::wait_for_run(std::int64_t id, rt::deadline until) {
  if (!running_.contains(id)) co_return false;
  wake_up here(*this, id);
  here.alarm.expires_at(until.at());
  boost::system::error_code ignored;
  co_await here.alarm.async_wait(rt::asio::redirect_error(rt::use_task, ignored));
  co_return true;
}

rt::task<record> saga::bring_to_end(record last_known, rt::deadline until) {
  const auto id = last_known.id;
  while (true) {
    const bool waited = co_await wait_for_run(id, until);
    auto seen = co_await store_.get(rt::deadline::after(record_time), id);
    TICKETSHOW_ASSERT(seen.has_value());
    if (waited || !seen->in_flight() || until.passed()) co_return std::move(*seen);
    auto taken = co_await store_.take(until, id);
    if (taken) {
      go_on(std::move(*taken));
    } else if (!running_.contains(id)) {
      co_await rt::sleep_for(look_again);
    }
  }
}

rt::call saga::call_for(const record& which) const {
  const rt::call call{.until = rt::deadline::after(options_.call_time), .correlation_id = which.correlation_id};
  return call.as_service("payment");
}

double saga::jitter() {
  std::uint32_t bits = 0;
  random_.fill(&bits, sizeof bits);
  return static_cast<double>(bits) / static_cast<double>(std::numeric_limits<std::uint32_t>::max());
}

void saga::reached(std::string_view point) const {
  rt::fault_point(point);
  if (options_.at_step) options_.at_step(point);
}

}  // namespace ticketshow::payment
