#include "services/booking/rules.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "api/catalog/seats.hpp"

namespace ticketshow::booking::rules {

contract::result<std::vector<seat_no>> seats_of_request(const schedule& showing,
                                                        std::span<const std::int64_t> seat_ids) {
  contract::problem repeated{&contract::validation_failed, {}};
  contract::problem unknown{&unknown_seats, {}};
  std::vector<seat_no> seats;
  seats.reserve(seat_ids.size());
  for (std::size_t i = 0; i < seat_ids.size(); ++i) {
    const auto position = catalog::position_of_seat(seat_ids[i]);
    if (catalog::screen_of_seat(seat_ids[i]) != showing.screen_id || position < 1 || position > showing.capacity) {
      unknown.seat_ids.push_back(seat_ids[i]);
      unknown.errors.push_back({fmt::format("/seat_ids/{}", i), "is not a seat of this screen"});
      continue;
    }
    const auto seat = static_cast<seat_no>(position);
    if (std::ranges::find(seats, seat) != seats.end()) {
      repeated.errors.push_back({fmt::format("/seat_ids/{}", i), "is named twice"});
    }
    seats.push_back(seat);
  }
  if (!repeated.errors.empty()) return std::unexpected(std::move(repeated));
  if (!unknown.errors.empty()) return std::unexpected(std::move(unknown));
  std::ranges::sort(seats);
  return seats;
}

std::vector<std::int64_t> seat_ids_of(std::int64_t screen_id, std::span<const seat_no> seats) {
  std::vector<std::int64_t> ids;
  ids.reserve(seats.size());
  for (const auto seat : seats) ids.push_back(catalog::seat_id_of(screen_id, seat));
  return ids;
}

std::vector<seat_label> labels_of(std::int64_t seats_per_row, std::span<const seat_no> seats) {
  std::vector<seat_label> labels;
  labels.reserve(seats.size());
  for (const auto seat : seats) {
    labels.push_back({catalog::seat_label(seat, seats_per_row), catalog::row_label(seat, seats_per_row)});
  }
  return labels;
}

booking_facts facts_of(const booking_view& shown) {
  return {.booking_id = shown.id,
          .user_id = shown.user_id,
          .show_name = shown.show_name,
          .venue_name = shown.venue_name,
          .screen_name = shown.screen_name,
          .show_time = shown.show_time,
          .time_zone = shown.time_zone,
          .seat_labels = shown.seat_labels,
          .total_amount = shown.total_amount,
          .currency = shown.currency,
          .end_time = shown.end_time,
          .venue_address = shown.venue_address};
}

cancellation decide_cancellation(booking_status state, bool lapsed, bool begun, bool admitted) {
  switch (state) {
    case booking_status::PENDING:
      return lapsed ? cancellation::OVER : cancellation::RELEASE;
    case booking_status::CONFIRMED:
      if (begun) return cancellation::TOO_LATE;
      return admitted ? cancellation::ADMITTED : cancellation::RELEASE_AND_REFUND;
    case booking_status::CANCELLED:
      return cancellation::DONE_BEFORE;
    case booking_status::FAILED:
    case booking_status::EXPIRED:
      return cancellation::OVER;
  }
  std::unreachable();
}

settlement_decision decide_settlement(const settlement_facts& known, std::int64_t payment_id, money amount) {
  using enum settlement_step;
  if (known.payment_id == payment_id) return {ANSWER, settlement::CONFIRMED};
  switch (known.state) {
    case booking_status::CONFIRMED:
      return {ANSWER, settlement::SURPLUS};
    case booking_status::CANCELLED:
    case booking_status::FAILED:
      return {ANSWER, settlement::CANCELLED};
    case booking_status::PENDING:
    case booking_status::EXPIRED:
      break;
  }
  if (amount != known.total_amount) return {ANSWER, settlement::AMOUNT_MISMATCH};
  if (known.state == booking_status::PENDING && !known.lapsed) return {CONFIRM, settlement::CONFIRMED};
  if (!known.on_sale) return {ANSWER, settlement::SALES_CLOSED};
  if (!known.seats_free) return {ANSWER, settlement::SEATS_GONE};
  return {RETAKE, settlement::CONFIRMED};
}

}  // namespace ticketshow::booking::rules
