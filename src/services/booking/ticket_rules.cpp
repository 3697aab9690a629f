#include "services/booking/ticket_rules.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "api/catalog/seats.hpp"

namespace ticketshow::booking::rules {
namespace {

std::string message_of(scan_outcome outcome) {
  switch (outcome) {
    case scan_outcome::ADMITTED:
      return "Welcome.";
    case scan_outcome::ALREADY_USED:
      return "Somebody was admitted with this ticket already.";
    case scan_outcome::WRONG_SHOWING:
      return "This ticket is for another showing.";
    case scan_outcome::WRONG_VENUE:
      return "This ticket is for another venue.";
    case scan_outcome::TOO_EARLY:
      return "The doors of this showing are not open yet.";
    case scan_outcome::OVER:
      return "The doors of this showing have closed.";
    case scan_outcome::CANCELLED:
      return "This booking was cancelled.";
    case scan_outcome::FORGED:
      return "This ticket is not genuine.";
    case scan_outcome::UNREADABLE:
      return "This is not the code of a ticket.";
    case scan_outcome::UNKNOWN_KEY:
      return "This ticket was not made here.";
  }
  std::unreachable();
}

std::optional<scan_outcome> outside_hours(const ticket_facts& known, const door_hours& doors, timestamp at) {
  if (at < known.show_time - doors.open_before) return scan_outcome::TOO_EARLY;
  if (at >= known.show_time + doors.close_after) return scan_outcome::OVER;
  return std::nullopt;
}

}  // namespace

std::string label_of(std::int64_t seats_per_row, seat_no seat) {
  return catalog::row_label(seat, seats_per_row) + catalog::seat_label(seat, seats_per_row);
}

std::vector<ticket> tickets_of(const booking_view& shown, const jose::signing_key& key) {
  std::vector<ticket> made;
  if (shown.status != booking_status::CONFIRMED) return made;
  for (std::size_t i = 0; i < shown.seat_ids.size(); ++i) {
    const tickets::ticket what{.booking_id = shown.id,
                               .schedule_id = shown.schedule_id,
                               .seat_no = static_cast<seat_no>(catalog::position_of_seat(shown.seat_ids[i])),
                               .show_time_s = tickets::seconds_of(shown.show_time)};
    const auto& label = shown.seat_labels.at(i);
    made.push_back({.seat_id = shown.seat_ids[i],
                    .label = label.row_number + label.seat_number,
                    .code = tickets::issue(what, key)});
  }
  return made;
}

std::vector<std::string> ticket_qr_urls_of(const booking_view& shown) {
  std::vector<std::string> urls;
  if (shown.status != booking_status::CONFIRMED) return urls;
  for (const auto seat_id : shown.seat_ids) {
    urls.push_back(fmt::format("/api/v1/bookings/{}/tickets/{}.svg", shown.id, seat_id));
  }
  return urls;
}

bool says_the_truth(const tickets::ticket& said, const ticket_facts& known) {
  const bool had_tickets =
      known.state == booking_status::CONFIRMED || (known.state == booking_status::CANCELLED && known.paid);
  return had_tickets && said.schedule_id == known.schedule_id &&
         said.show_time_s == tickets::seconds_of(known.show_time);
}

bool is_same(const scan_identity& one, const scan_identity& other) {
  return one.scan_id == other.scan_id && one.device == other.device &&
         (one.device.has_value() || one.staff_id == other.staff_id);
}

std::optional<scan_outcome> decide_scan(const ticket_facts& known, const visit& here) {
  if (here.venue_id && *here.venue_id != known.venue_id) return scan_outcome::WRONG_VENUE;
  // The same scan gets the same answer, whatever has happened since.
  if (known.used && is_same(known.used->by, here.scan)) {
    return outside_hours(known, here.doors, known.used->at).value_or(scan_outcome::ADMITTED);
  }
  if (known.state != booking_status::CONFIRMED) return scan_outcome::CANCELLED;
  if (here.schedule_id && *here.schedule_id != known.schedule_id) return scan_outcome::WRONG_SHOWING;
  if (known.used) return scan_outcome::ALREADY_USED;
  return outside_hours(known, here.doors, std::min(here.at.value_or(known.now), known.now));
}

bool uses_the_ticket(scan_outcome of_upload) { return conflict_of(of_upload) == conflict_kind::ADMITTED_OUTSIDE_HOURS; }

std::optional<conflict_kind> conflict_of(scan_outcome outcome) {
  switch (outcome) {
    case scan_outcome::ALREADY_USED:
      return conflict_kind::ADMITTED_TWICE;
    case scan_outcome::CANCELLED:
      return conflict_kind::ADMITTED_AFTER_CANCELLATION;
    case scan_outcome::WRONG_SHOWING:
      return conflict_kind::ADMITTED_TO_ANOTHER_SHOWING;
    case scan_outcome::TOO_EARLY:
    case scan_outcome::OVER:
      return conflict_kind::ADMITTED_OUTSIDE_HOURS;
    case scan_outcome::ADMITTED:
    case scan_outcome::WRONG_VENUE:
    case scan_outcome::FORGED:
    case scan_outcome::UNREADABLE:
    case scan_outcome::UNKNOWN_KEY:
      return std::nullopt;
  }
  std::unreachable();
}

scan_result result_of(scan_outcome outcome) {
  return {.outcome = outcome,
          .message = message_of(outcome),
          .booking_id = {},
          .schedule_id = {},
          .seat = {},
          .show_name = {},
          .show_time = {},
          .venue_name = {},
          .screen_name = {},
          .time_zone = {},
          .used_at = {},
          .used_device = {}};
}

scan_result result_of(scan_outcome outcome, const tickets::ticket& said, const ticket_facts& known) {
  auto result = result_of(outcome);
  result.booking_id = said.booking_id;
  result.schedule_id = known.schedule_id;
  result.seat = label_of(known.seats_per_row, said.seat_no);
  result.show_name = known.show_name;
  result.show_time = known.show_time;
  result.venue_name = known.venue_name;
  result.screen_name = known.screen_name;
  result.time_zone = known.time_zone;
  if (known.used) {
    result.used_at = known.used->at;
    result.used_device = known.used->by.device;
  }
  return result;
}

}  // namespace ticketshow::booking::rules
