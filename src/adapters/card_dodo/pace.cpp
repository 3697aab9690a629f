#include "adapters/card_dodo/pace.hpp"

#include <algorithm>

#include <boost/asio/redirect_error.hpp>

namespace ticketshow::card_dodo {
namespace {

using namespace std::chrono_literals;

// What left us a second apart may arrive a little less apart.
constexpr auto second = 1100ms;
constexpr auto minute = 61s;

constexpr auto breather = 1s;
constexpr auto longest_closed = 10min;
constexpr int most_doublings = 6;  // 64 s

std::size_t index_of(haste how) { return static_cast<std::size_t>(how); }

}  // namespace

// ---- allowance

namespace {

/// How many calls of a window such a call finds taken: those made, and what is kept for others.
std::size_t taken(const window& which, haste how, const std::array<std::size_t, all_haste.size()>& made) {
  std::size_t sum = made[index_of(how)];
  for (const auto each : all_haste) {
    if (each != how) sum += std::max(which.kept[index_of(each)], made[index_of(each)]);
  }
  return sum;
}

}  // namespace

allowance::counts allowance::uses_after(time since) const {
  counts made{};
  for (const auto& each : uses_) made[index_of(each.how)] += each.at > since ? 1 : 0;
  return made;
}

allowance::time allowance::room_in(const window& which, rt::steady_clock::duration length, haste how, time now) const {
  auto made = uses_after(now - length);
  auto at = now;
  for (const auto& oldest : uses_) {
    if (taken(which, how, made) < which.most) break;
    if (oldest.at <= now - length) continue;
    at = oldest.at + length;  // then it is behind
    --made[index_of(oldest.how)];
  }
  return at;
}

allowance::time allowance::next(haste how, time now) const {
  const auto open = std::max(now, closed_until_[index_of(how)]);
  return std::max(room_in(limits_.second, second, how, open), room_in(limits_.minute, minute, how, open));
}

void allowance::count(haste how, time now) {
  uses_.push_back({now, how});
  if (uses_.size() > limits_.minute.most) uses_.pop_front();
}

void allowance::told_remaining(std::size_t calls, time now) {
  const auto made = uses_after(now - minute);
  std::size_t for_others = 0;  // what is kept for those who go first
  for (const auto each : all_haste) {
    const auto i = index_of(each);
    if (calls <= for_others) closed_until_[i] = std::max(closed_until_[i], now + breather);
    for_others += limits_.minute.kept[i] - std::min(limits_.minute.kept[i], made[i]);
  }
}

void allowance::refused(rt::steady_clock::duration retry_after, time now) {
  auto wait = std::min<rt::steady_clock::duration>(retry_after, longest_closed);
  const bool already_closed =
      now < *std::ranges::min_element(closed_until_);  // this call left before the others were refused
  if (wait <= 0s && already_closed) return;
  if (wait <= 0s) wait = breather * (1 << std::min(refusals_, most_doublings));
  ++refusals_;
  for (auto& each : closed_until_) each = std::max(each, now + wait);
}

// ---- pace

/// A call in its line; when it leaves, however that comes about, those behind look whether they may go.
struct pace::place {
  place(pace& p, haste how) : owner(p), mine(p.lines_[index_of(how)]), self(mine.emplace(mine.end(), p.io_)) {}
  ~place() {
    mine.erase(self);
    owner.wake_the_first();
  }
  place(const place&) = delete;
  place& operator=(const place&) = delete;
  [[nodiscard]] bool is_first() const { return self == mine.begin(); }

  pace& owner;
  line& mine;
  line::iterator self;
};

void pace::wake_the_first() {
  for (auto& each : lines_) {
    if (!each.empty()) each.front().cancel();
  }
}

bool pace::overtaken(haste how, allowance::time now) const {
  return std::ranges::any_of(all_haste, [&](haste other) {
    return other < how && !lines_[index_of(other)].empty() && allowance_.next(other, now) <= now;
  });
}

rt::task<> pace::turn(rt::deadline until, haste how) {
  const place mine(*this, how);
  while (true) {
    const auto now = rt::steady_clock::now();
    const auto at = allowance_.next(how, now);
    if (at > until.at()) throw ports::card_not_sent("Dodo's limit of calls leaves no time for another one");
    const bool first = mine.is_first();
    const bool behind = !first || overtaken(how, now);
    if (!behind && at <= now) break;
    if (until.passed()) throw ports::card_not_sent("other calls of Dodo took all the time");
    mine.self->expires_at(behind ? until.at() : at);
    boost::system::error_code woken;
    co_await mine.self->async_wait(boost::asio::redirect_error(rt::use_task, woken));
  }
  allowance_.count(how, rt::steady_clock::now());
}

}  // namespace ticketshow::card_dodo
