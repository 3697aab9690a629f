#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/booking.hpp"
#include "pg/pool.hpp"
#include "services/booking/rules.hpp"
#include "services/booking/schedule.hpp"
#include "services/booking/seat_book.hpp"

namespace ticketshow::booking {

/// A wish to hold seats, as the database decides it.
struct hold_request {
  std::int64_t user_id;
  std::int64_t schedule_id;
  std::int64_t schedule_version;  ///< the copy that `seats` was read by
  std::vector<seat_no> seats;     ///< ascending
  std::string idempotency_key;
  std::string correlation_id;
};

enum class verdict {
  HELD,
  REPLAY,    ///< the same wish was granted before, as booking_id
  CONFLICT,  ///< the key was used for another wish
  STALE,     ///< the schedule has changed since it was read: read it again
  CLOSED,    ///< not on sale
  TAKEN,     ///< somebody has `taken`
  LAPSED,    ///< only holds whose time has passed, `lapsed`, are in the way: expire them and ask again
  TOO_MANY,  ///< the user's live seats of this schedule
};

BOOST_DESCRIBE_ENUM(verdict, HELD, REPLAY, CONFLICT, STALE, CLOSED, TAKEN, LAPSED, TOO_MANY)

struct hold_decision {
  verdict what;
  std::int64_t booking_id = 0;  ///< when HELD or REPLAY
  std::vector<seat_no> taken;
  std::vector<std::int64_t> lapsed;
  money total_amount;
  timestamp created_at;  ///< by the database's clock, as expires_at
  timestamp expires_at;
};

struct hold_limits {
  std::int64_t ttl_s;
  std::int64_t max_live_seats_per_user;
};

/// A booking that left or changed, for the memory of its schedule.
struct booking_ref {
  std::int64_t schedule_id;
  std::int64_t booking_id;
};

struct settled {
  settlement outcome;
  std::optional<booking_view> shown;  ///< when CONFIRMED
  rules::settlement_step done;        ///< what this very call changed
  booking_ref booking;
};

struct cancelled {
  rules::cancellation decision;
  booking_view booking;
};

/// A schedule that is closed for a moment: see suspend_sale in api/booking.hpp.
struct suspension {
  std::int64_t schedule_id;
  std::string ticket;
};

/// Booking's tables: runs the statements of queries.hpp and reads their rows. Throws pg::sql_error and pg::unavailable.
class store {
 public:
  explicit store(pg::pool& database) : database_(database) {}

  // Schedules.
  rt::task<> record_schedules(rt::deadline until, std::vector<schedule> fetched);
  /// The same as part of the transaction `in`, which also ends suspensions. Each schedule once.
  static rt::task<> take_news(pg::transaction& in, std::vector<schedule> newest, std::vector<suspension> ended);
  rt::task<std::optional<schedule>> load_schedule(rt::deadline until, std::int64_t id);
  /// The schedule with its live claims; expiry is given by the clock whose time is `now`.
  rt::task<std::optional<seat_book>> load_seat_book(rt::deadline until, std::int64_t id, const clock_source& clock);
  /// When it returns, no hold of these schedules that was in flight can still succeed. Gives the live bookings.
  rt::task<std::int64_t> suspend_sale(rt::deadline until, std::vector<std::int64_t> ids, std::string ticket,
                                      std::int64_t seconds);
  rt::task<> end_suspensions(rt::deadline until, std::vector<suspension> ended);
  /// Those that should have been ended by now; they last until they are.
  rt::task<std::vector<suspension>> lapsed_suspensions(rt::deadline until, std::int64_t most);

  // Holds. `expire_first` are holds that an earlier decision found LAPSED.
  rt::task<std::vector<hold_decision>> hold(rt::deadline until, std::vector<const hold_request*> batch,
                                            hold_limits limits, std::vector<std::int64_t> expire_first);
  rt::task<std::vector<booking_ref>> expire_due(rt::deadline until, std::int64_t most);

  // Bookings.
  rt::task<std::optional<booking_view>> get_booking(rt::deadline until, std::int64_t id);
  rt::task<std::vector<booking_view>> list_bookings(rt::deadline until, std::int64_t user_id,
                                                    std::optional<booking_status> status, std::int64_t skip,
                                                    std::int64_t limit);
  /// Nothing when there is no such booking.
  rt::task<std::optional<settled>> settle(rt::deadline until, std::int64_t id, std::int64_t payment_id, money amount);
  /// Nothing when this user has no such booking. A refund is requested, by event, in the same transaction.
  rt::task<std::optional<cancelled>> cancel(rt::deadline until, std::int64_t id, std::int64_t user_id,
                                            std::string correlation_id);

 private:
  struct settle_attempt {
    settled result;
    bool needs_schedule_lock;
  };
  rt::task<std::optional<settle_attempt>> try_to_settle(rt::deadline until, std::int64_t id, std::int64_t payment_id,
                                                        money amount, bool schedule_locked);

  pg::pool& database_;
};

}  // namespace ticketshow::booking
