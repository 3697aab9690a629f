#include "services/booking/writer.hpp"

#include <algorithm>

#include <boost/asio/redirect_error.hpp>
#include <boost/container_hash/hash.hpp>

#include "rt/fault_point.hpp"
#include "rt/log.hpp"

namespace ticketshow::booking {
namespace {

namespace asio = rt::asio;
using namespace std::chrono_literals;

constexpr auto batch_time = 10s;
constexpr int most_rounds = 3;  // a batch, then the wishes behind lapsed holds, and once more

// Far apart, so that small numbers of one kind do not look like those of another.
enum class rivalry : std::size_t { SEAT = 0x517cc1b727220a95, USER = 0x2545f4914f6cdd1d, KEY = 0x9e3779b97f4a7c15 };

template <class... Part>
std::size_t mark(rivalry kind, const Part&... part) {
  std::size_t seed = static_cast<std::size_t>(kind);
  (boost::hash_combine(seed, part), ...);
  return seed;
}

}  // namespace

writer::writer(rt::executor io, store& tables, schedules& memory, const clock_source& clock, writer_options options)
    : io_(io),
      store_(tables),
      schedules_(memory),
      clock_(clock),
      options_(options),
      arrived_(io),
      batch_size_(rt::metrics::sizes("ticketshow_booking_batch_size", "Holds decided in one transaction.")),
      queue_length_(rt::metrics::gauge("ticketshow_booking_queue_length", "Holds waiting for the next batch.")) {}

rt::task<std::optional<hold_decision>> writer::hold(hold_request request, rt::deadline until) {
  if (finishing_ || queue_.size() >= options_.max_queue) co_return std::nullopt;
  const auto mine = std::make_shared<wish>(io_, std::move(request));
  mine->answered.expires_at(until.at());
  queue_.push_back(mine);
  queue_length_.Increment();
  arrived_.ring();

  boost::system::error_code ignored;
  co_await mine->answered.async_wait(asio::redirect_error(rt::use_task, ignored));
  mine->abandoned = mine->open();
  if (mine->failure) std::rethrow_exception(mine->failure);
  co_return std::move(mine->decision);
}

rt::task<> writer::run() {
  while (!finishing_ || !queue_.empty()) {
    auto wishes = collect();
    if (wishes.empty()) {
      co_await arrived_.wait(1h);
    } else {
      batch_size_.Observe(static_cast<double>(wishes.size()));
      co_await decide(std::move(wishes));
    }
  }
}

void writer::finish() {
  finishing_ = true;
  arrived_.ring();
}

// ---- collecting

writer::batch writer::collect() {
  batch next;
  seen_.clear();
  const auto before = queue_.size();
  std::deque<std::shared_ptr<wish>> later;
  while (!queue_.empty() && next.size() < options_.max_batch) {
    auto first = std::move(queue_.front());
    queue_.pop_front();
    if (first->abandoned || refused_from_memory(*first)) continue;
    if (competes(first->request)) {
      later.push_back(std::move(first));
    } else {
      next.push_back(std::move(first));
    }
  }
  queue_.insert(queue_.begin(), std::move_iterator(later.begin()), std::move_iterator(later.end()));
  queue_length_.Decrement(static_cast<double>(before - queue_.size()));
  return next;
}

bool writer::refused_from_memory(wish& asked) {
  const auto* book = schedules_.find(asked.request.schedule_id);
  if (book == nullptr) return false;
  auto taken = book->taken_by_others(asked.request.user_id, asked.request.seats, clock_.now());
  if (taken.empty()) return false;
  answer(asked, {.what = verdict::TAKEN, .taken = std::move(taken)});
  return true;
}

bool writer::competes(const hold_request& request) {
  // The statement decides all wishes by the same state of the tables: two of them must not meet in a seat, in a user's
  // limit or in an idempotency key. A wish that waits is remembered too, so that nobody overtakes it. Two marks may be
  // equal by chance: then a wish waits for one batch in vain, but never for itself.
  std::vector<std::size_t> marks{mark(rivalry::USER, request.user_id, request.schedule_id),
                                 mark(rivalry::KEY, request.user_id, request.idempotency_key)};
  for (const auto seat : request.seats) marks.push_back(mark(rivalry::SEAT, request.schedule_id, seat));
  const bool met = std::ranges::any_of(marks, [&](std::size_t each) { return seen_.contains(each); });
  seen_.insert(marks.begin(), marks.end());
  return met;
}

// ---- deciding

rt::task<> writer::decide(batch wishes) {
  // A refusal by a constraint means that another process was faster: the next attempt sees what it did. If that does
  // not help either, one wish must not stand in the way of the others.
  auto refusal = co_await attempt(wishes);
  if (refusal) refusal = co_await attempt(wishes);
  if (!refusal) co_return;
  for (const auto& each : wishes) {
    if (!each->open() || each->abandoned) continue;
    const batch alone{each};
    refusal = co_await attempt(alone);
    if (refusal) fail(alone, refusal);
  }
}

rt::task<std::exception_ptr> writer::attempt(batch wishes) {
  try {
    std::vector<std::int64_t> lapsed;
    for (int round = 0; round < most_rounds; ++round) {
      std::erase_if(wishes, [](const auto& each) { return !each->open(); });
      if (wishes.empty()) co_return nullptr;
      std::vector<const hold_request*> requests;
      requests.reserve(wishes.size());
      for (const auto& each : wishes) requests.push_back(&each->request);
      auto decisions = co_await store_.hold(rt::deadline::after(batch_time), std::move(requests), options_.limits,
                                            std::move(lapsed));
      const bool held = std::ranges::any_of(decisions, [](const auto& each) { return each.what == verdict::HELD; });
      if (held) rt::fault_point("booking.held");
      lapsed.clear();
      for (std::size_t i = 0; i < wishes.size(); ++i) {
        auto& decision = decisions[i];
        if (decision.what == verdict::LAPSED && round + 1 < most_rounds) {
          lapsed.insert(lapsed.end(), decision.lapsed.begin(), decision.lapsed.end());
        } else {
          remember(wishes[i]->request, decision);
          answer(*wishes[i], std::move(decision));
        }
      }
    }
  } catch (const pg::sql_error& refused) {
    rt::log::warning("a batch of holds was refused", {{"holds", wishes.size()}, {"reason", refused.what()}});
    co_return std::current_exception();
  } catch (...) {
    fail(wishes, std::current_exception());
  }
  co_return nullptr;
}

void writer::remember(const hold_request& asked, const hold_decision& decision) {
  const auto now = clock_.now();
  if (decision.what == verdict::HELD) {
    schedules_.add(asked.schedule_id, {.booking_id = decision.booking_id,
                                       .user_id = asked.user_id,
                                       .seats = asked.seats,
                                       .confirmed = false,
                                       .expires_at = now + (decision.expires_at - decision.created_at)});
    return;
  }
  const auto* book = schedules_.find(asked.schedule_id);
  const bool outdated = decision.what == verdict::STALE ||
                        (decision.what == verdict::CLOSED && book != nullptr && book->on_sale(now)) ||
                        (decision.what == verdict::TAKEN && book != nullptr && !book->taken(decision.taken, now));
  if (outdated) schedules_.forget(asked.schedule_id);  // another process has changed what memory did not know
}

void writer::answer(wish& to, hold_decision decision) {
  to.decision = std::move(decision);
  to.answered.cancel();
}

void writer::fail(const batch& wishes, const std::exception_ptr& why) {
  for (const auto& each : wishes) {
    if (!each->open()) continue;
    schedules_.forget(each->request.schedule_id);  // a lost connection does not tell whether the hold was made
    each->failure = why;
    each->answered.cancel();
  }
}

}  // namespace ticketshow::booking
