#pragma once

#include "services/payment/card_listing.hpp"
#include "services/payment/card_refunds.hpp"
#include "services/payment/card_store.hpp"
#include "services/payment/checkouts.hpp"
#include "services/payment/notices.hpp"

namespace ticketshow::payment {

/// All that payment does at a card provider. What becomes known of a payment goes on in the saga. I/O thread only.
class cards {
 public:
  struct options {
    std::string public_url;
    std::chrono::milliseconds call_time;
    std::chrono::milliseconds sweep_pause;
    std::chrono::milliseconds watch_pause;
    std::chrono::milliseconds list_pause;
    std::chrono::seconds refund_doubt;
    std::chrono::seconds refund_retry;
    std::function<void(std::string_view)> at_step;
    std::function<void()> captured;  ///< a payment goes on
    std::function<void()> told;      ///< others hear of something
  };

  cards(rt::executor io, pg::pool& database, const clock_source& clock, store& payments, ports::card_gateway& gateway,
        booking::port& bookings, auth::port& accounts, options chosen);

  /// As saga::end_leases().
  rt::task<> end_leases(rt::deadline until);
  void start();
  rt::task<> stop(rt::deadline until);

  rt::task<std::optional<record>> open(record from) { return pages_.open(std::move(from)); }
  /// Reads a message of the provider; throws ports::card_forgery when it is not authentic.
  [[nodiscard]] ports::card_notice read_notice(const ports::card_gateway::delivery& raw) const {
    return gateway_.read_notice(raw, clock_.now());
  }
  /// The message is recorded when this ends, and looked after later.
  rt::task<> take_notice(rt::deadline until, ports::card_notice told) { return notices_.take(until, std::move(told)); }
  /// A refund may have become due.
  void owed() { refunds_.due().ring(); }

 private:
  const clock_source& clock_;
  ports::card_gateway& gateway_;
  options options_;
  card_store rows_;
  card_intake intake_;
  checkouts pages_;
  notices notices_;
  card_refunds refunds_;
  card_sweep sweep_;
};

}  // namespace ticketshow::payment
