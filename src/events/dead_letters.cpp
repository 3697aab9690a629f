#include "events/dead_letters.hpp"

namespace ticketshow::events {

rt::task<std::vector<dead_letter>> dead_letters::list(rt::deadline until, std::optional<std::string> event_id,
                                                      std::int64_t most) {
  const auto rows = co_await database_.run(until, queries::list_dead, event_id, most);
  std::vector<dead_letter> letters;
  for (const auto& row : rows) {
    letters.push_back({.what = event_of(row, 0),
                       .set_aside_at = row.get<timestamp>(7),
                       .attempts = row.get<std::int64_t>(8),
                       .error = row.get<std::string>(9)});
  }
  co_return letters;
}

rt::task<std::int64_t> dead_letters::count(rt::deadline until) {
  const auto rows = co_await database_.run(until, queries::measure_set_aside);
  co_return rows.front().get<std::int64_t>(1);
}

rt::task<std::int64_t> dead_letters::replay(rt::deadline until, std::optional<std::string> event_id) {
  const auto done = co_await database_.run(until, queries::replay_dead, event_id);
  co_return done.front().get<std::int64_t>(0);
}

rt::task<bool> dead_letters::drop(rt::deadline until, std::string event_id) {
  const auto dropped = co_await database_.run(until, queries::drop_dead, event_id);
  co_return !dropped.empty();
}

}  // namespace ticketshow::events
