#pragma once

#include <stdexcept>

#include "http/tests/fixture.hpp"
#include "rt/gate.hpp"

namespace ticketshow::http {

/// A client whose options tests change before its first use, and a peer that a test plays byte by byte.
class client_test : public server_test {
 public:
  ~client_test() override { rt::run(context_, calls_.close(rt::deadline::after(std::chrono::seconds(5)))); }

 protected:
  static constexpr auto plenty = std::chrono::seconds(10);

  /// What became of a call: an answer, or why there is none.
  struct outcome {
    bool done = false;
    std::optional<response> answer;
    std::string error;
    bool request_sent = false;
  };

  http::client& client() {
    if (!client_) client_ = std::make_unique<http::client>(context_.get_executor(), options_);
    return *client_;
  }
  /// The test plays the server from here.
  raw_server& peer() {
    if (!peer_) {
      peer_ = std::make_unique<raw_server>(context_);
      options_.port = peer_->port();
    }
    return *peer_;
  }
  /// Begins a call; its outcome comes while the context runs. The texts stay the caller's until then.
  std::shared_ptr<outcome> begin(method verb, std::string_view target = "/",
                                 rt::steady_clock::duration at_most = plenty, std::string_view body = {}) {
    auto result = std::make_shared<outcome>();
    const request outgoing{.verb = verb, .target = target, .body = body};
    calls_.spawn(call(outgoing, rt::deadline::after(at_most), result));
    return result;
  }
  outcome finish(const std::shared_ptr<outcome>& begun) {
    wait_until([&] { return begun->done; });
    return *begun;
  }
  outcome send(method verb, std::string_view target = "/", rt::steady_clock::duration at_most = plenty) {
    return finish(begin(verb, target, at_most));
  }

  client_options options_;
  std::unique_ptr<http::client> client_;
  std::unique_ptr<raw_server> peer_;
  rt::gate calls_{context_.get_executor(), "calls"};

 private:
  rt::task<> call(request outgoing, rt::deadline until, std::shared_ptr<outcome> result) {
    try {
      result->answer = co_await client().send(outgoing, until);
    } catch (const no_answer& none) {
      result->error = none.what();
      result->request_sent = none.request_sent;
    } catch (const std::invalid_argument& wrong) {
      result->error = wrong.what();
    }
    result->done = true;
  }
};

}  // namespace ticketshow::http
