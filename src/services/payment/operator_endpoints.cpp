#include "rt/log.hpp"
#include "services/payment/service.hpp"

// What administrators do about refunds to cards that fail; the reconciler does the same by command.
namespace ticketshow::payment {

rt::task<contract::result<std::vector<failed_refund>>> service::handle(rt::call call, list_failed_refunds) {
  auto stuck = co_await card_refunds_.list_owed(call.until, false);
  std::vector<failed_refund> failed;
  failed.reserve(stuck.size());
  for (auto& each : stuck) {
    failed.push_back({.id = each.capture_id,
                      .payment_id = each.payment_id,
                      .booking_id = each.booking_id,
                      .provider_payment_id = std::move(each.provider_payment_id),
                      .amount = each.amount,
                      .currency = std::move(each.currency),
                      .code = std::move(each.code),
                      .attempts = each.attempts,
                      .reason = std::move(each.words),
                      .failed_at = each.since,
                      .can_be_retried = each.state == "STUCK"});
  }
  co_return failed;
}

rt::task<contract::result<contract::nothing>> service::handle(rt::call call, retry_failed_refund request) {
  const bool given = co_await card_refunds_.retry(call.until, request.id);
  if (!given) co_return contract::fail(failed_refund_not_found);
  rt::log::info("failed refund is tried again", {{"capture", std::to_string(request.id)},
                                                 {"by", std::to_string(call.caller.user_id)},
                                                 {"correlation_id", call.correlation_id}});
  if (cards_) cards_->owed();
  co_return contract::nothing{};
}

}  // namespace ticketshow::payment
