#include "services/payment/views.hpp"

namespace ticketshow::payment {
namespace {

std::optional<std::string> checkout_url_of(const record& known, const page_view* page) {
  if (known.now != step::CHECKOUT || page == nullptr) return {};
  return page->url;
}

/// Why it came to nothing or went back; of one that waits for its card, why that was declined.
std::optional<std::string> failure_reason_of(const record& known, const page_view* page) {
  if (known.failure_code) return known.reason;
  if (known.now == step::CHECKOUT && page != nullptr) return page->declined;
  return {};
}

}  // namespace

payment_view payment_view_of(const record& known, const page_view* page) {
  std::optional<std::string> transaction;
  if (known.transaction_id) transaction = std::to_string(*known.transaction_id);
  if (known.capture_id && page != nullptr) transaction = page->provider_payment_id;
  return {.id = known.id,
          .booking_id = known.booking_id.value(),
          .user_id = known.user_id,
          .amount = known.amount,
          .currency = known.currency,
          .status = rules::status_of(known.now),
          .payment_method = known.method,
          .transaction_id = std::move(transaction),
          .checkout_url = checkout_url_of(known, page),
          .failure_reason = failure_reason_of(known, page),
          .correlation_id = known.correlation_id,
          .created_at = known.created_at,
          .updated_at = known.updated_at};
}

top_up_view top_up_view_of(const record& known, const page_view* page) {
  std::optional<std::string> transaction;
  if (known.transaction_id) transaction = std::to_string(*known.transaction_id);
  return {.id = known.id,
          .user_id = known.user_id,
          .amount = known.amount,
          .currency = known.currency,
          .status = rules::status_of(known.now),
          .transaction_id = std::move(transaction),
          .checkout_url = checkout_url_of(known, page),
          .failure_reason = failure_reason_of(known, page),
          .created_at = known.created_at,
          .updated_at = known.updated_at};
}

}  // namespace ticketshow::payment
