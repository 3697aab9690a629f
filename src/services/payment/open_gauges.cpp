#include "services/payment/open_gauges.hpp"

#include <utility>

#include "rt/log.hpp"

namespace ticketshow::payment {

open_gauges::open_gauges(rt::executor io, store& payments, bool takes_cards)
    : store_(payments),
      in_flight_(rt::metrics::gauge("ticketshow_payment_in_flight", "Payments that are neither paid nor failed yet.")),
      oldest_in_flight_s_(rt::metrics::gauge("ticketshow_payment_oldest_in_flight_seconds",
                                             "Since when the oldest of them was asked for.")),
      owed_(rt::metrics::gauge("ticketshow_payment_refunds_owed", "Refunds whose money is not back yet.")),
      oldest_owed_s_(rt::metrics::gauge("ticketshow_payment_oldest_refund_owed_seconds",
                                        "Since when the oldest of them is owed.")),
      stuck_(
          rt::metrics::gauge("ticketshow_payment_card_refunds_stuck",
                             "Refunds to cards that an operator has to see to (ticketshow payments failed-refunds).")),
      pages_(rt::metrics::gauge("ticketshow_payment_card_pages",
                                "Pages of the card provider on which a card may still be charged.")),
      warns_of_cards_(!takes_cards),
      measuring_(io, "payment gauges") {}

rt::task<> open_gauges::measure() {
  const auto now = co_await store_.count_open(rt::deadline::after(std::chrono::seconds(5)));
  in_flight_.Set(static_cast<double>(now.in_flight));
  oldest_in_flight_s_.Set(static_cast<double>(now.oldest_in_flight_s));
  owed_.Set(static_cast<double>(now.owed));
  oldest_owed_s_.Set(static_cast<double>(now.oldest_owed_s));
  stuck_.Set(static_cast<double>(now.stuck));
  pages_.Set(static_cast<double>(now.pages));
  if (std::exchange(warns_of_cards_, false) && now.pages + now.card_refunds > 0) {
    rt::log::warning(
        "cards are not taken here, but the provider is still needed: set cards.adapter as it was until both are 0",
        {{"pages", now.pages}, {"refunds", now.card_refunds}});
  }
}

}  // namespace ticketshow::payment
