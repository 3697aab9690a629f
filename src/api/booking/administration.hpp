#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/booking/booking_view.hpp"
#include "contract/endpoint.hpp"

/// Who comes to a showing, for administrators.
namespace ticketshow::booking {

/// A booking and who made it.
struct customer_booking : booking_view {
  std::optional<std::string> user_email;  ///< absent when the account is not known
  std::optional<std::string> username;
};
BOOST_DESCRIBE_STRUCT(customer_booking, (booking_view), (user_email, username))

struct list_schedule_bookings {
  std::int64_t schedule_id;
  std::optional<std::int64_t> skip;
  std::optional<std::int64_t> limit;
  std::optional<booking_status> status;

  using response = std::vector<customer_booking>;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/bookings/schedule/{schedule_id}",
                                       .who = contract::access::admin,
                                       .summary = "The bookings of a showing, newest first, with who made them"};
  static constexpr const contract::error* errors[] = {&schedule_not_found};
  static constexpr contract::field fields[] = {{.name = "schedule_id", .min = 1},
                                               {.name = "skip", .min = 0, .max = 1'000'000},
                                               {.name = "limit", .help = "20 by default.", .min = 1, .max = 100}};
};
BOOST_DESCRIBE_STRUCT(list_schedule_bookings, (), (schedule_id, skip, limit, status))

}  // namespace ticketshow::booking
