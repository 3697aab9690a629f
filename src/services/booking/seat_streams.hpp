#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "api/booking/seat_stream.hpp"
#include "base/random.hpp"
#include "rt/gate.hpp"
#include "services/booking/schedules.hpp"

namespace ticketshow::booking {

/// The readers of live seat maps. Each showing that somebody watches is followed once: by what this process changes in
/// memory, by what it hears of others, and by the time at which holds end. What has changed is told to all its readers
/// at once, at most every 100 ms. A reader costs a timer and a place in a list; nothing queues up for one who is slow.
/// I/O thread only.
class seat_streams {
 public:
  /// `background` must be closed before this is destroyed. Of more than `max_streams` at a time the newest are refused.
  seat_streams(rt::executor io, schedules& memory, const clock_source& clock, random_source& random,
               rt::gate& background, std::size_t max_streams);

  /// A stream that begins with what comes after `request.last_event_id`, or with a snapshot. Throws rt::unavailable.
  rt::task<contract::result<watch_seats::response>> open(watch_seats request);

  /// The seats of a schedule are not what they were, perhaps: readers hear of it in a moment.
  void changed(std::int64_t schedule_id);
  /// The same for each that is watched, after `look` was called with it.
  void changed_elsewhere(const std::function<void(std::int64_t)>& look);
  [[nodiscard]] bool watched(std::int64_t schedule_id) const { return channels_.contains(schedule_id); }

  /// Ends all streams, and those to come.
  void close();

 private:
  struct channel;
  class reader;
  struct registration;
  using channels = std::unordered_map<std::int64_t, std::shared_ptr<channel>>;

  rt::task<> follow(std::int64_t id, std::shared_ptr<channel> which);
  /// Publishes how the seats are now; gives how long that stays true if nobody changes anything.
  rt::task<rt::steady_clock::duration> look(std::int64_t id, channel& which);
  [[nodiscard]] bool is_followed(const channel& which) const;

  rt::executor io_;
  schedules& memory_;
  const clock_source& clock_;
  random_source& random_;
  rt::gate& background_;
  std::size_t max_streams_;
  std::shared_ptr<std::size_t> open_ = std::make_shared<std::size_t>(0);
  channels channels_;
  bool closed_ = false;
};

}  // namespace ticketshow::booking
