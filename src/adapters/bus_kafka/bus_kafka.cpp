#include "adapters/bus_kafka/bus_kafka.hpp"

#include <algorithm>
#include <stdexcept>

#include "adapters/bus_kafka/consumer.hpp"
#include "adapters/bus_kafka/producer.hpp"
#include "rt/unavailable.hpp"

namespace ticketshow::bus_kafka {

using namespace std::chrono_literals;

bus::bus(rt::executor io, random_source& random, options chosen)
    : io_(io),
      random_(random),
      options_(std::move(chosen)),
      reading_(io, "event consumers"),
      background_(io, "event bus") {}

bus::~bus() = default;

void bus::subscribe(subscription wanted) {
  consumers_.push_back(std::make_unique<consumer>(io_, random_, options_, std::move(wanted)));
}

rt::task<> bus::start() {
  producer_ = std::make_shared<producer>(io_, options_);
  co_await producer_->start(background_);
  for (const auto& each : consumers_) each->start(reading_, background_);
}

rt::task<> bus::stop(rt::deadline until) {
  for (const auto& each : consumers_) each->finish();
  const bool drained = co_await reading_.drain(until);
  if (!drained) co_await reading_.close(rt::deadline::after(1s));
  co_await background_.close(rt::deadline::after(2s));
  consumers_.clear();
  producer_.reset();
}

bool bus::ready() const {
  return producer_ && producer_->reachable() &&
         std::ranges::none_of(consumers_, [](const auto& each) { return each->vital() && each->stuck(); });
}

rt::task<> bus::publish(rt::deadline until, std::vector<ports::event> events) {
  const auto by = producer_;
  if (!by) throw rt::unavailable("the event bus does not run");
  for (const auto& each : events) {
    if (std::ranges::find(options_.topics, each.topic, &ports::topic::name) == options_.topics.end()) {
      throw ports::event_refused("the bus was not told of the topic " + each.topic);
    }
  }
  co_await by->publish(until, std::move(events));
}

}  // namespace ticketshow::bus_kafka
