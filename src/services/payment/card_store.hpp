#pragma once

#include "services/payment/capture_store.hpp"
#include "services/payment/card_refund_store.hpp"
#include "services/payment/charge_store.hpp"
#include "services/payment/notice_store.hpp"
#include "services/payment/page_store.hpp"

namespace ticketshow::payment {

/// Payment's tables of cards, beside store.hpp: each part runs its statements of card_queries.hpp.
struct card_store {
  /// A refund that failed at the provider is sent anew after `retry`, later each time.
  card_store(pg::pool& database, std::chrono::seconds retry)
      : pages(database), charges(database), refunds(database, retry), captures(database, refunds), notices(database) {}
  card_store(const card_store&) = delete;
  card_store& operator=(const card_store&) = delete;

  page_store pages;
  charge_store charges;
  card_refund_store refunds;
  capture_store captures;
  notice_store notices;
};

}  // namespace ticketshow::payment
