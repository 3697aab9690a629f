// Messages with bytes changed, lost, doubled and put in, on both sides: nothing crashes, hangs, or lets through what it
// should not, and the next good message is understood.
#include <set>

#include <gmock/gmock.h>

#include "http/tests/fixture.hpp"
#include "rt/gate.hpp"
#include "tests/support/seed.hpp"

namespace ticketshow::http {
namespace {

using namespace std::string_literals;

/// One small damage.
void damage(std::string& text, test::seeded& random, const std::vector<std::string>& spices) {
  const auto pick = [&](std::size_t size) { return static_cast<std::size_t>(random.between(0, std::int64_t(size))); };
  const auto at = pick(text.size());
  switch (random.between(0, 6)) {
    case 0:
      text.insert(at, 1, static_cast<char>(random.between(0, 255)));
      break;
    case 1:
      text.erase(at, pick(3));
      break;
    case 2:
      if (at < text.size()) text[at] = static_cast<char>(random.between(0, 255));
      break;
    case 3:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << random.between(0, 7)));
      break;
    case 4:
      text.insert(at, text.substr(pick(text.size()), pick(60)));
      break;
    case 5:
      text.resize(at);
      break;
    default:
      text.insert(at, spices[pick(spices.size() - 1)]);
  }
}

std::string damaged(const std::vector<std::string>& good, const std::vector<std::string>& spices,
                    test::seeded& random) {
  auto text = good[static_cast<std::size_t>(random.between(0, std::int64_t(good.size()) - 1))];
  const auto times = random.between(1, 4);
  for (int i = 0; i < times; ++i) damage(text, random, spices);
  return text;
}

const std::vector<std::string> spices = {"\r\n",
                                         "\n",
                                         "\r",
                                         "\r\n\r\n",
                                         "\r\n ",
                                         "\0"s,
                                         ":",
                                         ": ",
                                         ",",
                                         ";",
                                         "0",
                                         "f",
                                         "ffffffffffffffff",
                                         "\r\nTransfer-Encoding: chunked",
                                         "\r\nContent-Length: 3",
                                         "\r\nHost: y",
                                         "\r\nExpect: 100-continue",
                                         "\r\nConnection: close",
                                         "\r\nX: " + std::string(700, 'x'),
                                         "HTTP/1.1",
                                         "HTTP/1.1 100 Continue\r\n\r\n"};

class Random : public server_test {};

TEST_F(Random, RequestsNeverHarmTheServer) {
  TICKETSHOW_SEEDED(random);
  settings_.max_header_bytes = 600;
  settings_.max_body_bytes = 100;
  const auto echo = answer_;
  answer_ = [&](const request& incoming) {
    EXPECT_FALSE(incoming.target.empty());
    EXPECT_TRUE(is_safe({"target", incoming.target}));
    for (const auto& each : incoming.headers) EXPECT_TRUE(!each.name.empty() && is_safe(each)) << each.name;
    EXPECT_LE(incoming.body.size(), 100U);
    return echo(incoming);
  };
  // NOLINTBEGIN(bugprone-suspicious-missing-comma): long requests go over two lines
  const std::vector<std::string> good = {
      "GET /api/v1/shows?limit=5 HTTP/1.1\r\nHost: x\r\nAccept: */*\r\nCookie: a=b\r\n\r\n",
      "POST /api/v1/bookings HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
      "13\r\n\r\n{\"seats\":[1]}",
      "PATCH /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;a=\"b\"\r\nabc\r\n2\r\nde\r\n0\r\nX: "
      "y\r\n\r\n",
      "PUT / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nokGET / HTTP/1.0\r\n\r\n",
      "DELETE /1 HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n1HEAD /2 HTTP/1.1\r\nHost: "
      "x\r\n\r\n",
  };
  // NOLINTEND(bugprone-suspicious-missing-comma)
  std::set<int> statuses;
  for (int i = 0; i < 3000; ++i) {
    const auto text = damaged(good, spices, random);
    const testing::ScopedTrace what(__FILE__, __LINE__, testing::PrintToString(text));
    auto line = connect();
    const auto cut = random.one_in(3) ? static_cast<std::size_t>(random.between(0, std::int64_t(text.size()))) : 0;
    line.send(text.substr(0, cut));
    line.send(text.substr(cut));
    line.finish_sending();
    const auto got = line.read(true);
    line.read_to_end();
    statuses.insert(got.status);
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_THAT(statuses, testing::IsSubsetOf({0, 100, 200, 400, 413, 431, 501}));
  EXPECT_THAT(statuses, testing::IsSupersetOf({0, 200, 400, 431, 501}));  // else the damage is too tame
  EXPECT_EQ(ask(good[0]).status, 200);
}

rt::task<> call(client& by, std::optional<response>& answer, bool& done) {
  const request outgoing{.verb = method::POST, .target = "/"};
  try {
    answer = co_await by.send(outgoing, rt::deadline::after(std::chrono::seconds(10)));
  } catch (const no_answer& none) {
    EXPECT_TRUE(none.request_sent);
  }
  done = true;
}

TEST_F(Random, AnswersNeverHarmTheClient) {
  TICKETSHOW_SEEDED(random);
  const std::vector<std::string> good = {
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"seats\":[1]}",
      "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3;a=\"b\"\r\nabc\r\n2\r\nde\r\n0\r\nX: y\r\n\r\n",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nDate: today\r\n\r\n",
      "HTTP/1.0 200 OK\r\n\r\nup to the end",
  };
  raw_server peer(context_);
  client by(context_.get_executor(), {.port = peer.port(), .max_response_bytes = 100});
  rt::gate calls(context_.get_executor(), "calls");
  int answered = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto text = i < 999 ? damaged(good, spices, random) : good[0];
    const testing::ScopedTrace what(__FILE__, __LINE__, testing::PrintToString(text));
    std::optional<response> answer;
    bool done = false;
    calls.spawn(call(by, answer, done));
    auto line = peer.accept();
    EXPECT_TRUE(line.read_request().starts_with("POST / "));
    line.send(text);
    line.close();
    wait_until([&] { return done; });
    if (answer) {
      ++answered;
      EXPECT_LE(answer->body.size(), 100U);
      for (const auto& each : answer->headers) EXPECT_TRUE(is_safe({each.name, each.value}));
    }
    if (i == 999) EXPECT_TRUE(answer);
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(answered, 50);
  EXPECT_LT(answered, 950);
}

}  // namespace
}  // namespace ticketshow::http
