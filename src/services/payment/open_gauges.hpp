#pragma once

#include "rt/gate.hpp"
#include "rt/metrics.hpp"
#include "services/payment/store.hpp"

namespace ticketshow::payment {

/// Tells an operator what is not finished: payments under way and refunds owed, how many and for how long, and pages of
/// the card provider, in metrics that are at most `pause` old. Where cards are not taken any more, a warning says once
/// what stays undone because of that. I/O thread only.
class open_gauges {
 public:
  open_gauges(rt::executor io, store& payments, bool takes_cards);

  void start(std::chrono::milliseconds pause) {
    measuring_.repeat(pause, [this] { return measure(); });
  }
  rt::task<> stop(rt::deadline until) { co_await measuring_.close(until); }

 private:
  rt::task<> measure();

  store& store_;
  prometheus::Gauge& in_flight_;
  prometheus::Gauge& oldest_in_flight_s_;
  prometheus::Gauge& owed_;
  prometheus::Gauge& oldest_owed_s_;
  prometheus::Gauge& stuck_;
  prometheus::Gauge& pages_;
  bool warns_of_cards_;
  rt::gate measuring_;
};

}  // namespace ticketshow::payment
