#include "services/payment/service.hpp"

#include <algorithm>

#include "rt/log.hpp"
#include "services/payment/views.hpp"

namespace ticketshow::payment {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t default_limit = 20;
constexpr auto answer_time = 200ms;  // left for the answer when the wait for a payment's end is given up
constexpr int most_tries = 3;        // to find or make a booking's live payment while others come and go

/// Bookings were cancelled: what was paid for them goes back.
rt::task<> take_refunds(pg::transaction& in, std::vector<events::received<booking::refund_initiated>> happened) {
  std::vector<booking::refund_initiated> cancelled;
  for (auto& each : happened) cancelled.push_back(std::move(each.what));
  co_await store::wish_refunds(in, std::move(cancelled));
}

/// What the customer hears of a payment that came to rest without being paid.
std::optional<contract::problem> failure_of(const record& known) {
  if (known.method == payment_method::DODO) return rules::failure_to_begin(known.now, known.failure_code);
  if (known.now != step::FAILED) return {};
  if (known.failure_code == auth::insufficient_funds.code) return contract::problem{&insufficient_funds, {}};
  return contract::problem{&method_unavailable, "The wallet cannot be used for this payment."};
}

}  // namespace

service::service(const dependencies& needs)
    : clock_(needs.clock),
      bookings_(needs.bookings),
      background_work_(needs.background),
      options_(needs.settings),
      store_(needs.database, {.lease_s = options_.lease_s, .doubt_s = options_.doubt_s}),
      cards_(make_cards(needs)),
      card_pages_(needs.database),
      random_(needs.random),
      saga_(needs.io, store_, needs.bookings, needs.accounts, needs.random, saga_options()),
      open_(needs.io, store_),
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
  if (!background_work_) co_return;
  outbox_.start();
  inbox_.start();
  saga_.start(std::chrono::milliseconds(options_.sweep_pause_ms));
  if (cards_) cards_->start();
  open_.start(std::chrono::milliseconds(options_.gauge_pause_ms));
  co_return;
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

  auto begun = co_await begin(call, std::move(*answer), request.payment_method);
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

rt::task<contract::result<record>> service::begin(rt::call call, booking::booking_to_settle what,
                                                  payment_method method) {
  const bool by_card = method == payment_method::DODO;
  auto no_page = by_card ? page_refusal(what) : std::nullopt;
  if (what.status == booking::booking_status::EXPIRED && !by_card) {
    // Its seats were gone when it was paid too late: money would only go to and fro.
    const bool given_back = co_await store_.was_refunded(call.until, what.id);
    if (given_back) {
      co_return contract::fail(booking_not_payable,
                               "The hold of the seats had ended, and a payment was given back; please book again.");
    }
  }
  for (int i = 0; i < most_tries; ++i) {
    // The unique index decides among parallel payments; who comes second joins the first.
    if (what.status != booking::booking_status::CONFIRMED && !no_page) {
      intent wish{.booking_id = what.id,
                  .user_id = call.caller.user_id,
                  .amount = what.total_amount,
                  .currency = what.currency,
                  .description = rules::describe(what.id, what.show_name),
                  .correlation_id = call.correlation_id,
                  .payer_email = call.caller.email,
                  .method = method,
                  .idempotency_key = {},
                  .page_secret = random_hex(random_, page_secret_bytes)};
      auto made = co_await store_.record_intent(call.until, std::move(wish));
      if (made) {
        saga_.reached("payment.intent_recorded");
        saga_.go_on(*made);
        co_return std::move(*made);
      }
    }
    auto live = co_await store_.of_booking(call.until, what.id);
    const bool own = live && live->user_id == call.caller.user_id;
    if (own && live->now != step::FAILED && live->now != step::REFUNDED) {
      const bool unpaid_page =
          live->method == payment_method::DODO && (live->now == step::INTENT || live->now == step::CHECKOUT);
      if (!unpaid_page || (by_card && !no_page)) co_return std::move(*live);
      if (!by_card) {
        co_await store_.close(call.until, live->id, "SWITCHED",
                              "The booking is paid from the wallet instead of by card.", false);
        continue;
      }
    }
    if (what.status == booking::booking_status::CONFIRMED) co_return contract::fail(already_paid);
    if (no_page) co_return std::unexpected(std::move(*no_page));
  }
  co_return contract::fail(contract::service_unavailable, "This booking is being paid elsewhere; please try again.");
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
