#pragma once

#include <map>
#include <string>
#include <tuple>

#include "api/catalog.hpp"
#include "pg/pool.hpp"
#include "services/catalog/rows.hpp"

namespace ticketshow::catalog {

/// The show list, kept ready as bytes. A change in this process drops it; a change by another is seen within a second,
/// by the sum of the versions in the table. I/O thread only.
class show_list {
 public:
  show_list(pg::pool& database, surroundings in) : database_(database), in_(in) {}

  rt::task<list_shows::response> get(rt::deadline until, list_shows request);
  void drop();

 private:
  using key = std::tuple<std::int64_t, std::int64_t, bool>;
  static constexpr std::size_t most_bytes = 16 << 20;

  rt::task<> revalidate(rt::deadline until);

  pg::pool& database_;
  surroundings in_;
  std::map<key, list_shows::response> ready_;
  std::size_t bytes_ = 0;  // of what is ready
  std::int64_t versions_ = -1;
  std::uint64_t generation_ = 0;  // grows with every drop, so that a read which began before it is not kept
  rt::steady_clock::time_point checked_{};
};

}  // namespace ticketshow::catalog
