#pragma once

#include <string>
#include <type_traits>
#include <vector>

#include "base/assert.hpp"
#include "contract/port.hpp"
#include "rt/metrics.hpp"

namespace ticketshow::contract {

/// The layer that every call between services passes, local or remote: the deadline, the count and time of each
/// endpoint. It is bound once, before the first call; callers may be constructed with it before the service behind it
/// exists, so services may call each other in both directions.
template <class Port>
class binding final : public forwarding<binding<Port>, Port> {
 public:
  /// `where` is "local" or "remote", for the metrics.
  void bind(Port& target, std::string where) {
    TICKETSHOW_ASSERT(target_ == nullptr);
    target_ = &target;
    look_up(where, typename Port::list{});
  }
  [[nodiscard]] bool bound() const { return target_ != nullptr; }

  template <class E>
  rt::task<result<typename E::response>> forward(rt::call call, E request) {
    TICKETSHOW_ASSERT(target_ != nullptr);
    if (call.until.passed()) co_return fail(deadline_exceeded);
    const stopwatch measured{*seconds_[place_of<E>(typename Port::list{})]};
    co_return co_await target_->handle(std::move(call), std::move(request));
  }

 private:
  /// Notes the time at its end, also when the call throws.
  struct stopwatch {
    explicit stopwatch(prometheus::Histogram& to) : into(to) {}
    ~stopwatch() { into.Observe(std::chrono::duration<double>(rt::steady_clock::now() - began).count()); }
    stopwatch(const stopwatch&) = delete;
    stopwatch& operator=(const stopwatch&) = delete;
    prometheus::Histogram& into;
    rt::steady_clock::time_point began = rt::steady_clock::now();
  };

  template <class... E>
  void look_up(const std::string& where, endpoints<E...>) {
    seconds_ = {&rt::metrics::latency("ticketshow_call_seconds",
                                      "Time of calls between and into services, by endpoint.",
                                      {{"method", std::string(to_string(E::spec.verb))},
                                       {"endpoint", std::string(E::spec.path)},
                                       {"binding", where}})...};
  }
  template <class E, class... All>
  static constexpr std::size_t place_of(endpoints<All...>) {
    std::size_t place = 0;
    (void)((std::same_as<E, All> || (++place, false)) || ...);
    return place;
  }

  Port* target_ = nullptr;
  std::vector<prometheus::Histogram*> seconds_;  // in the order of the port's endpoints
};

}  // namespace ticketshow::contract
