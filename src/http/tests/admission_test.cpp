// Bodies that may be larger than others': who may send them is asked before they are read.
#include <gmock/gmock.h>

#include "http/response_head.hpp"
#include "http/tests/fixture.hpp"

namespace ticketshow::http {
namespace {

using namespace std::chrono_literals;

class Admission : public server_test {
 protected:
  Admission() {
    settings_.max_body_bytes = 100;
    settings_.max_large_bodies = 2;
    settings_.admit = [this](const request& head) { return judge(head); };
  }

  rt::task<admission> judge(const request& head) {
    ++asked_;
    EXPECT_EQ(head.body, "");
    if (head.header("Who") == "stranger") {
      co_return admission{.refusal = make_problem(401, "NOT_AUTHENTICATED", "Who?", "Who?")};
    }
    co_return admission{.max_body_bytes = head.path() == "/large" ? 1'000'000UZ : 0};
  }
  static std::string post(std::string_view target, std::size_t length, std::string_view more = "") {
    return fmt::format("POST {} HTTP/1.1\r\nHost: x\r\n{}Content-Length: {}\r\n\r\n", target, more, length);
  }

  int asked_ = 0;
};

TEST_F(Admission, IsNotAskedForOrdinaryBodies) {
  EXPECT_EQ(ask(post("/large", 100) + std::string(100, 'x')).status, 200);
  EXPECT_EQ(asked_, 0);
}

TEST_F(Admission, LetsALargeBodyThroughUpToItsOwnLimit) {
  const std::string body(1'000'000, 'x');
  EXPECT_EQ(ask(post("/large", body.size()) + body).body, echo_of("POST", "/large", body));
  const auto refused = ask(post("/large", body.size() + 1));
  EXPECT_EQ(refused.status, 413);
  EXPECT_THAT(refused.body, testing::HasSubstr("1000000 bytes"));
  EXPECT_EQ(answered_, 1);
}

TEST_F(Admission, CountsChunksAgainstTheSameLimit) {
  const auto chunked = [](std::size_t chunks) {
    std::string text = "POST /large HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::size_t i = 0; i < chunks; ++i) text += "3e8\r\n" + std::string(1'000, 'x') + "\r\n";
    return text + "0\r\n\r\n";
  };
  EXPECT_EQ(ask(chunked(1'000)).status, 200);
  EXPECT_EQ(ask(chunked(1'001)).status, 413);
}

TEST_F(Admission, LeavesOtherRequestsTheirLimit) {
  const auto refused = ask(post("/small", 101));
  EXPECT_EQ(refused.status, 413);
  EXPECT_THAT(refused.body, testing::HasSubstr("100 bytes"));
}

TEST_F(Admission, RefusesBeforeTheBodyIsSent) {
  auto line = connect();
  const auto refused = line.ask(post("/large", 1'000'000, "Who: stranger\r\nExpect: 100-continue\r\n"));
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.header("Connection"), "close");
  EXPECT_EQ(answered_, 0);
}

TEST_F(Admission, BoundsHowManyLargeBodiesAreInMemory) {
  std::vector<raw_connection> half;
  for (int i = 0; i < 2; ++i) half.push_back(connect());
  for (auto& each : half) each.send(post("/large", 1'000) + "half");
  wait_until([&] { return asked_ == 2; });
  const auto refused = ask(post("/large", 1'000));
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("Retry-After"), "5");
  EXPECT_EQ(half[0].ask(std::string(996, 'x')).status, 200);
  half[0].send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");  // the connection goes on without a place
  EXPECT_EQ(half[0].read().status, 200);
  EXPECT_EQ(ask(post("/large", 1'000) + std::string(1'000, 'x')).status, 200);
}

TEST_F(Admission, ThatFailsIsAnsweredAndTellsNothing) {
  settings_.admit = [](const request&) -> rt::task<admission> { throw std::runtime_error("the inside"); };
  const auto refused = ask(post("/large", 1'000));
  EXPECT_EQ(refused.status, 500);
  EXPECT_THAT(refused.body, testing::Not(testing::HasSubstr("inside")));
}

}  // namespace
}  // namespace ticketshow::http
