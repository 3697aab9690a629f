#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/money.hpp"
#include "base/time.hpp"

namespace ticketshow::booking {

/// The place of a seat on its screen, 1 … capacity: what seats are called inside. Clients know them by
/// catalog::seat_id_of.
using seat_no = std::int16_t;

/// Booking's own copy of a schedule of catalog's.
struct schedule {
  std::int64_t id;
  std::int64_t version;  ///< catalog's; the greater is the newer
  bool open;             ///< false for good once catalog cancelled it
  std::int64_t show_id;  ///< 0 in a copy that is older than this field
  std::string show_name;
  std::int64_t venue_id;  ///< the same
  std::string venue_name;
  std::optional<std::string> venue_address;  ///< absent in a copy that is older than this field
  std::string time_zone;
  std::int64_t screen_id;
  std::string screen_name;
  std::int64_t capacity;
  std::int64_t seats_per_row;
  timestamp start_time;
  std::optional<timestamp> end_time;  ///< absent in a copy that is older than this field
  money price;
  std::string currency;
};

}  // namespace ticketshow::booking
