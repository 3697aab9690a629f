#include "adapters/card_dodo/pace.hpp"

#include <algorithm>

#include <boost/asio/redirect_error.hpp>

#include "rt/unavailable.hpp"

namespace ticketshow::card_dodo {
namespace {

using namespace std::chrono_literals;

// What left us a second apart may arrive a little less apart.
constexpr auto second = 1100ms;
constexpr auto minute = 61s;

constexpr auto breather = 1s;
constexpr auto longest_closed = 10min;
constexpr int most_doublings = 6;  // 64 s

std::size_t index_of(haste how) { return how == haste::customer ? 0 : 1; }

}  // namespace

// ---- allowance

allowance::time allowance::next(haste how, time now) const {
  auto at = std::max(now, closed_until_[index_of(how)]);
  const auto hold_to = [&](std::size_t most, std::size_t kept, rt::steady_clock::duration window) {
    if (how == haste::work) most -= kept;
    if (uses_.size() >= most) at = std::max(at, uses_[uses_.size() - most] + window);
  };
  hold_to(limits_.per_second, limits_.kept_of_a_second, second);
  hold_to(limits_.per_minute, limits_.kept_of_a_minute, minute);
  return at;
}

void allowance::use(time now) {
  uses_.push_back(now);
  if (uses_.size() > limits_.per_minute) uses_.pop_front();
}

void allowance::told_remaining(std::size_t calls, time now) {
  if (calls <= limits_.kept_of_a_minute) closed_until_[1] = std::max(closed_until_[1], now + breather);
  if (calls == 0) closed_until_[0] = std::max(closed_until_[0], now + breather);
}

void allowance::refused(rt::steady_clock::duration retry_after, time now) {
  auto wait = std::min<rt::steady_clock::duration>(retry_after, longest_closed);
  const bool already_closed = now < closed_until_[0];  // this call left before the others were refused
  if (wait <= 0s && already_closed) return;
  if (wait <= 0s) wait = breather * (1 << std::min(refusals_, most_doublings));
  ++refusals_;
  for (auto& each : closed_until_) each = std::max(each, now + wait);
}

// ---- pace

/// A call in its line; when it leaves, however that comes about, the next one looks whether it may go.
struct pace::place {
  place(std::list<rt::timer>& l, rt::executor io) : line(l), self(line.emplace(line.end(), io)) {}
  ~place() {
    line.erase(self);
    if (!line.empty()) line.front().cancel();
  }
  place(const place&) = delete;
  place& operator=(const place&) = delete;

  std::list<rt::timer>& line;
  std::list<rt::timer>::iterator self;
};

rt::task<> pace::turn(rt::deadline until, haste how) {
  auto& line = lines_[index_of(how)];
  const place mine(line, io_);
  while (true) {
    const auto now = rt::steady_clock::now();
    const bool first = mine.self == line.begin();
    const auto at = allowance_.next(how, now);
    if (at > until.at()) throw rt::unavailable("Dodo's limit of calls leaves no time for another one");
    if (first && at <= now) break;
    if (until.passed()) throw rt::unavailable("other calls of Dodo took all the time");
    mine.self->expires_at(first ? at : until.at());
    boost::system::error_code woken;
    co_await mine.self->async_wait(boost::asio::redirect_error(rt::use_task, woken));
  }
  allowance_.use(rt::steady_clock::now());
}

}  // namespace ticketshow::card_dodo
