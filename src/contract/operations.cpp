#include "contract/operations.hpp"

#include <boost/json.hpp>

#include "rt/metrics.hpp"

namespace ticketshow::contract {

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

http::response metrics_answer() {
  return {.headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}, {"Cache-Control", "no-store"}},
          .body = rt::metrics::scrape()};
}

}  // namespace ticketshow::contract
