#pragma once

#include <functional>
#include <string>
#include <vector>

#include "contract/client.hpp"
#include "contract/router.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "rt/module.hpp"

/// Calls between the processes of one deployment: HTTP with a service token, the deadline's rest and the correlation
/// id.
namespace ticketshow::app {

/// Carries calls to the process that runs one service.
class remote_transport final : public contract::transport {
 public:
  /// `url` is http://host:port; throws std::runtime_error with a sentence when it is not.
  remote_transport(rt::executor io, const std::string& url, std::string service, std::string key,
                   const clock_source& clock);

  rt::task<http::response> send(rt::call call, contract::written_request outgoing) override;

 private:
  http::client client_;
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
  /// The service whose paths the request is for, or nullptr.
  [[nodiscard]] const internal_service* service_of(const http::request& incoming) const;

  std::vector<internal_service> services_;
  std::string key_;
  const clock_source& clock_;
  std::function<std::vector<std::string>()> not_ready_;
  http::server server_;
};

/// What stands before a service's paths on the internal server.
std::string internal_prefix(const std::string& service);

}  // namespace ticketshow::app
