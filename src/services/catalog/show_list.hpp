#pragma once

#include <tuple>
#include <vector>

#include "api/catalog/shows.hpp"
#include "pg/pool.hpp"
#include "services/catalog/kept_ready.hpp"
#include "services/catalog/rows.hpp"

namespace ticketshow::catalog {

/// The show list, kept ready as bytes. A change in this process drops it; a change by another is seen within a second,
/// by the sum of the versions in the table. I/O thread only.
class show_list {
 public:
  show_list(pg::pool& database, surroundings in) : database_(database), in_(in) {}

  rt::task<list_shows::response> get(rt::deadline until, list_shows request);
  void drop() { ready_.drop(); }

 private:
  rt::task<> revalidate(rt::deadline until);

  pg::pool& database_;
  surroundings in_;
  kept_ready<std::tuple<std::int64_t, std::int64_t, bool>, std::vector<show_view>> ready_;
  std::int64_t versions_ = -1;
  rt::steady_clock::time_point checked_{};
};

}  // namespace ticketshow::catalog
