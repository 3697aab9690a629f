#include "services/catalog/playing.hpp"

#include "services/catalog/playing_queries.hpp"
#include "services/catalog/service.hpp"

namespace ticketshow::catalog {
namespace {

constexpr auto kept_for = std::chrono::seconds(1);

}  // namespace

rt::task<periods_by_zone> periods_in(pg::pool& database, rt::deadline until, std::optional<std::string> city,
                                     asked_days days, timestamp now) {
  const auto rows = co_await database.run(until, queries::list_zones, city);
  periods_by_zone all;
  for (const auto row : rows) {
    const auto& zone = all.zones.emplace_back(row.text(0));
    const auto asked = period_of(days, zone, now);
    all.begins.push_back(asked.begin);
    all.ends.push_back(asked.end);
  }
  co_return all;
}

rt::task<list_playing_shows::response> playing_shows::get(rt::deadline until, list_playing_shows request) {
  if (rt::steady_clock::now() - kept_since_ >= kept_for) {
    ready_.drop();
    kept_since_ = rt::steady_clock::now();
  }
  const std::tuple asked{request.city, request.from_date, request.to_date, request.skip.value_or(0),
                         request.limit.value_or(20)};
  if (const auto* found = ready_.find(asked)) co_return *found;

  const auto generation = ready_.generation();
  const auto now = clock_.now();
  const asked_days days{request.from_date, request.to_date};
  const auto periods = co_await periods_in(database_, until, request.city, days, now);
  const auto rows =
      co_await database_.run(until, queries::list_playing_shows, periods.zones, periods.begins, periods.ends, now,
                             request.city, request.skip.value_or(0), request.limit.value_or(20));
  const auto shows = all_of(rows, [&](auto row) { return playing_show_of(row, in_); });
  co_return ready_.keep(asked, shows, generation);
}

rt::task<contract::result<list_playing_shows::response>> service::handle(rt::call call, list_playing_shows request) {
  co_return co_await playing_.get(call.until, std::move(request));
}

rt::task<contract::result<std::vector<placed_schedule>>> service::handle(rt::call call, list_show_schedules request) {
  const auto show = co_await database_.run(call.until, queries::get_show, request.id);
  if (show.empty()) co_return contract::fail(show_not_found);
  const auto now = clock_.now();
  const asked_days days{request.from_date, request.to_date};
  const auto periods = co_await periods_in(database_, call.until, request.city, days, now);
  const auto rows = co_await database_.run(call.until, queries::list_show_schedules, periods.zones, periods.begins,
                                           periods.ends, now, request.city, request.id);
  co_return all_of(rows, [&](auto row) { return placed_schedule_of(row, settings_.currency); });
}

}  // namespace ticketshow::catalog
