// The client, before our own server and before one that a test plays byte by byte.
#include <boost/asio/bind_cancellation_slot.hpp>
#include <gmock/gmock.h>

#include "http/tests/client_fixture.hpp"

namespace ticketshow::http {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine";

class Client : public client_test {
 protected:
  /// Has the peer answer one call with `bytes`, and gives its connection.
  raw_connection answer_first(std::string_view bytes = ok) {
    peer();
    const auto first = begin(method::GET);
    auto line = peer().accept();
    line.read_request();
    line.send(bytes);
    EXPECT_EQ(finish(first).error, "");
    return line;
  }
};

TEST_F(Client, SendsARequestAndGivesTheWholeAnswer) {
  peer();
  const std::vector<header_view> headers = {{"X-One", "1"}, {"X-Two", "2"}};
  const request outgoing{.verb = method::POST, .target = "/a?b", .headers = headers, .body = "body"};
  auto result = std::make_shared<response>();
  const auto call = [](http::client& by, request what, std::shared_ptr<response> into) -> rt::task<> {
    *into = co_await by.send(what, rt::deadline::after(5s));
  };
  calls_.spawn(call(client(), outgoing, result));
  auto line = peer().accept();
  EXPECT_EQ(line.read_request(), fmt::format("POST /a?b HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nX-One: 1\r\nX-Two: 2\r\n"
                                             "Content-Length: 4\r\n\r\nbody",
                                             peer().port()));
  line.send("HTTP/1.1 201 Created\r\nX-Three: 3\r\nContent-Length: 6\r\n\r\nans");
  line.send("wer");
  wait_until([&] { return calls_.size() == 0; });
  EXPECT_EQ(result->status, 201);
  EXPECT_EQ(result->header("x-three"), "3");
  EXPECT_EQ(result->body, "answer");
}

TEST_F(Client, TheServersPrefixStandsBeforeEveryTarget) {
  options_.prefix = "/behind/this";
  peer();
  const auto begun = begin(method::GET, "/a?b");
  auto line = peer().accept();
  EXPECT_THAT(line.read_request(), StartsWith("GET /behind/this/a?b HTTP/1.1\r\n"));
  line.send(ok);
  EXPECT_EQ(finish(begun).error, "");
}

TEST_F(Client, ConnectionsAreUsedAgain) {
  auto line = answer_first();
  for (int i = 0; i < 3; ++i) {
    const auto next = begin(i % 2 == 0 ? method::POST : method::GET, "/next");
    EXPECT_THAT(line.read_request(), HasSubstr(" /next "));
    line.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    EXPECT_EQ(finish(next).answer->body, "abc");
  }
  EXPECT_FALSE(peer().somebody_comes_within(0ms));
}

TEST_F(Client, AConnectionThatTheServerEndsIsNotUsedAgain) {
  answer_first("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfine");
  answer_first("HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nfine");
  peer();
  const auto until_end = begin(method::GET);
  auto line = peer().accept();
  line.read_request();
  line.send("HTTP/1.1 200 OK\r\n\r\nall that comes");
  line.close();
  EXPECT_EQ(finish(until_end).answer->body, "all that comes");
  answer_first();
}

TEST_F(Client, AnswersWithoutABodyLeaveTheConnectionInOrder) {
  auto line = answer_first();
  const auto head = begin(method::HEAD);
  line.read_request();
  line.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
  EXPECT_EQ(finish(head).answer->header("Content-Length"), "1000");
  for (const auto* status : {"204 No Content", "304 Not Modified"}) {
    const auto next = begin(method::GET);
    line.read_request();
    line.send(fmt::format("HTTP/1.1 {}\r\n\r\n", status));
    EXPECT_EQ(finish(next).answer->body, "");
  }
  const auto last = begin(method::GET);
  line.read_request();
  line.send(ok);
  EXPECT_EQ(finish(last).answer->body, "fine");
}

TEST_F(Client, ProvisionalAnswersArePassedOver) {
  auto line =
      answer_first("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + std::string(ok));
  const auto next = begin(method::GET);
  line.read_request();
  line.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(finish(next).answer->status, 404);
}

// Else it would be taken for the answer to the next request, of another user perhaps.
TEST_F(Client, WhatComesBehindAnAnswerIsNobodysAnswer) {
  answer_first(std::string(ok) + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong");
  const auto next = begin(method::GET);
  auto line = peer().accept();
  line.read_request();
  line.send(ok);
  EXPECT_EQ(finish(next).answer->body, "fine");
}

// ---- a kept connection that the server has closed meanwhile

TEST_F(Client, AConnectionThatWasIdleForTooLongIsNotUsedAgain) {
  options_.max_idle = 20ms;
  auto first = answer_first();
  rt::run(context_, rt::sleep_for(50ms));
  auto second = answer_first();  // over a new connection, though the first is open
  EXPECT_EQ(first.read_to_end(), "");
}

TEST_F(Client, AnIdleConnectionThatWasClosedIsReplaced) {
  for (const auto verb : {method::GET, method::POST}) {
    answer_first().close();
    const auto next = begin(verb);
    auto line = peer().accept();
    EXPECT_THAT(line.read_request(), StartsWith(to_string(verb)));
    line.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfine");
    EXPECT_EQ(finish(next).answer->body, "fine");
  }
}

TEST_F(Client, ManyIdleConnectionsThatWereClosedAreReplaced) {
  peer();
  std::vector<std::shared_ptr<outcome>> begun;
  std::vector<raw_connection> lines;
  for (int i = 0; i < 3; ++i) begun.push_back(begin(method::GET));
  for (int i = 0; i < 3; ++i) {
    lines.push_back(peer().accept());
    lines.back().read_request();
    lines.back().send(ok);
  }
  for (const auto& each : begun) finish(each);
  for (auto& each : lines) each.close();
  const auto next = begin(method::GET);
  auto line = peer().accept();
  line.read_request();
  line.send(ok);
  EXPECT_EQ(finish(next).answer->body, "fine");
}

TEST_F(Client, AReadThatTheServerDroppedIsRepeatedOnceAndAMutationNever) {
  auto line = answer_first();
  const auto mutation = begin(method::POST);
  line.read_request();
  line.reset();
  const auto dropped = finish(mutation);
  EXPECT_TRUE(dropped.request_sent);
  EXPECT_THAT(dropped.error, HasSubstr("did not answer"));
  EXPECT_FALSE(peer().somebody_comes_within(20ms));

  auto second = answer_first();
  const auto read = begin(method::GET);
  second.read_request();
  second.close();
  auto third = peer().accept();
  third.read_request();
  third.close();
  EXPECT_TRUE(finish(read).request_sent);
  EXPECT_FALSE(peer().somebody_comes_within(20ms));
}

TEST_F(Client, AReadIsNotRepeatedOnceAnAnswerBegan) {
  auto line = answer_first();
  const auto read = begin(method::GET);
  line.read_request();
  line.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfi");
  line.close();
  EXPECT_TRUE(finish(read).request_sent);
  EXPECT_FALSE(peer().somebody_comes_within(20ms));
}

// ---- no answer

TEST_F(Client, WhereNobodyListensNothingWasSent) {
  peer().close();
  const auto result = send(method::POST);
  EXPECT_FALSE(result.request_sent);
  EXPECT_THAT(result.error, HasSubstr(fmt::format("127.0.0.1:{} cannot be reached", options_.port)));
}

TEST_F(Client, ConnectingHasATimeOfItsOwn) {
  peer().stop_taking_connections();
  options_.connect_timeout = 50ms;
  const auto began = rt::steady_clock::now();
  std::vector<std::shared_ptr<outcome>> begun;
  for (int i = 0; i < 5; ++i) begun.push_back(begin(method::POST));  // the first fill up the queue of the system
  const auto last = finish(begun.back());
  EXPECT_THAT(last.error, HasSubstr("cannot be reached: Connection timed out"));
  EXPECT_FALSE(last.request_sent);
  EXPECT_LT(rt::steady_clock::now() - began, 2s);
}

TEST_F(Client, AHostWithoutAnAddressIsToldSo) {
  options_.host = "no-such-host.invalid";
  const auto result = send(method::POST);
  EXPECT_FALSE(result.request_sent);
  EXPECT_THAT(result.error, HasSubstr("no-such-host.invalid:80 cannot be reached"));
}

TEST_F(Client, TheDeadlineEndsACallThatIsNotAnswered) {
  peer();
  const auto began = rt::steady_clock::now();
  const auto begun = begin(method::POST, "/", 50ms);
  auto line = peer().accept();
  line.read_request();
  line.send("HTTP/1.1 200 OK\r\n");
  const auto result = finish(begun);
  EXPECT_TRUE(result.request_sent);
  EXPECT_THAT(result.error, HasSubstr("the deadline passed"));
  EXPECT_GE(rt::steady_clock::now() - began, 50ms);
  EXPECT_LT(rt::steady_clock::now() - began, 2s);
  EXPECT_EQ(line.read_to_end(), "");
}

TEST_F(Client, ADeadlineThatHasPassedSendsNothing) {
  peer();
  const auto fresh = send(method::POST, "/", 0ms);
  EXPECT_NE(fresh.error, "");
  EXPECT_FALSE(fresh.request_sent);
  auto line = answer_first();
  const auto reused = send(method::POST, "/", 0ms);
  EXPECT_NE(reused.error, "");
  EXPECT_FALSE(reused.request_sent);
  EXPECT_TRUE(line.silent_for(5ms));
}

TEST_F(Client, AnAnswerOverTheLimitIsNone) {
  options_.max_response_bytes = 100;
  for (const auto& answer : {"HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n" + std::string(101, 'b'),
                             "HTTP/1.1 200 OK\r\n\r\n" + std::string(101, 'b'),
                             "HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'h') + "\r\n\r\n"}) {
    peer();
    const auto begun = begin(method::GET);
    auto line = peer().accept();
    line.read_request();
    line.send(answer);
    line.close();
    const auto result = finish(begun);
    EXPECT_TRUE(result.request_sent);
    EXPECT_THAT(result.error, HasSubstr("did not answer"));
  }
}

TEST_F(Client, WhatIsNotHttpIsNoAnswer) {
  for (const auto* answer : {"SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                             "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nfine", ""}) {
    peer();
    const auto begun = begin(method::POST);
    auto line = peer().accept();
    line.read_request();
    line.send(answer);
    line.close();
    const auto result = finish(begun);
    EXPECT_TRUE(result.request_sent) << answer;
    EXPECT_NE(result.error, "") << answer;
  }
}

TEST_F(Client, AHeaderOrTargetThatWouldMakeAnotherIsNotSent) {
  using namespace std::string_literals;
  peer();
  const std::vector<std::string> values = {"a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\0b"s};
  std::vector<header_view> headers = {{"X-Name\r\nX-Evil", "1"}};
  for (const auto& each : values) headers.push_back({"X-Value", each});
  const request outgoing{.verb = method::GET, .target = "/", .headers = headers};
  const auto call = [](http::client& by, request what) -> rt::task<> {
    co_await by.send(what, rt::deadline::after(5s));
  };
  calls_.spawn(call(client(), outgoing));
  auto line = peer().accept();
  const auto sent = line.read_request();
  EXPECT_THAT(sent, Not(HasSubstr("Evil")));
  EXPECT_THAT(sent, Not(HasSubstr("X-Value")));
  line.send(ok);
  for (const auto* target : {"/a b", "/a\r\nX-Evil: 1", "/a\n", ""}) {
    EXPECT_THAT(send(method::GET, target).error, HasSubstr("cannot be asked for")) << target;
    EXPECT_TRUE(line.silent_for(2ms)) << target;
  }
}

// ---- many at once

TEST_F(Client, ManyParallelCallsShareABoundedNumberOfConnections) {
  options_.port = running().port();
  options_.max_connections = 4;
  settings_.max_connections = 4;  // one more would be turned away
  std::vector<std::string> targets;
  for (int i = 0; i < 500; ++i) targets.push_back(fmt::format("/{}", i));
  std::vector<std::shared_ptr<outcome>> begun;
  for (const auto& each : targets) begun.push_back(begin(method::POST, each));
  for (std::size_t i = 0; i < begun.size(); ++i) {
    const auto result = finish(begun[i]);
    ASSERT_TRUE(result.answer) << result.error;
    EXPECT_EQ(result.answer->body, echo_of("POST", targets[i]));
  }
}

TEST_F(Client, CallsWaitTheirTurnAndGiveUpAtTheirDeadline) {
  peer();
  options_.max_connections = 1;
  const auto first = begin(method::POST, "/1");
  const auto hurried = begin(method::POST, "/2", 20ms);
  const auto patient = begin(method::POST, "/3");
  auto line = peer().accept();
  EXPECT_THAT(line.read_request(), HasSubstr(" /1 "));
  const auto result = finish(hurried);
  EXPECT_FALSE(result.request_sent);
  EXPECT_THAT(result.error, HasSubstr("no connection became free in time"));
  line.send(ok);
  EXPECT_THAT(line.read_request(), HasSubstr(" /3 "));
  line.send(ok);
  EXPECT_TRUE(finish(first).answer);
  EXPECT_TRUE(finish(patient).answer);
  EXPECT_FALSE(peer().somebody_comes_within(0ms));
}

TEST_F(Client, PlacesThatBecomeFreeTogetherAreTakenTogether) {
  peer();
  options_.max_connections = 2;
  std::vector<std::shared_ptr<outcome>> begun;
  for (int i = 0; i < 4; ++i) begun.push_back(begin(method::POST));
  auto one = peer().accept();
  auto two = peer().accept();
  one.read_request();
  two.read_request();
  // Both answers are there before the client runs again.
  one.send_now(ok);
  two.send_now(ok);
  EXPECT_NE(one.read_request(), "");
  EXPECT_NE(two.read_request(), "");
  one.send(ok);
  two.send(ok);
  for (const auto& each : begun) EXPECT_TRUE(finish(each).answer);
}

// ---- cancelled calls

TEST_F(Client, ACancelledCallEndsAndItsConnectionIsNotUsedAgain) {
  auto line = answer_first();
  rt::gate hurried(context_.get_executor(), "hurried");
  const auto call = [](http::client& by) -> rt::task<> {
    const request outgoing{.verb = method::GET, .target = "/cancelled"};
    co_await by.send(outgoing, rt::deadline::after(10s));
  };
  hurried.spawn(call(client()));
  line.read_request();
  testing::internal::CaptureStderr();
  EXPECT_TRUE(rt::run(context_, hurried.close(rt::deadline::after(5s))));
  testing::internal::GetCapturedStderr();
  EXPECT_EQ(line.read_to_end(), "");
  answer_first();
}

TEST_F(Client, ACallCancelledWhileItWaitsForItsTurnLeavesTheOthersTheirs) {
  peer();
  options_.max_connections = 1;
  const auto first = begin(method::POST, "/1");
  auto line = peer().accept();
  line.read_request();
  rt::gate hurried(context_.get_executor(), "hurried");
  const auto call = [](http::client& by) -> rt::task<> {
    const request outgoing{.verb = method::GET, .target = "/cancelled"};
    co_await by.send(outgoing, rt::deadline::after(10s));
  };
  for (int i = 0; i < 3; ++i) hurried.spawn(call(client()));
  const auto patient = begin(method::POST, "/2");
  rt::run(context_, rt::sleep_for(1ms));
  testing::internal::CaptureStderr();
  EXPECT_TRUE(rt::run(context_, hurried.close(rt::deadline::after(5s))));
  testing::internal::GetCapturedStderr();
  line.send(ok);
  EXPECT_THAT(line.read_request(), HasSubstr(" /2 "));
  line.send(ok);
  EXPECT_TRUE(finish(first).answer);
  EXPECT_TRUE(finish(patient).answer);
}

}  // namespace
}  // namespace ticketshow::http
