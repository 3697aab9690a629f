#pragma once

#include "services/payment/page_store.hpp"

/// What customers see of payments.
namespace ticketshow::payment {

/// `page` is that of a payment by card, when it is known.
payment_view payment_view_of(const record& known, const page_view* page);
top_up_view top_up_view_of(const record& known, const page_view* page);

}  // namespace ticketshow::payment
