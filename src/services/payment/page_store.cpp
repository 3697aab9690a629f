#include "services/payment/page_store.hpp"

#include "services/payment/card_queries.hpp"

namespace ticketshow::payment {
namespace {

constexpr std::int64_t soon_s = 2;  // when somebody waits

std::vector<page_due> pages_due_of(const pg::result_set& rows) {
  std::vector<page_due> pages;
  for (const auto& row : rows) {
    pages.push_back({.payment_id = row.get<std::int64_t>(0),
                     .session_id = row.get<std::string>(1),
                     .now = row.get<step>(2),
                     .booking_id = row.get<std::optional<std::int64_t>>(3),
                     .age = std::chrono::seconds(row.get<std::int64_t>(4)),
                     .opened_at = row.get<timestamp>(5)});
  }
  return pages;
}

}  // namespace

rt::task<std::vector<page_view>> page_store::views_of(rt::deadline until, std::vector<std::int64_t> payments) {
  const auto rows = co_await database_.run(until, queries::pages_of, payments);
  std::vector<page_view> pages;
  for (const auto& row : rows) {
    pages.push_back({.payment_id = row.get<std::int64_t>(0),
                     .reference = row.get<std::string>(1),
                     .url = row.get<std::optional<std::string>>(2),
                     .declined = row.get<std::optional<std::string>>(3),
                     .provider_payment_id = row.get<std::optional<std::string>>(4)});
  }
  co_return pages;
}

rt::task<std::vector<page_due>> page_store::take_due(rt::deadline until, std::chrono::seconds lease,
                                                     std::int64_t limit) {
  const std::int64_t lease_s = lease.count();
  const auto rows = co_await database_.run(until, queries::take_due_pages, lease_s, limit);
  co_return pages_due_of(rows);
}

rt::task<std::vector<page_due>> page_store::recent(rt::deadline until, timestamp opened_at, std::int64_t behind,
                                                   std::int64_t limit) {
  const auto rows = co_await database_.run(until, queries::recent_pages, opened_at, behind, limit);
  co_return pages_due_of(rows);
}

rt::task<> page_store::look_again(rt::deadline until, std::int64_t payment_id, std::optional<std::chrono::seconds> in) {
  std::optional<std::int64_t> in_s;
  if (in) in_s = in->count();
  co_await database_.run(until, queries::look_again, payment_id, in_s);
}

rt::task<> page_store::look_soon(rt::deadline until, std::int64_t payment_id) {
  co_await database_.run(until, queries::look_soon, payment_id, soon_s);
}

}  // namespace ticketshow::payment
