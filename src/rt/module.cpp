#include "rt/module.hpp"

#include "rt/log.hpp"

namespace ticketshow::rt {

task<> module_graph::start() {
  std::exception_ptr failure;
  for (auto& each : modules_) {
    ++started_;  // also when it fails: then it ends what it had begun
    try {
      co_await each->start();
    } catch (const std::exception& error) {
      log::error("module failed to start", {{"module", each->name()}, {"error", error.what()}});
      failure = std::current_exception();
      break;
    }
  }
  if (failure) {
    co_await stop(deadline::after(std::chrono::seconds(10)));
    std::rethrow_exception(failure);
  }
}

task<> module_graph::stop(deadline until) {
  while (started_ > 0) {
    auto& each = *modules_[--started_];
    try {
      co_await each.stop(until);
    } catch (const std::exception& error) {
      log::error("module failed to stop", {{"module", each.name()}, {"error", error.what()}});
    }
  }
}

std::vector<std::string> module_graph::not_ready() const {
  std::vector<std::string> names;
  for (const auto& each : modules_) {
    if (!each->ready()) names.push_back(each->name());
  }
  return names;
}

}  // namespace ticketshow::rt
