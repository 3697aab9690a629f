#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/booking.hpp"
#include "services/booking/schedule.hpp"
#include "services/booking/seat_feed.hpp"

namespace ticketshow::booking {

/// A live booking as its schedule's seat book remembers it.
struct claim {
  std::int64_t booking_id;
  std::int64_t user_id;
  std::vector<seat_no> seats;
  bool confirmed;
  timestamp expires_at;  ///< by the process's clock; meaningless once confirmed
};

/// One schedule and its seats in memory: what the seat map shows, and which requests can be refused without asking the
/// database. Never the authority: whoever is not refused here is decided there. A hold whose time has passed counts as
/// nothing.
class seat_book {
 public:
  seat_book(schedule showing, std::vector<claim> claims);

  [[nodiscard]] const schedule& showing() const { return showing_; }
  /// Whether seats are sold at all: not cancelled, not begun.
  [[nodiscard]] bool on_sale(timestamp now) const;
  /// A newer copy of the schedule. The claims stay: a showing with live bookings keeps its screen.
  void update(schedule newer);

  /// Those of `seats` that somebody else holds or has bought at `now`. Empty when `user_id` has one of them: that may
  /// be the same request once more, which only the database can tell.
  [[nodiscard]] std::vector<seat_no> taken_by_others(std::int64_t user_id, const std::vector<seat_no>& seats,
                                                     timestamp now) const;

  /// Whether all of `seats` are known to be held or sold.
  [[nodiscard]] bool taken(const std::vector<seat_no>& seats, timestamp now) const;

  void add(claim made);
  /// Nothing when the booking is not known as live.
  void confirm(std::int64_t booking_id);
  void release(std::int64_t booking_id);

  /// How the seats are at `now`.
  [[nodiscard]] seats_shown shown(timestamp now) const;

  /// The seat map as JSON bytes, made again when something changed, a hold's time has passed or the show has begun. The
  /// ETag is made of the content, so it holds across restarts and processes.
  contract::cached<std::vector<seat_view>> map(timestamp now);

 private:
  /// The live claim on a seat, or null.
  [[nodiscard]] const claim* holder_of(seat_no seat, timestamp now) const;
  [[nodiscard]] std::int64_t& owner(seat_no seat) { return owners_[static_cast<std::size_t>(seat - 1)]; }
  void write_constant_parts();
  void write_map(const seats_shown& seats);

  schedule showing_;
  std::vector<std::int64_t> owners_;  // the live booking of each seat; 0 is nobody
  std::unordered_map<std::int64_t, claim> claims_;

  // What of a seat's JSON never changes, up to its state; one string with the end of each part, for many small ones.
  // Empty until a map is asked for.
  std::string parts_;
  std::vector<std::uint32_t> part_ends_;

  contract::cached<std::vector<seat_view>> map_;
  bool changed_ = true;
  timestamp map_good_until_{};
};

}  // namespace ticketshow::booking
