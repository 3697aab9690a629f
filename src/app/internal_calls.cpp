#include "app/internal_calls.hpp"

#include <algorithm>
#include <charconv>

#include "app/service_token.hpp"
#include "contract/operations.hpp"
#include "http/url.hpp"
#include "rt/log.hpp"

namespace ticketshow::app {
namespace {

constexpr std::string_view token_header = "X-Service-Token";
constexpr std::string_view correlation_header = "X-Request-ID";
constexpr std::string_view time_left_header = "X-Time-Left-Ms";

/// Nobody waits longer than this for an internal call, whatever the header says.
constexpr std::chrono::milliseconds longest_call{60'000};

/// A process that ends keeps idle connections for so long; they are used again for less.
constexpr std::chrono::milliseconds drain_idle{1'000};

/// For so long calls wait for a service that nobody runs at the moment, and look for it so often.
constexpr std::chrono::seconds longest_absence{8};
constexpr std::chrono::milliseconds between_looks{50};

http::client_options options_of(const std::string& url, const std::string& service) {
  auto server = http::options_for(url);
  if (!server || server->tls || !server->prefix.empty()) {
    throw std::runtime_error(
        fmt::format("The setting {}.url must be like http://127.0.0.1:9001, not \"{}\".", service, url));
  }
  server->max_idle = drain_idle / 2;
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
          .admit = std::move(admit),
          .drain_idle = drain_idle};
}

/// Not the refusal of a person, whose token is another one: that is contract::not_authenticated.
constexpr contract::error service_token_refused{"SERVICE_TOKEN_REFUSED", 401,
                                                "This address takes calls from services only."};

std::string_view sentence_of(jose::token_error why) {
  switch (why) {
    case jose::token_error::bad_signature:
      return "The service token is signed with another key (internal.key_file).";
    case jose::token_error::expired:
    case jose::token_error::not_yet_valid:
      return "The service token is of another time: a clock is wrong.";
    case jose::token_error::wrong_audience:
      return "The service token is for a service that does not run here.";
    default:
      return service_token_refused.title;
  }
}

/// The sentence of a callee that does not believe that one of us calls.
std::optional<std::string> refusal_in(const http::response& answer) {
  if (answer.status != service_token_refused.status) return std::nullopt;
  static constexpr const contract::error* declared[] = {&service_token_refused};
  auto what = contract::from_response(answer, declared);
  if (*what.kind != service_token_refused) return std::nullopt;
  return std::move(what.detail);
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

remote_transport::remote_transport(rt::executor io, const std::vector<std::string>& addresses, std::string service,
                                   std::string key, const clock_source& clock)
    : replicas_(addresses), service_(std::move(service)), key_(std::move(key)), clock_(clock) {
  for (const auto& each : addresses) clients_.push_back(std::make_unique<http::client>(io, options_of(each, service_)));
}

rt::task<http::response> remote_transport::send(rt::call call, contract::written_request outgoing) {
  bool sent = false;
  while (true) {
    auto answer = co_await ask_all(call, outgoing, sent);
    if (answer) co_return std::move(*answer);
    co_await rt::sleep_for(std::min<rt::steady_clock::duration>(between_looks, call.until.left()));
  }
}

rt::task<std::optional<http::response>> remote_transport::ask_all(const rt::call& call,
                                                                  const contract::written_request& outgoing,
                                                                  bool& sent) {
  std::optional<http::no_answer> last;
  bool all_refuse = true;
  const auto order = replicas_.order(outgoing.affinity, rt::steady_clock::now());
  for (auto which = order.begin(); which != order.end(); ++which) {
    // One that stands still takes the request and never answers: who may ask again has time left for another.
    auto until = call.until.no_later_than(longest_call);
    const bool another = replicas_.one_is_there({std::next(which), order.end()}, rt::steady_clock::now());
    if (outgoing.repeatable && !sent && another) until = until.no_later_than(until.left() / 2);
    try {
      auto answer = co_await ask(*clients_[*which], call, outgoing, until);
      const auto refusal = refusal_in(answer);
      if (!refusal) {
        absence_.end();
        if (http::same_name(answer.header("Connection"), "close") && !answer.stream) {
          replicas_.leave_alone(*which, rt::steady_clock::now());
        }
        co_return answer;
      }
      last.emplace(fmt::format("{} does not take calls of this process: {}", service_, *refusal), false);
    } catch (const http::no_answer& failure) {
      last = failure;
      all_refuse = false;
    }
    replicas_.leave_alone(*which, rt::steady_clock::now());
    last->request_sent ? absence_.end() : absence_.look(rt::steady_clock::now());
    // What may have been done is asked for once more, not again and again: it may be what ends those who try.
    const bool again = !last->request_sent || (outgoing.repeatable && !std::exchange(sent, true));
    if (!again || call.until.passed()) throw *last;
  }
  if (all_refuse || absence_.length() >= longest_absence) throw *last;
  co_return std::nullopt;
}

rt::task<http::response> remote_transport::ask(http::client& replica, const rt::call& call,
                                               const contract::written_request& outgoing, rt::deadline until) {
  const auto token = make_service_token(call.caller, service_, key_, clock_.now());
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until.left());
  const auto left_ms = std::to_string(std::min(left, longest_call).count());
  auto headers = outgoing.header_views();
  headers.insert(headers.end(),
                 {{token_header, token}, {correlation_header, call.correlation_id}, {time_left_header, left_ms}});
  const http::request request{
      .verb = outgoing.verb, .target = outgoing.target, .headers = headers, .body = outgoing.body};
  if (outgoing.wants_stream) co_return co_await replica.open(request, until, longest_silence);
  co_return co_await replica.send(request, until);
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
  auto caller = caller_of(head);
  if (!caller) co_return http::admission{.refusal = std::move(caller.error())};
  co_return http::admission{.max_body_bytes = most_of_a_service};
}

std::expected<rt::principal, http::response> internal_server::caller_of(const http::request& incoming) {
  const auto* const service = service_of(incoming);
  const std::string token(incoming.header(token_header));
  auto why = jose::token_error::wrong_audience;
  if (service != nullptr) {
    auto caller = read_service_token(token, service->name, key_, clock_.now());
    if (caller) return std::move(*caller);
    why = caller.error();
  }
  const std::string sentence(sentence_of(why));
  if (!token.empty()) {
    if (const auto times = refusals_.count(rt::steady_clock::now())) {
      rt::log::error("service token refused", {{"path", incoming.path()}, {"times", *times}, {"error", sentence}});
    }
  }
  return std::unexpected(
      contract::to_response({&service_token_refused, sentence}, incoming.header(correlation_header)));
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
  if (path == "/metrics") co_return contract::metrics_answer(not_ready_());
  auto caller = caller_of(incoming);
  if (!caller) co_return std::move(caller.error());
  rt::call call{.until = deadline_of(incoming), .correlation_id = correlation_id, .caller = std::move(*caller)};
  co_return co_await service_of(incoming)->routes->dispatch(std::move(call), incoming);
}

}  // namespace ticketshow::app
