#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/catalog/playing.hpp"
#include "base/time.hpp"
#include "pg/pool.hpp"
#include "services/catalog/asked_days.hpp"
#include "services/catalog/kept_ready.hpp"
#include "services/catalog/rows.hpp"

namespace ticketshow::catalog {

/// Days as moments in each time zone that active venues have: one element a zone in each list, as a statement takes
/// them.
struct periods_by_zone {
  std::vector<std::string> zones;
  std::vector<timestamp> begins;
  std::vector<timestamp> ends;
};

/// Those of the venues of `city`, or of all.
rt::task<periods_by_zone> periods_in(pg::pool& database, rt::deadline until, std::optional<std::string> city,
                                     asked_days days, timestamp now);

/// The shows that play, kept ready as bytes for a second: what begins leaves the list by then, and what another process
/// changes comes into it. A change in this process drops them. I/O thread only.
class playing_shows {
 public:
  playing_shows(pg::pool& database, const clock_source& clock, surroundings in)
      : database_(database), clock_(clock), in_(in) {}

  rt::task<list_playing_shows::response> get(rt::deadline until, list_playing_shows request);
  void drop() { ready_.drop(); }

 private:
  using day = std::optional<std::chrono::year_month_day>;

  pg::pool& database_;
  const clock_source& clock_;
  surroundings in_;
  kept_ready<std::tuple<std::optional<std::string>, day, day, std::int64_t, std::int64_t>, std::vector<playing_show>>
      ready_;
  rt::steady_clock::time_point kept_since_{};
};

}  // namespace ticketshow::catalog
