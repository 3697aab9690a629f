#pragma once

#include "documents/visit.hpp"

namespace ticketshow::documents::testing {

/// Two people go to the cinema.
inline visit sample_visit() {
  return {.booking_id = 4711,
          .show_name = "The Lighthouse Keeper's Daughter",
          .venue_name = "Regal Cinema",
          .venue_address = "Shahid Bhagat Singh Road, Colaba, Mumbai",
          .screen_name = "Screen 2",
          .starts = parse_rfc3339("2026-11-27T14:00:00Z").value(),
          .ends = parse_rfc3339("2026-11-27T16:05:00Z"),
          .time_zone = "Asia/Kolkata",
          .total = {700'00},
          .currency = "INR",
          .tickets = {{.row = "C", .seat = "7", .code = "TS1/ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/7"},
                      {.row = "C", .seat = "8", .code = "TS1/ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/8"}}};
}

inline issuer sample_issuer() {
  return {.name = "Ticket Show", .address = "tickets@ticketshow.example", .public_url = "https://ticketshow.example"};
}

inline timestamp sample_day() { return parse_rfc3339("2026-11-20T09:30:00Z").value(); }

}  // namespace ticketshow::documents::testing
