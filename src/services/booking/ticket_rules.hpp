#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/booking.hpp"
#include "jose/ed25519.hpp"
#include "services/booking/schedule.hpp"
#include "tickets/ticket.hpp"

/// What booking decides about tickets and at doors, without a database and without a clock.
namespace ticketshow::booking::rules {

/// The tickets of a booking, in the order of its seats: none unless it is confirmed.
std::vector<ticket> tickets_of(const booking_view& shown, const jose::signing_key& key);
/// Where the QR of each is served, from the root of the public address.
std::vector<std::string> ticket_qr_urls_of(const booking_view& shown);

/// Which scan it is: scanners choose their ids alone, so that those of two may be equal.
struct scan_identity {
  std::optional<std::string> device;
  std::int64_t staff_id;
  std::string scan_id;
};
/// Whether one is the other told of again: the same id on the same device, whoever holds it by now, or, where neither
/// names its device, by the same staff.
bool is_same(const scan_identity& one, const scan_identity& other);

/// When somebody was admitted with a ticket, and by which scan.
struct admission {
  timestamp at;
  scan_identity by;
};

/// What is known of the booking and the showing that a ticket names.
struct ticket_facts {
  booking_status state;
  bool paid;  ///< a payment has settled the booking at some time
  std::int64_t schedule_id;
  timestamp show_time;
  timestamp created_at;   ///< of the booking
  std::int64_t venue_id;  ///< 0 where the copy of the schedule is older than this field
  std::string show_name;
  std::string venue_name;
  std::string screen_name;
  std::string time_zone;
  std::int64_t seats_per_row;
  std::optional<admission> used;
  timestamp now;
};

/// When the doors of a showing are open, by its beginning.
struct door_hours {
  std::chrono::seconds open_before{2 * 3'600};
  std::chrono::seconds close_after{4 * 3'600};
};

/// Who stands at which door with a ticket.
struct visit {
  std::optional<std::int64_t> venue_id;     ///< of the staff; nothing: an administrator, who keeps all doors
  std::optional<std::int64_t> schedule_id;  ///< the showing that is entered there, when the scanner says so
  door_hours doors;
  std::optional<timestamp> at;  ///< by the scanner's clock, which may be ahead; nothing: now
  scan_identity scan;
};

/// Whether a code that we signed says what is true: tickets are made of confirmed bookings alone.
bool says_the_truth(const tickets::ticket& said, const ticket_facts& known);

/// What becomes of a true ticket; nothing when it may be used now. When this very scan has used it: ADMITTED, or that
/// the doors were shut then.
std::optional<scan_outcome> decide_scan(const ticket_facts& known, const visit& here);

/// Whether somebody who was let in without a network used the ticket, though a scan of this outcome admits nobody: the
/// doors were shut, but the seat is taken.
bool uses_the_ticket(scan_outcome of_upload);

/// What is wrong, if anything, with a scan of this outcome by which somebody was let in. A code that is no ticket of
/// the venue is the scanner's matter.
std::optional<conflict_kind> conflict_of(scan_outcome outcome);

/// The answer to a scan of which no more is known, and of a true ticket.
scan_result result_of(scan_outcome outcome);
scan_result result_of(scan_outcome outcome, const tickets::ticket& said, const ticket_facts& known);

/// "B7".
std::string label_of(std::int64_t seats_per_row, seat_no seat);

}  // namespace ticketshow::booking::rules
