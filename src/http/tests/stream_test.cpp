// What the server promises of an answer that goes on, and what the client makes of one.
#include <deque>

#include <gmock/gmock.h>

#include "http/body_source.hpp"
#include "http/tests/client_fixture.hpp"
#include "rt/bell.hpp"

namespace ticketshow::http {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

/// Gives what a test puts into it.
class test_source final : public body_source {
 public:
  explicit test_source(rt::executor io) : changed_(io) {}

  rt::task<piece> next() override {
    ++asked;
    while (!closed && !ended && pieces.empty()) co_await changed_.wait(1h);
    if (closed || pieces.empty()) co_return nullptr;
    auto first = std::move(pieces.front());
    pieces.pop_front();
    if (first.empty()) throw std::runtime_error("the source is broken");
    co_return std::make_shared<const std::string>(std::move(first));
  }
  void close() override {
    closed = true;
    changed_.ring();
  }
  /// An empty text makes next() throw.
  void give(std::string text) {
    pieces.push_back(std::move(text));
    changed_.ring();
  }
  void end() {
    ended = true;
    changed_.ring();
  }

  std::deque<std::string> pieces;
  int asked = 0;
  bool closed = false;
  bool ended = false;

 private:
  rt::bell changed_;
};

constexpr std::string_view get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

class Stream : public client_test {
 protected:
  Stream() {
    answer_ = [this](const request&) { return answer_with({.headers = {{"X-Kind", "stream"}}, .stream = source_}); };
  }
  /// A connection whose stream has begun.
  raw_connection listen() {
    auto line = connect();
    line.send(get);
    line.read();
    return line;
  }
  outcome open() {
    options_.port = running().port();
    auto result = std::make_shared<outcome>();
    calls_.spawn(call_open(result));
    return finish(result);
  }
  piece next_of(const response& answer) { return rt::run(context_, answer.stream->next()); }

  std::shared_ptr<test_source> source_ = std::make_shared<test_source>(context_.get_executor());
  rt::steady_clock::duration silence_ = plenty;

 private:
  rt::task<> call_open(std::shared_ptr<outcome> result) {
    try {
      const request outgoing{.verb = method::GET, .target = "/"};
      const auto until = rt::deadline::after(plenty);
      result->answer = co_await client().open(outgoing, until, silence_);
    } catch (const no_answer& none) {
      result->error = none.what();
    }
    result->done = true;
  }
};

TEST_F(Stream, PiecesLeaveAsTheyComeAndTheConnectionEndsWithThem) {
  auto line = connect();
  const auto head = line.ask(get);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Connection"), "close");
  EXPECT_THAT(head.head, Not(HasSubstr("Content-Length")));
  source_->give("one;");
  EXPECT_EQ(line.read_up_to(";"), "one;");
  EXPECT_TRUE(line.silent_for(20ms));
  source_->give("two;");
  source_->give("three;");
  EXPECT_EQ(line.read_up_to("three;"), "two;three;");
  source_->end();
  EXPECT_EQ(line.read_to_end(), "");
  wait_until([&] { return source_.use_count() == 1 || source_->closed; });
}

TEST_F(Stream, AHeadRequestHasNone) {
  auto line = connect();
  const auto head = line.ask("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", true);
  EXPECT_EQ(head.header("X-Kind"), "stream");
  EXPECT_EQ(line.read_to_end(), "");
  EXPECT_EQ(source_->asked, 0);
}

TEST_F(Stream, EndsWhenTheReaderLeaves) {
  auto line = listen();
  line.close();
  wait_until([&] { return source_->closed; });
  source_ = std::make_shared<test_source>(context_.get_executor());
  auto another = listen();
  another.reset();
  wait_until([&] { return source_->closed; });
}

TEST_F(Stream, EndsWhenTheReaderSaysMore) {
  auto line = listen();
  line.send("GET /again HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(line.read_to_end(), "");
  EXPECT_TRUE(source_->closed);
}

TEST_F(Stream, EndsAtOnceWhenTheServerStops) {
  auto line = listen();
  const auto began = rt::steady_clock::now();
  stop(10s);
  EXPECT_LT(rt::steady_clock::now() - began, 5s);
  EXPECT_EQ(line.read_to_end(), "");
}

TEST_F(Stream, ASlowReaderIsAskedForNothingAndDroppedInTheEnd) {
  settings_.write_timeout = 300ms;
  auto line = listen();
  for (int i = 0; i < 3; ++i) source_->give(std::string(8UZ * 1024 * 1024, 'x'));  // more than sockets hold
  wait_until([&] { return source_->closed; });
  EXPECT_LT(source_->asked, 4);
}

TEST_F(Stream, ABrokenSourceEndsItAndTheServerLives) {
  auto line = listen();
  testing::internal::CaptureStderr();
  source_->give("");
  EXPECT_EQ(line.read_to_end(), "");
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("the source is broken"));
  source_ = std::make_shared<test_source>(context_.get_executor());
  listen();
}

TEST_F(Stream, IsNoIdleConnectionThatIsCutOff) {
  settings_.idle_timeout = 1ms;
  settings_.write_timeout = 1ms;
  auto line = listen();
  EXPECT_TRUE(line.silent_for(600ms));  // the watch comes by every quarter of a second
  source_->give("still there;");
  EXPECT_EQ(line.read_up_to(";"), "still there;");
}

// ---- the client

TEST_F(Stream, TheClientGivesPiecesAsTheyCome) {
  source_->give("one");
  const auto got = open();
  ASSERT_TRUE(got.answer) << got.error;
  EXPECT_EQ(got.answer->header("X-Kind"), "stream");
  ASSERT_TRUE(got.answer->stream);
  EXPECT_EQ(*next_of(*got.answer), "one");
  source_->give("two");
  EXPECT_EQ(*next_of(*got.answer), "two");
  source_->end();
  EXPECT_EQ(next_of(*got.answer), nullptr);
}

TEST_F(Stream, WhoClosesItAtTheClientClosesItAtTheServer) {
  const auto got = open();
  ASSERT_TRUE(got.answer) << got.error;
  got.answer->stream->close();
  EXPECT_EQ(next_of(*got.answer), nullptr);
  wait_until([&] { return source_->closed; });
}

TEST_F(Stream, APeerThatIsSilentForTooLongIsGone) {
  silence_ = 50ms;
  const auto got = open();
  ASSERT_TRUE(got.answer) << got.error;
  EXPECT_EQ(next_of(*got.answer), nullptr);
  wait_until([&] { return source_->closed; });
}

TEST_F(Stream, AnAnswerThatIsNoneComesWhole) {
  answer_ = [](const request&) { return answer_with({.status = 404, .body = "nothing here"}); };
  const auto got = open();
  ASSERT_TRUE(got.answer) << got.error;
  EXPECT_EQ(got.answer->status, 404);
  EXPECT_EQ(got.answer->body, "nothing here");
  EXPECT_FALSE(got.answer->stream);
}

TEST_F(Stream, NobodyThereIsNoAnswer) {
  options_.port = running().port();
  stop(1s);
  auto result = std::make_shared<outcome>();
  const auto ask = [](http::client& from, std::shared_ptr<outcome> into) -> rt::task<> {
    try {
      const request outgoing{.verb = method::GET, .target = "/"};
      const auto until = rt::deadline::after(plenty);
      into->answer = co_await from.open(outgoing, until, plenty);
    } catch (const no_answer& none) {
      into->error = none.what();
    }
    into->done = true;
  };
  calls_.spawn(ask(client(), result));
  EXPECT_THAT(finish(result).error, HasSubstr("cannot be reached"));
}

}  // namespace
}  // namespace ticketshow::http
