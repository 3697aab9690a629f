#include "tests/support/card_sandbox.hpp"

#include <cstdlib>
#include <stdexcept>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "http/url.hpp"

namespace ticketshow::test {
namespace {

http::client_options server_at(const std::string& url) { return http::options_for(url).value(); }

std::string parent_url() {
  const char* url = std::getenv("TICKETSHOW_TEST_SANDBOX");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  if (url != nullptr && *url != '\0') return url;
  throw std::runtime_error(
      "This test needs the card sandbox: run it through ./test, or start it (python3 -m tests.stack) and set "
      "TICKETSHOW_TEST_SANDBOX to its address.");
}

boost::json::value json_of(const http::response& answer) {
  if (answer.status == 200) return boost::json::parse(answer.body);
  throw std::runtime_error(fmt::format("the sandbox answered {}: {}", answer.status, answer.body));
}

}  // namespace

card_sandbox::card_sandbox(boost::asio::io_context& context, const std::string& webhook_url)
    : context_(context), parent_(context.get_executor(), server_at(parent_url())) {
  boost::json::object asked;
  if (!webhook_url.empty()) asked["webhook_url"] = webhook_url;
  const auto body = boost::json::serialize(asked);
  const http::request begin{.verb = http::method::POST, .target = "/sandbox/others", .body = body};
  const auto answer = json_of(send(parent_, begin));
  for (const auto& [name, value] : answer.as_object()) settings_.emplace(name, value.as_string());
  own_ = std::make_unique<http::client>(context.get_executor(), server_at(setting("DODO_URL")));
}

card_sandbox::~card_sandbox() {
  try {
    const auto target = fmt::format("/sandbox/others/{}/end", server_at(setting("DODO_URL")).port);
    json_of(send(parent_, {.verb = http::method::POST, .target = target}));
  } catch (const std::exception& error) {
    fmt::print(stderr, "a sandbox was not ended: {}\n", error.what());
  }
}

http::response card_sandbox::send(http::client& to, const http::request& what) {
  return rt::run(context_, to.send(what, rt::deadline::after(std::chrono::seconds(20))));
}

boost::json::value card_sandbox::control(http::method verb, const std::string& path, const std::string& body) {
  const auto target = "/sandbox/" + path;
  return json_of(send(*own_, {.verb = verb, .target = target, .body = body}));
}

http::response card_sandbox::submit(const std::string& url, const std::string& form) {
  const std::vector<http::header_view> headers{{"Content-Type", "application/x-www-form-urlencoded"}};
  const auto target = url.substr(setting("DODO_URL").size());
  return send(*own_, {.verb = http::method::POST, .target = target, .headers = headers, .body = form});
}

}  // namespace ticketshow::test
