#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/auth.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "contract/router.hpp"
#include "http/server.hpp"
#include "ports/blob_store.hpp"
#include "rt/module.hpp"
#include "services/gateway/client_address.hpp"
#include "services/gateway/random_buffer.hpp"
#include "services/gateway/rate_limiter.hpp"
#include "services/gateway/site.hpp"
#include "services/gateway/stream_limiter.hpp"
#include "services/gateway/tokens.hpp"
#include "services/gateway/traffic.hpp"

/// The one public port: says who calls, keeps everybody within limits, hands over to the services' router, and serves
/// the web app and the API's documentation. It has no database.
namespace ticketshow::gateway {

struct options {
  http::server_options server{.name = "gateway", .port = 8000};
  rt::steady_clock::duration request_timeout = std::chrono::seconds(10);  ///< the deadline put into every call
  bool secure_cookies = false;                       ///< the public address is https: Strict-Transport-Security is sent
  std::vector<std::string> cors_origins;             ///< "https://tickets.example", exactly as browsers send it
  std::vector<std::string> trusted_proxies;          ///< addresses whose X-Forwarded-For is believed
  bool metrics_public = false;                       ///< answer /metrics to others than this machine
  rate per_account{.per_second = 50, .burst = 100};  ///< of an account, or of an address that is not signed in
  rate per_address{.per_second = 200, .burst = 400};
  rate sign_in{.per_second = 1, .burst = 10};  ///< of an address, for whatever tests or sets a password
  std::size_t rate_buckets = 65'536;           ///< accounts and addresses remembered for their limits
  stream_limiter::limits streams;
  token_options tokens;
  site_options site;
};

struct dependencies {
  rt::executor io;
  const clock_source& clock;
  random_source& random;
  options settings;
  auth::port& accounts;
  const contract::router& routes;  ///< the public endpoints, mounted for audience::outside below api_prefix
  std::function<std::vector<std::string>()> not_ready;  ///< the modules that cannot serve now, for /health/ready
  std::string openapi;                                  ///< the text of /openapi.json
  /// Where public blobs are read that browsers ask for below /media/; nullptr when they find them elsewhere.
  ports::blob_store* blobs = nullptr;
  /// The time that limits and refreshes go by; tests put their own.
  std::function<rt::steady_clock::time_point()> ticks = rt::steady_clock::now;
};

/// Everything below this is the API's, found or not; everything else is the site's.
inline constexpr std::string_view api_root = "/api";

class service final : public rt::module {
 public:
  /// Throws std::runtime_error with a sentence when an option makes no sense.
  explicit service(dependencies needed);

  [[nodiscard]] std::string name() const override { return "gateway"; }
  /// Reads the site's files into memory, asks auth for its keys once, and listens. That auth cannot be reached is no
  /// failure: what needs no account is served, and ready() is false until it answered.
  rt::task<> start() override;
  rt::task<> stop(rt::deadline until) override;
  /// Whether the keys of access tokens and the ended sessions are known.
  [[nodiscard]] bool ready() const override { return tokens_.ready(); }

  /// The server's handler: answers everything, problems included.
  rt::task<http::response> answer(const http::request& incoming);

  /// The port listened on, known after start().
  [[nodiscard]] std::uint16_t port() const { return server_.port(); }

 private:
  rt::task<http::response> answer_api(const http::request& incoming, std::string_view client,
                                      contract::router::match matched, std::string correlation_id);
  /// The account that the request's token proves, nobody without one, or why the token is refused.
  rt::task<std::expected<rt::principal, http::response>> identify(const http::request& incoming,
                                                                  const contract::spec* endpoint, rt::deadline until,
                                                                  const std::string& correlation_id);
  /// Lets who may call an endpoint send it as large a body as it takes, before the body is read.
  rt::task<http::admission> admit(const http::request& head);
  rt::task<http::response> answer_media(const http::request& incoming, std::string_view client,
                                        const std::string& correlation_id);
  /// Headers that every answer has.
  void finish(http::response& outgoing, const http::request& incoming, const std::string& correlation_id) const;
  http::server_options server_options();
  http::response answer_site(const http::request& incoming, std::string_view client, const std::string& correlation_id,
                             traffic::kind& what);
  void warn_of_proxy(const http::request& incoming);
  [[nodiscard]] bool may_see_metrics(const http::request& incoming) const;
  [[nodiscard]] std::string correlation_of(const http::request& incoming);
  [[nodiscard]] bool is_cors_origin(std::string_view origin) const;
  void add_cors(http::response& outgoing, std::string_view origin) const;

  options settings_;
  const contract::router& routes_;
  ports::blob_store* blobs_;
  std::function<std::vector<std::string>()> not_ready_;
  std::function<rt::steady_clock::time_point()> ticks_;
  random_buffer random_;
  proxy_list proxies_;
  bool warned_of_proxy_ = false;
  rate_limiter limiter_;
  stream_limiter streams_;
  token_verifier tokens_;
  site site_;
  traffic traffic_;
  http::server server_;
};

}  // namespace ticketshow::gateway
