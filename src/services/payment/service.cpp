#include "services/payment/service.hpp"

#include <fmt/format.h>

#include "rt/log.hpp"

namespace ticketshow::payment {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t default_limit = 20;
constexpr auto answer_time = 200ms;  // left for the answer when the wait for a payment's end is given up
constexpr int most_tries = 3;        // to find or make a booking's live payment while others come and go

payment_view view_of(const record& known) {
  std::optional<std::string> transaction;
  if (known.transaction_id) transaction = std::to_string(*known.transaction_id);
  std::optional<std::string> failure;
  if (known.failure_code) failure = known.reason;
  return {.id = known.id,
          .booking_id = known.booking_id,
          .user_id = known.user_id,
          .amount = known.amount,
          .currency = known.currency,
          .status = rules::status_of(known.now),
          .payment_method = known.method,
          .transaction_id = std::move(transaction),
          .checkout_url = {},
          .failure_reason = std::move(failure),
          .correlation_id = known.correlation_id,
          .created_at = known.created_at,
          .updated_at = known.updated_at};
}

saga::options saga_options_of(const options& chosen, std::function<void()> told) {
  return {.call_time = std::chrono::seconds(chosen.call_time_s),
          .at_once = chosen.runs_at_once,
          .at_step = chosen.at_step,
          .told = std::move(told)};
}

/// Bookings were cancelled: what was paid for them goes back.
rt::task<> take_refunds(pg::transaction& in, std::vector<events::received<booking::refund_initiated>> happened) {
  std::vector<booking::refund_initiated> cancelled;
  for (auto& each : happened) cancelled.push_back(std::move(each.what));
  co_await store::wish_refunds(in, std::move(cancelled));
}

/// What the customer hears of a payment that came to rest without being paid.
std::optional<contract::problem> failure_of(const record& known) {
  if (known.now != step::FAILED) return {};
  if (known.failure_code == auth::insufficient_funds.code) return contract::problem{&insufficient_funds, {}};
  return contract::problem{&method_unavailable, "The wallet cannot be used for this payment."};
}

}  // namespace

service::service(const dependencies& needs)
    : clock_(needs.clock),
      bookings_(needs.bookings),
      options_(needs.settings),
      store_(needs.database, {.lease_s = options_.lease_s, .doubt_s = options_.doubt_s}),
      saga_(needs.io, store_, needs.bookings, needs.accounts, needs.random,
            saga_options_of(options_, [this] { outbox_.due().ring(); })),
      open_(needs.io, store_),
      outbox_(needs.io, needs.database, needs.bus, "payment"),
      inbox_({needs.io, needs.database, needs.bus, needs.random}, "payment", options_.retries) {
  inbox_.on<booking::refund_initiated>(&take_refunds, [this] { saga_.due().ring(); });
}

rt::task<> service::start() {
  outbox_.start();
  inbox_.start();
  saga_.start(std::chrono::milliseconds(options_.sweep_pause_ms));
  open_.start(std::chrono::milliseconds(options_.gauge_pause_ms));
  co_return;
}

rt::task<> service::stop(rt::deadline until) {
  co_await open_.stop(until);
  co_await inbox_.stop(until);
  co_await saga_.stop(until);
  co_await outbox_.stop(rt::deadline::after(1s));
}

rt::deadline service::patience_of(const rt::call& call) const {
  const auto left = call.until.left() > answer_time ? call.until.left() - answer_time : 0ms;
  return rt::deadline::after(
      std::min<rt::steady_clock::duration>(left, std::chrono::milliseconds(options_.patience_ms)));
}

// ---- for account holders

rt::task<contract::result<payment_view>> service::handle(rt::call call, create_payment request) {
  if (request.payment_method != payment_method::WALLET) {
    co_return contract::fail(method_unavailable, "Only WALLET is offered here.");
  }
  auto answer = co_await booking_of(call, request.booking_id);
  if (!answer) {
    if (*answer.error().kind == booking::booking_not_found) co_return contract::fail(booking_not_found);
    co_return std::unexpected(std::move(answer.error()));
  }
  auto refused = rules::refusal(*answer, call.caller.user_id, request.amount, clock_.now());
  if (refused) co_return std::unexpected(std::move(*refused));

  auto begun = co_await begin(call, std::move(*answer));
  if (!begun) co_return std::unexpected(std::move(begun.error()));
  const auto ended = co_await end_of(std::move(*begun), patience_of(call));
  auto failed = failure_of(ended);
  if (failed) co_return std::unexpected(std::move(*failed));
  co_return view_of(ended);
}

rt::task<record> service::end_of(record begun, rt::deadline until) {
  try {
    co_return co_await saga_.bring_to_end(begun, until);
  } catch (const rt::unavailable& away) {
    rt::log::warning("the end of a payment cannot be seen now",
                     {{"payment", begun.id}, {"correlation_id", begun.correlation_id}, {"reason", away.what()}});
  }
  co_return begun;  // it is recorded and ends by itself: the customer hears that it is under way
}

rt::task<contract::result<booking::booking_to_settle>> service::booking_of(rt::call call, std::int64_t id) {
  co_return co_await bookings_.handle(call.as_service("payment"), booking::get_booking_to_settle{id});
}

rt::task<contract::result<record>> service::begin(rt::call call, booking::booking_to_settle what) {
  if (what.status == booking::booking_status::EXPIRED) {
    // Its seats were gone when it was paid too late: money would only go to and fro.
    const bool given_back = co_await store_.was_refunded(call.until, what.id);
    if (given_back) {
      co_return contract::fail(booking_not_payable,
                               "The hold of the seats had ended, and a payment was given back; please book again.");
    }
  }
  for (int i = 0; i < most_tries; ++i) {
    // The unique index decides among parallel payments; who comes second joins the first.
    if (what.status != booking::booking_status::CONFIRMED) {
      intent wish{.booking_id = what.id,
                  .user_id = call.caller.user_id,
                  .amount = what.total_amount,
                  .currency = what.currency,
                  .description = rules::describe(what.id, what.show_name),
                  .correlation_id = call.correlation_id,
                  .payer_email = call.caller.email};
      auto made = co_await store_.record_intent(call.until, std::move(wish));
      if (made) {
        saga_.reached("payment.intent_recorded");
        saga_.go_on(*made);
        co_return std::move(*made);
      }
    }
    auto live = co_await store_.of_booking(call.until, what.id);
    const bool own = live && live->user_id == call.caller.user_id;
    if (own && live->now != step::FAILED && live->now != step::REFUNDED) co_return std::move(*live);
    if (what.status == booking::booking_status::CONFIRMED) co_return contract::fail(already_paid);
  }
  co_return contract::fail(contract::service_unavailable, "This booking is being paid elsewhere; please try again.");
}

rt::task<contract::result<std::vector<payment_view>>> service::handle(rt::call call, list_payments request) {
  const auto records = co_await store_.list(call.until, call.caller.user_id, request.skip.value_or(0),
                                            request.limit.value_or(default_limit));
  std::vector<payment_view> views;
  views.reserve(records.size());
  for (const auto& each : records) views.push_back(view_of(each));
  co_return views;
}

rt::task<contract::result<payment_view>> service::handle(rt::call call, get_payment request) {
  const auto found = co_await store_.get(call.until, request.id);
  // Somebody else's payment is answered like one that does not exist: ids tell nothing.
  if (!found || found->user_id != call.caller.user_id) co_return contract::fail(payment_not_found);
  co_return view_of(*found);
}

rt::task<contract::result<payment_view>> service::handle(rt::call call, get_booking_payment request) {
  const auto found = co_await store_.latest_of(call.until, request.booking_id, call.caller.user_id);
  if (!found) co_return contract::fail(payment_not_found);
  co_return view_of(*found);
}

}  // namespace ticketshow::payment
