#pragma once

#include "rt/bell.hpp"
#include "rt/gate.hpp"
#include "services/payment/card_intake.hpp"

namespace ticketshow::payment {

/// Sends captures back to their cards. An attempt is recorded before it is sent; when its answer is lost, the
/// provider's payment is read for it before anything is sent again. One that failed is followed by a new one under a
/// new reference, a bounded number of times; then an operator has to see to it. I/O thread only.
class card_refunds {
 public:
  struct options {
    std::chrono::seconds doubt;  ///< how long after it was sent a request may still take effect at the provider
    std::function<void(std::string_view)> reached;  ///< a step at which tests may cut the work off
    std::function<void()> told;                     ///< others hear of something
  };
  card_refunds(rt::executor io, card_refund_store& rows, card_intake& intake, ports::card_gateway& gateway,
               options chosen);

  void start(std::chrono::milliseconds pause);
  rt::task<> stop(rt::deadline until) { co_await working_.close(until); }

  /// Rung when something must go back.
  rt::bell& due() { return due_; }

 private:
  rt::task<> work_after(std::chrono::milliseconds pause);
  rt::task<> advance(owed_capture what);
  /// Throws rt::unavailable when it is not known how far it is.
  rt::task<> step_forward(owed_capture what);
  rt::task<> send_new(owed_capture what);
  /// Until then it may be sent: options::doubt is not less than a call's time.
  rt::task<> send(rt::deadline until, owed_capture what, std::int64_t attempt_id, std::string reference);
  /// Reads how far the latest attempt is; sends it again if the provider does not have it.
  rt::task<> look(owed_capture what);
  rt::task<> refused(owed_capture what, std::int64_t attempt_id, ports::card_refused why);
  rt::task<> give_up(owed_capture what);
  rt::task<> put_off_troubled(std::int64_t id, std::int64_t payment, std::chrono::seconds delay, std::string why);
  /// The provider's limit of calls left no time: nothing was sent, and nothing counts as tried.
  rt::task<> put_off_unsent(std::int64_t id, std::int64_t payment, std::chrono::seconds delay);
  void reached(std::string_view point) const;

  card_refund_store& rows_;
  card_intake& intake_;
  ports::card_gateway& gateway_;
  options options_;
  rt::bell due_;
  rt::gate working_;
};

}  // namespace ticketshow::payment
