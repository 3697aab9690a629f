#pragma once

#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <unordered_set>
#include <vector>

#include "rt/bell.hpp"
#include "rt/metrics.hpp"
#include "services/booking/schedules.hpp"
#include "services/booking/store.hpp"

namespace ticketshow::booking {

struct writer_options {
  std::size_t max_batch;
  std::size_t max_queue;
  hold_limits limits;
};

/// Decides holds of the schedules that fall to it, many in one transaction: it collects what arrives while the last
/// batch is in flight, so that nothing waits when it is idle, and commits cost little each when it is not. First come,
/// first served; a wish that competes with an earlier one of the same batch waits for that one's outcome. What memory
/// knows to be taken is refused without asking the database; everything else the database decides.
class writer {
 public:
  writer(rt::executor io, store& tables, schedules& memory, const clock_source& clock, writer_options options);

  /// The database's decision; nothing when the queue is full or `until` passed. The hold may then have been made
  /// nevertheless, and the same idempotency key finds it. Throws pg::unavailable and pg::sql_error.
  rt::task<std::optional<hold_decision>> hold(hold_request request, rt::deadline until);

  /// Serves until finish() was called and the queue is empty.
  rt::task<> run();
  /// Refuses new wishes from now on.
  void finish();

 private:
  struct wish {
    wish(rt::executor io, hold_request what) : request(std::move(what)), answered(io) {}
    hold_request request;
    rt::timer answered;  // cancelled by the answer; ends by itself at the caller's deadline
    std::optional<hold_decision> decision;
    std::exception_ptr failure;
    bool abandoned = false;
    [[nodiscard]] bool open() const { return !decision && !failure; }
  };
  using batch = std::vector<std::shared_ptr<wish>>;

  batch collect();
  [[nodiscard]] bool refused_from_memory(wish& asked);
  /// Whether it competes with a wish seen before; it counts as seen from now on.
  [[nodiscard]] bool competes(const hold_request& request);

  rt::task<> decide(batch wishes);
  /// Gives PostgreSQL's refusal, if any, for those of the batch that are still open.
  rt::task<std::exception_ptr> attempt(batch wishes);
  /// Brings memory in line with what the database decided.
  void remember(const hold_request& asked, const hold_decision& decision);
  static void answer(wish& to, hold_decision decision);
  void fail(const batch& wishes, const std::exception_ptr& why);

  rt::executor io_;
  store& store_;
  schedules& schedules_;
  const clock_source& clock_;
  writer_options options_;
  std::deque<std::shared_ptr<wish>> queue_;
  std::unordered_set<std::size_t> seen_;  // of the batch that is being collected; see competes()
  rt::bell arrived_;
  bool finishing_ = false;
  prometheus::Histogram& batch_size_;
  prometheus::Gauge& queue_length_;
};

}  // namespace ticketshow::booking
