#pragma once

#include <cstdint>
#include <string>

/// The seats of a screen: pure arithmetic, so that no service needs another's table (docs/adr/0005).
namespace ticketshow::catalog {

/// The largest screen. Seat ids leave room for it.
inline constexpr std::int64_t max_capacity = 2'000;
inline constexpr std::int64_t max_seats_per_row = 60;
inline constexpr std::int64_t seat_id_stride = 10'000;

/// The platform-wide id of the seat at `position` (1 … capacity, row by row from the front) of a screen.
constexpr std::int64_t seat_id_of(std::int64_t screen_id, std::int64_t position) {
  return screen_id * seat_id_stride + position;
}
constexpr std::int64_t position_of_seat(std::int64_t seat_id) { return seat_id % seat_id_stride; }
constexpr std::int64_t screen_of_seat(std::int64_t seat_id) { return seat_id / seat_id_stride; }

/// "A" … "Z", "AA", "AB", … for the row that holds a position.
inline std::string row_label(std::int64_t position, std::int64_t seats_per_row) {
  std::string label;
  for (std::int64_t row = (position - 1) / seats_per_row; row >= 0; row = row / 26 - 1) {
    label.insert(label.begin(), static_cast<char>('A' + row % 26));
  }
  return label;
}
/// "1" … within its row.
inline std::string seat_label(std::int64_t position, std::int64_t seats_per_row) {
  return std::to_string((position - 1) % seats_per_row + 1);
}

}  // namespace ticketshow::catalog
