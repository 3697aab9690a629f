#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/booking.hpp"
#include "base/money.hpp"
#include "base/time.hpp"

namespace ticketshow::documents {

/// The right to one seat.
struct ticket {
  std::string row;
  std::string seat;
  std::string code;  ///< what a scanner at the door reads
};

/// What people hold in their hands about a booking tells them this. Any UTF-8 may be in the names.
struct visit {
  std::int64_t booking_id;
  std::string show_name;
  std::string venue_name;
  std::string venue_address;  ///< empty when it is not known
  std::string screen_name;
  timestamp starts;
  std::optional<timestamp> ends;
  std::string time_zone;  ///< of the venue, as IANA names it
  money total;            ///< of all tickets, which cost the same each
  std::string currency;
  std::vector<ticket> tickets;  ///< one a seat
};

/// What booking tells of a booking. Seats of which it brings no ticket (a cancelled booking's) have an empty code.
visit visit_of(const booking::booking_facts& facts);

/// Who issues the documents.
struct issuer {
  std::string name;        ///< "Ticket Show"
  std::string address;     ///< of its mail, local@domain; the domain makes the ids of calendar entries unique
  std::string public_url;  ///< where the platform is reached
};

}  // namespace ticketshow::documents
