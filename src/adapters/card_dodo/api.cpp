#include "adapters/card_dodo/api.hpp"

#include <charconv>

#include <boost/json/parse.hpp>

#include "adapters/card_dodo/refusals.hpp"
#include "ports/card_gateway.hpp"

namespace ticketshow::card_dodo {
namespace {

constexpr int too_many_requests = 429;

/// A whole number of at most six digits; nothing for anything else, an HTTP date included.
std::optional<std::uint32_t> number_in(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number > 999'999) return {};
  return number;
}

}  // namespace

api::api(rt::executor io, http::client_options server, const std::string& key, limits rate)
    : client_(io, std::move(server)), authorization_("Bearer " + key), pace_(io, rate) {}

void api::note_limits(const http::response& got) {
  const auto now = rt::steady_clock::now();
  if (got.status == too_many_requests) {
    const auto wait_s = number_in(got.header("Retry-After"));
    pace_.allowed().refused(std::chrono::seconds(wait_s.value_or(0)), now);
    return;
  }
  pace_.allowed().accepted();
  if (const auto left = number_in(got.header("X-RateLimit-Remaining"))) pace_.allowed().told_remaining(*left, now);
}

rt::task<http::response> api::send(rt::deadline until, const question& what) {
  std::vector<http::header_view> headers{{"Authorization", authorization_}, {"Accept", "application/json"}};
  if (!what.body.empty()) headers.push_back({"Content-Type", "application/json"});
  const http::request request{.verb = what.verb, .target = what.path, .headers = headers, .body = what.body};
  while (true) {
    co_await pace_.turn(until, what.how);
    auto got = co_await client_.send(request, until);
    note_limits(got);
    if (got.status != too_many_requests) co_return got;
  }
}

rt::task<boost::json::value> api::ask(rt::deadline until, question what) {
  const auto got = co_await send(until, what);
  if (got.status != 200) throw_refusal(got.status, got.bytes());
  boost::system::error_code broken;
  auto answer = boost::json::parse(got.bytes(), broken);
  if (broken) throw rt::unavailable("Dodo answered something that is no JSON");
  co_return answer;
}

rt::task<std::optional<boost::json::value>> api::find(rt::deadline until, question what) {
  try {
    co_return co_await ask(until, std::move(what));
  } catch (const ports::card_refused& refusal) {
    if (refusal.kind() != ports::card_refused::why::unknown) throw;
  }
  co_return std::nullopt;
}

}  // namespace ticketshow::card_dodo
