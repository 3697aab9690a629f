#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "ports/card_gateway.hpp"
#include "services/payment/rules.hpp"

/// What payment decides about cards, without a database, a provider and a clock.
namespace ticketshow::payment {

/// How far an attempt to send a capture back is: the type payment.card_refund_state of the database.
enum class attempt_state { SENDING, PENDING, SUCCEEDED, FAILED };
BOOST_DESCRIBE_ENUM(attempt_state, SENDING, PENDING, SUCCEEDED, FAILED)

/// An attempt to send a capture back.
struct refund_attempt {
  std::int64_t number;    ///< 1, 2, 3, …
  std::string reference;  ///< ours
  std::optional<std::string> provider_refund_id;
  attempt_state state;
};

/// How many pages one account may open: with many it would use up the calls that the provider allows to all of us.
struct page_limits {
  std::int64_t in_an_hour = 20;
  std::int64_t unpaid_top_ups = 3;  ///< among these; of bookings, the holds are limited
};

/// What an account began within the last hour, and in how long the oldest of it is older than that.
struct pages_begun {
  std::int64_t pages;
  std::int64_t unpaid_top_ups;
  std::chrono::seconds until_fewer_pages;
  std::chrono::seconds until_fewer_top_ups;
};

namespace rules {

/// Why an account may not open another page, and how long it has to wait; `begun` has that page already.
std::optional<contract::problem> too_many_pages(const pages_begun& begun, const page_limits& allowed);

/// The failure of a payment whose page the provider would not open.
inline constexpr reason page_not_opened{"CARD_REFUSED", "The card provider does not take this payment."};

/// Nobody is sent to a page for less than this.
inline constexpr std::chrono::seconds least_time_to_pay{60};
/// How long after a hold ended its page may still pay for the booking, if the seats are free.
inline constexpr std::chrono::minutes late_payment{15};
/// For how long a page is tried for that fills a wallet: whoever wants it does not wait longer.
inline constexpr std::chrono::minutes patience_with_provider{15};
/// The provider closes its pages after a day; what was begun on one then may take a while.
inline constexpr std::chrono::hours page_life{25};

/// Whether somebody may be sent to a page to pay this booking now. Nothing means yes.
std::optional<contract::problem> page_refusal(const booking::booking_to_settle& what, timestamp now);

/// What the customer hears of a payment that FAILED because no page could be opened for it, `why` is the step's reason.
/// Nothing when that is not so.
std::optional<contract::problem> failure_to_begin(step now, const std::optional<std::string>& failure_code,
                                                  std::string_view why);

/// Why a capture cannot be what its payment is captured by; nothing when it can. `now` is the payment's step.
std::optional<reason> capture_refusal(step now, money wanted, std::string_view wanted_currency,
                                      const ports::card_payment& taken);

/// Why an attempt to pay came to nothing, for its payer.
std::string words_of_decline(const ports::card_payment& attempt);

/// Whether this refusal means that the provider took what nobody asked for: an operator hears of it.
bool is_wrong_amount(const reason& why);

/// Why a page on which nothing was paid is given up; nothing while it may still pay for the booking. Its owner hears of
/// it by an event when it is `told`.
struct closing {
  reason why;
  bool told;
};
std::optional<closing> reason_to_close(const booking::booking_to_settle& what, timestamp now);

/// Why no page is opened any more for a payment that has none; nothing while one may be. Of a booking, and of a top-up
/// that was begun `age` ago, for which the provider is tried for a while only.
std::optional<closing> reason_not_to_open(const booking::booking_to_settle& what, timestamp now);
std::optional<closing> reason_not_to_open(std::chrono::seconds age);
inline constexpr closing no_booking{{"BOOKING_NOT_FOUND", "There is no such booking."}, false};

/// In how long the provider is asked again about a page of this age; nothing when it cannot be paid any more and
/// nothing on it is `unfinished`. Often while somebody waits for it, so that a lost message costs seconds; then ever
/// more seldom, for a month at least once a day.
std::optional<std::chrono::seconds> next_look(std::chrono::seconds age, bool somebody_waits, bool unfinished);

/// The same when something about it could not be asked.
std::chrono::seconds look_after_failure(std::chrono::seconds age);

/// What has to be done for a capture that must go back.
enum class refund_move {
  SEND_NEW,  ///< a new attempt, recorded before it is sent
  LOOK,      ///< ask the provider how far the latest is; when it is SENDING and not there, send it again
  GIVE_UP,   ///< an operator has to see to it
};
refund_move next_refund_move(const std::optional<refund_attempt>& latest, std::int64_t attempts_allowed);

/// What the provider shows of an attempt: by its id, or by our reference; of one in doubt otherwise any refund of the
/// `whole` that has not failed and is not known to be one of `others`, for money goes back only once. Nothing: it is
/// not there.
std::optional<ports::card_refund> find_attempt(const refund_attempt& ours, const std::vector<ports::card_refund>& seen,
                                               money whole, const std::vector<refund_attempt>& others = {});

attempt_state state_of(const ports::card_refund& seen);

/// A refund that is under way at the provider is looked at after this, then after twice as long each time.
inline constexpr backoff<std::chrono::seconds> between_refund_looks{.first = std::chrono::seconds(5),
                                                                    .last = std::chrono::hours(1)};

/// Where the provider's limit of calls left no time for a refund, it is tried again after this.
inline constexpr std::chrono::seconds until_next_turn{10};

/// What could not even be asked about or sent so often in a row is shown to an operator. Some twenty minutes.
inline constexpr std::int64_t troubled_after = 8;

/// In how long after the failure of that attempt the next is sent: `first` after the first, four times as long each
/// time.
std::chrono::seconds retry_delay(std::int64_t attempt, std::chrono::seconds first);

}  // namespace rules
}  // namespace ticketshow::payment
