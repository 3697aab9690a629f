#pragma once

#include <string>
#include <vector>

#include "api/booking.hpp"
#include "events/outbox.hpp"
#include "pg/pool.hpp"
#include "rt/gate.hpp"

namespace ticketshow::catalog {

/// How booking learns of schedules: by an event, recorded with each change that matters to it; and what cannot wait for
/// events, by a call. I/O thread only.
class schedule_news {
 public:
  schedule_news(pg::pool& database, booking::port& bookings, events::outbox& outbox, std::string currency)
      : database_(database), bookings_(bookings), outbox_(outbox), currency_(std::move(currency)) {}

  /// Gives the schedules a new version and records it as news, in the transaction of the change, which locks them
  /// before or hereby. The ticket, if any, is that of a suspension that ends when booking has the news.
  rt::task<> record(pg::transaction& in, std::vector<std::int64_t> ids, std::string correlation_id,
                    std::optional<std::string> ticket = {});

  /// After the commit that cancelled these: when it returns, none of them is sold any more, if booking can be reached.
  /// Otherwise their news close them when it is back. The ticket is that of the news.
  rt::task<> close_if_possible(rt::call call, std::vector<std::int64_t> ids, std::string ticket);

  /// Lets booking sell a schedule again that it was asked to close and that did not change. Without booking, time does.
  rt::task<> resume_if_possible(rt::call call, std::int64_t id, std::string ticket);

  /// Tells what the tables held before there were events, once.
  rt::task<> tell_untold(const rt::gate& until_closed);

 private:
  pg::pool& database_;
  booking::port& bookings_;
  events::outbox& outbox_;
  std::string currency_;
};

}  // namespace ticketshow::catalog
