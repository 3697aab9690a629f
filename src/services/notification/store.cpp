#include "services/notification/store.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "events/dead_letters.hpp"
#include "services/notification/queries.hpp"

namespace ticketshow::notification {
namespace {

kind kind_named(std::string_view name) {
  kind value{};
  if (boost::describe::enum_from_string(std::string(name).c_str(), value)) return value;
  throw std::logic_error("a query gave a kind of mail that is not known: " + std::string(name));
}

queued_mail mail_of(const pg::result_set::row& row) {
  return {.id = row.get<std::int64_t>(0),
          .booking_id = row.get<std::int64_t>(1),
          .about = kind_named(row.text(2)),
          .user_id = row.get<std::int64_t>(3),
          .message_id = row.get<std::string>(4),
          .event_id = row.get<std::string>(5),
          .schema_version = row.get<int>(6),
          .happened_at = row.get<timestamp>(7),
          .correlation_id = row.get<std::string>(8),
          .facts = row.get<std::string>(9),
          .queued_at = row.get<timestamp>(10),
          .run = row.get<std::int64_t>(11),
          .attempts = row.get<std::int64_t>(12)};
}

/// The event of a mail, as a dead letter.
pg::bound_statement bury_event_of(const queued_mail& what, const std::string& why) {
  return with_event_of(what.about, [&]<class E>(const E&) {
    const events::received<E> event{.what = contract::read_event<E>(what.facts),
                                    .id = what.event_id,
                                    .time = what.happened_at,
                                    .correlation_id = what.correlation_id,
                                    .schema_version = what.schema_version};
    return events::bury(event, why);
  });
}

}  // namespace

std::string message_id_of(std::int64_t booking_id, kind about, std::string_view domain) {
  std::string word(contract::enum_name(about));
  std::ranges::transform(word, word.begin(), [](char c) {
    return c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return fmt::format("booking-{}.{}@{}", booking_id, word, domain);
}

pg::bound_statement detail::queue_columns(kind about, const mail_columns& mails) {
  return pg::bind(queries::queue, contract::enum_name(about), mails.bookings, mails.users, mails.message_ids,
                  mails.event_ids, mails.versions, mails.times, mails.correlation_ids, mails.facts);
}

rt::task<taken_mails> store::take_due(rt::deadline until, std::int64_t most) {
  const auto rows = co_await database_.run(until, queries::take_due, most, lease_s_, notice_wait_ms_);
  taken_mails taken{.mails = {}, .more = !rows.empty()};
  for (const auto& row : rows) {
    const bool waits = row.get<bool>(13);
    if (!waits) taken.mails.push_back(mail_of(row));
  }
  co_return taken;
}

rt::task<> store::record_sent(rt::deadline until, queued_mail what, std::string words) {
  co_await database_.run(until, queries::record_sent, what.id, words);
}

rt::task<> store::put_off(rt::deadline until, queued_mail what, std::chrono::milliseconds pause, std::string words) {
  const std::int64_t pause_ms = pause.count();
  co_await database_.run(until, queries::put_off, what.id, what.run, pause_ms, words);
}

rt::task<bool> store::refuse(rt::deadline until, queued_mail what, std::string words) {
  auto bury = bury_event_of(what, words);
  auto both = co_await database_.begin(until);
  const auto refused = co_await both.run(queries::refuse, what.id, what.run, words);
  if (refused.empty()) co_return false;
  co_await both.run(std::move(bury));
  co_await both.commit();
  co_return true;
}

rt::task<backlog> store::measure(rt::deadline until) {
  const auto rows = co_await database_.run(until, queries::measure);
  co_return backlog{.count = rows.front().get<std::int64_t>(0), .oldest_s = rows.front().get<std::int64_t>(1)};
}

rt::task<std::int64_t> store::forget_sent(rt::deadline until, std::chrono::days ago, std::int64_t most) {
  const auto gone = co_await database_.run(until, queries::forget_sent, static_cast<int>(ago.count()), most);
  co_return gone.affected();
}

}  // namespace ticketshow::notification
