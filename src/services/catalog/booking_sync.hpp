#pragma once

#include "api/booking.hpp"
#include "pg/pool.hpp"

namespace ticketshow::catalog {

/// Tells booking of schedules that changed: what catalog.booking_sync names, until it names nothing.
class booking_sync {
 public:
  booking_sync(pg::pool& database, booking::port& bookings) : database_(database), bookings_(bookings) {}

  /// Tells all there is to tell. Throws when booking or the database cannot be reached; the rows stay.
  rt::task<> tell(rt::call call);

  /// The same after a committed change, whose answer must neither fail nor wait long because booking is away: the
  /// sweeper will tell it.
  rt::task<> tell_if_possible(rt::call call);

  /// Lets booking sell a schedule again that it was asked to close by this ticket. Without booking, time does.
  rt::task<> end_suspension_if_possible(rt::call call, std::int64_t schedule_id, std::string ticket);

 private:
  pg::pool& database_;
  booking::port& bookings_;
};

}  // namespace ticketshow::catalog
