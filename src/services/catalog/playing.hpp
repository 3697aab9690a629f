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

/// For how long lists of what plays are kept ready as bytes: by then what begins leaves them, and what another process
/// changes comes into them. A change in this process drops them.
inline constexpr auto what_plays_is_kept = std::chrono::seconds(1);

/// The shows that play. I/O thread only.
class playing_shows {
 public:
  playing_shows(pg::pool& database, const clock_source& clock, surroundings in)
      : database_(database), clock_(clock), in_(in) {}

  rt::task<list_playing_shows::response> get(rt::deadline until, list_playing_shows request);
  void drop() { ready_.drop(); }

 private:
  pg::pool& database_;
  const clock_source& clock_;
  surroundings in_;
  kept_ready<std::tuple<std::optional<std::string>, asked_days, std::int64_t, std::int64_t>, std::vector<playing_show>>
      ready_{what_plays_is_kept};
};

/// The showings to come of each show. I/O thread only.
class show_schedules {
 public:
  show_schedules(pg::pool& database, const clock_source& clock, surroundings in)
      : database_(database), clock_(clock), in_(in) {}

  /// None of a show that is not there.
  rt::task<list_show_schedules::response> get(rt::deadline until, list_show_schedules request);
  void drop() { ready_.drop(); }

 private:
  pg::pool& database_;
  const clock_source& clock_;
  surroundings in_;
  kept_ready<std::tuple<std::int64_t, std::optional<std::string>, asked_days>, std::vector<placed_schedule>> ready_{
      what_plays_is_kept};
};

}  // namespace ticketshow::catalog
