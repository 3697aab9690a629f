#include "adapters/blob_s3/blob_s3.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "adapters/blob_s3/errors.hpp"
#include "http/url.hpp"
#include "rt/log.hpp"

namespace ticketshow::blob_s3 {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_bytes = 32UZ * 1024 * 1024;
constexpr auto start_timeout = 10s;
constexpr auto again_after = 5s;

http::client_options client_options_of(const options& settings) {
  auto server = http::options_for(settings.url);
  if (!server || !server->prefix.empty()) {
    throw std::runtime_error(fmt::format(
        "The address of S3 must be like http://127.0.0.1:9000 or https://s3.example, not \"{}\".", settings.url));
  }
  server->ca_file = settings.ca_file;
  server->max_response_bytes = most_bytes;
  return *server;
}

options checked(options settings) {
  if (settings.bucket.empty() || settings.keys.access_key.empty() || settings.keys.secret_key.empty() ||
      settings.keys.region.empty()) {
    throw std::runtime_error("S3 needs a region, a bucket, an access key and a secret key.");
  }
  while (settings.url.ends_with('/')) settings.url.pop_back();
  if (settings.public_url.empty()) settings.public_url = fmt::format("{}/{}", settings.url, settings.bucket);
  while (settings.public_url.ends_with('/')) settings.public_url.pop_back();
  return settings;
}

constexpr std::string_view policy_name = "PublicPosters";

/// Everybody may read posters; nothing is said of anything else, so that it stays the owner's.
std::string policy_of(const std::string& bucket) {
  return fmt::format(R"({{"Version":"2012-10-17","Statement":[{{"Sid":"{}","Effect":"Allow","Principal":"*",)"
                     R"("Action":["s3:GetObject"],"Resource":["arn:aws:s3:::{}/{}*"]}}]}})",
                     policy_name, bucket, ports::public_blobs);
}

[[noreturn]] void refuse(const http::response& answer, std::string_view what) {
  const auto why = read_error(answer.bytes());
  throw std::runtime_error(fmt::format("S3 refused {}: {} {} {}", what, answer.status, why.code, why.message));
}

/// Not for us to see or make, or of no service that has such a thing.
bool denies_policies(const http::response& answer) { return answer.status == 403 || answer.status == 501; }

void expect_success(const http::response& answer, std::string_view what) {
  if (answer.status / 100 != 2) refuse(answer, what);
}

}  // namespace

store::store(rt::executor io, const clock_source& clock, options settings)
    : io_(io),
      clock_(clock),
      settings_(checked(std::move(settings))),
      host_(http::host_header(client_options_of(settings_))),
      client_(io, client_options_of(settings_)),
      background_(io, "blobs") {}

rt::task<> store::start() {
  try {
    const auto until = rt::deadline::after(start_timeout);
    co_await prepare(until);
    co_return;
  } catch (const rt::unavailable& failure) {
    rt::log::warning("S3 cannot be reached; posters have to wait", {{"error", failure.what()}});
  }
  background_.spawn(prepare_later());
}

rt::task<> store::stop(rt::deadline until) { co_await background_.close(until); }

rt::task<> store::prepare_later() {
  while (!background_.closing()) {
    co_await rt::sleep_for(again_after);
    if (background_.closing()) co_return;
    try {
      const auto until = rt::deadline::after(start_timeout);
      co_await prepare(until);
      rt::log::info("S3 is there", {{"bucket", settings_.bucket}});
      co_return;
    } catch (const std::exception& failure) {
      rt::log::warning("S3 is not ready", {{"error", failure.what()}});
    }
  }
}

rt::task<> store::prepare(rt::deadline until) {
  question looking{.verb = http::method::HEAD, .path = '/' + settings_.bucket};
  const auto seen = co_await ask(until, std::move(looking));
  if (seen.status == 404) {
    co_await make_bucket(until);
  } else {
    expect_success(seen, "to show the bucket " + settings_.bucket);
    const bool has_policy = co_await keeps_policy(until);
    if (has_policy) co_return;
  }
  co_await make_posters_public(until);
}

rt::task<bool> store::keeps_policy(rt::deadline until) {
  question looking{.verb = http::method::GET, .path = '/' + settings_.bucket, .query = {{"policy", ""}}};
  const auto found = co_await ask(until, std::move(looking));
  if (found.status == 404) co_return false;
  if (denies_policies(found)) {
    rt::log::warning("S3 does not show the bucket's policy; browsers see posters if it lets everybody read them",
                     {{"bucket", settings_.bucket}, {"error", read_error(found.bytes()).message}});
    co_return true;
  }
  expect_success(found, "to show the policy of the bucket " + settings_.bucket);
  if (!found.bytes().contains(policy_name)) {
    rt::log::info("the bucket keeps the policy it has; browsers see posters if it lets everybody read them",
                  {{"bucket", settings_.bucket}});
  }
  co_return true;
}

rt::task<> store::make_posters_public(rt::deadline until) {
  question allowing{.verb = http::method::PUT,
                    .path = '/' + settings_.bucket,
                    .query = {{"policy", ""}},
                    .body = policy_of(settings_.bucket),
                    .headers = {{"content-type", "application/json"}}};
  const auto allowed = co_await ask(until, std::move(allowing));
  if (denies_policies(allowed)) {
    rt::log::warning("S3 lets us make no policy; browsers see posters when somebody lets everybody read them",
                     {{"bucket", settings_.bucket}, {"error", read_error(allowed.bytes()).message}});
    co_return;
  }
  expect_success(allowed, "the policy that makes posters public");
}

rt::task<> store::make_bucket(rt::deadline until) {
  question making{.verb = http::method::PUT, .path = '/' + settings_.bucket};
  if (settings_.keys.region != "us-east-1") {  // which must not be named
    making.body = fmt::format(
        "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><LocationConstraint>{}"
        "</LocationConstraint></CreateBucketConfiguration>",
        settings_.keys.region);
  }
  const auto made = co_await ask(until, std::move(making));
  // Another process of ours may have been quicker.
  if (made.status == 409 && read_error(made.bytes()).code == "BucketAlreadyOwnedByYou") co_return;
  expect_success(made, "to make the bucket " + settings_.bucket);
}

rt::task<http::response> store::send(rt::deadline until, const question& what) {
  const auto now = clock_.now();
  const auto method = to_string(what.verb);
  signable request{.method = method,
                   .path = what.path,
                   .query = what.query,
                   .headers = what.headers,
                   .payload_hash = sha256_hex(what.body)};
  request.headers.emplace_back("host", host_);
  request.headers.emplace_back("x-amz-content-sha256", request.payload_hash);
  request.headers.emplace_back("x-amz-date", amz_date(now));
  const auto proof = authorization(request, settings_.keys, now);
  auto target = uri_encode(what.path, true);
  if (!what.query.empty()) target += '?' + canonical_query(what.query);
  std::vector<http::header_view> headers{{"Authorization", proof}};
  for (const auto& [name, value] : request.headers) {
    if (name != "host") headers.push_back({name, value});  // the client says it
  }
  const http::request outgoing{.verb = what.verb, .target = target, .headers = headers, .body = what.body};
  co_return co_await client_.send(outgoing, until);
}

rt::task<http::response> store::ask(rt::deadline until, question what) {
  std::optional<http::response> got;
  for (bool again = false; !got; again = true) {
    try {
      got = co_await send(until, what);
    } catch (const http::no_answer&) {
      if (again || until.passed()) throw;
    }
  }
  const bool is_away = got->status >= 500 && got->status != 501;  // which another try does not change
  if (is_away || got->status == 429) {
    const auto why = read_error(got->bytes());
    throw rt::unavailable(fmt::format("S3 answered {} {} {}", got->status, why.code, why.message));
  }
  co_return std::move(*got);
}

std::string store::path_of(std::string_view key) const {
  if (!ports::is_blob_key(key)) throw std::invalid_argument(fmt::format("\"{}\" is no key of a blob", key));
  return fmt::format("/{}/{}", settings_.bucket, key);
}

rt::task<> store::put(rt::deadline until, std::string key, std::string bytes) {
  question putting{.verb = http::method::PUT,
                   .path = path_of(key),
                   .body = std::move(bytes),
                   .headers = {{"content-type", std::string(ports::type_of_blob(key))}}};
  if (key.starts_with(ports::public_blobs)) {
    putting.headers.emplace_back("cache-control", ports::blob_cache_control);
  }
  const auto answer = co_await ask(until, std::move(putting));
  expect_success(answer, "to keep " + key);
}

rt::task<std::optional<std::string>> store::get(rt::deadline until, std::string key) {
  question getting{.verb = http::method::GET, .path = path_of(key)};
  auto answer = co_await ask(until, std::move(getting));
  if (answer.status == 404 && read_error(answer.bytes()).code != "NoSuchBucket") co_return std::nullopt;
  expect_success(answer, "to give " + key);
  co_return std::move(answer.body);
}

rt::task<bool> store::exists(rt::deadline until, std::string key) {
  question looking{.verb = http::method::HEAD, .path = path_of(key)};
  const auto answer = co_await ask(until, std::move(looking));
  if (answer.status == 404) co_return false;
  expect_success(answer, "to look for " + key);
  co_return true;
}

rt::task<> store::remove(rt::deadline until, std::string key) {
  question removing{.verb = http::method::DELETE, .path = path_of(key)};
  const auto answer = co_await ask(until, std::move(removing));
  if (answer.status != 404) expect_success(answer, "to remove " + key);
}

std::string store::public_address(std::string_view key) const {
  return fmt::format("{}/{}", settings_.public_url, key);
}

std::optional<std::string> store::presigned(permission to, std::string_view key, std::chrono::seconds valid) const {
  const auto path = path_of(key);
  const auto query =
      presigned_query(to == permission::get ? "GET" : "PUT", host_, path, settings_.keys, clock_.now(), valid);
  return fmt::format("{}{}?{}", settings_.url, uri_encode(path, true), query);
}

}  // namespace ticketshow::blob_s3
