#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/payment/card_rules.hpp"
#include "services/payment/store.hpp"

namespace ticketshow::payment {

/// What the owner of a payment by card sees of its page.
struct page_view {
  std::int64_t payment_id;
  std::string reference;                           ///< under which the provider knows it
  std::optional<std::string> url;                  ///< nothing until it is open
  std::optional<std::string> declined;             ///< why the latest attempt came to nothing
  std::optional<std::string> provider_payment_id;  ///< by which the payment was captured
};

/// A page that the provider is asked about.
struct page_due {
  std::int64_t payment_id;
  std::string session_id;
  step now;
  std::optional<std::int64_t> booking_id;
  std::chrono::seconds age;  ///< since it was opened
};

/// What came of a look at one of the provider's payments.
struct taken_in {
  std::optional<std::int64_t> payment_id;  ///< of ours; nothing when it is none of ours
  bool captured = false;                   ///< it was captured by this
  std::optional<rules::reason> refused;    ///< why a capture goes back that was not known before
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

/// What the provider told and nobody has looked after yet.
struct notice_due {
  std::string id;
  std::string about;
  std::string type;
  std::string provider_payment_id;
  std::string provider_refund_id;
  std::int64_t failures;  ///< with this one
};

/// Payment's tables of cards: runs the statements of card_queries.hpp. Throws pg::sql_error and pg::unavailable.
class card_store {
 public:
  /// A refund that failed at the provider is sent anew after `retry`, later each time.
  card_store(pg::pool& database, std::chrono::seconds retry) : database_(database), retry_(retry) {}

  rt::task<std::vector<page_view>> pages_of(rt::deadline until, std::vector<std::int64_t> payments);
  rt::task<std::vector<page_due>> take_due_pages(rt::deadline until, std::int64_t limit);
  rt::task<std::vector<page_due>> recent_pages(rt::deadline until, std::int64_t behind, std::chrono::seconds age,
                                               std::int64_t limit);
  rt::task<std::vector<known_capture>> captures_of(rt::deadline until, std::int64_t payment_id);
  /// Never again without a time.
  rt::task<> look_again(rt::deadline until, std::int64_t payment_id, std::optional<std::chrono::seconds> in);
  /// Somebody waits for it.
  rt::task<> look_soon(rt::deadline until, std::int64_t payment_id);

  /// Records what the provider says about one of its payments: a capture is what its payment is captured by, or goes
  /// back; refunds bring their captures forward. Whatever came before and in which order, this has each effect once.
  rt::task<taken_in> take_in(rt::deadline until, ports::card_payment seen);

  rt::task<std::vector<owed_capture>> take_due_captures(rt::deadline until, std::chrono::seconds doubt,
                                                        std::int64_t limit);
  /// The attempt's id; nothing when there is one already.
  rt::task<std::optional<std::int64_t>> record_attempt(rt::deadline until, std::int64_t capture_id,
                                                       refund_attempt attempt);
  /// False when it is not in doubt any more.
  rt::task<bool> send_again(rt::deadline until, std::int64_t attempt_id);
  /// Records how far an attempt is, and all that follows. False when that was known.
  rt::task<bool> note_attempt(rt::deadline until, std::int64_t attempt_id, ports::card_refund seen);
  rt::task<bool> note_refusal(rt::deadline until, std::int64_t attempt_id, std::string words);
  rt::task<> put_off(rt::deadline until, std::int64_t capture_id, std::chrono::seconds delay);
  /// An operator has to see to it. False when it is not owed any more.
  rt::task<bool> give_up(rt::deadline until, std::int64_t capture_id);
  /// What an operator gave another chance. False when it does not wait for one.
  rt::task<bool> retry(rt::deadline until, std::int64_t capture_id);
  rt::task<std::vector<owed_row>> list_owed(rt::deadline until, bool all);

  /// False when it was told before.
  rt::task<bool> record_notice(rt::deadline until, ports::card_notice told, std::optional<std::string> outcome);
  rt::task<std::vector<notice_due>> take_notices(rt::deadline until, std::int64_t limit);
  rt::task<> finish_notice(rt::deadline until, std::string id, std::string outcome);
  rt::task<> put_off_notice(rt::deadline until, std::string id, std::chrono::seconds delay);
  /// How many were forgotten though nobody had looked after them.
  rt::task<std::int64_t> forget_notices(rt::deadline until, std::chrono::seconds age);

  /// Makes due what a dead process had taken. A second look does no harm.
  rt::task<> release_all(rt::deadline until);

 private:
  struct locked;
  static rt::task<> take_capture(pg::transaction& in, const locked& payment, const ports::card_payment& seen,
                                 taken_in& into);
  /// The payment is locked.
  rt::task<bool> note(pg::transaction& in, std::int64_t attempt_id, ports::card_refund seen);

  pg::pool& database_;
  std::chrono::seconds retry_;
};

}  // namespace ticketshow::payment
