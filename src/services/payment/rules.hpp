#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/booking.hpp"
#include "api/payment.hpp"
#include "base/backoff.hpp"

/// What payment decides, without a database and without a clock.
namespace ticketshow::payment {

/// What is certain about a payment: the type payment.step of the database, where each is explained. Which steps may
/// follow each other is the database's to say (0001_payment.sql, payment.guard_step).
enum class step { INTENT, CHECKOUT, CAPTURED, COMPLETED, FAILED, GIVING_BACK, REFUNDED };
BOOST_DESCRIBE_ENUM(step, INTENT, CHECKOUT, CAPTURED, COMPLETED, FAILED, GIVING_BACK, REFUNDED)

/// What kind of payment it is: that decides how it goes on.
enum class course {
  wallet,  ///< a booking, from the wallet
  card,    ///< a booking, by card
  top_up,  ///< the wallet, filled by card
};

namespace rules {

/// What has to be done for a payment to leave its step by itself.
enum class action {
  DEBIT,   ///< take the money from the wallet
  OPEN,    ///< open a page at the card provider
  SETTLE,  ///< ask booking whether this capture settles it
  TOP_UP,  ///< put what the card paid into the wallet
  CREDIT,  ///< put the money back into the wallet
  NONE,    ///< it rests, or waits for the world outside
};
action next_action(step now, course kind);

/// Whether it will leave its step by itself.
inline bool in_flight(step now, course kind) { return next_action(now, kind) != action::NONE; }

payment_status status_of(step now);

/// Whether an account may pay a booking now. Nothing means yes. A booking that is paid is not refused here when it has
/// a payment to answer with. `now` is for a sentence in time only: booking decides when the money is captured.
std::optional<contract::problem> refusal(const booking::booking_to_settle& what, std::int64_t payer,
                                         const std::optional<money>& amount, timestamp now);

/// Why money goes back: a stable code and a sentence for the customer.
struct reason {
  std::string_view code;
  std::string_view sentence;
};
/// Nothing for CONFIRMED: then it stays.
std::optional<reason> reason_to_give_back(booking::settlement outcome);

/// The line of the wallet's statement, and of the card provider's page, within the 200 characters it may have.
std::string describe(std::int64_t booking_id, std::string_view show_name);

/// Between runs of a payment that failed.
inline constexpr backoff<std::chrono::milliseconds> between_runs{.first = std::chrono::milliseconds(500),
                                                                 .last = std::chrono::minutes(1)};

}  // namespace rules
}  // namespace ticketshow::payment
