#include "rt/metrics.hpp"
#include "services/booking/service.hpp"

// Tickets and doors: see api/booking/tickets.hpp.
namespace ticketshow::booking {
namespace {

constexpr std::int64_t default_limit = 20;
/// How long after its hold ended a booking may still be paid for by card, and then some.
constexpr std::chrono::hours late_payment{1};

/// `where` is "door" for scans that are answered at once, "upload" for those that are told of later.
void count_scan(const char* where, scan_outcome outcome) {
  rt::metrics::counter("ticketshow_booking_scans_total", "Tickets shown at doors, by what became of them.",
                       {{"where", where}, {"outcome", std::string(contract::enum_name(outcome))}})
      .Increment();
}

/// The limits of what lies deeper in a request than the router looks.
contract::problems check_scans(const std::vector<offline_scan>& scans) {
  contract::problems found;
  for (std::size_t i = 0; i < scans.size(); ++i) {
    contract::check_limits(scan_id_field, scans[i].scan_id, fmt::format("/scans/{}/scan_id", i), found);
    contract::check_limits(code_field, scans[i].code, fmt::format("/scans/{}/code", i), found);
    contract::check_limits(entered_field, scans[i].schedule_id, fmt::format("/scans/{}/schedule_id", i), found);
  }
  return found;
}

}  // namespace

rt::task<booking_view> service::with_tickets(rt::deadline until, booking_view shown) {
  if (shown.status != booking_status::CONFIRMED) co_return shown;
  co_await ticket_keys_.refresh(until);
  const auto used = co_await admissions_.of_booking(until, shown.id);
  for (auto& each : rules::tickets_of(shown, ticket_keys_.of_booking(shown.created_at))) {
    const auto seat = static_cast<seat_no>(catalog::position_of_seat(each.seat_id));
    const auto admitted = std::ranges::find(used, seat, &admitted_seat::seat);
    ticket_view view{.seat_id = each.seat_id,
                     .label = std::move(each.label),
                     .code = std::move(each.code),
                     .state = ticket_state::VALID,
                     .used_at = {}};
    if (admitted != used.end()) {
      view.state = ticket_state::USED;
      view.used_at = admitted->at;
    }
    shown.tickets.push_back(std::move(view));
  }
  co_return shown;
}

rt::task<contract::result<ticket_key_set>> service::handle(rt::call call, get_ticket_keys) {
  co_await ticket_keys_.refresh(call.until);
  co_return ticket_key_set{ticket_keys_.published()};
}

rt::task<contract::result<scan_result>> service::handle(rt::call call, scan_ticket request) {
  auto answer = co_await door_.scan(call.until, call.caller, std::move(request));
  count_scan("door", answer.outcome);
  co_return answer;
}

rt::task<contract::result<uploaded_scans>> service::handle(rt::call call, upload_scans request) {
  if (auto wrong = check_scans(request.scans); !wrong.empty()) {
    co_return std::unexpected(contract::problem{&contract::validation_failed, {}, std::move(wrong)});
  }
  auto answer = co_await door_.upload(call.until, call.caller, std::move(request));
  for (const auto& each : answer.results) count_scan("upload", each.result.outcome);
  co_return answer;
}

rt::task<contract::result<scan_manifest>> service::handle(rt::call call, get_scan_manifest request) {
  const auto book = co_await schedules_.get(request.id);
  if (!book) co_return contract::fail(schedule_not_found);
  const auto showing = book->showing();
  if (!call.caller.is_admin() && call.caller.venue_id != showing.venue_id) {
    co_return contract::fail(contract::not_allowed, "This showing is at another venue.");
  }
  co_await ticket_keys_.refresh(call.until);
  const auto oldest_unpaid = clock_.now() - std::chrono::seconds(options_.hold_ttl_s) - late_payment;
  auto listed = co_await admissions_.list(call.until, showing.id, showing.seats_per_row);
  co_return scan_manifest{.schedule_id = showing.id,
                          .show_name = showing.show_name,
                          .show_time = showing.start_time,
                          .venue_name = showing.venue_name,
                          .screen_name = showing.screen_name,
                          .time_zone = showing.time_zone,
                          .doors_open_at = showing.start_time - options_.doors.open_before,
                          .doors_close_at = showing.start_time + options_.doors.close_after,
                          .seats_per_row = showing.seats_per_row,
                          .keys = ticket_keys_.published(),
                          .keys_in_force = ticket_keys_.names_in_force(oldest_unpaid),
                          .tickets = std::move(listed)};
}

rt::task<contract::result<std::vector<scan_conflict>>> service::handle(rt::call call, list_scan_conflicts request) {
  const auto book = co_await schedules_.get(request.id);
  if (!book) co_return contract::fail(schedule_not_found);
  const auto seats_per_row = book->showing().seats_per_row;
  co_return co_await admissions_.conflicts(call.until, request.id, seats_per_row, request.skip.value_or(0),
                                           request.limit.value_or(default_limit));
}

}  // namespace ticketshow::booking
