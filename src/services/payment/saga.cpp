#include "services/payment/saga.hpp"

#include <boost/asio/redirect_error.hpp>

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
      random_(random),
      options_(std::move(chosen)),
      refunds_(io, payments, accounts, random, options_.call_time, [this](std::string_view point) { reached(point); }),
      steps_(payments, bookings, accounts, refunds_,
             {.call_time = options_.call_time,
              .reached = [this](std::string_view point) { reached(point); },
              .open_page = options_.open_page,
              .owed = options_.owed}),
      due_(io),
      runs_(io, "payment runs"),
      sweeping_(io, "payment sweeper") {}

rt::task<> saga::end_leases(rt::deadline until) { co_await store_.release_all(until); }

void saga::start(std::chrono::milliseconds pause) {
  refunds_.start();
  due_.ring();
  sweeping_.repeat(1ms, [this, pause] { return sweep_after(pause); });
}

rt::task<> saga::stop(rt::deadline until) {
  co_await sweeping_.close(until);
  const bool finished = co_await runs_.drain(until);
  if (!finished) co_await runs_.close(rt::deadline::after(1s));
  co_await refunds_.stop(rt::deadline::after(1s));
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
    const auto delay = with_jitter(rules::between_runs.after(taken.failures + 1), random_);
    co_await store_.put_off(until, std::move(taken), delay);
  }
}

/// `known` is the payment as this run last saw it, for whoever has to put it off.
rt::task<> saga::advance(record& known) {
  const auto in_doubt_until = known.in_doubt_until;
  while (known.in_flight()) {
    auto next = co_await steps_.forward(known);
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

void saga::reached(std::string_view point) const {
  rt::fault_point(point);
  if (options_.at_step) options_.at_step(point);
}

}  // namespace ticketshow::payment
