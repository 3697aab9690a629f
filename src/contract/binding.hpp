#pragma once

#include <string>
#include <type_traits>

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
    where_ = std::move(where);
  }
  [[nodiscard]] bool bound() const { return target_ != nullptr; }

  template <class E>
  rt::task<result<typename E::response>> forward(rt::call call, E request) {
    TICKETSHOW_ASSERT(target_ != nullptr);
    if (call.until.passed()) co_return fail(deadline_exceeded);
    static auto& seconds =
        rt::metrics::latency("ticketshow_call_seconds", "Time of calls between and into services, by endpoint.",
                             {{"method", std::string(to_string(E::spec.verb))},
                              {"endpoint", std::string(E::spec.path)},
                              {"binding", where_}});
    const auto began = rt::steady_clock::now();
    auto answer = co_await target_->handle(std::move(call), std::move(request));
    seconds.Observe(std::chrono::duration<double>(rt::steady_clock::now() - began).count());
    co_return answer;
  }

 private:
  Port* target_ = nullptr;
  std::string where_;
};

}  // namespace ticketshow::contract
