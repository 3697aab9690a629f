#include "documents/visit.hpp"

namespace ticketshow::documents {

visit visit_of(const booking::booking_facts& facts) {
  visit of{.booking_id = facts.booking_id,
           .show_name = facts.show_name,
           .venue_name = facts.venue_name,
           .venue_address = facts.venue_address.value_or(""),
           .screen_name = facts.screen_name,
           .starts = facts.show_time,
           .ends = facts.end_time,
           .time_zone = facts.time_zone,
           .total = facts.total_amount,
           .currency = facts.currency,
           .tickets = {}};
  for (const auto& label : facts.seat_labels) {
    const auto number = of.tickets.size();
    const bool has_code = facts.tickets && number < facts.tickets->size();
    of.tickets.push_back({.row = label.row_number,
                          .seat = label.seat_number,
                          .code = has_code ? (*facts.tickets)[number].code : std::string{}});
  }
  return of;
}

}  // namespace ticketshow::documents
