#pragma once

#include "api/auth.hpp"
#include "base/time.hpp"
#include "rt/gate.hpp"
#include "services/payment/card_intake.hpp"
#include "services/payment/charge_store.hpp"
#include "services/payment/page_store.hpp"

namespace ticketshow::payment {

/// The pages on which payments are made by card: opens them, and asks the provider about them as long as they can be
/// paid, so that a lost message costs little and no capture goes unseen. Gives up the payment when its page cannot lead
/// to a booking any more. I/O thread only.
class checkouts {
 public:
  struct dependencies {
    rt::executor io;
    const clock_source& clock;
    store& payments;
    page_store& pages;
    charge_store& charges;
    card_intake& intake;
    ports::card_gateway& gateway;
    booking::port& bookings;
    auth::port& accounts;
    std::string public_url;  ///< of the web app, without a slash at the end
    std::chrono::milliseconds call_time;
  };
  explicit checkouts(dependencies needs);

  /// Looks at one page a `pause` at most, which keeps within the provider's limit of calls.
  void start(std::chrono::milliseconds pause);
  rt::task<> stop(rt::deadline until) { co_await watching_.close(until); }

  /// Opens the page of a payment in the step INTENT and records it. Nothing when the payment was elsewhere; FAILED when
  /// the provider refuses it, or it is too late for a page. Throws rt::unavailable when nobody knows: another page may
  /// be opened then, nobody has the address of the first.
  rt::task<std::optional<record>> open(record from);
  /// The calls that this makes at most: to booking, auth and the provider, each of dependencies::call_time.
  static constexpr int calls_to_open = 3;

 private:
  rt::task<ports::checkout_order> order_for(record payment);
  rt::task<std::optional<rules::closing>> reason_not_to_open(record payment);
  /// Ends a payment that was not paid; nothing when it was elsewhere.
  rt::task<std::optional<record>> give_up(std::int64_t payment_id, rules::closing why);
  rt::task<> watch();
  rt::task<> look_and_close(page_due page);
  /// Asks about one page and what was tried on it; what follows is recorded. True while something on it has not ended.
  /// Throws rt::unavailable when the provider cannot be asked.
  rt::task<bool> look(page_due page);
  /// Closes the payment if it is time, or the provider knows no such page.
  rt::task<> close(page_due page, bool is_known);

  dependencies needs_;
  rt::gate watching_;
};

}  // namespace ticketshow::payment
