#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "pg/pool.hpp"
#include "ports/card_gateway.hpp"

namespace ticketshow::payment {

/// A part of the provider's list of payments, by the time at which they were made.
struct list_window {
  timestamp from;
  timestamp to;
};

/// Every payment of the provider's that is ours, whatever became of it, and how far the provider's list of them was
/// read. Throws pg::sql_error and pg::unavailable.
class charge_store {
 public:
  explicit charge_store(pg::pool& database) : database_(database) {}

  /// In a transaction that has locked our payment: what was seen of it. A page on which something is under way is
  /// watched until that has ended. False when it was known.
  static rt::task<bool> record(pg::transaction& in, std::int64_t payment_id, std::string id, ports::card_status status);

  /// What the provider lists and does not show: its page is looked at until it does.
  rt::task<> note_unseen(rt::deadline until, ports::listed_payment listed);

  /// The provider's ids of what may still take money for a payment: what is under way, and with `failed` what came to
  /// nothing too and was not looked at since its page was over. At most `limit`, first what was not looked at for the
  /// longest time.
  rt::task<std::vector<std::string>> uncharged_of(rt::deadline until, std::int64_t payment_id, bool failed,
                                                  std::int64_t limit);
  /// The ids of those that are ours and new to us, or not as we know them.
  rt::task<std::vector<std::string>> news_in(rt::deadline until, std::vector<ports::listed_payment> listed);

  /// What of the list is to be read now; nothing while that was done lately, or somebody does it. It begins `overlap`
  /// before what was read, and is at most `longest` more. Nobody else is given it for the lease.
  rt::task<std::optional<list_window>> take_sweep(rt::deadline until, std::chrono::seconds lease,
                                                  std::chrono::seconds overlap, std::chrono::seconds longest);
  rt::task<> hold_sweep(rt::deadline until, std::chrono::seconds lease);
  /// The list was read until `read_until`, or that came to nothing. The next time is in `pause`, or at once while much
  /// is left.
  rt::task<> finish_sweep(rt::deadline until, std::optional<timestamp> read_until, std::chrono::milliseconds pause);
  /// After a start nobody reads it. Twice at once costs calls and nothing else.
  rt::task<> release_sweep(rt::deadline until);

 private:
  pg::pool& database_;
};

}  // namespace ticketshow::payment
