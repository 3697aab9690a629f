#include "services/booking/seat_book.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "api/catalog/seats.hpp"

namespace ticketshow::booking {
namespace {

// The end of a seat's JSON after its constant part.
constexpr std::string_view free_seat = R"("is_available":true,"is_locked":false,"is_booked":false})";
constexpr std::string_view held_seat = R"("is_available":false,"is_locked":true,"is_booked":false})";
constexpr std::string_view sold_seat = R"("is_available":false,"is_locked":false,"is_booked":true})";
constexpr std::string_view unsold_seat = R"("is_available":false,"is_locked":false,"is_booked":false})";

}  // namespace

seat_book::seat_book(schedule showing, std::vector<claim> claims) : showing_(std::move(showing)) {
  owners_.resize(static_cast<std::size_t>(showing_.capacity));
  for (auto& each : claims) add(std::move(each));
}

void seat_book::update(schedule newer) {
  if (newer.version <= showing_.version) return;
  showing_ = std::move(newer);
  owners_.resize(std::max(owners_.size(), static_cast<std::size_t>(showing_.capacity)));
  part_ends_.clear();
  changed_ = true;
}

bool seat_book::on_sale(timestamp now) const { return showing_.open && showing_.start_time > now; }

const claim* seat_book::holder_of(seat_no seat, timestamp now) const {
  const auto index = static_cast<std::size_t>(seat - 1);
  if (index >= owners_.size() || owners_[index] == 0) return nullptr;
  const auto& holder = claims_.at(owners_[index]);
  return holder.confirmed || holder.expires_at > now ? &holder : nullptr;
}

std::vector<seat_no> seat_book::taken_by_others(std::int64_t user_id, const std::vector<seat_no>& seats,
                                                timestamp now) const {
  std::vector<seat_no> taken;
  for (const auto seat : seats) {
    const auto* holder = holder_of(seat, now);
    if (holder == nullptr) continue;
    if (holder->user_id == user_id) return {};
    taken.push_back(seat);
  }
  return taken;
}

bool seat_book::taken(const std::vector<seat_no>& seats, timestamp now) const {
  return std::ranges::all_of(seats, [&](seat_no seat) { return holder_of(seat, now) != nullptr; });
}

void seat_book::add(claim made) {
  const auto id = made.booking_id;
  for (const auto seat : made.seats) {
    if (seat > std::ssize(owners_)) continue;  // the copy is older than the booking; it will be renewed
    auto& holder = owner(seat);
    if (holder != 0 && holder != id) release(holder);  // it must have ended, or the database would have refused
    holder = id;
  }
  claims_.insert_or_assign(id, std::move(made));
  changed_ = true;
}

void seat_book::confirm(std::int64_t booking_id) {
  const auto found = claims_.find(booking_id);
  if (found == claims_.end()) return;
  found->second.confirmed = true;
  changed_ = true;
}

void seat_book::release(std::int64_t booking_id) {
  const auto found = claims_.find(booking_id);
  if (found == claims_.end()) return;
  for (const auto seat : found->second.seats) {
    if (seat <= std::ssize(owners_) && owner(seat) == booking_id) owner(seat) = 0;
  }
  claims_.erase(found);
  changed_ = true;
}

seats_shown seat_book::shown(timestamp now) const {
  seats_shown seats{.screen_id = showing_.screen_id, .on_sale = on_sale(now)};
  seats.good_until = seats.on_sale ? showing_.start_time : timestamp::max();
  for (const auto& [id, each] : claims_) {
    if (!each.confirmed && each.expires_at > now) seats.good_until = std::min(seats.good_until, each.expires_at);
  }
  seats.states.reserve(static_cast<std::size_t>(showing_.capacity));
  for (std::int64_t position = 1; position <= showing_.capacity; ++position) {
    const auto* holder = holder_of(static_cast<seat_no>(position), now);
    seats.states.push_back(holder == nullptr   ? seat_state::FREE
                           : holder->confirmed ? seat_state::SOLD
                                               : seat_state::HELD);
  }
  return seats;
}

contract::cached<std::vector<seat_view>> seat_book::map(timestamp now) {
  if (changed_ || now >= map_good_until_) {
    const auto seats = shown(now);
    map_good_until_ = seats.good_until;
    write_map(seats);
  }
  return map_;
}

void seat_book::write_constant_parts() {
  parts_.clear();
  part_ends_.clear();
  part_ends_.reserve(static_cast<std::size_t>(showing_.capacity));
  for (std::int64_t position = 1; position <= showing_.capacity; ++position) {
    fmt::format_to(std::back_inserter(parts_), R"({}{{"id":{},"seat_number":"{}","row_number":"{}",)",
                   position == 1 ? '[' : ',', catalog::seat_id_of(showing_.screen_id, position),
                   catalog::seat_label(position, showing_.seats_per_row),
                   catalog::row_label(position, showing_.seats_per_row));
    part_ends_.push_back(static_cast<std::uint32_t>(parts_.size()));
  }
  parts_.shrink_to_fit();
}

void seat_book::write_map(const seats_shown& seats) {
  if (part_ends_.empty()) write_constant_parts();
  std::string json;
  json.reserve(parts_.size() + part_ends_.size() * sold_seat.size() + 1);
  std::uint32_t begin = 0;
  for (std::size_t i = 0; i < part_ends_.size(); ++i) {
    json.append(parts_, begin, part_ends_[i] - begin);
    begin = part_ends_[i];
    switch (seats.states[i]) {
      case seat_state::FREE:
        json += seats.on_sale ? free_seat : unsold_seat;
        break;
      case seat_state::HELD:
        json += held_seat;
        break;
      case seat_state::SOLD:
        json += sold_seat;
        break;
    }
  }
  json += ']';

  map_.etag = fmt::format("\"{:016x}\"", std::hash<std::string_view>{}(json));
  map_.json = std::make_shared<const std::string>(std::move(json));
  changed_ = false;
}

}  // namespace ticketshow::booking
