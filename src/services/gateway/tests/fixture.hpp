#pragma once

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "api/wiring.hpp"
#include "http/client.hpp"
#include "services/gateway/service.hpp"
#include "services/gateway/tests/fake_auth.hpp"

namespace ticketshow::gateway {

/// A gateway before a fake auth, listening on a free port. Tests change `settings_` before the first use.
class gateway_test : public testing::Test {
 public:
  ~gateway_test() override {
    if (gateway_) rt::run(context_, gateway_->stop(rt::deadline::after(std::chrono::seconds(5))));
    if (!directory_.empty()) std::filesystem::remove_all(directory_);
  }

 protected:
  using headers = std::vector<http::header_view>;

  gateway_test() : routes_("/api/v1") {
    api::mount<auth::port>(routes_, accounts_, contract::router::audience::outside);
    settings_.server.port = 0;
    settings_.tokens.revocation_poll = std::chrono::milliseconds(5);
  }

  service& gateway() {
    if (!gateway_) {
      gateway_ = std::make_unique<service>(dependencies{.io = context_.get_executor(),
                                                        .clock = clock_,
                                                        .random = random_,
                                                        .settings = settings_,
                                                        .accounts = accounts_,
                                                        .routes = routes_,
                                                        .not_ready = [this] { return not_ready_; },
                                                        .openapi = R"({"openapi":"3.1.0"})",
                                                        .ticks = [this] { return now_; }});
      rt::run(context_, gateway_->start());
    }
    return *gateway_;
  }

  /// Straight to the handler.
  http::response ask(http::method verb, std::string_view target, headers sent = {}, std::string_view body = {}) {
    sent.push_back({"Content-Type", "application/json"});
    const http::request incoming{
        .verb = verb, .target = target, .headers = sent, .body = body, .remote_address = peer_};
    return rt::run(context_, gateway().answer(incoming));
  }
  http::response get(std::string_view target, const headers& sent = {}) { return ask(http::method::GET, target, sent); }
  http::response get_as(const std::string& token, std::string_view target = "/api/v1/auth/me") {
    const auto value = "Bearer " + token;
    return get(target, {{"Authorization", value}});
  }

  /// Over a socket.
  http::response fetch(http::method verb, std::string_view target, headers sent = {}) {
    http::client client(context_.get_executor(), {.port = gateway().port()});
    const http::request outgoing{.verb = verb, .target = target, .headers = sent};
    return rt::run(context_, client.send(outgoing, rt::deadline::after(std::chrono::seconds(10))));
  }

  static std::string text_of(const http::response& answer, std::string_view name) {
    const auto document = contract::parse_document(answer.bytes());
    const auto* found = document.root.find(name);
    return found == nullptr ? "" : found->text;
  }

  /// A directory that is gone after the test.
  const std::filesystem::path& directory() {
    if (directory_.empty()) {
      system_random_source random;
      directory_ = std::filesystem::temp_directory_path() / ("ticketshow-gateway-" + random_hex(random, 8));
      std::filesystem::create_directories(directory_);
    }
    return directory_;
  }
  void write(const std::string& file, std::string_view content) {
    const auto path = directory() / file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
  }

  boost::asio::io_context context_;
  manual_clock clock_{timestamp(std::chrono::seconds(1'795'000'000))};
  seeded_random_source random_{1};
  fake_auth accounts_{clock_};
  contract::router routes_;
  options settings_;
  std::vector<std::string> not_ready_;
  rt::steady_clock::time_point now_ = rt::steady_clock::now();
  std::string peer_ = "198.51.100.7";
  std::unique_ptr<service> gateway_;
  std::filesystem::path directory_;
};

}  // namespace ticketshow::gateway
