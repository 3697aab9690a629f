#include "rt/fault_point.hpp"
#include "services/catalog/asked_days.hpp"
#include "services/catalog/queries.hpp"
#include "services/catalog/rows.hpp"
#include "services/catalog/service.hpp"
#include "services/catalog/venue_hours.hpp"

namespace ticketshow::catalog {
namespace {

using namespace std::chrono_literals;

/// Less than booking keeps a showing closed, so that it is not sold while it still moves.
constexpr auto time_to_move = 20s;

}  // namespace

rt::task<contract::result<void>> service::check_place(pg::transaction& transaction, std::int64_t screen_id,
                                                      timestamp start, timestamp end) {
  const auto place = co_await transaction.run(queries::lock_place, screen_id);
  if (place.empty()) co_return contract::fail(screen_not_found);
  const auto [status, zone, opening, closing] = place.front().as<std::string, std::string, std::string, std::string>();
  if (status != "ACTIVE") co_return contract::fail(venue_inactive);
  const auto past = co_await transaction.run(queries::is_past, start);
  if (past.front().get<bool>(0)) co_return contract::fail(starts_in_the_past);
  if (start >= std::chrono::sys_days{last_day}) {
    contract::problem wrong{.kind = &contract::validation_failed, .detail = {}};
    wrong.errors.push_back({"/start_time", fmt::format("must lie before {}", to_string(last_day))});
    co_return std::unexpected(std::move(wrong));
  }
  const venue_hours hours{parse_clock(opening), parse_clock(closing)};
  if (!is_open_throughout(hours, zone, start, end)) {
    co_return contract::fail(
        outside_venue_hours,
        fmt::format("The venue is open from {} to {} ({}); the showing would last from {} to {} there.",
                    print_clock(hours.opening), print_clock(hours.closing), zone, print_local(start, zone),
                    print_local(end, zone)));
  }
  co_return contract::result<void>{};
}

rt::task<contract::problem> service::describe_overlap(rt::deadline until, std::int64_t screen_id, timestamp start,
                                                      timestamp end, std::int64_t except) {
  contract::problem what{.kind = &schedule_overlaps, .detail = {}};
  const auto other = co_await database_.run(until, queries::find_overlap, screen_id, start, end, except);
  if (!other.empty()) {
    what.detail = fmt::format("\"{}\" is on this screen at {}.", other.front().text(0),
                              to_rfc3339(other.front().get<timestamp>(1)));
  }
  co_return what;
}

rt::task<contract::result<schedule_view>> service::handle(rt::call call, create_schedule request) {
  timestamp end{};
  std::optional<std::int64_t> id;
  try {
    auto transaction = co_await database_.begin(call.until);
    const auto show = co_await transaction.run(queries::share_show, request.show_id);
    if (show.empty()) co_return contract::fail(show_not_found);
    if (show.front().text(0) != "ACTIVE") co_return contract::fail(show_cancelled);
    end = request.start_time + std::chrono::minutes(show.front().get<std::int64_t>(1));
    const auto place = co_await check_place(transaction, request.screen_id, request.start_time, end);
    if (!place) co_return std::unexpected(place.error());
    const auto made =
        co_await transaction.run(queries::insert_schedule, request.show_id, request.screen_id, request.start_time, end);
    id = made.front().get<std::int64_t>(0);
    const std::vector news{*id};
    co_await news_.record(transaction, news, call.correlation_id);
    const std::vector shows{request.show_id};
    co_await record_shows(transaction, shows, recorded(call, change::updated));
    co_await transaction.commit();
    committed();
  } catch (const pg::sql_error& error) {
    if (!error.exclusion_violation()) throw;
    id.reset();
  }
  if (!id) {
    auto overlap = co_await describe_overlap(call.until, request.screen_id, request.start_time, end, 0);
    co_return std::unexpected(std::move(overlap));
  }
  co_return co_await handle(call, get_schedule{*id});
}

rt::task<contract::result<schedule_view>> service::handle(rt::call call, update_schedule request) {
  const auto before = co_await handle(call, get_schedule{request.id});
  if (!before) co_return std::unexpected(before.error());
  if (before->status == schedule_status::CANCELLED) co_return contract::fail(schedule_cancelled);
  const bool same = request.start_time.value_or(before->start_time) == before->start_time &&
                    request.screen_id.value_or(before->screen_id) == before->screen_id;
  if (same) co_return *before;

  call.until = call.until.no_later_than(time_to_move);
  const auto ticket = random_hex(random_, 16);
  const auto state = co_await bookings_.handle(call.as_service("catalog"), booking::suspend_sale{{request.id}, ticket});
  if (!state) co_return std::unexpected(state.error());
  contract::result<void> moved =
      state->live_bookings == 0
          ? contract::result<void>{}
          : contract::fail(has_live_bookings, fmt::format("{} booking(s) of this showing are live; cancel the "
                                                          "showing to refund them, or leave it as it is.",
                                                          state->live_bookings));
  rt::fault_point("catalog.suspended");
  if (moved) moved = co_await move(call, request, ticket);
  if (!moved) {
    co_await news_.resume_if_possible(call, request.id, ticket);
    co_return std::unexpected(moved.error());
  }
  co_return co_await handle(call, get_schedule{request.id});
}

rt::task<contract::result<void>> service::move(rt::call call, update_schedule request, std::string ticket) {
  using place = std::tuple<std::int64_t, timestamp, timestamp, std::string>;
  const auto place_of = [](const pg::result_set& rows) {
    return rows.front().as<std::int64_t, timestamp, timestamp, std::string>();
  };
  std::int64_t screen_id = 0;
  timestamp start{};
  timestamp end{};
  bool overlaps = false;
  try {
    for (bool done = false; !done;) {
      const auto seen = co_await database_.run(call.until, queries::place_of_schedule, request.id);
      const place before = place_of(seen);
      screen_id = request.screen_id.value_or(std::get<0>(before));
      start = request.start_time.value_or(std::get<1>(before));
      end = start + (std::get<2>(before) - std::get<1>(before));
      // Everybody locks the screen before its showings; so where it goes is decided by what was read without a lock.
      auto transaction = co_await database_.begin(call.until);
      const auto fits = co_await check_place(transaction, screen_id, start, end);
      if (!fits) co_return std::unexpected(fits.error());
      const auto locked = co_await transaction.run(queries::lock_schedule, request.id);
      const place now = place_of(locked);
      if (std::get<3>(now) != "ACTIVE") co_return contract::fail(schedule_cancelled);
      if (now != before) continue;  // moved meanwhile
      co_await transaction.run(queries::move_schedule, request.id, screen_id, start, end);
      const std::vector schedules{request.id};
      co_await news_.record(transaction, schedules, call.correlation_id, ticket);
      co_await record_shows_of(transaction, schedules, recorded(call, change::updated));
      co_await transaction.commit();
      rt::fault_point("catalog.moved");
      committed();
      done = true;
    }
  } catch (const pg::sql_error& error) {
    if (!error.exclusion_violation()) throw;
    overlaps = true;
  }
  if (overlaps) {
    auto problem = co_await describe_overlap(call.until, screen_id, start, end, request.id);
    co_return std::unexpected(std::move(problem));
  }
  co_return contract::result<void>{};
}

rt::task<contract::result<schedule_view>> service::handle(rt::call call, cancel_schedule request) {
  auto transaction = co_await database_.begin(call.until);
  const auto cancelled = co_await transaction.run(queries::cancel_schedule, request.id);
  const auto ticket = random_hex(random_, 16);
  const std::vector schedules{request.id};
  if (!cancelled.empty()) {
    co_await news_.record(transaction, schedules, call.correlation_id, ticket);
    co_await record_shows_of(transaction, schedules, recorded(call, change::updated));
  }
  co_await transaction.commit();
  if (!cancelled.empty()) {
    rt::fault_point("catalog.cancelled");
    committed();
    co_await news_.close_if_possible(call, schedules, ticket);
  }
  auto now = co_await handle(call, get_schedule{request.id});
  if (now && now->status == schedule_status::ACTIVE) co_return contract::fail(showing_has_begun);
  co_return now;
}

rt::task<contract::result<schedule_view>> service::handle(rt::call call, get_schedule request) {
  const auto found = co_await database_.run(call.until, queries::get_schedule, request.id);
  if (found.empty()) co_return contract::fail(schedule_not_found);
  co_return schedule_of(found.front(), settings_.currency);
}

rt::task<contract::result<std::vector<schedule_view>>> service::handle(rt::call call, list_venue_schedules request) {
  const auto venue = co_await database_.run(call.until, queries::get_venue, request.venue_id);
  if (venue.empty()) co_return contract::fail(venue_not_found);
  const auto zone = venue_of(venue.front()).time_zone;
  const auto asked = period_of({request.from_date, request.to_date}, zone, clock_.now());
  const auto rows = co_await database_.run(call.until, queries::list_venue_schedules, request.venue_id, asked.begin,
                                           asked.end, request.show_id, request.include_cancelled.value_or(false));
  co_return all_of(rows, [&](auto row) { return schedule_of(row, settings_.currency); });
}

rt::task<contract::result<schedule_for_sale>> service::handle(rt::call call, get_schedule_for_sale request) {
  const auto found = co_await database_.run(call.until, queries::get_schedule_for_sale, request.id);
  if (found.empty()) co_return contract::fail(schedule_not_found);
  co_return schedule_for_sale_of(found.front(), settings_.currency);
}

}  // namespace ticketshow::catalog
