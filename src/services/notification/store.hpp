#pragma once

#include <string>
#include <vector>

#include "events/consumer.hpp"
#include "pg/pool.hpp"
#include "services/notification/letters.hpp"

namespace ticketshow::notification {

/// A mail that a run has taken to send it.
struct queued_mail {
  std::int64_t id;
  std::int64_t booking_id;
  kind about;
  std::int64_t user_id;
  std::string message_id;
  std::string event_id;
  int schema_version;
  timestamp happened_at;
  std::string correlation_id;
  std::string facts;
  timestamp queued_at;
  std::int64_t run;
  std::int64_t attempts;  ///< with the one that begins
};

/// What a look at the queue brought.
struct taken_mails {
  std::vector<queued_mail> mails;
  bool more;  ///< another look may bring others
};

/// What waits to be sent.
struct backlog {
  std::int64_t count;
  std::int64_t oldest_s;
};

/// The booking of an event and whose it is.
template <contract::event E>
std::int64_t booking_of(const E& what) {
  if constexpr (requires { what.booking; }) {
    return what.booking.booking_id;
  } else {
    return what.booking_id;
  }
}
template <contract::event E>
std::int64_t customer_of(const E& what) {
  if constexpr (requires { what.booking; }) {
    return what.booking.user_id;
  } else {
    return what.user_id;
  }
}

/// "booking-42.refund-completed@domain": follows from the booking and the kind alone.
std::string message_id_of(std::int64_t booking_id, kind about, std::string_view domain);

/// The statement that queues the mails of some events, for the transaction that takes them. An event whose mail there
/// is already changes nothing, unless that was refused: then it is tried once more.
template <contract::event E>
pg::bound_statement queue_mails(const std::vector<events::received<E>>& events, std::string_view domain);

/// Notification's table: runs the statements of queries.hpp and reads their rows. Throws pg::sql_error and
/// pg::unavailable.
class store {
 public:
  /// `notice_wait_ms` is how long a mail that money is back waits for the one that it is on its way.
  store(pg::pool& database, std::int64_t lease_s, std::int64_t notice_wait_ms)
      : database_(database), lease_s_(lease_s), notice_wait_ms_(notice_wait_ms) {}

  /// No mail before one of its booking that comes first, until that is sent or refused.
  rt::task<taken_mails> take_due(rt::deadline until, std::int64_t most);
  rt::task<> record_sent(rt::deadline until, queued_mail what, std::string words);
  rt::task<> put_off(rt::deadline until, queued_mail what, std::chrono::milliseconds pause, std::string words);
  /// With the event as a dead letter; false when a newer run has the mail.
  rt::task<bool> refuse(rt::deadline until, queued_mail what, std::string words);
  rt::task<backlog> measure(rt::deadline until);
  /// Removes at most `most` of those sent so long ago, and tells how many.
  rt::task<std::int64_t> forget_sent(rt::deadline until, std::chrono::days ago, std::int64_t most);

 private:
  pg::pool& database_;
  std::int64_t lease_s_;
  std::int64_t notice_wait_ms_;
};

// ---- what the template is made of

namespace detail {
/// Columns of queries::queue.
struct mail_columns {
  std::vector<std::int64_t> bookings, users;
  std::vector<std::string> message_ids, event_ids, correlation_ids, facts;
  std::vector<int> versions;
  std::vector<timestamp> times;
};
pg::bound_statement queue_columns(kind about, const mail_columns& mails);
}  // namespace detail

template <contract::event E>
pg::bound_statement queue_mails(const std::vector<events::received<E>>& events, std::string_view domain) {
  detail::mail_columns mails;
  for (const auto& each : events) {
    mails.bookings.push_back(booking_of(each.what));
    mails.users.push_back(customer_of(each.what));
    mails.message_ids.push_back(message_id_of(booking_of(each.what), kind_of<E>, domain));
    mails.event_ids.push_back(each.id);
    mails.versions.push_back(each.schema_version);
    mails.times.push_back(each.time);
    mails.correlation_ids.push_back(each.correlation_id);
    mails.facts.push_back(contract::write_event(each.what));
  }
  return detail::queue_columns(kind_of<E>, mails);
}

}  // namespace ticketshow::notification
