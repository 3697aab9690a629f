#include "adapters/search_elastic/engine.hpp"

#include <stdexcept>

#include <boost/json/parse.hpp>
#include <fmt/format.h>
#include <sodium.h>

#include "http/url.hpp"

namespace ticketshow::search_elastic {
namespace {

constexpr std::size_t quoted_of_a_refusal = 300;

http::client_options options_of(const engine_address& where) {
  auto server = http::options_for(where.url);
  if (!server) {
    throw std::runtime_error(
        fmt::format("The search engine's address must be like http://127.0.0.1:9200, not \"{}\".", where.url));
  }
  server->ca_file = where.ca_file;
  return *server;
}

std::string basic(const std::string& user, const std::string& password) {
  const auto text = user + ':' + password;
  std::string base64(sodium_base64_encoded_len(text.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(base64.data(), base64.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  base64.pop_back();  // the terminating zero
  return "Basic " + base64;
}

}  // namespace

engine::engine(rt::executor io, const engine_address& where)
    : client_(io, options_of(where)), authorization_(where.user.empty() ? "" : basic(where.user, where.password)) {}

rt::task<http::response> engine::send(rt::deadline until, const question& what) {
  std::vector<http::header_view> headers;
  if (!what.body.empty()) headers.push_back({"Content-Type", "application/json"});
  if (!authorization_.empty()) headers.push_back({"Authorization", authorization_});
  const http::request request{.verb = what.verb, .target = what.path, .headers = headers, .body = what.body};
  co_return co_await client_.send(request, until);
}

rt::task<engine::answer> engine::ask(rt::deadline until, question what) {
  std::optional<http::response> got;
  for (bool again = false; !got; again = true) {
    try {
      got = co_await send(until, what);
    } catch (const http::no_answer&) {
      if (again || !what.repeatable || until.passed()) throw;
    }
  }
  const bool fine = got->status / 100 == 2 || (got->status == 404 && what.may_be_missing);
  if (!fine) {
    const auto refusal = fmt::format("the search engine answered {} to {} {}: {}", got->status, to_string(what.verb),
                                     what.path, got->bytes().substr(0, quoted_of_a_refusal));
    if (got->status == 400) throw std::runtime_error(refusal);
    throw rt::unavailable(refusal);
  }
  boost::system::error_code broken;
  auto body = boost::json::parse(got->bytes(), broken);
  if (broken) throw rt::unavailable("the search engine answered something that is no JSON");
  co_return answer{got->status, std::move(body)};
}

}  // namespace ticketshow::search_elastic
