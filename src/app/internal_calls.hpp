#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/absence.hpp"
#include "app/replicas.hpp"
#include "contract/client.hpp"
#include "contract/router.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "rt/module.hpp"
#include "rt/seldom.hpp"

/// Calls between the processes of one deployment: HTTP with a service token, the deadline's rest and the correlation
/// id.
namespace ticketshow::app {

/// Carries calls to the processes that run one service: calls with the same affinity to one of them, others to each in
/// turn. When the one that is asked does not answer, the next is asked, if that is safe: nothing of the request was
/// sent, or it may be repeated. One that refuses the service token counts as one that is not there: no answer of its
/// own, since whoever caused the call cannot help it. Where nobody can be reached, as while the only process of a
/// service starts anew, the call waits for somebody, for eight seconds of such a time and not beyond its deadline.
class remote_transport final : public contract::transport {
 public:
  /// The addresses are http://host:port; throws std::runtime_error with a sentence when one is not.
  remote_transport(rt::executor io, const std::vector<std::string>& addresses, std::string service, std::string key,
                   const clock_source& clock);

  rt::task<http::response> send(rt::call call, contract::written_request outgoing) override;

 private:
  /// One try at one replica.
  rt::task<http::response> ask(http::client& replica, const rt::call& call, const contract::written_request& outgoing,
                               rt::deadline until);
  /// Asks one after the other; nothing when nobody could be reached.
  rt::task<std::optional<http::response>> ask_all(const rt::call& call, const contract::written_request& outgoing,
                                                  bool& sent);

  std::vector<std::unique_ptr<http::client>> clients_;
  replicas replicas_;
  absence absence_;
  std::string service_;
  std::string key_;
  const clock_source& clock_;
};

/// One local service as its callers in other processes reach it: below /<service>/…
struct internal_service {
  std::string name;
  const contract::router* routes;
};

/// The server for calls from other processes. Without a valid service token everything is answered 401, but for what a
/// process tells its operator: /health/live, /health/ready and /metrics.
class internal_server final : public rt::module {
 public:
  internal_server(rt::executor io, std::string address, std::uint16_t port, std::vector<internal_service> services,
                  std::string key, const clock_source& clock, std::function<std::vector<std::string>()> not_ready);

  [[nodiscard]] std::string name() const override { return "internal"; }
  rt::task<> start() override { return server_.start(); }
  rt::task<> stop(rt::deadline until) override { return server_.stop(until); }
  [[nodiscard]] std::uint16_t port() const { return server_.port(); }

 private:
  rt::task<http::response> answer(const http::request& incoming);
  /// Services may send each other larger bodies than a stranger may.
  rt::task<http::admission> admit(const http::request& head);
  /// Who calls, or the refusal, which is logged once in a while.
  std::expected<rt::principal, http::response> caller_of(const http::request& incoming);
  /// The service whose paths the request is for, or nullptr.
  [[nodiscard]] const internal_service* service_of(const http::request& incoming) const;

  std::vector<internal_service> services_;
  std::string key_;
  const clock_source& clock_;
  std::function<std::vector<std::string>()> not_ready_;
  rt::seldom refusals_{std::chrono::minutes(1)};  // one whose key or clock is wrong calls on
  http::server server_;
};

/// What stands before a service's paths on the internal server.
std::string internal_prefix(const std::string& service);

}  // namespace ticketshow::app
