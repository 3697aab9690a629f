#include "services/payment/notice_store.hpp"

#include <utility>

#include "services/payment/card_queries.hpp"

namespace ticketshow::payment {
namespace {

/// As the table has it.
std::string text_of(ports::card_notice::about what) {
  switch (what) {
    case ports::card_notice::about::payment:
      return "payment";
    case ports::card_notice::about::refund:
      return "refund";
    case ports::card_notice::about::dispute:
      return "dispute";
    case ports::card_notice::about::other:
      return "other";
  }
  std::unreachable();
}

constexpr std::int64_t forget_at_once = 1'000;

}  // namespace

rt::task<bool> notice_store::record(rt::deadline until, ports::card_notice told, std::optional<std::string> outcome) {
  const auto what = text_of(told.what);
  const auto rows = co_await database_.run(until, queries::record_notice, told.id, what, told.type, told.payment_id,
                                           told.refund_id, outcome);
  co_return !rows.empty();
}

rt::task<std::vector<notice_due>> notice_store::take_due(rt::deadline until, std::chrono::seconds lease,
                                                         std::int64_t limit) {
  const std::int64_t lease_s = lease.count();
  const auto rows = co_await database_.run(until, queries::take_notices, lease_s, limit);
  std::vector<notice_due> due;
  for (const auto& row : rows) {
    due.push_back({.id = row.get<std::string>(0),
                   .about = row.get<std::string>(1),
                   .type = row.get<std::string>(2),
                   .provider_payment_id = row.get<std::string>(3),
                   .provider_refund_id = row.get<std::string>(4),
                   .failures = row.get<std::int64_t>(5)});
  }
  co_return due;
}

rt::task<> notice_store::finish(rt::deadline until, std::string id, std::string outcome) {
  co_await database_.run(until, queries::finish_notice, id, outcome);
}

rt::task<> notice_store::put_off(rt::deadline until, std::string id, std::chrono::seconds delay) {
  const std::int64_t delay_s = delay.count();
  co_await database_.run(until, queries::put_off_notice, id, delay_s);
}

rt::task<std::vector<dispute_row>> notice_store::list_disputes(rt::deadline until) {
  const auto rows = co_await database_.run(until, queries::list_disputes);
  std::vector<dispute_row> disputes;
  for (const auto& row : rows) {
    disputes.push_back({.received_at = row.get<timestamp>(0),
                        .type = row.get<std::string>(1),
                        .provider_payment_id = row.get<std::string>(2),
                        .payment_id = row.get<std::optional<std::int64_t>>(3),
                        .booking_id = row.get<std::optional<std::int64_t>>(4),
                        .amount = row.get<std::optional<money>>(5),
                        .currency = row.get<std::optional<std::string>>(6)});
  }
  co_return disputes;
}

rt::task<std::int64_t> notice_store::forget(rt::deadline until, std::chrono::seconds age) {
  const std::int64_t age_s = age.count();
  const auto rows = co_await database_.run(until, queries::forget_notices, age_s, forget_at_once);
  std::int64_t unhandled = 0;
  for (const auto& row : rows) unhandled += row.get<bool>(0) ? 1 : 0;
  co_return unhandled;
}

rt::task<> notice_store::release_all(rt::deadline until) { co_await database_.run(until, queries::release_notices); }

}  // namespace ticketshow::payment
