#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/payment/card_refund_store.hpp"

namespace ticketshow::payment {

/// What came of a look at one of the provider's payments.
struct taken_in {
  std::optional<std::int64_t> payment_id;  ///< of ours; nothing when it is none of ours
  bool open = false;                       ///< it has not ended: it must be looked at again
  bool captured = false;                   ///< it was captured by this
  bool partial = false;                    ///< the provider has a part of the money, and that was not known before
  std::optional<rules::reason> refused;    ///< why a capture goes back that was not known before
  bool refunded_outside = false;           ///< it is kept, and somebody else sent its money back, which was not known
  int refunds = 0;                         ///< attempts to give back of which there was news
  [[nodiscard]] bool news() const { return captured || refused || refunds > 0; }
};

/// A capture as the reconciler compares it.
struct known_capture {
  std::string provider_payment_id;
  money amount;
  std::string currency;
  bool kept;
  bool recorded = true;
};

/// What the provider took from cards. Throws pg::sql_error and pg::unavailable.
class capture_store {
 public:
  capture_store(pg::pool& database, const card_refund_store& refunds) : database_(database), refunds_(refunds) {}

  /// Records what the provider says about one of its payments: a capture is what its payment is captured by, or goes
  /// back; refunds bring their captures forward. Whatever came before and in which order, this has each effect once.
  rt::task<taken_in> take_in(rt::deadline until, ports::card_payment seen);
  rt::task<std::vector<known_capture>> of_payment(rt::deadline until, std::int64_t payment_id);

 private:
  struct locked;
  static rt::task<> take_capture(pg::transaction& in, const locked& payment, const ports::card_payment& seen,
                                 taken_in& into);

  pg::pool& database_;
  const card_refund_store& refunds_;
};

}  // namespace ticketshow::payment
