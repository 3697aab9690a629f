#include "services/payment/cards.hpp"

namespace ticketshow::payment {

using namespace std::chrono_literals;

cards::cards(rt::executor io, pg::pool& database, const clock_source& clock, store& payments,
             ports::card_gateway& gateway, booking::port& bookings, auth::port& accounts, options chosen)
    : clock_(clock),
      gateway_(gateway),
      options_(std::move(chosen)),
      rows_(database, options_.refund_retry),
      intake_(rows_.captures, gateway, options_.call_time,
              {.reached = options_.at_step,
               .captured = options_.captured,
               .owed = [this] { refunds_.due().ring(); },
               .told = options_.told}),
      pages_({.io = io,
              .clock = clock,
              .payments = payments,
              .pages = rows_.pages,
              .charges = rows_.charges,
              .intake = intake_,
              .gateway = gateway,
              .bookings = bookings,
              .accounts = accounts,
              .public_url = options_.public_url,
              .call_time = options_.call_time}),
      notices_(io, rows_.notices, intake_, gateway),
      refunds_(io, rows_.refunds, intake_, gateway,
               {.doubt = options_.refund_doubt, .reached = options_.at_step, .told = options_.told}),
      sweep_(io, rows_.charges, intake_, gateway) {}

rt::task<> cards::end_leases(rt::deadline until) {
  co_await rows_.refunds.release_all(until);
  co_await rows_.notices.release_all(until);
  co_await rows_.charges.release_sweep(until);
}

void cards::start() {
  notices_.start(options_.sweep_pause);
  pages_.start(options_.watch_pause);
  refunds_.start(options_.sweep_pause);
  sweep_.start(options_.list_pause);
}

rt::task<> cards::stop(rt::deadline until) {
  co_await notices_.stop(until);
  co_await pages_.stop(until);
  co_await refunds_.stop(until);
  co_await sweep_.stop(until);
}

}  // namespace ticketshow::payment
