#include "adapters/bus_common/deliveries.hpp"

#include <algorithm>

#include "rt/log.hpp"
#include "rt/metrics.hpp"

namespace ticketshow::bus_common {
namespace {

using namespace std::chrono_literals;

constexpr rt::steady_clock::duration first_pause = 100ms;
constexpr rt::steady_clock::duration longest_pause = 5s;

/// Something between half of `whole` and all of it.
rt::steady_clock::duration shortened(rt::steady_clock::duration whole, random_source& random) {
  std::uint16_t chance = 0;
  random.fill(&chance, sizeof chance);
  return whole / 2 + whole / 2 * chance / 0xffff;
}

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
  return shortened(std::min(first_pause * (1 << std::min(failures_ - 1, 10)), longest_pause), random_);
}

bool deliveries::stuck() const { return failures_ > 0 && rt::steady_clock::now() - failing_since_ > stuck_after_; }

}  // namespace ticketshow::bus_common
