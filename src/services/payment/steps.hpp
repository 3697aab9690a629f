#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "api/auth.hpp"
#include "api/booking.hpp"
#include "rt/unavailable.hpp"
#include "services/payment/refunds.hpp"
#include "services/payment/store.hpp"

namespace ticketshow::payment {

/// The wallet refused, but an earlier debit of the same payment may still take effect until then.
class refused_in_doubt : public rt::unavailable {
 public:
  explicit refused_in_doubt(timestamp ends)
      : rt::unavailable("the debit was refused while an earlier one is in doubt"), until(ends) {}
  timestamp until;
};

/// What a run of the saga does at each step of a payment: the call to whom the step concerns, then the record of what
/// is certain after it. Each may be repeated. I/O thread only.
class steps {
 public:
  struct options {
    std::chrono::milliseconds call_time;            ///< for one call to another service
    std::function<void(std::string_view)> reached;  ///< a point at which tests may cut the work off
    /// Opens the page of a payment by card; empty where none is taken.
    std::function<rt::task<std::optional<record>>(record)> open_page;
    std::function<void()> owed;  ///< a payment by card must go back
  };

  steps(store& payments, booking::port& bookings, auth::port& accounts, refunds& back, options chosen)
      : store_(payments), bookings_(bookings), accounts_(accounts), refunds_(back), options_(std::move(chosen)) {}

  /// Brings a payment that is in flight from its step to the next. Nothing when it was no longer in that step. Throws
  /// refused_in_doubt, and rt::unavailable when nobody knows what happened: then the same is done again.
  rt::task<std::optional<record>> forward(record from);

 private:
  rt::task<std::optional<record>> debit(record from);
  rt::task<std::optional<record>> open_page(record from);
  rt::task<std::optional<record>> settle(record from);
  rt::task<std::optional<record>> top_up(record from);
  rt::task<std::optional<record>> give_back(record from, rules::reason why);
  [[nodiscard]] rt::call call_for(const record& which) const;

  store& store_;
  booking::port& bookings_;
  auth::port& accounts_;
  refunds& refunds_;
  options options_;
};

}  // namespace ticketshow::payment
