#include "services/gateway/service.hpp"

#include <algorithm>

#include "api/payment.hpp"
#include "contract/operations.hpp"
#include "contract/wire.hpp"
#include "rt/log.hpp"

namespace ticketshow::gateway {
namespace {

using contract::problem;

/// Below this are public blobs, when the gateway gives them.
constexpr std::string_view media_root = "/media/";

bool is_token_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool is_lower_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

/// The trace id of a W3C traceparent ("00-<32 hex>-<16 hex>-<2 hex>"), or an empty view.
std::string_view trace_id_of(std::string_view parent) {
  if (parent.size() < 55 || parent[2] != '-' || parent[35] != '-' || parent[52] != '-') return {};
  const auto version = parent.substr(0, 2);
  const auto trace = parent.substr(3, 32);
  const auto span = parent.substr(36, 16);
  if (version == "ff" || (version == "00" && parent.size() != 55)) return {};
  const bool hex = std::ranges::all_of(version, is_lower_hex) && std::ranges::all_of(trace, is_lower_hex) &&
                   std::ranges::all_of(span, is_lower_hex) && std::ranges::all_of(parent.substr(53, 2), is_lower_hex);
  const auto is_zero = [](std::string_view id) { return id.find_first_not_of('0') == std::string_view::npos; };
  return hex && !is_zero(trace) && !is_zero(span) ? trace : std::string_view{};
}

bool is_below(std::string_view path, std::string_view root) {
  return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
}

/// Signing in, refreshing and signing out work whatever stale token is sent along.
bool ignores_bad_tokens(const contract::spec* endpoint) {
  return endpoint == &auth::login::spec || endpoint == &auth::register_account::spec ||
         endpoint == &auth::refresh::spec || endpoint == &auth::logout::spec || endpoint == &auth::get_keys::spec;
}

/// Each costs a password hash, and each is what a guesser of passwords would call.
bool is_sign_in(const contract::spec* endpoint) {
  return endpoint == &auth::login::spec || endpoint == &auth::register_account::spec ||
         endpoint == &auth::change_password::spec;
}

/// Comes from the card provider, from few addresses, and as often as customers pay: what it signed proves itself, what
/// it did not costs one hash and a line of the log.
bool is_signed(const contract::spec* endpoint) { return endpoint == &payment::payment_webhook::spec; }

/// The token of "Authorization: Bearer …"; empty when there is no such header, "?" (never a token) when it is another
/// scheme.
std::string_view bearer_of(const http::request& incoming) {
  const auto header = incoming.header("Authorization");
  if (header.empty()) return {};
  constexpr std::string_view scheme = "bearer ";
  if (header.size() <= scheme.size() || !http::same_name(header.substr(0, scheme.size()), scheme)) return "?";
  auto token = header.substr(scheme.size());
  token.remove_prefix(std::min(token.size(), token.find_first_not_of(' ')));
  return token;
}

http::response refuse_token(token_verifier::verdict why, std::string_view correlation_id) {
  const bool expired = why == token_verifier::verdict::expired;
  const bool revoked = why == token_verifier::verdict::revoked;
  auto refusal = to_response(problem{.kind = &contract::not_authenticated,
                                     .detail = expired   ? "The access token has expired."
                                               : revoked ? "The session of this access token has ended; it is invalid."
                                                         : "The access token is invalid."},
                             correlation_id);
  const auto challenge = std::ranges::find_if(
      refusal.headers, [](const auto& each) { return http::same_name(each.name, "WWW-Authenticate"); });
  if (challenge != refusal.headers.end()) {
    challenge->value = fmt::format(R"(Bearer error="invalid_token", error_description="The access token {}")",
                                   expired   ? "expired"
                                   : revoked ? "was revoked"
                                             : "is invalid");
  }
  return refusal;
}

http::response refuse_rate(rt::steady_clock::duration wait, std::string_view correlation_id) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  return to_response(problem{.kind = &contract::too_many_requests, .retry_after_s = static_cast<int>(seconds)},
                     correlation_id);
}

http::response refuse(const contract::error& kind, std::string_view correlation_id) {
  return to_response(problem{&kind, {}}, correlation_id);
}

http::response preflight_answer() {
  return {.status = 204,
          .headers = {
              {"Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE"},
              {"Access-Control-Allow-Headers", "Authorization, Content-Type, If-None-Match, X-Request-ID, traceparent"},
              {"Access-Control-Max-Age", "600"}}};
}

}  // namespace

service::service(dependencies needed)
    : settings_(std::move(needed.settings)),
      routes_(needed.routes),
      blobs_(needed.blobs),
      not_ready_(std::move(needed.not_ready)),
      ticks_(needed.ticks),
      random_(needed.random),
      proxies_(settings_.trusted_proxies),
      limiter_(settings_.rate_buckets, needed.random),
      streams_(settings_.streams),
      tokens_(needed.io, needed.clock, needed.random, needed.accounts, settings_.tokens, needed.ticks),
      site_(settings_.site, std::move(needed.openapi)),
      server_(needed.io, server_options(), [this](const http::request& incoming) { return answer(incoming); }) {}

http::server_options service::server_options() {
  auto chosen = settings_.server;
  chosen.admit = [this](const http::request& head) { return admit(head); };
  return chosen;
}

rt::task<> service::start() {
  site_.load();
  co_await tokens_.start();
  co_await server_.start();
}

rt::task<> service::stop(rt::deadline until) {
  co_await server_.stop(until);
  co_await tokens_.stop(until);
}

rt::task<http::response> service::answer(const http::request& incoming) {
  const auto began = rt::steady_clock::now();
  const auto correlation_id = correlation_of(incoming);
  const auto client = proxies_.client_of(incoming);
  if (!warned_of_proxy_ && proxies_.passes_over(incoming)) warn_of_proxy(incoming);
  const auto origin = incoming.header("Origin");
  const bool known_origin = !origin.empty() && is_cors_origin(origin);
  const auto path = incoming.path();

  http::response outgoing;
  auto what = traffic::kind::unknown;
  contract::router::match matched;
  if (known_origin && incoming.verb == http::method::OPTIONS &&
      !incoming.header("Access-Control-Request-Method").empty()) {
    what = traffic::kind::preflight;
    outgoing = preflight_answer();
  } else if (is_below(path, api_root)) {
    matched = routes_.find(incoming.verb, path);
    outgoing = co_await answer_api(incoming, client, matched, correlation_id);
    outgoing.headers.push_back({"Content-Security-Policy", std::string(api_policy)});
  } else if (blobs_ != nullptr && path.starts_with(media_root)) {
    what = traffic::kind::media;
    outgoing = co_await answer_media(incoming, client, correlation_id);
    outgoing.headers.push_back({"Content-Security-Policy", std::string(api_policy)});
  } else {
    outgoing = answer_site(incoming, client, correlation_id, what);
  }

  finish(outgoing, incoming, correlation_id);
  const traffic::visit done{incoming, outgoing, client, correlation_id, rt::steady_clock::now() - began};
  if (matched.endpoint() != nullptr) {
    traffic_.observe(matched, done);
  } else {
    traffic_.observe(what, done);
  }
  co_return outgoing;
}

void service::finish(http::response& outgoing, const http::request& incoming, const std::string& correlation_id) const {
  outgoing.headers.push_back({"X-Request-ID", correlation_id});
  outgoing.headers.push_back({"X-Content-Type-Options", "nosniff"});
  outgoing.headers.push_back({"Referrer-Policy", "no-referrer"});
  if (settings_.secure_cookies) {
    outgoing.headers.push_back({"Strict-Transport-Security", "max-age=31536000"});
  }
  const auto origin = incoming.header("Origin");
  const bool known_origin = !origin.empty() && is_cors_origin(origin);
  if (!settings_.cors_origins.empty()) add_cors(outgoing, known_origin ? origin : std::string_view{});
}

rt::task<http::response> service::answer_api(const http::request& incoming, std::string_view client,
                                             contract::router::match matched, std::string correlation_id) {
  using enum rate_limiter::kind;
  const auto* endpoint = matched.endpoint();
  // The address comes first, so that a flood of forged tokens is cut off before their signatures cost anything.
  const auto limited = !is_signed(endpoint);
  auto wait = limited ? limiter_.take(address, client, settings_.per_address, ticks_()) : rt::steady_clock::duration{};
  if (wait == wait.zero() && is_sign_in(endpoint)) wait = limiter_.take(sign_in, client, settings_.sign_in, ticks_());
  if (wait > wait.zero()) co_return refuse_rate(wait, correlation_id);

  rt::call call{.until = rt::deadline::after(settings_.request_timeout), .correlation_id = correlation_id};
  auto known = co_await identify(incoming, endpoint, call.until, correlation_id);
  if (!known) co_return std::move(known.error());
  call.caller = std::move(*known);
  wait = !limited                ? rt::steady_clock::duration{}
         : call.caller.is_user() ? limiter_.take(account, call.caller.user_id, settings_.per_account, ticks_())
                                 : limiter_.take(anonymous_address, client, settings_.per_account, ticks_());
  if (wait > wait.zero()) co_return refuse_rate(wait, correlation_id);
  const auto user_id = call.caller.user_id;
  auto answered = co_await routes_.dispatch(std::move(call), incoming, std::move(matched));
  auto outgoing = streams_.admit(std::move(answered), client, correlation_id);
  if (endpoint != nullptr && endpoint->who == contract::access::admin && incoming.verb != http::method::GET) {
    // The trail of what administrators do, and of what others tried.
    rt::log::info("administration", {{"method", to_string(incoming.verb)},
                                     {"path", incoming.path().substr(0, 200)},
                                     {"user_id", user_id},
                                     {"status", outgoing.status},
                                     {"correlation_id", correlation_id}});
  }
  co_return outgoing;
}

rt::task<std::expected<rt::principal, http::response>> service::identify(const http::request& incoming,
                                                                         const contract::spec* endpoint,
                                                                         rt::deadline until,
                                                                         const std::string& correlation_id) {
  using enum token_verifier::verdict;
  const auto token = bearer_of(incoming);
  if (endpoint == nullptr || token.empty()) co_return rt::principal{};
  auto judged = tokens_.check(token);
  if (judged.outcome == unknown_key) {
    const bool again = co_await tokens_.refetch(until);
    if (again) judged = tokens_.check(token);
  }
  if (judged.outcome == good) co_return *judged.caller;
  if (judged.outcome == no_keys) {
    // Nothing can be said of the token yet: what everybody may see is shown, all else has to wait.
    if (endpoint->who == contract::access::all) co_return rt::principal{};
    co_return std::unexpected(refuse(contract::service_unavailable, correlation_id));
  }
  if (ignores_bad_tokens(endpoint)) co_return rt::principal{};
  co_return std::unexpected(refuse_token(judged.outcome, correlation_id));
}

rt::task<http::admission> service::admit(const http::request& head) {
  const auto matched = routes_.find(head.verb, head.path());
  if (matched.max_body() <= settings_.server.max_body_bytes) co_return http::admission{};
  const auto began = rt::steady_clock::now();
  const auto correlation_id = correlation_of(head);
  const auto client = proxies_.client_of(head);
  std::optional<http::response> refusal;
  const auto limited = !is_signed(matched.endpoint());
  const auto wait = limited ? limiter_.take(rate_limiter::kind::address, client, settings_.per_address, ticks_())
                            : rt::steady_clock::duration{};
  if (wait > wait.zero()) {
    refusal = refuse_rate(wait, correlation_id);
  } else {
    const auto until = rt::deadline::after(settings_.request_timeout);
    auto known = co_await identify(head, matched.endpoint(), until, correlation_id);
    if (!known) {
      refusal = std::move(known.error());
    } else if (const auto allowed = contract::authorize(*matched.endpoint(), *known); !allowed) {
      refusal = to_response(allowed.error(), correlation_id);
    }
  }
  if (!refusal) co_return http::admission{.max_body_bytes = matched.max_body()};
  refusal->headers.push_back({"Content-Security-Policy", std::string(api_policy)});
  finish(*refusal, head, correlation_id);
  traffic_.observe(matched, {head, *refusal, client, correlation_id, rt::steady_clock::now() - began});
  co_return http::admission{.refusal = std::move(refusal)};
}

// What is under a key never changes, so that the key is its own ETag.
rt::task<http::response> service::answer_media(const http::request& incoming, std::string_view client,
                                               const std::string& correlation_id) {
  const auto wait = limiter_.take(rate_limiter::kind::address, client, settings_.per_address, ticks_());
  if (wait > wait.zero()) co_return refuse_rate(wait, correlation_id);
  if (incoming.verb != http::method::GET && incoming.verb != http::method::HEAD) {
    auto refusal = refuse(contract::method_not_allowed, correlation_id);
    refusal.headers.push_back({"Allow", "GET, HEAD"});
    co_return refusal;
  }
  const std::string key(incoming.path().substr(media_root.size()));
  if (!ports::is_blob_key(key) || !key.starts_with(ports::public_blobs)) {
    co_return refuse(contract::not_found, correlation_id);
  }
  const auto until = rt::deadline::after(settings_.request_timeout);
  std::optional<std::string> found;
  try {
    found = co_await blobs_->get(until, key);
  } catch (const std::exception& failure) {
    rt::log::error("a file could not be read", {{"key", key}, {"error", failure.what()}});
    co_return refuse(contract::service_unavailable, correlation_id);
  }
  if (!found) co_return refuse(contract::not_found, correlation_id);
  const auto etag = fmt::format("\"{}\"", key);
  http::response outgoing{.headers = {{"Cache-Control", std::string(ports::blob_cache_control)}, {"ETag", etag}}};
  if (contract::etag_matches(incoming.header("If-None-Match"), etag)) {
    outgoing.status = 304;
    co_return outgoing;
  }
  outgoing.headers.push_back({"Content-Type", std::string(ports::type_of_blob(key))});
  outgoing.headers.push_back({"Cross-Origin-Resource-Policy", "cross-origin"});
  outgoing.body = std::move(*found);
  co_return outgoing;
}

http::response service::answer_site(const http::request& incoming, std::string_view client,
                                    const std::string& correlation_id, traffic::kind& what) {
  const auto path = incoming.path();
  const auto plain_policy = [](http::response outgoing) {
    outgoing.headers.push_back({"Content-Security-Policy", std::string(api_policy)});
    return outgoing;
  };
  const bool health = path == "/health/live" || path == "/health/ready";
  const bool metrics = path == "/metrics" && may_see_metrics(incoming);
  if (!health && !metrics) {
    const auto wait = limiter_.take(rate_limiter::kind::address, client, settings_.per_address, ticks_());
    if (wait > wait.zero()) return plain_policy(refuse_rate(wait, correlation_id));
  }
  const bool reserved = path == "/metrics" || is_below(path, "/health") || is_below(path, "/internal");
  const auto* found = reserved ? nullptr : site_.find(path);
  what = health                    ? traffic::kind::health
         : metrics                 ? traffic::kind::metrics
         : found == nullptr        ? traffic::kind::unknown
         : path == "/openapi.json" ? traffic::kind::openapi
         : is_below(path, "/docs") ? traffic::kind::docs
                                   : traffic::kind::site;
  if (what == traffic::kind::unknown) return plain_policy(refuse(contract::not_found, correlation_id));
  if (incoming.verb != http::method::GET && incoming.verb != http::method::HEAD) {
    auto refusal = plain_policy(refuse(contract::method_not_allowed, correlation_id));
    refusal.headers.push_back({"Allow", "GET, HEAD"});
    return refusal;
  }
  if (health) return plain_policy(contract::health_answer(path, not_ready_()));
  if (metrics) return plain_policy(contract::metrics_answer(not_ready_()));
  auto outgoing = send(*found, incoming);
  outgoing.headers.push_back(
      {"Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"});
  return outgoing;
}

/// Once: anybody can send the header, and a proxy sends it with every request.
void service::warn_of_proxy(const http::request& incoming) {
  warned_of_proxy_ = true;
  rt::log::warning(
      "X-Forwarded-For is not believed: if this address is a proxy's, name it in http.trusted_proxies, "
      "or all its customers share one rate limit",
      {{"address", incoming.remote_address}});
}

/// Only this machine may, unless a setting says otherwise. A request that a proxy on this machine forwards is not this
/// machine's.
bool service::may_see_metrics(const http::request& incoming) const {
  if (settings_.metrics_public) return true;
  return is_loopback(incoming.remote_address) && incoming.header("X-Forwarded-For").empty() &&
         incoming.header("Forwarded").empty() && incoming.header("X-Real-IP").empty();
}

std::string service::correlation_of(const http::request& incoming) {
  const auto sent = incoming.header("X-Request-ID");
  if (sent.size() >= 8 && sent.size() <= 64 && std::ranges::all_of(sent, is_token_char)) return std::string(sent);
  const auto trace = trace_id_of(incoming.header("traceparent"));
  return trace.empty() ? random_.hex_id() : std::string(trace);
}

bool service::is_cors_origin(std::string_view origin) const {
  return std::ranges::find(settings_.cors_origins, origin) != settings_.cors_origins.end();
}

void service::add_cors(http::response& outgoing, std::string_view origin) const {
  const auto vary =
      std::ranges::find_if(outgoing.headers, [](const auto& each) { return http::same_name(each.name, "Vary"); });
  if (vary == outgoing.headers.end()) {
    outgoing.headers.push_back({"Vary", "Origin"});
  } else {
    vary->value += ", Origin";
  }
  if (origin.empty()) return;
  outgoing.headers.push_back({"Access-Control-Allow-Origin", std::string(origin)});
  outgoing.headers.push_back({"Access-Control-Allow-Credentials", "true"});
  outgoing.headers.push_back({"Access-Control-Expose-Headers", "ETag, Retry-After, X-Request-ID"});
}

}  // namespace ticketshow::gateway
