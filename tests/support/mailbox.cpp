#include "tests/support/mailbox.hpp"

#include <cstdlib>
#include <curl/curl.h>
#include <memory>
#include <stdexcept>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/random.hpp"

namespace ticketshow::test {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets it
  if (value == nullptr || *value == '\0') {
    throw std::runtime_error(fmt::format(
        "This test needs a mail server: run it through ./test, or start one (python3 -m tests.stack) and set {}.",
        name));
  }
  return value;
}

/// What `url` answers.
std::string get(const std::string& url) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(), &curl_easy_cleanup);
  std::string body;
  curl_easy_setopt(handle.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_NOPROXY, "*");
  curl_easy_setopt(handle.get(), CURLOPT_TIMEOUT, 20L);
  curl_easy_setopt(handle.get(), CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(
      handle.get(), CURLOPT_WRITEFUNCTION, +[](char* text, std::size_t size, std::size_t count, void* to) {
        static_cast<std::string*>(to)->append(text, size * count);
        return size * count;
      });
  curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &body);
  const auto done = curl_easy_perform(handle.get());
  if (done != CURLE_OK) throw std::runtime_error(fmt::format("{}: {}", url, curl_easy_strerror(done)));
  return body;
}

std::string text_of(const boost::json::object& of, std::string_view name) {
  const auto* value = of.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string{};
}

std::string escaped(std::string_view text) {
  const std::unique_ptr<char, decltype(&curl_free)> done(
      curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size())), &curl_free);
  return done.get();
}

}  // namespace

std::string mailbox_url() { return variable("TICKETSHOW_TEST_MAILBOX"); }

relay_urls relay() {
  const auto open = variable("TICKETSHOW_TEST_RELAY");
  const auto colon = open.rfind(':');
  const int port = std::stoi(open.substr(colon + 1));
  const auto host = open.substr(0, colon);
  return {.open = open,
          .guarded = fmt::format("{}:{}", host, port + 1),
          .encrypted = fmt::format("smtps{}:{}", host.substr(host.find(':')), port + 2),
          .certificate = variable("TICKETSHOW_TEST_RELAY_CERTIFICATE")};
}

std::vector<received_mail> mails_to(std::string_view address) {
  const auto api = variable("TICKETSHOW_TEST_MAILBOX_HTTP") + "/api/email";
  const auto found = boost::json::parse(get(fmt::format("{}?sort=asc&envelope.to.address={}", api, escaped(address))));
  std::vector<received_mail> mails;
  for (const auto& each : found.as_array()) {
    const auto& mail = each.as_object();
    received_mail read{.subject = text_of(mail, "subject"),
                       .text = text_of(mail, "text"),
                       .html = text_of(mail, "html"),
                       .headers = {},
                       .source = get(fmt::format("{}/{}/source", api, text_of(mail, "id")))};
    const auto& headers = mail.at("headers").as_object();
    for (const auto& [name, value] : headers) read.headers[name] = text_of(headers, name);
    mails.push_back(std::move(read));
  }
  return mails;
}

std::string fresh_address(std::string_view word) {
  system_random_source random;
  return fmt::format("{}.{}@example.com", word, random_hex(random, 8));
}

}  // namespace ticketshow::test
