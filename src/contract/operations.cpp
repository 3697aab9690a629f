#include "contract/operations.hpp"

#include <algorithm>
#include <map>
#include <mutex>

#include <boost/json.hpp>

#include "rt/metrics.hpp"

namespace ticketshow::contract {
namespace {

/// The module that a process names which is told to end. It is always among the metrics, so that there is something to
/// ask for where all is well.
constexpr auto stopping = "stopping";

prometheus::Gauge& gauge_of(const std::string& module) {
  return rt::metrics::gauge("ticketshow_not_ready", "1 while /health/ready names this module.", {{"module", module}});
}

void tell_readiness(const std::vector<std::string>& not_ready) {
  static std::mutex guard;
  static std::map<std::string, prometheus::Gauge*> known{{stopping, &gauge_of(stopping)}};
  const std::scoped_lock lock(guard);
  for (const auto& name : not_ready) known.try_emplace(name, &gauge_of(name));
  for (const auto& [name, gauge] : known) gauge->Set(std::ranges::find(not_ready, name) != not_ready.end() ? 1 : 0);
}

}  // namespace

http::response health_answer(std::string_view path, const std::vector<std::string>& not_ready) {
  http::response outgoing{.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}}};
  if (path == "/health/live") {
    outgoing.body = R"({"status":"live"})";
    return outgoing;
  }
  outgoing.status = not_ready.empty() ? 200 : 503;
  boost::json::object report{{"status", not_ready.empty() ? "ready" : "not ready"}};
  report["not_ready"] = boost::json::array(not_ready.begin(), not_ready.end());
  outgoing.body = boost::json::serialize(report);
  return outgoing;
}

http::response metrics_answer(const std::vector<std::string>& not_ready) {
  tell_readiness(not_ready);
  return {.headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}, {"Cache-Control", "no-store"}},
          .body = rt::metrics::scrape()};
}

}  // namespace ticketshow::contract
