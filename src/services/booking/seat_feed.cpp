#include "services/booking/seat_feed.hpp"

#include <charconv>

#include <fmt/format.h>

#include "api/catalog.hpp"

namespace ticketshow::booking {
namespace {

/// After how many milliseconds browsers come back when a stream has ended; they take three to five seconds otherwise.
constexpr std::string_view come_back_soon = "retry: 1000\n";

/// Whether messages can lead from one to the other: the same seats, and no sale that opens again.
bool continues(const seats_shown& before, const seats_shown& now) {
  return before.screen_id == now.screen_id && before.states.size() == now.states.size() &&
         (before.on_sale || !now.on_sale);
}

seat_changes changes_of(const seats_shown& before, const seats_shown& now) {
  seat_changes changes;
  for (std::size_t i = 0; i < now.states.size(); ++i) {
    if (before.states[i] == now.states[i]) continue;
    const auto id = catalog::seat_id_of(now.screen_id, static_cast<std::int64_t>(i) + 1);
    switch (now.states[i]) {
      case seat_state::FREE:
        changes.free.push_back(id);
        break;
      case seat_state::HELD:
        changes.held.push_back(id);
        break;
      case seat_state::SOLD:
        changes.sold.push_back(id);
        break;
    }
  }
  return changes;
}

}  // namespace

std::string seat_feed::id() const { return fmt::format("{}-{}", stem_, newest_); }

bool seat_feed::publish(seats_shown now) {
  const auto before = std::exchange(shown_, std::move(now));
  if (newest_ == 0 || !continues(before, shown_)) {
    ++newest_;
    snapshot_ = nullptr;
    messages_.clear();
    bytes_ = 0;
    return true;
  }
  auto changes = changes_of(before, shown_);
  const bool changed = !(changes.free.empty() && changes.held.empty() && changes.sold.empty());
  const bool closed = before.on_sale && !shown_.on_sale;
  if (!changed && !closed) return false;
  ++newest_;
  snapshot_ = nullptr;
  std::string text;
  if (changed) {
    changes.version = id();
    text = contract::write_message(id(), changes);
  }
  if (closed) text += contract::write_message(id(), sale_closed{id()});
  keep(std::move(text));
  return true;
}

void seat_feed::keep(std::string message) {
  bytes_ += message.size();
  messages_.push_back(std::make_shared<const std::string>(std::move(message)));
  while (messages_.size() > limits_.max_messages || bytes_ > limits_.max_bytes) {
    bytes_ -= messages_.front()->size();
    messages_.pop_front();
  }
}

std::uint64_t seat_feed::number_of(std::string_view id) const {
  if (!id.starts_with(stem_) || id.size() <= stem_.size() || id[stem_.size()] != '-') return 0;
  id.remove_prefix(stem_.size() + 1);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  return error == std::errc{} && end == id.data() + id.size() && number <= newest_ ? number : 0;
}

contract::piece seat_feed::next(std::uint64_t& at) {
  if (at == newest_) return nullptr;
  const auto missed = newest_ - at;
  if (at != 0 && missed <= messages_.size()) {
    ++at;
    return messages_[messages_.size() - missed];
  }
  at = newest_;
  return snapshot();
}

contract::piece seat_feed::snapshot() {
  if (snapshot_) return snapshot_;
  const seats_shown nothing_taken{.screen_id = shown_.screen_id,
                                  .states = std::vector(shown_.states.size(), seat_state::FREE)};
  auto taken = changes_of(nothing_taken, shown_);
  const seat_snapshot all{id(), shown_.on_sale, std::move(taken.held), std::move(taken.sold)};
  snapshot_ = std::make_shared<const std::string>(std::string(come_back_soon) + contract::write_message(id(), all));
  return snapshot_;
}

}  // namespace ticketshow::booking
