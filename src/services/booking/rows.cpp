#include "services/booking/rows.hpp"

#include "events/outbox.hpp"
#include "services/booking/rules.hpp"
#include "services/booking/ticket_rules.hpp"

namespace ticketshow::booking {

booking_view view_of(const pg::result_set::row& row) {
  const auto seats = row.get<std::vector<seat_no>>(4);
  booking_view shown{.id = row.get<std::int64_t>(0),
                     .user_id = row.get<std::int64_t>(1),
                     .schedule_id = row.get<std::int64_t>(2),
                     .seat_ids = rules::seat_ids_of(row.get<std::int64_t>(3), seats),
                     .total_amount = row.get<money>(5),
                     .currency = row.get<std::string>(6),
                     .status = row.get<booking_status>(7),
                     .correlation_id = row.get<std::string>(8),
                     .created_at = row.get<timestamp>(9),
                     .expires_at = row.get<timestamp>(10),
                     .seat_labels = rules::labels_of(row.get<std::int64_t>(11), seats),
                     .show_name = row.get<std::string>(12),
                     .show_time = row.get<timestamp>(13),
                     .venue_name = row.get<std::string>(14),
                     .venue_address = row.get<std::optional<std::string>>(18),
                     .screen_name = row.get<std::string>(15),
                     .time_zone = row.get<std::string>(16),
                     .end_time = row.get<std::optional<timestamp>>(17),
                     .ticket_qr_urls = {},
                     .tickets = {}};
  shown.ticket_qr_urls = rules::ticket_qr_urls_of(shown);
  return shown;
}

std::vector<std::int64_t> ids_of(const pg::result_set& rows) {
  std::vector<std::int64_t> ids;
  ids.reserve(static_cast<std::size_t>(rows.size()));
  for (const auto& row : rows) ids.push_back(row.get<std::int64_t>(0));
  return ids;
}

void record_refunds(std::vector<pg::bound_statement>& into, const std::vector<booking_view>& paid,
                    const std::string& reason, initiator by, const std::string& correlation_id) {
  std::vector<refund_initiated> refunds;
  std::vector<refund_notice> notices;
  for (const auto& each : paid) {
    refunds.push_back({.booking_id = each.id,
                       .user_id = each.user_id,
                       .amount = each.total_amount,
                       .currency = each.currency,
                       .reason = reason,
                       .initiated_by = by});
    notices.push_back({.booking = rules::facts_of(each), .reason = reason, .initiated_by = by});
  }
  // That money is on its way is told before anybody can send it.
  into.push_back(events::record_all(notices, correlation_id));
  into.push_back(events::record_all(refunds, correlation_id));
}

}  // namespace ticketshow::booking
