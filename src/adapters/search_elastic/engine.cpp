#include "adapters/search_elastic/engine.hpp"

#include <stdexcept>

#include <boost/json/parse.hpp>
#include <boost/url/parse.hpp>
#include <fmt/format.h>
#include <sodium.h>

namespace ticketshow::search_elastic {
namespace {

constexpr std::size_t quoted_of_a_refusal = 300;

boost::urls::url_view parse(const std::string& url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed || parsed->scheme() != "http" || parsed->port_number() == 0 || parsed->has_query()) {
    throw std::runtime_error(
        fmt::format("The search engine's address must be like http://127.0.0.1:9200, not \"{}\".", url));
  }
  return *parsed;
}

http::client_options options_of(const std::string& url) {
  const auto parsed = parse(url);
  return {.host = std::string(parsed.host()), .port = parsed.port_number()};
}

std::string prefix_of(const std::string& url) {
  std::string path(parse(url).encoded_path());
  while (path.ends_with('/')) path.pop_back();
  return path;
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
    : client_(io, options_of(where.url)),
      prefix_(prefix_of(where.url)),
      authorization_(where.user.empty() ? "" : basic(where.user, where.password)) {}

rt::task<http::response> engine::send(rt::deadline until, const question& what) {
  const auto target = prefix_ + what.path;
  std::vector<http::header_view> headers;
  if (!what.body.empty()) headers.push_back({"Content-Type", "application/json"});
  if (!authorization_.empty()) headers.push_back({"Authorization", authorization_});
  const http::request request{.verb = what.verb, .target = target, .headers = headers, .body = what.body};
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
