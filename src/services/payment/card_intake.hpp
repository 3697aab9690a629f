#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "ports/card_gateway.hpp"
#include "services/payment/capture_store.hpp"

namespace ticketshow::payment {

/// Asks the provider what became of one of its payments and records the answer: the only way by which money on a card
/// becomes known, whoever gave the hint. I/O thread only.
class card_intake {
 public:
  struct listeners {
    std::function<void(std::string_view)> reached;  ///< a step at which tests may cut the work off
    std::function<void()> captured;                 ///< a payment goes on
    std::function<void()> owed;                     ///< a capture must go back
    std::function<void()> told;                     ///< others hear of something
  };

  card_intake(capture_store& captures, ports::card_gateway& gateway, std::chrono::milliseconds call_time,
              listeners who = {})
      : captures_(captures), gateway_(gateway), call_time_(call_time), who_(std::move(who)) {}

  /// Nothing when the provider does not know the payment. Throws rt::unavailable when it cannot be asked.
  rt::task<std::optional<taken_in>> look(std::string provider_payment_id, ports::haste how);
  /// The same for what it has said already.
  rt::task<taken_in> take(ports::card_payment seen);

  [[nodiscard]] rt::deadline call_deadline() const { return rt::deadline::after(call_time_); }
  /// For how long somebody who needs so many calls at most must have to himself what he does them for, with what is
  /// recorded after each.
  [[nodiscard]] std::chrono::seconds lease_of(int calls) const { return lease_of(calls, call_time_); }
  static std::chrono::seconds lease_of(int calls, std::chrono::milliseconds call_time);

 private:
  capture_store& captures_;
  ports::card_gateway& gateway_;
  std::chrono::milliseconds call_time_;
  listeners who_;
};

}  // namespace ticketshow::payment
