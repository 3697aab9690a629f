#pragma once

#include <vector>

#include <fmt/format.h>

#include "contract/event.hpp"
#include "ports/event_bus.hpp"

namespace ticketshow::test {

/// The event bus as one service alone sees it: keeps what the service publishes, and hands it what the test says. How
/// events travel is the business of the bus's own tests.
class bus_stand_in final : public ports::event_bus {
 public:
  [[nodiscard]] std::string name() const override { return "bus stand-in"; }
  rt::task<> start() override { co_return; }
  rt::task<> stop(rt::deadline) override { co_return; }
  void subscribe(subscription wanted) override { subscriber = std::move(wanted.handle); }
  rt::task<> publish(rt::deadline, std::vector<ports::event> events) override {
    if (away) throw rt::unavailable("the bus is away");
    for (auto& each : events) published.push_back(std::move(each));
    co_return;
  }

  /// What was published of one kind, in order.
  template <contract::event E>
  [[nodiscard]] std::vector<E> of() const {
    std::vector<E> found;
    for (const auto& each : published) {
      if (each.topic == E::spec.topic) found.push_back(contract::read_event<E>(each.payload));
    }
    return found;
  }

  /// An event for the service; with the same `id` the same again. Ends when the service has taken it.
  template <contract::event E>
  rt::task<> deliver(E what, std::string id = {}) {
    if (id.empty()) id = fmt::format("event {}", ++made_);
    std::vector<ports::event> one;
    one.push_back({.id = std::move(id),
                   .topic = std::string(E::spec.topic),
                   .key = what.key(),
                   .schema_version = E::spec.version,
                   .time = {},
                   .correlation_id = "test",
                   .payload = contract::write_event(what)});
    return subscriber(std::move(one));
  }

  std::vector<ports::event> published;
  handler subscriber;
  bool away = false;

 private:
  int made_ = 0;
};

}  // namespace ticketshow::test
