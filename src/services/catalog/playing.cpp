#include "services/catalog/playing.hpp"

#include "services/catalog/playing_queries.hpp"
#include "services/catalog/service.hpp"

namespace ticketshow::catalog {
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
  const asked_days days{request.from_date, request.to_date};
  const std::tuple asked{request.city, days, request.skip.value_or(0), request.limit.value_or(20)};
  auto mine = co_await ready_.ask(asked);
  if (mine.kept) co_return std::move(*mine.kept);

  const auto now = clock_.now();
  const auto periods = co_await periods_in(database_, until, request.city, days, now);
  const auto rows =
      co_await database_.run(until, queries::list_playing_shows, periods.zones, periods.begins, periods.ends, now,
                             request.city, request.skip.value_or(0), request.limit.value_or(20));
  const auto shows = all_of(rows, [&](auto row) { return playing_show_of(row, in_); });
  co_return ready_.keep(std::move(mine), shows);
}

rt::task<list_show_schedules::response> show_schedules::get(rt::deadline until, list_show_schedules request) {
  const asked_days days{request.from_date, request.to_date};
  auto mine = co_await ready_.ask({request.id, request.city, days});
  if (mine.kept) co_return std::move(*mine.kept);

  const auto now = clock_.now();
  const auto periods = co_await periods_in(database_, until, request.city, days, now);
  const auto rows = co_await database_.run(until, queries::list_show_schedules, periods.zones, periods.begins,
                                           periods.ends, now, request.city, request.id);
  const auto schedules = all_of(rows, [&](auto row) { return placed_schedule_of(row, in_.currency); });
  co_return ready_.keep(std::move(mine), schedules);
}

rt::task<contract::result<list_playing_shows::response>> service::handle(rt::call call, list_playing_shows request) {
  co_return co_await playing_.get(call.until, std::move(request));
}

rt::task<contract::result<list_show_schedules::response>> service::handle(rt::call call, list_show_schedules request) {
  auto answer = co_await show_schedules_.get(call.until, request);
  if (*answer.json == "[]") {  // only then it is open whether there is such a show
    const auto show = co_await database_.run(call.until, queries::get_show, request.id);
    if (show.empty()) co_return contract::fail(show_not_found);
  }
  co_return answer;
}

}  // namespace ticketshow::catalog
