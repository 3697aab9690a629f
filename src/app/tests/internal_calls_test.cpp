// Calls to a service of several processes: real servers that come, go, refuse, break off and stand still.
#include "app/internal_calls.hpp"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/tests/fixture.hpp"
#include "rt/gate.hpp"

namespace ticketshow::app {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

contract::written_request reading(std::string affinity = {}) {
  return {.verb = http::method::GET, .target = "/x", .repeatable = true, .affinity = std::move(affinity)};
}
contract::written_request changing() { return {.verb = http::method::PATCH, .target = "/x"}; }

class InternalCalls : public testing::Test {
 public:
  ~InternalCalls() override {
    for (auto& each : peers_) stop(each);
  }

 protected:
  /// A process of the service; its answers are its number.
  struct peer {
    peer(rt::executor io, int number, std::uint16_t port)
        : server(io, {.port = port, .drain_idle = 1s},
                 [this, number](const http::request&) { return answer(number); }) {}
    rt::task<http::response> answer(int number) {
      ++asked;
      co_await rt::sleep_for(takes);
      co_return http::response{.status = 200, .body = std::to_string(number)};
    }
    int asked = 0;
    std::chrono::milliseconds takes{0};
    http::server server;
  };

  peer& start(std::uint16_t port = 0) {
    auto& made =
        *peers_.emplace_back(std::make_unique<peer>(context_.get_executor(), static_cast<int>(peers_.size()), port));
    rt::run(context_, made.server.start());
    addresses_.push_back(address_of(made.server.port()));
    return made;
  }
  void stop(std::unique_ptr<peer>& which) {
    if (which) rt::run(context_, which->server.stop(rt::deadline::after(5s)));
    which.reset();
  }

  static std::string address_of(std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port); }
  /// One on which nobody listens.
  std::string nobody() { return address_of(http::raw_server(context_).port()); }

  remote_transport& transport() {
    if (!transport_) transport_.emplace(context_.get_executor(), addresses_, "booking", std::string(64, 'a'), clock_);
    return *transport_;
  }
  std::string ask(contract::written_request what, rt::steady_clock::duration at_most = 10s) {
    const rt::call call{.until = rt::deadline::after(at_most)};
    return rt::run(context_, transport().send(call, std::move(what))).body;
  }

  /// Calls again and again, what may not be repeated.
  rt::task<> call_on(const bool& over, int& answered) {
    while (!over) {
      const rt::call call{.until = rt::deadline::after(10s)};
      co_await transport().send(call, changing());
      ++answered;
    }
  }
  /// The first process starts anew, after a while.
  rt::task<> come_back(int number, std::uint16_t port) {
    co_await rt::sleep_for(300ms);
    peers_[0] = std::make_unique<peer>(context_.get_executor(), number, port);
    co_await peers_[0]->server.start();
  }

  rt::asio::io_context context_{1};
  system_clock_source clock_;
  std::vector<std::unique_ptr<peer>> peers_;
  std::vector<std::string> addresses_;
  std::optional<remote_transport> transport_;
};

TEST_F(InternalCalls, AreSpreadOverAllReplicas) {
  start();
  start();
  for (int i = 0; i < 10; ++i) ask(changing());
  EXPECT_EQ(peers_[0]->asked, 5);
  EXPECT_EQ(peers_[1]->asked, 5);
}

TEST_F(InternalCalls, AboutOneThingGoToOneReplica) {
  start();
  start();
  std::set<std::string> who;
  for (int i = 0; i < 10; ++i) who.insert(ask(reading("42")));
  EXPECT_EQ(who.size(), 1U);
  for (int i = 0; i < 20; ++i) who.insert(ask(reading(std::to_string(i))));
  EXPECT_EQ(who.size(), 2U);
}

TEST_F(InternalCalls, WhoRefusesIsPassedOverEvenByWhatMayNotBeRepeated) {
  addresses_.push_back(nobody());
  start();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(ask(changing()), "0");
}

TEST_F(InternalCalls, SurviveThatReplicasStopAndStartAgainOneAfterTheOther) {
  start();
  start();
  bool over = false;
  int answered = 0;
  rt::gate callers(context_.get_executor(), "callers");
  testing::internal::CaptureStderr();  // a call that failed is logged by the gate
  for (int i = 0; i < 4; ++i) callers.spawn(call_on(over, answered));
  for (std::size_t which = 0; which < 2; ++which) {
    rt::run(context_, rt::sleep_for(100ms));
    const auto port = peers_[which]->server.port();
    stop(peers_[which]);
    peers_[which] = std::make_unique<peer>(context_.get_executor(), static_cast<int>(which), port);
    rt::run(context_, peers_[which]->server.start());
  }
  rt::run(context_, rt::sleep_for(replicas::left_alone + 100ms));
  over = true;
  rt::run(context_, callers.drain(rt::deadline::after(5s)));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_GT(answered, 100);
  EXPECT_GT(peers_[0]->asked, 0);
  EXPECT_GT(peers_[1]->asked, 0);
}

TEST_F(InternalCalls, WaitForAServiceThatStartsAnew) {
  const auto port = start().server.port();
  stop(peers_[0]);
  rt::gate later(context_.get_executor(), "later");
  later.spawn(come_back(7, port));
  EXPECT_EQ(ask(changing()), "7");
  rt::run(context_, later.drain(rt::deadline::after(5s)));
}

TEST_F(InternalCalls, WaitForNobodyBeyondTheirDeadline) {
  addresses_ = {nobody(), nobody()};
  const auto began = rt::steady_clock::now();
  EXPECT_THROW(ask(changing(), 200ms), http::no_answer);
  EXPECT_LT(rt::steady_clock::now() - began, 2s);
}

/// A peer that reads a request and hangs up, beside one that answers.
class BrokenOff : public InternalCalls {
 protected:
  BrokenOff() : breaking_(context_) {
    addresses_.push_back(address_of(breaking_.port()));
    start();
  }
  /// Has the breaking one asked, and gives what the caller got in the end.
  std::string ask_and_break(contract::written_request what) {
    std::string got = "nothing yet";
    const auto call = [](remote_transport& through, contract::written_request asked,
                         std::string& answer) -> rt::task<> {
      const rt::call by{.until = rt::deadline::after(10s)};
      try {
        answer = (co_await through.send(by, std::move(asked))).body;
      } catch (const http::no_answer& none) {
        answer = none.request_sent ? "may have been done" : "was not done";
      }
    };
    rt::gate callers(context_.get_executor(), "callers");
    callers.spawn(call(transport(), std::move(what), got));
    auto line = breaking_.accept();
    line.read_request();
    line.reset();
    rt::run(context_, callers.drain(rt::deadline::after(5s)));
    return got;
  }

  http::raw_server breaking_;
};

TEST_F(BrokenOff, WhatMayBeRepeatedIsAskedOfAnother) { EXPECT_EQ(ask_and_break(reading()), "0"); }

TEST_F(BrokenOff, WhatMayHaveBeenDoneIsNotSentAgain) {
  EXPECT_EQ(ask_and_break(changing()), "may have been done");
  EXPECT_EQ(peers_[0]->asked, 0);
}

TEST_F(BrokenOff, ARequestThatEndsWhoeverTakesItIsSentTwiceAtMost) {
  stop(peers_[0]);
  http::raw_server second(context_);
  addresses_[1] = address_of(second.port());
  rt::gate callers(context_.get_executor(), "callers");
  std::string got;
  const auto call = [](remote_transport& through, std::string& answer) -> rt::task<> {
    const rt::call by{.until = rt::deadline::after(10s)};
    try {
      co_await through.send(by, reading());
    } catch (const http::no_answer& none) {
      answer = none.what();
    }
  };
  callers.spawn(call(transport(), got));
  for (auto* each : {&breaking_, &second}) {
    auto line = each->accept();
    line.read_request();
    line.reset();
  }
  rt::run(context_, callers.drain(rt::deadline::after(5s)));
  EXPECT_THAT(got, HasSubstr("did not answer"));
  EXPECT_FALSE(breaking_.somebody_comes_within(100ms));
}

TEST_F(InternalCalls, WhoStandsStillIsGivenHalfTheTime) {
  http::raw_server still(context_);
  addresses_.push_back(address_of(still.port()));
  start();
  EXPECT_EQ(ask(reading(), 400ms), "0");
  EXPECT_EQ(ask(changing(), 400ms), "0") << "it is left alone now";
}

TEST_F(InternalCalls, WhoIsAloneIsGivenAllTheTime) {
  addresses_.push_back(nobody());
  start().takes = 600ms;
  EXPECT_EQ(ask(reading(), 1s), "0");
  EXPECT_EQ(peers_[0]->asked, 1);
}

TEST_F(InternalCalls, AnAddressThatIsNoneIsNamed) {
  addresses_ = {"http://127.0.0.1:1", "127.0.0.1:2"};
  EXPECT_THROW(transport(), std::runtime_error);
}

/// What a process of booking does with the tokens of its callers.
class ServiceTokens : public InternalCalls {
 public:
  ~ServiceTokens() override {
    for (auto& each : processes_) rt::run(context_, each->stop(rt::deadline::after(5s)));
  }

 protected:
  /// A process with the key `key`, or with that of the callers, which has no endpoints: who is believed is answered
  /// 404.
  void start_process(char key = 'a') {
    auto& made = *processes_.emplace_back(
        std::make_unique<internal_server>(context_.get_executor(), "127.0.0.1", std::uint16_t{0},
                                          std::vector<internal_service>{{.name = "booking", .routes = &routes_}},
                                          std::string(64, key), callees_, [] { return std::vector<std::string>{}; }));
    rt::run(context_, made.start());
    addresses_.push_back(address_of(made.port()));
  }

  int status_of(std::string path, std::string body = {}) {
    contract::written_request what{.verb = http::method::PATCH, .target = std::move(path), .body = std::move(body)};
    const rt::call call{.until = rt::deadline::after(10s), .caller = {.service = "payment"}};
    return rt::run(context_, transport().send(call, std::move(what))).status;
  }
  /// The sentence of a call that is refused, and not waited for.
  std::string refusal_of(std::string path, std::string body = {}) {
    const auto began = rt::steady_clock::now();
    std::string why = "nothing";
    try {
      why = std::to_string(status_of(std::move(path), std::move(body)));
    } catch (const rt::unavailable& failure) {
      why = failure.what();
    }
    EXPECT_LT(rt::steady_clock::now() - began, 2s);
    return why;
  }

  contract::router routes_{"/booking"};
  manual_clock callees_{clock_.now()};
  std::vector<std::unique_ptr<internal_server>> processes_;
};

TEST_F(ServiceTokens, AreBelievedWhenClocksDifferByLessThanAMinute) {
  start_process();
  EXPECT_EQ(status_of("/booking/x"), 404);
  callees_.advance(58s);
  EXPECT_EQ(status_of("/booking/x"), 404);
  callees_.advance(-2 * 58s);
  EXPECT_EQ(status_of("/booking/x"), 404);
}

TEST_F(ServiceTokens, ThatAreRefusedMakeTheServiceUnavailableAndNobodySignOut) {
  start_process('b');
  testing::internal::CaptureStderr();
  for (int i = 0; i < 3; ++i) EXPECT_THAT(refusal_of("/booking/x"), HasSubstr("internal.key_file"));
  EXPECT_THAT(refusal_of("/booking/x", std::string(2UZ * 1024 * 1024, 'x')), Not(HasSubstr("413")));
  const auto log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::ranges::count(log, '\n'), 1) << "told once in a while: " << log;
  EXPECT_THAT(log, HasSubstr("internal.key_file"));
}

TEST_F(ServiceTokens, OfAWrongClockOrForAnotherServiceSaySo) {
  start_process();
  callees_.advance(10min);
  EXPECT_THAT(refusal_of("/booking/x"), HasSubstr("clock"));
  callees_.advance(-20min);
  EXPECT_THAT(refusal_of("/booking/x"), HasSubstr("clock"));
  EXPECT_THAT(refusal_of("/payment/x"), HasSubstr("does not run here"));
}

TEST_F(ServiceTokens, ThatOneReplicaRefusesAnotherMayBelieve) {
  start_process('b');
  start_process();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(status_of("/booking/x"), 404);
}

}  // namespace
}  // namespace ticketshow::app
