// What the server promises to clients that keep to HTTP.
#include <gmock/gmock.h>

#include "http/tests/fixture.hpp"
#include "rt/gate.hpp"

namespace ticketshow::http {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class Server : public server_test {};

TEST_F(Server, AConnectionServesRequestAfterRequest) {
  auto line = connect();
  for (int i = 0; i < 5; ++i) {
    const auto got = line.ask("POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody");
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.body, echo_of("POST", "/a?b=c", "body"));
    EXPECT_EQ(got.header("Connection"), "");
    EXPECT_TRUE(got.header("Date").ends_with(" GMT")) << got.head;
  }
}

TEST_F(Server, AConnectionEndsWhenTheClientWantsThat) {
  auto line = connect();
  const auto got = line.ask("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(got.header("Connection"), "close");
  EXPECT_EQ(line.read_to_end(), "");
  auto old = connect();
  EXPECT_EQ(old.ask("GET / HTTP/1.0\r\n\r\n").header("Connection"), "close");
  EXPECT_EQ(old.read_to_end(), "");
}

TEST_F(Server, PipelinedRequestsAreAnsweredInTheirOrder) {
  settings_.max_header_bytes = 200;  // for each, not for all that came together
  auto line = connect();
  std::string all;
  for (int i = 0; i < 50; ++i) {
    all += fmt::format("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", i);
    all += fmt::format("POST /{} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", i);
  }
  line.send(all);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(line.read().body, echo_of("GET", fmt::format("/{}", i)));
    EXPECT_EQ(line.read().body, echo_of("POST", fmt::format("/{}", i), "abc"));
  }
}

TEST_F(Server, ARequestMayComeByteByByte) {
  auto line = connect();
  for (const char each : std::string_view("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody")) {
    line.send(std::string_view(&each, 1));
  }
  EXPECT_EQ(line.read().body, echo_of("POST", "/a", "body"));
}

TEST_F(Server, AChunkedBodyIsPutTogether) {
  auto line = connect();
  constexpr std::string_view chunked =
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"
      "3\r\nabc\r\n00a;name=\"value\"\r\n0123456789\r\n0\r\n\r\n";
  for (int i = 0; i < 2; ++i) EXPECT_EQ(line.ask(chunked).body, echo_of("POST", "/", "abc0123456789"));
}

TEST_F(Server, HeadIsGetWithoutTheBody) {
  auto line = connect();
  const auto got = line.ask("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", true);
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.header("Content-Length"), std::to_string(echo_of("HEAD", "/").size()));
  EXPECT_EQ(line.ask("GET /next HTTP/1.1\r\nHost: x\r\n\r\n").body, echo_of("GET", "/next"));
}

TEST_F(Server, StatusesWithoutABodyBringNone) {
  int status = 0;
  answer_ = [&](const request&) { return answer_with({.status = status, .body = "lost"}); };
  auto line = connect();
  for (const int each : {204, 304, 204}) {
    status = each;
    const auto got = line.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(got.status, each);
    EXPECT_THAT(got.head, Not(HasSubstr("Content-Length")));
  }
  status = 200;
  EXPECT_EQ(line.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").body, "lost");
}

TEST_F(Server, SharedBytesAreSentInPlaceOfTheBody) {
  const auto bytes = std::make_shared<const std::string>(3'000'000, 'x');
  answer_ = [&](const request&) { return answer_with({.body = "other", .shared_body = bytes}); };
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").body, *bytes);
}

TEST_F(Server, AClientThatWaitsForContinueIsAskedToGoOn) {
  for (const auto* expectation : {"100-continue", "100-Continue"}) {
    auto line = connect();
    line.send(fmt::format("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: {}\r\n\r\n", expectation));
    const auto go_on = line.read();
    EXPECT_EQ(go_on.status, 100);
    const auto got = line.ask("body");
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.body, echo_of("POST", "/", "body"));
  }
}

TEST_F(Server, ContinueIsNotSentForABodyThatIsRefusedOrThatAnOldClientSends) {
  settings_.max_body_bytes = 10;
  EXPECT_EQ(ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n").status, 413);
  auto old = connect();
  old.send("POST / HTTP/1.0\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(old.ask("body").status, 200);
}

TEST_F(Server, TheHandlerSeesHeadersAndWhoAsks) {
  std::string seen;
  const auto note = [&](const request& incoming) {
    seen = fmt::format("{}|{}|{}|{}", incoming.header("x-one"), incoming.header("missing"), incoming.path(),
                       incoming.remote_address);
    return answer_with({});
  };
  answer_ = note;
  ask("GET /path?query HTTP/1.1\r\nHost: x\r\nX-One: \t a b \xc3\xa9 \t\r\n\r\n");
  EXPECT_EQ(seen, "a b \xc3\xa9||/path|127.0.0.1");
}

// ---- what the handler does wrong

rt::task<response> throw_text() {
  throw std::runtime_error("password of the database: hunter2");
  co_return response{};
}
rt::task<response> throw_number() {
  throw 42;
  co_return response{};
}

TEST_F(Server, AnExceptionIsA500WithoutItsTextAndTheConnectionLives) {
  answer_ = [&](const request& incoming) {
    if (incoming.target == "/text") return throw_text();
    if (incoming.target == "/number") return throw_number();
    return answer_with({.body = "fine"});
  };
  auto line = connect();
  testing::internal::CaptureStderr();
  const auto text = line.ask("GET /text HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto number = line.ask("GET /number HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto log = testing::internal::GetCapturedStderr();
  for (const auto& got : {text, number}) {
    EXPECT_EQ(got.status, 500);
    EXPECT_EQ(got.header("Content-Type"), "application/problem+json");
    EXPECT_THAT(got.body, HasSubstr(R"("code":"INTERNAL_ERROR")"));
    EXPECT_THAT(got.head + got.body, Not(HasSubstr("hunter2")));
  }
  EXPECT_THAT(log, HasSubstr("hunter2"));
  EXPECT_THAT(log, HasSubstr("/number"));
  EXPECT_EQ(line.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").body, "fine");
}

TEST_F(Server, AHeaderThatWouldMakeAnotherIsLeftOut) {
  using namespace std::string_literals;
  answer_ = [&](const request&) {
    return answer_with({.headers = {{"X-Good", "1"},
                                    {"X-Break", "a\r\nSet-Cookie: evil=1"},
                                    {"X-Feed", "a\nSet-Cookie: evil=1"},
                                    {"X-Nul", "a\0b"s},
                                    {"X-Name\r\nSet-Cookie", "evil=1"}}});
  };
  testing::internal::CaptureStderr();
  const auto got = ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("left out"));
  EXPECT_EQ(got.header("X-Good"), "1");
  EXPECT_THAT(got.head, Not(HasSubstr("evil")));
  EXPECT_THAT(got.head, Not(HasSubstr("X-Nul")));
}

// ---- the port

TEST_F(Server, ATakenPortIsToldInASentence) {
  server_options same = settings_;
  same.port = running().port();
  server second(context_.get_executor(), same, answer_);
  try {
    rt::run(context_, second.start());
    FAIL() << "it started";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr(fmt::format("Port {} of 127.0.0.1", same.port)));
    EXPECT_THAT(error.what(), HasSubstr("in use"));
  }
  rt::run(context_, second.stop(rt::deadline::after(1s)));
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
}

TEST_F(Server, MoreConnectionsThanAllowedAreClosedAtOnce) {
  settings_.max_connections = 2;
  auto one = connect();
  auto two = connect();
  EXPECT_EQ(one.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  EXPECT_EQ(two.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  EXPECT_EQ(connect().read_to_end(), "");
  EXPECT_EQ(one.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  two.close();
  wait_until([&] { return connect().ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status == 200; });
}

}  // namespace
}  // namespace ticketshow::http
