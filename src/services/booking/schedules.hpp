#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <unordered_map>
#include <vector>

#include "api/catalog.hpp"
#include "base/random.hpp"
#include "events/consumer.hpp"
#include "rt/gate.hpp"
#include "services/booking/store.hpp"

namespace ticketshow::booking {

/// The schedules that this process has in memory, and booking's copies of them in the database. A schedule is copied
/// from catalog when it is first asked for, its seats are read from the database when it is not in memory, and what was
/// used least recently is forgotten. I/O thread only.
class schedules {
 public:
  struct limits {
    std::size_t max_seats_in_memory;
    std::chrono::milliseconds max_age;  ///< older books are read again before they are used; 0: never
  };

  schedules(rt::executor io, store& tables, catalog::port& catalog, const clock_source& clock, random_source& random,
            rt::gate& background, limits bounds);

  /// The seat book of a schedule, or null when catalog knows no such schedule. Many callers cause one load. Throws
  /// rt::unavailable.
  rt::task<std::shared_ptr<seat_book>> get(std::int64_t id);

  /// `changed` is called with each schedule of which this process has, or may have, changed what the database says.
  void on_change(std::function<void(std::int64_t)> changed) { changed_ = std::move(changed); }

  /// The book if it is in memory and whole.
  [[nodiscard]] seat_book* find(std::int64_t id);

  // What the database has decided, for those schedules that are in memory.
  void add(std::int64_t schedule_id, claim made);
  void confirm(booking_ref booking);
  void release(booking_ref booking);
  /// Memory may be wrong about this one: it is read again at its next use.
  void forget(std::int64_t id);
  /// The same when another process has changed it.
  void changed_elsewhere(std::int64_t id);
  /// Another process has changed it, and nobody watches: it is read again at its next use, if the last reading was not
  /// a moment ago. Where many change one showing at once, reading it after each would be all that is done.
  void outdate(std::int64_t id);

  /// Catalog tells of schedules: the copies become the newest of what is known, and the suspensions that the news end
  /// are over, all as part of the transaction `in`. Memory follows with news_taken().
  rt::task<> take_news(pg::transaction& in, std::vector<events::received<catalog::schedule_changed>> news);
  /// After the commit. In other processes memory follows when it is read again: see README.md.
  void news_taken();

  /// Asks catalog what is true of suspended schedules of which no news came in time, and ends their suspension. Gives
  /// whether there were any. Throws rt::unavailable: those that are left stay closed.
  rt::task<bool> end_lapsed_suspensions(rt::deadline until);

 private:
  struct entry {
    explicit entry(rt::executor io) : loaded(io) { loaded.expires_at(rt::steady_clock::time_point::max()); }
    std::shared_ptr<seat_book> book;
    std::size_t seats = 0;
    rt::steady_clock::time_point read_at{};
    bool loading = false;
    // What is being read may be from before these; they are made once more on what was read.
    std::vector<std::function<void(seat_book&)>> since_loading;
    bool read_again = false;
    bool outdated = false;
    std::exception_ptr failure;
    rt::timer loaded;
    std::list<std::int64_t>::iterator used;
  };

  [[nodiscard]] bool fresh(const entry& candidate) const;
  std::shared_ptr<entry> touch(std::int64_t id);
  void start_load(std::int64_t id, std::shared_ptr<entry> into);
  rt::task<> load(std::int64_t id, std::shared_ptr<entry> into);
  rt::task<std::shared_ptr<seat_book>> read(std::int64_t id, entry& into);
  rt::task<bool> copy_from_catalog(std::int64_t id);
  rt::task<std::optional<schedule>> fetch(rt::deadline until, std::int64_t id);
  void erase(std::int64_t id);
  void make_room();

  void change(std::int64_t schedule_id, std::function<void(seat_book&)> how);

  rt::executor io_;
  store& store_;
  catalog::port& catalog_;
  const clock_source& clock_;
  random_source& random_;
  rt::gate& background_;
  limits limits_;
  std::unordered_map<std::int64_t, std::shared_ptr<entry>> entries_;
  std::list<std::int64_t> recently_used_;  // the latest first
  std::size_t seats_ = 0;
  std::function<void(std::int64_t)> changed_ = [](std::int64_t) {};
  std::vector<schedule> news_;  // of transactions that are not committed yet
};

}  // namespace ticketshow::booking
