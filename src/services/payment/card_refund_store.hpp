#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/payment/card_rules.hpp"
#include "services/payment/store.hpp"

namespace ticketshow::payment {

/// A capture that must go back.
struct owed_capture {
  std::int64_t id;
  std::int64_t payment_id;
  std::string provider_payment_id;
  money amount;
  std::string currency;
  std::string reason;
  std::int64_t attempts_allowed;
  std::int64_t failures;
  std::optional<std::int64_t> attempt_id;  ///< of the latest attempt
  std::optional<refund_attempt> latest;
  std::chrono::seconds in_doubt;  ///< for so long the latest may still take effect at the provider
};

/// The same for an operator.
struct owed_row {
  std::int64_t capture_id;
  std::int64_t payment_id;
  std::optional<std::int64_t> booking_id;
  std::string provider_payment_id;
  money amount;
  std::string currency;
  std::string state;
  std::string code;
  std::int64_t attempts;
  std::string words;
  timestamp since;
};

/// Captures that must go back, and the attempts to send them. Throws pg::sql_error and pg::unavailable.
class card_refund_store {
 public:
  /// A refund that failed at the provider is sent anew after `retry`, later each time.
  card_refund_store(pg::pool& database, std::chrono::seconds retry) : database_(database), retry_(retry) {}

  /// Who takes captures has them to itself for the lease. An attempt is in doubt for `doubt` after it was sent.
  rt::task<std::vector<owed_capture>> take_due(rt::deadline until, std::chrono::seconds doubt,
                                               std::chrono::seconds lease, std::int64_t limit);
  /// The attempt's id; nothing when there is one already.
  rt::task<std::optional<std::int64_t>> record_attempt(rt::deadline until, std::int64_t capture_id,
                                                       refund_attempt attempt);
  /// That an attempt is sent once more, which the provider did not have `doubt` after it was sent. False when it is not
  /// in doubt any more, or somebody else sends it.
  rt::task<bool> send_again(rt::deadline until, std::int64_t attempt_id, std::chrono::seconds doubt);
  /// Records how far an attempt is, and all that follows. False when that was known.
  rt::task<bool> note(rt::deadline until, std::int64_t attempt_id, ports::card_refund seen);
  rt::task<bool> note_refusal(rt::deadline until, std::int64_t attempt_id, std::string words);
  /// The same for all attempts of a provider's payment while it is owed, those that failed too: the provider may have
  /// changed its mind. In a transaction that has locked our payment. Of how many there was news.
  rt::task<int> note_all(pg::transaction& in, ports::card_payment seen) const;
  rt::task<> put_off(rt::deadline until, std::int64_t capture_id, std::chrono::seconds delay);
  /// The same for one that could not even be asked about or sent. Answers how often that was so in a row.
  rt::task<std::int64_t> put_off_troubled(rt::deadline until, std::int64_t capture_id, std::chrono::seconds delay,
                                          std::string why);
  /// The same for one for which the provider's limit of calls left no time: as if nobody had taken it.
  rt::task<> put_off_unsent(rt::deadline until, std::int64_t capture_id, std::chrono::seconds delay);
  /// An operator has to see to it. False when it is not owed any more.
  rt::task<bool> give_up(rt::deadline until, std::int64_t capture_id);
  /// What an operator gave another chance. False when it does not wait for one.
  rt::task<bool> retry(rt::deadline until, std::int64_t capture_id);
  rt::task<std::vector<owed_row>> list_owed(rt::deadline until, bool all);
  /// Makes due what a dead process had taken. A second look does no harm.
  rt::task<> release_all(rt::deadline until);

 private:
  /// The payment is locked.
  rt::task<bool> note_state(pg::transaction& in, std::int64_t attempt_id, ports::card_refund seen) const;

  pg::pool& database_;
  std::chrono::seconds retry_;
};

}  // namespace ticketshow::payment
