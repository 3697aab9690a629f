#include "services/payment/notices.hpp"

#include "base/backoff.hpp"
#include "rt/fault_point.hpp"
#include "rt/log.hpp"
#include "rt/metrics.hpp"

namespace ticketshow::payment {
namespace {

using namespace std::chrono_literals;

constexpr auto record_time = 5s;
constexpr int most_calls = 2;
constexpr auto kept = std::chrono::hours(24 * 7);  // the provider repeats a message for a day at most
constexpr auto between_forgetting = 10min;

/// Between looks at what failed.
constexpr backoff<std::chrono::seconds> between_looks{.first = 2s, .last = 10min};

/// The bank asks for the money back, or something became of that. Only people can answer, at the provider's.
void tell_of_dispute(const notice_due& what, std::int64_t payment_id) {
  rt::metrics::counter("ticketshow_payment_disputes_total",
                       "What the card provider told of disputes, by its word (ticketshow payments disputes).",
                       {{"type", what.type}})
      .Increment();
  rt::log::warning("a payment by card is disputed",
                   {{"payment", payment_id}, {"provider_payment", what.provider_payment_id}, {"type", what.type}});
}

}  // namespace

notices::notices(rt::executor io, notice_store& rows, card_intake& intake, ports::card_gateway& gateway)
    : rows_(rows), intake_(intake), gateway_(gateway), due_(io), working_(io, "card notices") {}

void notices::start(std::chrono::milliseconds pause) {
  working_.repeat(1ms, [this, pause] { return work_after(pause); });
  working_.repeat(between_forgetting, [this] { return forget(); });
}

rt::task<> notices::take(rt::deadline until, ports::card_notice told) {
  std::optional<std::string> outcome;
  if (told.what == ports::card_notice::about::other) outcome = "not about money";
  const bool news = co_await rows_.record(until, std::move(told), std::move(outcome));
  rt::fault_point("payment.notice_recorded");
  if (news) due_.ring();
}

rt::task<> notices::work_after(std::chrono::milliseconds pause) {
  co_await due_.wait(pause);
  auto due = co_await rows_.take_due(rt::deadline::after(record_time), intake_.lease_of(most_calls), 1);
  if (!due.empty()) due_.ring();  // there may be more; one at a time, the provider's limit of calls is the bound
  for (auto& each : due) co_await look_after(std::move(each));
}

rt::task<> notices::look_after(notice_due what) {
  const auto id = what.id;
  const auto failures = what.failures;
  std::string outcome;
  try {
    outcome = co_await outcome_of(std::move(what));
  } catch (const std::exception& error) {
    rt::log::info("a message of the card provider could not be looked after yet",
                  {{"notice", id}, {"failures", failures}, {"reason", error.what()}});
  }
  const auto until = rt::deadline::after(record_time);
  if (outcome.empty()) {
    co_await rows_.put_off(until, id, between_looks.after(failures));
  } else {
    co_await rows_.finish(until, id, outcome);
  }
}

rt::task<std::string> notices::outcome_of(notice_due what) {
  auto payment_id = what.provider_payment_id;
  if (payment_id.empty() && !what.provider_refund_id.empty()) {
    const auto until = intake_.call_deadline();
    const auto refund = co_await gateway_.find_refund(until, what.provider_refund_id);
    if (refund) payment_id = refund->payment_id;
  }
  std::optional<taken_in> taken;
  if (!payment_id.empty()) taken = co_await intake_.look(payment_id, ports::haste::work);
  if (what.about == "dispute") {
    tell_of_dispute(what, taken ? taken->payment_id.value_or(0) : 0);
    co_return "told to operators";
  }
  if (payment_id.empty()) co_return "names no payment";
  if (!taken) co_return "the provider does not know the payment";
  if (!taken->payment_id) co_return "none of ours";
  co_return taken->news() ? "taken in" : "no news";
}

rt::task<> notices::forget() {
  const auto unhandled = co_await rows_.forget(rt::deadline::after(record_time), kept);
  if (unhandled > 0) {
    rt::log::error("messages of the card provider were given up after a week", {{"count", unhandled}});
  }
}

}  // namespace ticketshow::payment
