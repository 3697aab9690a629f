#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "contract/codec.hpp"

/// Tickets: part of booking, which makes the codes. What a code says, and how to verify it without asking, is told in
/// src/tickets/README.md. Included by api/booking.hpp.
namespace ticketshow::booking {

// ---- tickets

/// The ticket of one seat, as events tell of it.
struct ticket {
  std::int64_t seat_id;
  std::string label;  ///< of the seat: row and number, "B7"
  std::string code;   ///< what its QR says: 148 characters of QR's alphanumeric mode
};
BOOST_DESCRIBE_STRUCT(ticket, (), (seat_id, label, code))

enum class ticket_state {
  VALID,
  USED,  ///< somebody was admitted with it
};
BOOST_DESCRIBE_ENUM(ticket_state, VALID, USED)

/// The same, as its owner sees it.
struct ticket_view {
  std::int64_t seat_id;
  std::string label;
  std::string code;
  ticket_state state;
  std::optional<timestamp> used_at;
};
BOOST_DESCRIBE_STRUCT(ticket_view, (), (seat_id, label, code, state, used_at))

}  // namespace ticketshow::booking
