#include "services/booking/admissions.hpp"

#include "services/booking/rows.hpp"
#include "services/booking/ticket_queries.hpp"

namespace ticketshow::booking {
namespace {

rules::ticket_facts facts_of(const pg::result_set::row& row) {
  rules::ticket_facts known{.state = row.get<booking_status>(1),
                            .paid = row.get<bool>(2),
                            .schedule_id = row.get<std::int64_t>(3),
                            .show_time = row.get<timestamp>(4),
                            .created_at = row.get<timestamp>(5),
                            .venue_id = row.get<std::optional<std::int64_t>>(6).value_or(0),
                            .show_name = row.get<std::string>(7),
                            .venue_name = row.get<std::string>(8),
                            .screen_name = row.get<std::string>(9),
                            .time_zone = row.get<std::string>(10),
                            .seats_per_row = row.get<std::int64_t>(11),
                            .used = {},
                            .now = row.get<timestamp>(16)};
  if (!row.is_null(12)) {
    known.used = {.at = row.get<timestamp>(12),
                  .by = {.device = row.get<std::optional<std::string>>(13),
                         .staff_id = row.get<std::int64_t>(14),
                         .scan_id = row.get<std::string>(15)}};
  }
  return known;
}

admissions::known_tickets known_of(const pg::result_set& rows, std::size_t asked) {
  admissions::known_tickets known(asked);
  for (const auto& row : rows) known[row.get<std::size_t>(0) - 1] = facts_of(row);
  return known;
}

std::int64_t booking_of(const shown_ticket& shown) { return shown.what.booking_id; }
seat_no seat_of(const shown_ticket& shown) { return shown.what.seat_no; }

pg::bound_statement bind_read(const std::vector<shown_ticket>& shown) {
  return pg::bind(queries::read_tickets, column(shown, &booking_of), column(shown, &seat_of));
}

}  // namespace

rt::task<std::vector<admitted_seat>> admissions::of_booking(rt::deadline until, std::int64_t booking_id) {
  const auto rows = co_await database_.run(until, queries::admissions_of_booking, booking_id);
  std::vector<admitted_seat> seats;
  for (const auto& row : rows) seats.push_back({row.get<seat_no>(0), row.get<timestamp>(1)});
  co_return seats;
}

rt::task<admissions::known_tickets> admissions::read(rt::deadline until, std::vector<shown_ticket> shown) {
  auto statement = bind_read(shown);
  const auto rows = co_await database_.run(until, std::move(statement));
  co_return known_of(rows, shown.size());
}

rt::task<admissions::known_tickets> admissions::admit(rt::deadline until, std::vector<shown_ticket> shown,
                                                      doorkeeper by) {
  std::vector<pg::bound_statement> steps;
  steps.push_back(pg::bind(queries::admit, column(shown, &booking_of), column(shown, &seat_of),
                           column(shown, &shown_ticket::scanned_at), column(shown, &shown_ticket::scan_id), by.device,
                           by.staff_id));
  steps.push_back(bind_read(shown));
  const auto results = co_await database_.run_all(until, std::move(steps));
  co_return known_of(results.back(), shown.size());
}

rt::task<> admissions::record_conflicts(rt::deadline until, std::vector<conflicting_scan> scans, doorkeeper by) {
  const auto of = [&](auto member) {
    return column(scans, [member](const conflicting_scan& each) { return std::invoke(member, each.shown); });
  };
  auto statement = pg::bind(
      queries::record_conflicts, of(&booking_of), of(&seat_of), of(&shown_ticket::scan_id),
      of([](const shown_ticket& each) { return each.what.schedule_id; }),
      column(scans, [](const conflicting_scan& each) { return std::string(contract::enum_name(each.kind)); }),
      of(&shown_ticket::scanned_at), column(scans, &conflicting_scan::entered_schedule_id), by.device, by.staff_id);
  co_await database_.run(until, std::move(statement));
}

rt::task<std::vector<listed_ticket>> admissions::list(rt::deadline until, std::int64_t schedule_id,
                                                      std::int64_t seats_per_row) {
  const auto rows = co_await database_.run(until, queries::list_tickets, schedule_id);
  std::vector<listed_ticket> listed;
  listed.reserve(static_cast<std::size_t>(rows.size()));
  for (const auto& row : rows) {
    const auto seat = row.get<seat_no>(1);
    listed.push_back({.booking_id = row.get<std::int64_t>(0),
                      .seat_no = seat,
                      .seat = rules::label_of(seats_per_row, seat),
                      .state = row.get<bool>(2) ? listed_state::VALID : listed_state::CANCELLED,
                      .admitted_at = row.get<std::optional<timestamp>>(3)});
  }
  co_return listed;
}

rt::task<std::vector<scan_conflict>> admissions::conflicts(rt::deadline until, std::int64_t schedule_id,
                                                           std::int64_t seats_per_row, std::int64_t skip,
                                                           std::int64_t limit) {
  const auto rows = co_await database_.run(until, queries::list_conflicts, schedule_id, skip, limit);
  std::vector<scan_conflict> found;
  for (const auto& row : rows) {
    found.push_back({.kind = row.get<conflict_kind>(0),
                     .booking_id = row.get<std::int64_t>(1),
                     .seat = rules::label_of(seats_per_row, row.get<seat_no>(2)),
                     .scan_id = row.get<std::string>(3),
                     .scanned_at = row.get<timestamp>(4),
                     .uploaded_at = row.get<timestamp>(5),
                     .device = row.get<std::string>(6),
                     .staff_id = row.get<std::int64_t>(7),
                     .first_admitted_at = row.get<std::optional<timestamp>>(8),
                     .first_device = row.get<std::optional<std::string>>(9),
                     .entered_schedule_id = row.get<std::optional<std::int64_t>>(10)});
  }
  co_return found;
}

}  // namespace ticketshow::booking
