#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "base/random.hpp"
#include "pg/listener.hpp"
#include "pg/pool.hpp"

namespace ticketshow::booking {

/// Tells the other booking processes of a database of which showings seats were held, sold or freed here, and hears it
/// of them: by NOTIFY, after the commit. What a process that dies in between had to tell is lost: who listens must look
/// by himself now and then. I/O thread only.
class seat_news {
 public:
  struct listeners {
    std::function<void(std::int64_t)> heard;  ///< of a schedule that another process has changed
    std::function<void()> missed;             ///< something may have been said while nobody listened
  };

  /// `conninfo` is for the connection that listens; with an empty one there are no other processes, and nothing is told
  /// or heard.
  seat_news(rt::executor io, pg::pool& database, std::string conninfo, random_source& random, listeners who);

  /// To be told in a moment, many showings at once.
  void tell(std::int64_t schedule_id);
  /// Works in `background`, which must be closed before this is destroyed.
  void start(rt::gate& background);

 private:
  rt::task<> send();
  void read(std::string_view payload);

  pg::pool& database_;
  bool alone_;
  std::string name_;  // of this process, so that it does not listen to itself
  listeners who_;
  pg::listener listener_;
  std::set<std::int64_t> untold_;
  rt::bell news_;
};

}  // namespace ticketshow::booking
