#pragma once

#include <string>
#include <vector>

#include "pg/pool.hpp"
#include "ports/card_gateway.hpp"
#include "services/payment/card_refund_store.hpp"
#include "services/payment/notice_store.hpp"

/// What an operator does about cards, beside the running service: `ticketshow payments`.
namespace ticketshow::payment {

/// What the provider's view and ours differed in.
struct difference {
  std::int64_t payment_id;
  std::string provider_payment_id;  ///< empty when it is about the page
  bool repaired;                    ///< recorded; the service goes on with it. Otherwise somebody has to look
  std::string what;                 ///< a sentence
};

struct reconciliation {
  std::int64_t looked_at = 0;  ///< pages
  std::vector<difference> differences;
  [[nodiscard]] bool all_repaired() const;
};

/// Reads the provider's list of the payments made within `back`, compares every page that was opened since and all that
/// was tried on it with what the provider says, and records
/// what was missed, as a message of the provider would have. Keeps to the provider's limit of calls, so that a thousand
/// pages take some twenty minutes.
rt::task<reconciliation> reconcile(pg::pool& database, ports::card_gateway& gateway, std::chrono::seconds back);

/// What the provider told of disputes in the last year, the newest first, at most a thousand.
rt::task<std::vector<dispute_row>> list_disputes(pg::pool& database);

/// Refunds to cards that wait for an operator or got nowhere for some time; with `all` also those under way.
rt::task<std::vector<owed_row>> list_owed_refunds(pg::pool& database, bool all);

/// Lets one of them be tried again. False when it does not wait for that.
rt::task<bool> retry_refund(pg::pool& database, std::int64_t capture_id);

}  // namespace ticketshow::payment
