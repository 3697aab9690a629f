#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/payment/store.hpp"

namespace ticketshow::payment {

/// What the provider told and nobody has looked after yet.
struct notice_due {
  std::string id;
  std::string about;
  std::string type;
  std::string provider_payment_id;
  std::string provider_refund_id;
  std::int64_t failures;  ///< with this one
};

/// What the provider told of a dispute, for an operator.
struct dispute_row {
  timestamp received_at;
  std::string type;  ///< the provider's word: dispute.opened, .won, …
  std::string provider_payment_id;
  std::optional<std::int64_t> payment_id;  ///< nothing when it is none of ours
  std::optional<std::int64_t> booking_id;
  std::optional<money> amount;
  std::optional<std::string> currency;
};

/// What the provider told: hints to look. Throws pg::sql_error and pg::unavailable.
class notice_store {
 public:
  explicit notice_store(pg::pool& database) : database_(database) {}

  /// False when it was told before.
  rt::task<bool> record(rt::deadline until, ports::card_notice told, std::optional<std::string> outcome);
  /// Who takes notices has them to itself for the lease.
  rt::task<std::vector<notice_due>> take_due(rt::deadline until, std::chrono::seconds lease, std::int64_t limit);
  rt::task<> finish(rt::deadline until, std::string id, std::string outcome);
  rt::task<> put_off(rt::deadline until, std::string id, std::chrono::seconds delay);
  rt::task<std::vector<dispute_row>> list_disputes(rt::deadline until);
  /// How many were forgotten though nobody had looked after them.
  rt::task<std::int64_t> forget(rt::deadline until, std::chrono::seconds age);
  /// Makes due what a dead process had taken. A second look does no harm.
  rt::task<> release_all(rt::deadline until);

 private:
  pg::pool& database_;
};

}  // namespace ticketshow::payment
