#include "adapters/bus_common/deliveries.hpp"

#include "base/backoff.hpp"
#include "rt/log.hpp"
#include "rt/metrics.hpp"

namespace ticketshow::bus_common {
namespace {

using namespace std::chrono_literals;

constexpr backoff<rt::steady_clock::duration> pauses{.first = 100ms, .last = 5s};

}  // namespace

deliveries::deliveries(std::string consumer, random_source& random, rt::steady_clock::duration stuck_after)
    : consumer_(std::move(consumer)),
      random_(random),
      stuck_after_(stuck_after),
      lag_(rt::metrics::gauge("ticketshow_events_lag", "Events that a consumer has still to handle.",
                              {{"consumer", consumer_}})),
      delivered_(rt::metrics::counter("ticketshow_events_delivered_total", "Events handed to a consumer.",
                                      {{"consumer", consumer_}})),
      failed_(rt::metrics::counter("ticketshow_events_failed_deliveries_total",
                                   "Times that a consumer could not take events and gets them again.",
                                   {{"consumer", consumer_}})) {}

void deliveries::succeeded(std::size_t events) {
  failures_ = 0;
  delivered_.Increment(static_cast<double>(events));
}

rt::steady_clock::duration deliveries::failed(const std::exception& why) {
  if (failures_++ == 0) failing_since_ = rt::steady_clock::now();
  failed_.Increment();
  rt::log::warning("events could not be handled; they come again",
                   {{"consumer", consumer_}, {"failures", failures_}, {"error", why.what()}});
  return with_jitter(pauses.after(failures_), random_);
}

bool deliveries::stuck() const { return failures_ > 0 && rt::steady_clock::now() - failing_since_ > stuck_after_; }

}  // namespace ticketshow::bus_common
