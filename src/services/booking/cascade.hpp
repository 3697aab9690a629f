#pragma once

#include "base/random.hpp"
#include "events/outbox.hpp"
#include "rt/bell.hpp"
#include "rt/gate.hpp"
#include "rt/metrics.hpp"
#include "services/booking/cancellations.hpp"
#include "services/booking/schedules.hpp"

namespace ticketshow::booking {

/// Cancels the live bookings of schedules that catalog cancelled, with a refund request for each that was paid. What is
/// left to do stands in the schedule's state, so that it goes on where it was after a stop or a crash.
class cascade {
 public:
  cascade(rt::executor io, cancellations& tables, schedules& memory, events::outbox& outbox, random_source& random);

  /// Begins its work in `background`, which must be closed before this is destroyed.
  void start(rt::gate& background);
  /// There may be something to do.
  void wake() { due_.ring(); }

 private:
  rt::task<> step();
  rt::task<> cancel_all(std::vector<std::int64_t> schedule_ids);

  [[nodiscard]] bool stopping() const { return background_->closing(); }

  cancellations& cancellations_;
  schedules& schedules_;
  events::outbox& outbox_;
  random_source& random_;
  rt::bell due_;
  rt::gate* background_ = nullptr;
  prometheus::Counter& cancelled_;
};

}  // namespace ticketshow::booking
