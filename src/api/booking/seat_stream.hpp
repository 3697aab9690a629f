#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "api/booking/tickets.hpp"
#include "contract/codec.hpp"
#include "contract/port.hpp"
#include "contract/stream.hpp"

/// The seats of a showing as they change, for whoever looks at its map.
namespace ticketshow::booking {

inline constexpr contract::error too_many_streams{
    "TOO_MANY_STREAMS", 429, "Too many seat maps are being watched from this address; please try again."};

/// How all seats are: the first message, and what a reader gets who missed too much. A seat that is not named is free.
struct seat_snapshot {
  std::string version;
  bool on_sale;  ///< false: no seat can be had, free or not
  std::vector<std::int64_t> held;
  std::vector<std::int64_t> sold;

  static constexpr std::string_view message = "snapshot";
};
BOOST_DESCRIBE_STRUCT(seat_snapshot, (), (version, on_sale, held, sold))

/// The seats that have changed since the message before, and what they are now.
struct seat_changes {
  std::string version;
  std::vector<std::int64_t> free;
  std::vector<std::int64_t> held;
  std::vector<std::int64_t> sold;

  static constexpr std::string_view message = "seats";
};
BOOST_DESCRIBE_STRUCT(seat_changes, (), (version, free, held, sold))

/// The sale has ended: the show begins, or was cancelled. Should it be sold again, a snapshot says so.
struct sale_closed {
  std::string version;

  static constexpr std::string_view message = "closed";
};
BOOST_DESCRIBE_STRUCT(sale_closed, (), (version))

struct watch_seats {
  std::int64_t schedule_id;
  contract::header last_event_id;

  using response = contract::stream<seat_snapshot, seat_changes, sale_closed>;
  static constexpr contract::spec spec{.verb = http::method::GET,
                                       .path = "/bookings/schedule/{schedule_id}/seats/stream",
                                       .who = contract::access::all,
                                       .summary = "The seats of a showing as they change, by server-sent events",
                                       .affinity = "schedule_id"};
  static constexpr const contract::error* errors[] = {&schedule_not_found, &too_many_streams};
  static constexpr contract::field fields[] = {
      {.name = "schedule_id", .min = 1},
      {.name = "last_event_id",
       .help = "The id of the last event that was seen: goes on after it, or begins with a snapshot when that is not "
               "known any more."}};
};
BOOST_DESCRIBE_STRUCT(watch_seats, (), (schedule_id, last_event_id))

}  // namespace ticketshow::booking
