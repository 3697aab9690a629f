#include "services/payment/service.hpp"

/// How payments for bookings begin: at most one live one a booking, for a unique index decides among those that are
/// wished in parallel, and who comes second joins the first.
namespace ticketshow::payment {
namespace {

constexpr int most_tries = 3;  // to find or make a booking's live payment while others come and go

bool is_confirmed(const booking::booking_to_settle& what) { return what.status == booking::booking_status::CONFIRMED; }

contract::problem busy() {
  return {&contract::service_unavailable, "This booking is being paid elsewhere; please try again."};
}

}  // namespace

rt::task<contract::result<record>> service::begin_by_card(rt::call call, booking::booking_to_settle what) {
  const auto no_page = rules::page_refusal(what, clock_.now());
  for (int i = 0; i < most_tries; ++i) {
    if (!is_confirmed(what) && !no_page) {
      auto wish = intent_of(call, what, payment_method::DODO);
      auto made = co_await store_.record_intent(call.until, std::move(wish), options_.pages);
      if (!made) co_return std::unexpected(std::move(made.error()));
      set_out(*made);
      if (*made) co_return std::move(**made);
    }
    auto live = co_await live_payment_of(call, what.id);
    if (live && (!live->waits_for_card() || !no_page)) co_return std::move(*live);
    if (is_confirmed(what)) co_return contract::fail(already_paid);
    if (no_page) co_return std::unexpected(*no_page);
  }
  co_return std::unexpected(busy());
}

rt::task<contract::result<record>> service::begin_from_wallet(rt::call call, booking::booking_to_settle what) {
  if (what.status == booking::booking_status::EXPIRED) {
    // Its seats were gone when it was paid too late: money would only go to and fro.
    const bool given_back = co_await store_.was_refunded(call.until, what.id);
    if (given_back) {
      co_return contract::fail(booking_not_payable,
                               "The hold of the seats had ended, and a payment was given back; please book again.");
    }
  }
  for (int i = 0; i < most_tries; ++i) {
    if (!is_confirmed(what)) {
      auto wish = intent_of(call, what, payment_method::WALLET);
      auto made = co_await store_.record_intent(call.until, std::move(wish));
      set_out(made);
      if (made) co_return std::move(*made);
    }
    auto live = co_await live_payment_of(call, what.id);
    if (live && !live->waits_for_card()) co_return std::move(*live);
    if (is_confirmed(what)) co_return contract::fail(already_paid);
    if (live) {
      // The page is given up only for a wallet that can pay: otherwise the customer would be left with neither.
      const bool enough = co_await wallet_holds(call, what.total_amount);
      if (!enough) co_return contract::fail(insufficient_funds);
      co_await store_.close(call.until, live->id, "SWITCHED", "The booking is paid from the wallet instead of by card.",
                            false);
    }
  }
  co_return std::unexpected(busy());
}

intent service::intent_of(const rt::call& call, const booking::booking_to_settle& what, payment_method method) {
  return {.booking_id = what.id,
          .user_id = call.caller.user_id,
          .amount = what.total_amount,
          .currency = what.currency,
          .description = rules::describe(what.id, what.show_name),
          .correlation_id = call.correlation_id,
          .payer_email = call.caller.email,
          .method = method,
          .idempotency_key = {},
          .page_secret = random_hex(random_, page_secret_bytes)};
}

void service::set_out(const std::optional<record>& made) {
  if (!made) return;
  saga_.reached("payment.intent_recorded");
  saga_.go_on(*made);
}

rt::task<std::optional<record>> service::live_payment_of(rt::call call, std::int64_t booking_id) {
  auto latest = co_await store_.of_booking(call.until, booking_id);
  const bool own = latest && latest->user_id == call.caller.user_id;
  if (!own || latest->now == step::FAILED || latest->now == step::REFUNDED) co_return std::nullopt;
  co_return latest;
}

rt::task<bool> service::wallet_holds(rt::call call, money amount) {
  const auto wallet = co_await accounts_.handle(call, auth::get_wallet{.skip = {}, .limit = 1});
  if (!wallet) throw rt::unavailable(std::string(wallet.error().kind->code));
  co_return wallet->current_amount >= amount;
}

}  // namespace ticketshow::payment
