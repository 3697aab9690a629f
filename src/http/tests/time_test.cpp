// Slow clients, idle connections, and the end of the server. The server looks for late connections four times a second.
#include <gmock/gmock.h>

#include "http/tests/fixture.hpp"
#include "rt/gate.hpp"

namespace ticketshow::http {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr std::string_view get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

class Time : public server_test {
 protected:
  /// An answer that is in work until `finish_` is set, or the handler's task is cancelled.
  rt::task<response> answer_later(const request& incoming) {
    ++in_work_;
    const std::string target(incoming.target);
    while (!finish_) co_await rt::sleep_for(1ms);
    co_return response{.body = "late " + target};
  }
  void let_answers_wait() {
    answer_ = [this](const request& incoming) { return answer_later(incoming); };
  }
  /// More than the system takes off our hands when the client does not read.
  void answer_much() {
    answer_ = [this](const request&) {
      ++answered_;
      return answer_with({.shared_body = much_});
    };
  }
  /// Begins to stop the server; done when `stopped_` holds a value, the time it took.
  void begin_to_stop(rt::steady_clock::duration at_most) { stopping_.spawn(stop_and_note(at_most)); }

  int in_work_ = 0;
  bool finish_ = false;
  std::shared_ptr<const std::string> much_ = std::make_shared<const std::string>(20'000'000, 'x');
  std::optional<rt::steady_clock::duration> stopped_;

 private:
  rt::task<> stop_and_note(rt::steady_clock::duration at_most) {
    const auto began = rt::steady_clock::now();
    auto gone = std::move(server_);
    co_await gone->stop(rt::deadline::after(at_most));
    stopped_ = rt::steady_clock::now() - began;
  }

  rt::gate stopping_{context_.get_executor(), "stopping"};
};

TEST_F(Time, ASlowHeadIs408) {
  settings_.header_timeout = 50ms;
  auto line = connect();
  const auto began = rt::steady_clock::now();
  const auto got = line.ask("GET / HTTP/1.1\r\nHost: ");
  EXPECT_EQ(got.status, 408);
  EXPECT_EQ(got.header("Connection"), "close");
  EXPECT_EQ(line.read_to_end(), "");
  EXPECT_GE(rt::steady_clock::now() - began, 50ms);
}

TEST_F(Time, AHeadThatTricklesInIs408AllTheSame) {
  settings_.header_timeout = 100ms;
  auto line = connect();
  line.send("GET / HTTP/1.1\r\nHost: x\r\n");
  const auto until = rt::deadline::after(5s);
  while (line.silent_for(10ms) && !until.passed()) line.send("X: y\r\n");
  EXPECT_EQ(line.read().status, 408);
}

TEST_F(Time, ASlowBodyIs408) {
  settings_.body_timeout = 50ms;
  for (const auto* start : {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbo",
                            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n",
                            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbo"}) {
    auto line = connect();
    const auto got = line.ask(start);
    EXPECT_EQ(got.status, 408);
    EXPECT_EQ(line.read_to_end(), "");
  }
  EXPECT_EQ(answered_, 0);
}

TEST_F(Time, ASlowSecondRequestOfAPipelineIs408) {
  settings_.header_timeout = 50ms;
  auto line = connect();
  EXPECT_EQ(line.ask(std::string(get) + "GET / HT").status, 200);
  EXPECT_EQ(line.read().status, 408);
}

TEST_F(Time, AnIdleConnectionIsClosedWithoutAWord) {
  settings_.idle_timeout = 50ms;
  auto fresh = connect();
  EXPECT_EQ(fresh.read_to_end(), "");
  auto used = connect();
  EXPECT_EQ(used.ask(get).status, 200);
  EXPECT_EQ(used.read_to_end(), "");
}

TEST_F(Time, EachRequestHasItsOwnTime) {
  settings_.header_timeout = settings_.body_timeout = settings_.idle_timeout = 500ms;
  auto line = connect();
  const auto until = rt::deadline::after(1200ms);
  while (!until.passed()) {
    line.send("POST / HTTP/1.1\r\nHost: ");
    rt::run(context_, rt::sleep_for(20ms));
    line.send("x\r\nContent-Length: 1\r\n\r\n");
    rt::run(context_, rt::sleep_for(20ms));
    ASSERT_EQ(line.ask("b").status, 200);
    rt::run(context_, rt::sleep_for(20ms));
  }
}

TEST_F(Time, AnAnswerInWorkHasItsOwnDeadline) {
  settings_.header_timeout = settings_.body_timeout = settings_.idle_timeout = settings_.write_timeout = 50ms;
  let_answers_wait();
  auto line = connect();
  line.send(get);
  EXPECT_TRUE(line.silent_for(600ms));
  finish_ = true;
  EXPECT_EQ(line.read().body, "late /");
}

TEST_F(Time, AClientThatDoesNotReadIsCutOff) {
  settings_.write_timeout = 50ms;
  answer_much();
  auto line = connect();
  line.send(get);
  wait_until([&] { return answered_ == 1; });
  EXPECT_GT(much_.use_count(), 1);
  wait_until([&] { return much_.use_count() == 1; });
}

// ---- stopping

TEST_F(Time, StoppingFinishesWhatIsInWorkAndSaysGoodBye) {
  let_answers_wait();
  auto line = connect();
  line.send(get);
  wait_until([&] { return in_work_ == 1; });
  begin_to_stop(5s);
  EXPECT_TRUE(line.silent_for(50ms));
  EXPECT_FALSE(stopped_);
  finish_ = true;
  const auto got = line.read();
  EXPECT_EQ(got.body, "late /");
  EXPECT_EQ(got.header("Connection"), "close");
  EXPECT_EQ(line.read_to_end(), "");
  wait_until([&] { return stopped_.has_value(); });
}

TEST_F(Time, StoppingClosesIdleConnectionsAtOnceAndTakesNoNewOnes) {
  const auto port = running().port();
  auto fresh = connect();
  auto used = connect();
  EXPECT_EQ(used.ask(get).status, 200);
  begin_to_stop(5s);
  EXPECT_EQ(fresh.read_to_end(), "");
  EXPECT_EQ(used.read_to_end(), "");
  wait_until([&] { return stopped_.has_value(); });
  EXPECT_LT(*stopped_, 2s);
  EXPECT_THROW(raw_connection(context_, port), boost::system::system_error);
}

TEST_F(Time, StoppingAnswersWhatComesOverAnIdleConnectionForAWhile) {
  settings_.drain_idle = 300ms;
  auto used = connect();
  auto silent = connect();
  EXPECT_EQ(used.ask(get).status, 200);
  begin_to_stop(5s);
  EXPECT_TRUE(used.silent_for(50ms));
  const auto got = used.ask(get);
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.header("Connection"), "close");
  EXPECT_EQ(used.read_to_end(), "");
  EXPECT_EQ(silent.read_to_end(), "");
  wait_until([&] { return stopped_.has_value(); });
  EXPECT_GE(*stopped_, 300ms);
  EXPECT_LT(*stopped_, 2s);
}

TEST_F(Time, StoppingServesWhoHasConnectedAlready) {
  settings_.drain_idle = 300ms;
  auto line = connect();  // nobody has accepted it yet: the context does not run
  begin_to_stop(5s);
  EXPECT_EQ(line.ask(get).header("Connection"), "close");
  wait_until([&] { return stopped_.has_value(); });
}

TEST_F(Time, StoppingDoesNotWaitForAConnectionThatBecomesIdleMeanwhile) {
  answer_much();
  auto line = connect();
  line.send(get);
  wait_until([&] { return answered_ == 1; });
  begin_to_stop(5s);
  EXPECT_EQ(line.read().body.size(), much_->size());
  EXPECT_EQ(line.read_to_end(), "");
  wait_until([&] { return stopped_.has_value(); });
  EXPECT_LT(*stopped_, 2s);
}

TEST_F(Time, StoppingAnswersARequestThatHasBegunToCome) {
  auto line = connect();
  line.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbo");
  rt::run(context_, rt::sleep_for(5ms));
  begin_to_stop(5s);
  rt::run(context_, rt::sleep_for(5ms));
  const auto got = line.ask("dy");
  EXPECT_EQ(got.body, echo_of("POST", "/", "body"));
  EXPECT_EQ(got.header("Connection"), "close");
  wait_until([&] { return stopped_.has_value(); });
}

TEST_F(Time, StoppingAnswersWhatWasPipelinedOnlyUpToItsGoodBye) {
  let_answers_wait();
  auto line = connect();
  line.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
  wait_until([&] { return in_work_ == 1; });
  begin_to_stop(5s);
  rt::run(context_, rt::sleep_for(5ms));
  finish_ = true;
  const auto got = line.read();
  EXPECT_EQ(got.body, "late /1");
  EXPECT_EQ(got.header("Connection"), "close");
  EXPECT_EQ(line.read_to_end(), "");
  EXPECT_EQ(in_work_, 1);
  line.close();
  wait_until([&] { return stopped_.has_value(); });
}

TEST_F(Time, StoppingTakesNoLongerThanItMay) {
  let_answers_wait();
  auto working = connect();
  working.send(get);
  auto slow = connect();
  slow.send("GET / HT");
  wait_until([&] { return in_work_ == 1; });
  testing::internal::CaptureStderr();
  begin_to_stop(100ms);
  EXPECT_EQ(slow.read_to_end(), "");
  EXPECT_EQ(working.read_to_end(), "");
  finish_ = true;  // a handler of ours ends at its own deadline
  wait_until([&] { return stopped_.has_value(); });
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("connections cut"));
  EXPECT_GE(*stopped_, 100ms);
  EXPECT_LT(*stopped_, 2s);
}

TEST_F(Time, StoppingIsNotHeldUpByAClientThatDoesNotRead) {
  answer_much();
  auto line = connect();
  line.send(get);
  wait_until([&] { return answered_ == 1; });
  testing::internal::CaptureStderr();
  begin_to_stop(100ms);
  wait_until([&] { return stopped_.has_value(); });
  testing::internal::GetCapturedStderr();
  EXPECT_LT(*stopped_, 2s);
}

}  // namespace
}  // namespace ticketshow::http
