#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "api/booking.hpp"
#include "contract/problem.hpp"
#include "services/booking/schedule.hpp"

/// What booking decides, without a database and without a clock.
namespace ticketshow::booking::rules {

/// The seats that a request names, in ascending order. Refuses seats named twice (with a pointer to each) and seats
/// that the schedule's screen does not have (unknown_seats, which names them).
contract::result<std::vector<seat_no>> seats_of_request(const schedule& showing,
                                                        std::span<const std::int64_t> seat_ids);

/// The public ids of seats, in the order given.
std::vector<std::int64_t> seat_ids_of(std::int64_t screen_id, std::span<const seat_no> seats);
std::vector<seat_label> labels_of(std::int64_t seats_per_row, std::span<const seat_no> seats);

/// What others tell people about a booking.
booking_facts facts_of(const booking_view& shown);

/// What happens to a booking whose owner wants to be rid of it.
enum class cancellation {
  RELEASE,             ///< nothing was paid: the seats are free
  RELEASE_AND_REFUND,  ///< paid: the seats are free and the money goes back
  DONE_BEFORE,         ///< cancelled already: the same answer again
  TOO_LATE,            ///< paid, and the show has begun (defect 24)
  ADMITTED,            ///< paid, and somebody is inside with one of its tickets
  OVER,                ///< expired or failed: there is nothing to cancel
};

/// `lapsed`: the time of the hold has passed. `begun`: the show has begun. `admitted`: with one of its tickets.
cancellation decide_cancellation(booking_status state, bool lapsed, bool begun, bool admitted);

/// What is known of a booking, under its row lock, when a capture asks to settle it.
struct settlement_facts {
  booking_status state;
  std::optional<std::int64_t> payment_id;  ///< of the capture that settled it
  money total_amount;
  bool lapsed;      ///< the time of the hold has passed
  bool on_sale;     ///< the showing is the one that was booked, and seats of it are sold now
  bool seats_free;  ///< nobody else holds or has bought one of the seats
};

enum class settlement_step {
  ANSWER,   ///< nothing changes
  CONFIRM,  ///< the hold stands: it becomes a confirmed booking
  RETAKE,   ///< the hold has expired, and its seats may be taken again: under the schedule's lock
};

struct settlement_decision {
  settlement_step step;
  settlement outcome;
};

/// A capture settles a booking once. The same capture gets the same answer for ever, even after a cancellation: what
/// goes back then goes back as the booking's refund.
settlement_decision decide_settlement(const settlement_facts& known, std::int64_t payment_id, money amount);

}  // namespace ticketshow::booking::rules
