#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/booking/tickets.hpp"
#include "base/money.hpp"
#include "base/time.hpp"
#include "contract/codec.hpp"

/// A booking as its owner sees it.
namespace ticketshow::booking {

enum class booking_status { PENDING, CONFIRMED, CANCELLED, FAILED, EXPIRED };
BOOST_DESCRIBE_ENUM(booking_status, PENDING, CONFIRMED, CANCELLED, FAILED, EXPIRED)

struct seat_label {
  std::string seat_number;
  std::string row_number;
};
BOOST_DESCRIBE_STRUCT(seat_label, (), (seat_number, row_number))

struct booking_view {
  std::int64_t id;
  std::int64_t user_id;
  std::int64_t schedule_id;
  std::vector<std::int64_t> seat_ids;
  money total_amount;
  std::string currency;
  booking_status status;
  std::string correlation_id;
  timestamp created_at;
  timestamp expires_at;  ///< of the hold
  std::vector<seat_label> seat_labels;
  std::string show_name;
  timestamp show_time;
  std::string venue_name;
  std::optional<std::string> venue_address;  ///< absent when it is not known
  std::string screen_name;
  std::string time_zone;
  std::optional<timestamp> end_time;  ///< of the show; absent when it is not known
  /// One for each ticket, in the order of the seats; empty unless the booking is confirmed.
  std::vector<std::string> ticket_qr_urls;
  std::vector<ticket_view> tickets;  ///< the same; only in the answers about one booking, not in lists
};
BOOST_DESCRIBE_STRUCT(booking_view, (),
                      (id, user_id, schedule_id, seat_ids, total_amount, currency, status, correlation_id, created_at,
                       expires_at, seat_labels, show_name, show_time, venue_name, venue_address, screen_name, time_zone,
                       end_time, ticket_qr_urls, tickets))

}  // namespace ticketshow::booking
