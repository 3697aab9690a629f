#include "services/gateway/traffic.hpp"

#include <algorithm>

#include "rt/log.hpp"

namespace ticketshow::gateway {
namespace {

std::string_view name_of(traffic::kind what) {
  switch (what) {
    case traffic::kind::unknown:
      return "unknown";
    case traffic::kind::site:
      return "site";
    case traffic::kind::docs:
      return "docs";
    case traffic::kind::openapi:
      return "openapi";
    case traffic::kind::health:
      return "health";
    case traffic::kind::metrics:
      return "metrics";
    case traffic::kind::preflight:
      return "preflight";
    case traffic::kind::media:
      return "media";
  }
  return "unknown";
}

}  // namespace

void traffic::observe(const contract::router::match& endpoint, const visit& done) {
  const auto number = endpoint.number();
  if (number >= endpoints_.size()) endpoints_.resize(number + 1);
  auto& place = endpoints_[number];
  if (!place) place = std::make_unique<instruments>(make(std::string(endpoint.label())));
  observe(*place, done);
}

void traffic::observe(kind what, const visit& done) {
  auto& place = others_[static_cast<std::size_t>(what)];
  if (!place) place = std::make_unique<instruments>(make(std::string(name_of(what))));
  observe(*place, done);
}

traffic::instruments traffic::make(std::string label) {
  auto& seconds =
      rt::metrics::latency("ticketshow_http_request_seconds",
                           "Time from a request's last byte to its answer, by endpoint.", {{"endpoint", label}});
  return {.label = std::move(label), .seconds = &seconds};
}

void traffic::observe(instruments& place, const visit& done) {
  place.seconds->Observe(std::chrono::duration<double>(done.took).count());
  const auto status_class = static_cast<std::size_t>(std::clamp(done.outgoing.status / 100, 1, 5));
  auto*& count = place.by_status[status_class];
  if (count == nullptr) {
    count =
        &rt::metrics::counter("ticketshow_http_requests_total", "Requests answered, by endpoint and class of status.",
                              {{"endpoint", place.label}, {"status", std::to_string(status_class) + "xx"}});
  }
  count->Increment();

  const auto level = done.outgoing.status >= 500 ? rt::log::level::info : rt::log::level::debug;
  if (!rt::log::enabled(level)) return;
  // The path without the query, and no header or body: nothing secret is ever in a path.
  rt::log::write(level, "request",
                 {{"method", to_string(done.incoming.verb)},
                  {"path", done.incoming.path().substr(0, 200)},
                  {"endpoint", place.label},
                  {"status", done.outgoing.status},
                  {"ms", std::chrono::duration<double, std::milli>(done.took).count()},
                  {"client", done.client},
                  {"correlation_id", done.correlation_id}});
}

}  // namespace ticketshow::gateway
