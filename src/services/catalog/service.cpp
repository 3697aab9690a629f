#include "services/catalog/service.hpp"

#include "rt/fault_point.hpp"
#include "services/catalog/queries.hpp"
#include "services/catalog/rows.hpp"
#include "services/catalog/venue_hours.hpp"

// Shows, venues and screens; schedules are in schedules.cpp.
namespace ticketshow::catalog {
namespace {

constexpr std::optional<std::int64_t> any{};

}  // namespace

service::service(const dependencies& needs)
    : calls_only_(needs.calls_only),
      settings_(needs.settings),
      database_(needs.database),
      clock_(needs.clock),
      random_(needs.random),
      bookings_(needs.bookings),
      outbox_(needs.io, needs.database, needs.bus, "catalog"),
      news_(needs.database, needs.bookings, outbox_, needs.settings.currency),
      blobs_(needs.blobs),
      posters_(needs.io, needs.database, needs.blobs, needs.settings.posters),
      show_list_(needs.database, around()),
      playing_(needs.database, needs.clock, around()),
      show_schedules_(needs.database, needs.clock, around()),
      background_(needs.io, "catalog") {
  if (!is_time_zone(settings_.time_zone)) {
    throw std::runtime_error("The setting time_zone names no time zone of the IANA database: " + settings_.time_zone);
  }
}

rt::task<> service::start() {
  if (calls_only_) co_return;
  outbox_.start();
  background_.spawn(news_.tell_untold(background_));
  posters_.start();
  co_return;
}

rt::task<> service::stop(rt::deadline until) {
  co_await posters_.stop(until);
  co_await background_.close(until);
  co_await outbox_.stop(until);
}

// ---- shows

rt::task<contract::result<list_shows::response>> service::handle(rt::call call, list_shows request) {
  co_return co_await show_list_.get(call.until, request);
}

rt::task<contract::result<show_view>> service::handle(rt::call call, get_show request) {
  const auto found = co_await database_.run(call.until, queries::get_show, request.id);
  if (found.empty()) co_return contract::fail(show_not_found);
  co_return show_of(found.front(), around());
}

rt::task<contract::result<show_view>> service::handle(rt::call call, create_show request) {
  auto transaction = co_await database_.begin(call.until);
  const auto made = co_await transaction.run(queries::insert_show, request.title, request.duration_minutes,
                                             request.price, request.description, request.language, request.rating);
  const std::vector id{made.front().get<std::int64_t>(0)};
  co_await record_shows(transaction, id, recorded(call, change::created));
  co_await transaction.commit();
  committed();
  show_list_.drop();
  co_return show_of(made.front(), around());
}

rt::task<contract::result<show_view>> service::handle(rt::call call, update_show request) {
  auto transaction = co_await database_.begin(call.until);
  const auto found = co_await transaction.run(queries::lock_show, request.id);
  if (found.empty()) co_return contract::fail(show_not_found);
  if (show_status_of(found.front()) == show_status::CANCELLED) co_return contract::fail(show_cancelled);
  const auto updated =
      co_await transaction.run(queries::update_show, request.id, request.title, request.duration_minutes, request.price,
                               request.description, request.language, request.rating);
  const bool booking_cares = request.title || request.price;
  if (booking_cares) {
    const auto coming = co_await transaction.run(queries::lock_coming, std::optional(request.id), any, any);
    co_await news_.record(transaction, ids_of(coming), call.correlation_id);
  }
  const std::vector id{request.id};
  co_await record_shows(transaction, id, recorded(call, change::updated));
  co_await transaction.commit();
  committed();
  show_list_.drop();
  co_return show_of(updated.front(), around());
}

rt::task<contract::result<show_view>> service::handle(rt::call call, cancel_show request) {
  auto transaction = co_await database_.begin(call.until);
  const auto found = co_await transaction.run(queries::lock_show, request.id);
  if (found.empty()) co_return contract::fail(show_not_found);
  const auto updated = co_await transaction.run(queries::cancel_show, request.id);
  const auto cancelled = co_await transaction.run(queries::cancel_schedules_of_show, request.id);
  const auto ticket = random_hex(random_, 16);
  co_await news_.record(transaction, ids_of(cancelled), call.correlation_id, ticket);
  const std::vector id{request.id};
  co_await record_shows(transaction, id, recorded(call, change::deleted));
  co_await transaction.commit();
  rt::fault_point("catalog.cancelled");
  show_list_.drop();
  committed();
  co_await news_.close_if_possible(call, ids_of(cancelled), ticket);
  co_return show_of(updated.front(), around());
}

rt::task<contract::result<std::vector<venue_view>>> service::handle(rt::call call, list_show_venues request) {
  const auto results = co_await database_.run_all(
      call.until,
      {pg::bind(queries::get_show, request.id), pg::bind(queries::list_show_venues, request.id, request.city)});
  if (results[0].empty()) co_return contract::fail(show_not_found);
  co_return all_of(results[1], venue_of);
}

// ---- venues

rt::task<contract::result<std::vector<venue_view>>> service::handle(rt::call call, list_venues request) {
  const auto rows =
      co_await database_.run(call.until, queries::list_venues, request.skip.value_or(0), request.limit.value_or(20),
                             request.city, request.include_inactive.value_or(false));
  co_return all_of(rows, venue_of);
}

rt::task<contract::result<venue_view>> service::handle(rt::call call, get_venue request) {
  const auto found = co_await database_.run(call.until, queries::get_venue, request.id);
  if (found.empty()) co_return contract::fail(venue_not_found);
  co_return venue_of(found.front());
}

rt::task<contract::result<venue_view>> service::handle(rt::call call, create_venue request) {
  const auto zone = request.time_zone.value_or(settings_.time_zone);
  if (!is_time_zone(zone)) {
    contract::problem wrong{.kind = &unknown_time_zone, .detail = {}};
    wrong.errors.push_back({"/time_zone", "is not in the IANA database"});
    co_return std::unexpected(std::move(wrong));
  }
  try {
    auto transaction = co_await database_.begin(call.until);
    const auto made = co_await transaction.run(queries::insert_venue, request.name, request.location, request.city,
                                               request.opening_time, request.closing_time, zone);
    const auto id = made.front().get<std::int64_t>(0);
    co_await record_venue(transaction, id, recorded(call, change::created), false);
    co_await transaction.commit();
    committed();
    co_return venue_of(made.front());
  } catch (const pg::sql_error& error) {
    if (!error.unique_violation()) throw;
  }
  co_return contract::fail(name_taken, "There is a venue of this name in this city already.");
}

rt::task<contract::result<venue_view>> service::handle(rt::call call, update_venue request) {
  try {
    auto transaction = co_await database_.begin(call.until);
    const auto found = co_await transaction.run(queries::lock_venue, request.id);
    if (found.empty()) co_return contract::fail(venue_not_found);
    if (venue_of(found.front()).status == venue_status::INACTIVE) co_return contract::fail(venue_inactive);
    const auto updated = co_await transaction.run(queries::update_venue, request.id, request.name, request.location,
                                                  request.city, request.opening_time, request.closing_time);
    if (request.name || request.location || request.city) {
      const auto coming = co_await transaction.run(queries::lock_coming, any, any, std::optional(request.id));
      co_await news_.record(transaction, ids_of(coming), call.correlation_id);
    }
    const bool moves = request.city.has_value();
    co_await record_venue(transaction, request.id, recorded(call, change::updated), moves);
    co_await transaction.commit();
    committed();
    if (request.status == venue_status::INACTIVE) co_return co_await handle(call, deactivate_venue{request.id});
    co_return venue_of(updated.front());
  } catch (const pg::sql_error& error) {
    if (!error.unique_violation()) throw;
  }
  co_return contract::fail(name_taken, "There is a venue of this name in this city already.");
}

rt::task<contract::result<venue_view>> service::handle(rt::call call, deactivate_venue request) {
  auto transaction = co_await database_.begin(call.until);
  const auto found = co_await transaction.run(queries::lock_venue, request.id);
  if (found.empty()) co_return contract::fail(venue_not_found);
  const auto updated = co_await transaction.run(queries::deactivate_venue, request.id);
  const auto cancelled = co_await transaction.run(queries::cancel_schedules_of_venue, request.id);
  const auto ticket = random_hex(random_, 16);
  co_await news_.record(transaction, ids_of(cancelled), call.correlation_id, ticket);
  co_await record_venue(transaction, request.id, recorded(call, change::deleted), false);
  co_await record_shows_of(transaction, ids_of(cancelled), recorded(call, change::updated));
  co_await transaction.commit();
  rt::fault_point("catalog.cancelled");
  committed();
  co_await news_.close_if_possible(call, ids_of(cancelled), ticket);
  co_return venue_of(updated.front());
}

// ---- screens

rt::task<contract::result<std::vector<screen_view>>> service::handle(rt::call call, list_screens request) {
  const auto rows = co_await database_.run(call.until, queries::list_screens, request.venue_id,
                                           request.skip.value_or(0), request.limit.value_or(20));
  co_return all_of(rows, screen_of);
}

rt::task<contract::result<screen_view>> service::handle(rt::call call, create_screen request) {
  constexpr std::int64_t usual_row = 12;
  try {
    auto transaction = co_await database_.begin(call.until);
    const auto found = co_await transaction.run(queries::lock_venue, request.venue_id);
    if (found.empty()) co_return contract::fail(venue_not_found);
    if (venue_of(found.front()).status == venue_status::INACTIVE) co_return contract::fail(venue_inactive);
    const auto made = co_await transaction.run(queries::insert_screen, request.venue_id, request.name, request.capacity,
                                               request.seats_per_row.value_or(usual_row));
    co_await transaction.commit();
    co_return screen_of(made.front());
  } catch (const pg::sql_error& error) {
    if (!error.unique_violation()) throw;
  }
  co_return contract::fail(name_taken, "There is a screen of this name in this venue already.");
}

rt::task<contract::result<screen_view>> service::handle(rt::call call, update_screen request) {
  try {
    auto transaction = co_await database_.begin(call.until);
    const auto found = co_await transaction.run(queries::lock_screen, request.id);
    if (found.empty()) co_return contract::fail(screen_not_found);
    const auto current = screen_of(found.front()).capacity;
    if (request.capacity.value_or(current) < current) {
      co_return contract::fail(capacity_may_only_grow,
                               fmt::format("The screen has {} seats, and some may be sold.", current));
    }
    const auto updated = co_await transaction.run(queries::update_screen, request.id, request.name, request.capacity);
    const auto coming = co_await transaction.run(queries::lock_coming, any, std::optional(request.id), any);
    co_await news_.record(transaction, ids_of(coming), call.correlation_id);
    co_await transaction.commit();
    committed();
    co_return screen_of(updated.front());
  } catch (const pg::sql_error& error) {
    if (!error.unique_violation()) throw;
  }
  co_return contract::fail(name_taken, "There is a screen of this name in this venue already.");
}

}  // namespace ticketshow::catalog
