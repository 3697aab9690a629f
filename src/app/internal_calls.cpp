#include "app/internal_calls.hpp"

#include <algorithm>
#include <charconv>

#include "app/service_token.hpp"
#include "contract/operations.hpp"
#include "http/url.hpp"

namespace ticketshow::app {
namespace {

constexpr std::string_view token_header = "X-Service-Token";
constexpr std::string_view correlation_header = "X-Request-ID";
constexpr std::string_view time_left_header = "X-Time-Left-Ms";

/// Nobody waits longer than this for an internal call, whatever the header says.
constexpr std::chrono::milliseconds longest_call{60'000};

http::client_options options_of(const std::string& url, const std::string& service) {
  auto server = http::options_for(url);
  if (!server || server->tls || !server->prefix.empty()) {
    throw std::runtime_error(
        fmt::format("The setting {}.url must be like http://127.0.0.1:9001, not \"{}\".", service, url));
  }
  return *server;
}

/// A stream that is silent for so long has lost its sender, whose heartbeats come more often.
constexpr std::chrono::seconds longest_silence{60};

/// What one service sends another that people sent first: a poster's form.
constexpr std::size_t most_of_a_service = 8UZ * 1024 * 1024;

http::server_options server_options_of(std::string address, std::uint16_t port, http::admission_check admit) {
  return {.name = "internal",
          .address = std::move(address),
          .port = port,
          .max_connections = 20'000,  // a gateway has one for each live seat map
          .max_body_bytes = 1024UZ * 1024,
          .admit = std::move(admit)};
}

rt::deadline deadline_of(const http::request& incoming) {
  const auto text = incoming.header(time_left_header);
  std::int64_t left_ms = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), left_ms);
  if (error != std::errc{} || end != text.data() + text.size() || left_ms < 0) return rt::deadline::after(longest_call);
  return rt::deadline::after(std::min(longest_call, std::chrono::milliseconds(left_ms)));
}

}  // namespace

std::string internal_prefix(const std::string& service) { return '/' + service; }

remote_transport::remote_transport(rt::executor io, const std::string& url, std::string service, std::string key,
                                   const clock_source& clock)
    : client_(io, options_of(url, service)), service_(std::move(service)), key_(std::move(key)), clock_(clock) {}

rt::task<http::response> remote_transport::send(rt::call call, contract::written_request outgoing) {
  const auto token = make_service_token(call.caller, service_, key_, clock_.now());
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(call.until.left());
  const auto left_ms = std::to_string(std::min(left, longest_call).count());
  auto headers = outgoing.header_views();
  headers.insert(headers.end(),
                 {{token_header, token}, {correlation_header, call.correlation_id}, {time_left_header, left_ms}});
  const http::request request{
      .verb = outgoing.verb, .target = outgoing.target, .headers = headers, .body = outgoing.body};
  const auto until = call.until.no_later_than(longest_call);
  if (outgoing.wants_stream) co_return co_await client_.open(request, until, longest_silence);
  co_return co_await client_.send(request, until);
}

internal_server::internal_server(rt::executor io, std::string address, std::uint16_t port,
                                 std::vector<internal_service> services, std::string key, const clock_source& clock,
                                 std::function<std::vector<std::string>()> not_ready)
    : services_(std::move(services)),
      key_(std::move(key)),
      clock_(clock),
      not_ready_(std::move(not_ready)),
      server_(io,
              server_options_of(std::move(address), port, [this](const http::request& head) { return admit(head); }),
              [this](const http::request& incoming) { return answer(incoming); }) {}

rt::task<http::admission> internal_server::admit(const http::request& head) {
  const auto* const service = service_of(head);
  const std::string token(head.header(token_header));
  const bool known = service != nullptr && read_service_token(token, service->name, key_, clock_.now()).has_value();
  co_return http::admission{.max_body_bytes = known ? most_of_a_service : 0};
}

const internal_service* internal_server::service_of(const http::request& incoming) const {
  const auto is_for = [&](const auto& each) { return incoming.target.starts_with(internal_prefix(each.name) + '/'); };
  const auto found = std::ranges::find_if(services_, is_for);
  return found == services_.end() ? nullptr : &*found;
}

rt::task<http::response> internal_server::answer(const http::request& incoming) {
  const std::string correlation_id(incoming.header(correlation_header));
  const auto path = incoming.path();
  if (path == "/health/live" || path == "/health/ready") co_return contract::health_answer(path, not_ready_());
  if (path == "/metrics") co_return contract::metrics_answer();
  if (const auto* const service = service_of(incoming)) {
    const std::string token(incoming.header(token_header));
    auto caller = read_service_token(token, service->name, key_, clock_.now());
    if (caller) {
      rt::call call{.until = deadline_of(incoming), .correlation_id = correlation_id, .caller = std::move(*caller)};
      co_return co_await service->routes->dispatch(std::move(call), incoming);
    }
  }
  co_return contract::to_response({&contract::not_authenticated, "This address takes calls from services only."},
                                  correlation_id);
}

}  // namespace ticketshow::app
