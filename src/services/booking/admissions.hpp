#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/booking/tickets.hpp"
#include "pg/pool.hpp"
#include "services/booking/ticket_rules.hpp"

namespace ticketshow::booking {

/// A ticket whose signature is ours, shown at a door.
struct shown_ticket {
  tickets::ticket what;
  std::string scan_id;
  std::optional<timestamp> scanned_at;  ///< nothing: now
};

/// Who scans, and on which device.
struct doorkeeper {
  std::int64_t staff_id;
  std::optional<std::string> device;
};

struct admitted_seat {
  seat_no seat;
  timestamp at;
};

/// A scan that let in somebody who should not have been.
struct conflicting_scan {
  shown_ticket shown;
  conflict_kind kind;
  std::optional<std::int64_t> entered_schedule_id;  ///< when the scanner said so
};

/// The tables of admissions. What is known of tickets comes in the order in which they were asked for, nothing for one
/// that no booking bears out. Throws pg::sql_error and pg::unavailable.
class admissions {
 public:
  using known_tickets = std::vector<std::optional<rules::ticket_facts>>;

  explicit admissions(pg::pool& database) : database_(database) {}

  rt::task<std::vector<admitted_seat>> of_booking(rt::deadline until, std::int64_t booking_id);

  rt::task<known_tickets> read(rt::deadline until, std::vector<shown_ticket> shown);
  /// Admits with those that are good and unused, and tells what is true afterwards: a ticket was used by the scan that
  /// its facts name.
  rt::task<known_tickets> admit(rt::deadline until, std::vector<shown_ticket> shown, doorkeeper by);
  /// Keeps them, each once.
  rt::task<> record_conflicts(rt::deadline until, std::vector<conflicting_scan> scans, doorkeeper by);

  /// The tickets of a showing, for a list. Labels are by `seats_per_row`.
  rt::task<std::vector<listed_ticket>> list(rt::deadline until, std::int64_t schedule_id, std::int64_t seats_per_row);
  rt::task<std::vector<scan_conflict>> conflicts(rt::deadline until, std::int64_t schedule_id,
                                                 std::int64_t seats_per_row, std::int64_t skip, std::int64_t limit);

 private:
  pg::pool& database_;
};

}  // namespace ticketshow::booking
