#pragma once

#include <map>
#include <string>
#include <vector>

#include "api/booking.hpp"
#include "api/payment.hpp"
#include "events/consumer.hpp"
#include "pg/pool.hpp"

namespace ticketshow::booking {

/// What a cancellation is of; one of them.
struct cancellation_scope {
  std::optional<std::int64_t> schedule_id;
  std::optional<std::int64_t> show_id;
  std::optional<std::int64_t> venue_id;
};

/// The tables of cancelled showings: what is left to do, what is done, and how many that is. Throws pg::sql_error and
/// pg::unavailable.
class cancellations {
 public:
  explicit cancellations(pg::pool& database) : database_(database) {}

  /// Some of the schedules that are closed and whose bookings are not all cancelled.
  rt::task<std::vector<std::int64_t>> unfinished(rt::deadline until);
  /// Cancels up to `most` live bookings of closed schedules; gives how many. Refunds are requested, by events, and
  /// everything is counted in the same transaction.
  rt::task<std::int64_t> cancel_live(rt::deadline until, std::vector<std::int64_t> schedule_ids, std::int64_t most,
                                     std::string correlation_id);
  rt::task<> finish(rt::deadline until, std::vector<std::int64_t> schedule_ids);

  /// Money is back: counted once a booking, as part of the transaction `in`.
  static rt::task<> count_refunds(pg::transaction& in, std::vector<events::received<payment::refund_completed>> made);

  /// How far the cancellation is, or what it would do. `cancelled` is what catalog says.
  rt::task<cancellation_view> measure(rt::deadline until, cancellation_scope of, bool cancelled);

 private:
  pg::pool& database_;
};

}  // namespace ticketshow::booking
