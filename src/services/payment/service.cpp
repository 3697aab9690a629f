#include "services/payment/service.hpp"

#include <algorithm>

#include "rt/log.hpp"
#include "services/payment/views.hpp"

namespace ticketshow::payment {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t default_limit = 20;
constexpr auto answer_time = 200ms;  // left for the answer when the wait for a payment's end is given up

/// Bookings were cancelled: what was paid for them goes back.
rt::task<> take_refunds(pg::transaction& in, std::vector<events::received<booking::refund_initiated>> happened) {
  std::vector<booking::refund_initiated> cancelled;
  for (auto& each : happened) cancelled.push_back(std::move(each.what));
  co_await store::wish_refunds(in, std::move(cancelled));
}

run_times run_times_of(const options& chosen) {
  const auto page =
      card_intake::lease_of(checkouts::calls_to_open, std::chrono::seconds(chosen.card_call_time_s)).count();
  return {.lease_s = chosen.lease_s,
          .card_lease_s = std::max<std::int64_t>(chosen.lease_s, page),
          .doubt_s = chosen.doubt_s};
}

/// What the customer hears of a payment that came to rest without being paid.
std::optional<contract::problem> failure_of(const record& known) {
  if (known.method == payment_method::DODO) return rules::failure_to_begin(known.now, known.failure_code, known.reason);
  if (known.now != step::FAILED) return {};
  if (known.failure_code == auth::insufficient_funds.code) return contract::problem{&insufficient_funds, {}};
  return contract::problem{&method_unavailable, "The wallet cannot be used for this payment."};
}

}  // namespace

service::service(const dependencies& needs)
    : clock_(needs.clock),
      bookings_(needs.bookings),
      accounts_(needs.accounts),
      calls_only_(needs.calls_only),
      options_(needs.settings),
      store_(needs.database, run_times_of(options_)),
      cards_(make_cards(needs)),
      card_pages_(needs.database),
      card_refunds_(needs.database, std::chrono::seconds(options_.card_retry_s)),
      random_(needs.random),
      saga_(needs.io, store_, needs.bookings, needs.accounts, needs.random, saga_options()),
      open_(needs.io, store_, needs.gateway != nullptr),
      outbox_(needs.io, needs.database, needs.bus, "payment"),
      inbox_({needs.io, needs.database, needs.bus, needs.random}, "payment", options_.retries) {
  inbox_.on<booking::refund_initiated>(&take_refunds, [this] {
    saga_.due().ring();
    if (cards_) cards_->owed();
  });
}

std::unique_ptr<cards> service::make_cards(const dependencies& needs) {
  if (needs.gateway == nullptr) return nullptr;
  return std::make_unique<cards>(needs.io, needs.database, needs.clock, store_, *needs.gateway, needs.bookings,
                                 needs.accounts,
                                 cards::options{.public_url = options_.public_url,
                                                .call_time = std::chrono::seconds(options_.card_call_time_s),
                                                .sweep_pause = std::chrono::milliseconds(options_.sweep_pause_ms),
                                                .watch_pause = std::chrono::milliseconds(options_.card_watch_ms),
                                                .list_pause = std::chrono::milliseconds(options_.card_list_ms),
                                                .refund_doubt = std::chrono::seconds(options_.card_doubt_s),
                                                .refund_retry = std::chrono::seconds(options_.card_retry_s),
                                                .at_step = options_.at_step,
                                                .captured = [this] { saga_.due().ring(); },
                                                .told = [this] { outbox_.due().ring(); }});
}

saga::options service::saga_options() {
  saga::options chosen{.call_time = std::chrono::seconds(options_.call_time_s),
                       .at_once = options_.runs_at_once,
                       .at_step = options_.at_step,
                       .told = [this] { outbox_.due().ring(); },
                       .open_page = {},
                       .owed = {}};
  if (cards_) {
    chosen.open_page = [this](record payment) { return cards_->open(std::move(payment)); };
    chosen.owed = [this] { cards_->owed(); };
  }
  return chosen;
}

rt::task<> service::start() {
  if (calls_only_) co_return;
  co_await end_leases();
  outbox_.start();
  inbox_.start();
  saga_.start(std::chrono::milliseconds(options_.sweep_pause_ms));
  if (cards_) cards_->start();
  open_.start(std::chrono::milliseconds(options_.gauge_pause_ms));
}

rt::task<> service::end_leases() {
  const auto until = rt::deadline::after(5s);
  try {
    co_await saga_.end_leases(until);
    if (cards_) co_await cards_->end_leases(until);
  } catch (const std::exception& error) {
    rt::log::warning("what an earlier life of this process left waits until its leases end",
                     {{"reason", error.what()}});
  }
}

rt::task<> service::stop(rt::deadline until) {
  co_await open_.stop(until);
  co_await inbox_.stop(until);
  if (cards_) co_await cards_->stop(until);
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
  if (request.payment_method == payment_method::DODO && !cards_) {
    co_return contract::fail(method_unavailable, "Cards are not taken here.");
  }
  auto answer = co_await booking_of(call, request.booking_id);
  if (!answer) {
    if (*answer.error().kind == booking::booking_not_found) co_return contract::fail(booking_not_found);
    co_return std::unexpected(std::move(answer.error()));
  }
  auto refused = rules::refusal(*answer, call.caller.user_id, request.amount, clock_.now());
  if (refused) co_return std::unexpected(std::move(*refused));

  auto begun = request.payment_method == payment_method::DODO ? co_await begin_by_card(call, std::move(*answer))
                                                              : co_await begin_from_wallet(call, std::move(*answer));
  if (!begun) co_return std::unexpected(std::move(begun.error()));
  auto ended = co_await end_of(std::move(*begun), patience_of(call));
  auto failed = failure_of(ended);
  if (failed) co_return std::unexpected(std::move(*failed));
  co_return co_await view_of(call.until, std::move(ended));
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

// ---- looking

rt::task<std::vector<payment_view>> service::views_of(rt::deadline until, std::vector<record> payments) {
  std::vector<std::int64_t> by_card;
  for (const auto& each : payments) {
    if (each.method == payment_method::DODO) by_card.push_back(each.id);
  }
  std::vector<page_view> pages;
  if (!by_card.empty()) pages = co_await card_pages_.views_of(until, std::move(by_card));
  std::vector<payment_view> views;
  views.reserve(payments.size());
  for (const auto& each : payments) {
    const auto page = std::ranges::find(pages, each.id, &page_view::payment_id);
    views.push_back(payment_view_of(each, page == pages.end() ? nullptr : &*page));
  }
  co_return views;
}

rt::task<payment_view> service::view_of(rt::deadline until, record payment) {
  // Its owner has come back from the page, perhaps: that is worth a look.
  if (payment.now == step::CHECKOUT) co_await card_pages_.look_soon(until, payment.id);
  std::vector<record> one{std::move(payment)};
  auto views = co_await views_of(until, std::move(one));
  co_return std::move(views.front());
}

rt::task<contract::result<std::vector<payment_view>>> service::handle(rt::call call, list_payments request) {
  auto records = co_await store_.list(call.until, call.caller.user_id, request.skip.value_or(0),
                                      request.limit.value_or(default_limit));
  co_return co_await views_of(call.until, std::move(records));
}

rt::task<contract::result<payment_view>> service::handle(rt::call call, get_payment request) {
  auto found = co_await store_.get(call.until, request.id);
  // Somebody else's payment is answered like one that does not exist: ids tell nothing.
  if (!found || found->user_id != call.caller.user_id || !found->booking_id) {
    co_return contract::fail(payment_not_found);
  }
  co_return co_await view_of(call.until, std::move(*found));
}

rt::task<contract::result<payment_view>> service::handle(rt::call call, get_booking_payment request) {
  auto found = co_await store_.latest_of(call.until, request.booking_id, call.caller.user_id);
  if (!found) co_return contract::fail(payment_not_found);
  co_return co_await view_of(call.until, std::move(*found));
}

}  // namespace ticketshow::payment
