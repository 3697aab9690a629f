#include "rt/log.hpp"
#include "rt/metrics.hpp"
#include "services/payment/service.hpp"
#include "services/payment/views.hpp"

namespace ticketshow::payment {

rt::task<contract::result<top_up_view>> service::handle(rt::call call, top_up request) {
  if (!cards_) co_return contract::fail(method_unavailable, "Cards are not taken here.");
  intent wish{.booking_id = {},
              .user_id = call.caller.user_id,
              .amount = request.amount,
              .currency = options_.currency,
              .description = "Wallet top-up",
              .correlation_id = call.correlation_id,
              .payer_email = call.caller.email,
              .method = payment_method::DODO,
              .idempotency_key = request.idempotency_key,
              .page_secret = random_hex(random_, page_secret_bytes)};
  auto made = co_await store_.record_intent(call.until, std::move(wish), options_.pages);
  if (!made) co_return std::unexpected(std::move(made.error()));
  auto begun = std::move(*made);
  set_out(begun);
  if (!begun) {
    begun = co_await store_.find_top_up(call.until, call.caller.user_id, request.idempotency_key);
    if (!begun) co_return contract::fail(contract::service_unavailable);
    if (begun->amount != request.amount) co_return contract::fail(idempotency_conflict);
  }
  auto ended = co_await end_of(std::move(*begun), patience_of(call));
  auto failed = rules::failure_to_begin(ended.now, ended.failure_code, ended.reason);
  if (failed) co_return std::unexpected(std::move(*failed));
  co_return co_await view_of_top_up(call.until, std::move(ended));
}

rt::task<contract::result<top_up_view>> service::handle(rt::call call, get_top_up request) {
  auto found = co_await store_.get(call.until, request.id);
  // Somebody else's is answered like one that does not exist: ids tell nothing.
  if (!found || found->user_id != call.caller.user_id || found->booking_id) co_return contract::fail(payment_not_found);
  co_return co_await view_of_top_up(call.until, std::move(*found));
}

rt::task<top_up_view> service::view_of_top_up(rt::deadline until, record payment) {
  const auto pages = co_await card_pages_.views_of(until, {payment.id});
  if (payment.now == step::CHECKOUT) co_await card_pages_.look_soon(until, payment.id);
  co_return top_up_view_of(payment, pages.empty() ? nullptr : &pages.front());
}

rt::task<contract::result<contract::nothing>> service::handle(rt::call call, payment_webhook request) {
  if (!cards_) co_return contract::fail(contract::not_found);
  std::optional<ports::card_notice> told;
  try {
    told = cards_->read_notice({.id = request.webhook_id.value,
                                .timestamp = request.webhook_timestamp.value,
                                .signature = request.webhook_signature.value,
                                .body = request.message.bytes});
  } catch (const ports::card_forgery& forged) {
    // Whoever sent it learns nothing from the answer; an operator with a wrong secret learns it from the log.
    rt::metrics::counter("ticketshow_payment_webhooks_refused_total",
                         "Messages that were not the card provider's: forged, altered, too old.")
        .Increment();
    if (const auto many = forgeries_.count(rt::steady_clock::now())) {
      rt::log::warning("a message that is not the card provider's was refused",
                       {{"reason", forged.what()}, {"correlation_id", call.correlation_id}, {"so_many", *many}});
    }
  }
  if (!told) co_return contract::fail(webhook_refused);
  co_await cards_->take_notice(call.until, std::move(*told));
  co_return contract::nothing{};
}

}  // namespace ticketshow::payment
