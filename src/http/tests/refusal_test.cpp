// What the server refuses: what is not HTTP, what is too large, and what could hide a second request in a first.
#include <gmock/gmock.h>

#include "http/tests/fixture.hpp"

namespace ticketshow::http {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using testing::HasSubstr;

class Refusal : public server_test {
 protected:
  /// Sends `bytes` with a second request hidden behind them: the answer is `status`, the connection ends after it, and
  /// the handler has seen neither.
  void expect_refused(std::string_view bytes, int status) {
    const testing::ScopedTrace what(__FILE__, __LINE__, testing::PrintToString(bytes.substr(0, 200)));
    const auto before = answered_;
    auto line = connect();
    const auto got = line.ask(std::string(bytes) + "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(answered_, before);
    ASSERT_EQ(got.status, status);
    EXPECT_EQ(got.header("Connection"), "close");
    EXPECT_EQ(got.header("Content-Type"), "application/problem+json");
    EXPECT_EQ(line.read_to_end(), "");
  }
};

TEST_F(Refusal, WhatIsNotHttpIs400) {
  for (const auto& bytes : {
           "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS hello\r\n\r\n"s,
           "nonsense\r\n\r\n"s,
           "GET\r\n\r\n"s,
           "GET /\r\n\r\n"s,
           "GET / HTTP/2.0\r\nHost: x\r\n\r\n"s,
           "GET / HTTP/1.2\r\nHost: x\r\n\r\n"s,
           "GET / http/1.1\r\nHost: x\r\n\r\n"s,
           "GET  / HTTP/1.1\r\nHost: x\r\n\r\n"s,
           "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n"s,
           "GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n"s,
           "GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n"s,
           "G@T / HTTP/1.1\r\nHost: x\r\n\r\n"s,
           "GET / HTTP/1.1\nHost: x\n\r\n\r\n"s,
           " GET / HTTP/1.1\r\nHost: x\r\n\r\n"s,
       }) {
    expect_refused(bytes, 400);
  }
}

TEST_F(Refusal, MalformedHeadersAre400) {
  for (const auto& header : {
           "no colon"s,
           ": no name"s,
           "Blank : before the colon"s,
           " Begins: with a blank"s,
           "Na\xc3\xa9me: x"s,
           "X-Nul: a\0b"s,
           "X-Bell: a\x07z"s,
           "X-Return: a\rb"s,
           "X-Feed: a\nX-Other: b"s,
           "X-Delete: a\x7f"s,
       }) {
    expect_refused("GET / HTTP/1.1\r\nHost: x\r\n" + header + "\r\n\r\n", 400);
  }
}

// RFC 9112 3.2: two servers that take another host each would not agree whom a request is for.
TEST_F(Refusal, ThereIsExactlyOneHost) {
  expect_refused("GET / HTTP/1.1\r\n\r\n", 400);
  expect_refused("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400);
  expect_refused("GET / HTTP/1.1\r\nHost: a\r\nX: y\r\nhost: a\r\n\r\n", 400);
  EXPECT_EQ(ask("GET / HTTP/1.0\r\n\r\n").status, 200);
}

// RFC 9112 5.2 lets us choose between a refusal and a blank.
TEST_F(Refusal, AHeaderIsNotContinuedOnTheNextLine) {
  for (const auto* header : {"X-Long: a\r\n b", "X-Long: a\r\n\tb", "X-Long:\r\n b", "Transfer-Encoding:\r\n chunked",
                             "X-Long: a\r\n ", "X-Long: a\r\n \r\n b"}) {
    expect_refused(fmt::format("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n\r\n", header), 400);
  }
  auto line = connect();
  line.send("GET / HTTP/1.1\r\nHost: x\r\nX-Long: a\r\n");
  line.send(" b\r\n\r\n");
  EXPECT_EQ(line.read().status, 400);
  EXPECT_EQ(answered_, 0);
}

// ---- length of the body: who reads it otherwise than we do sees another request behind it

TEST_F(Refusal, ContentLengthBesideTransferEncodingIs400) {
  expect_refused("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
  expect_refused("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n", 400);
}

TEST_F(Refusal, DisagreeingOrMalformedContentLengthsAre400) {
  for (const auto* header :
       {"Content-Length: 3\r\nContent-Length: 4", "Content-Length: 3, 4", "Content-Length: 0\r\nContent-Length: 3",
        "Content-Length: -3", "Content-Length: +3", "Content-Length: 0x3", "Content-Length: 3 3", "Content-Length: ",
        "Content-Length: 3,", "Content-Length: three", "Content-Length: 3.0", "Content-Length: \"3\"",
        "Content-Length: 18446744073709551619", "Content-Length: 99999999999999999999999999999999"}) {
    expect_refused(fmt::format("POST / HTTP/1.1\r\nHost: x\r\n{}\r\n\r\nabc", header), 400);
  }
}

TEST_F(Refusal, AnUnknownTransferCodingIs501) {
  for (const auto* coding : {"gzip", "gzip, chunked", "chunked, gzip", "identity", "xchunked", "chunked;q=1", ""}) {
    expect_refused(fmt::format("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {}\r\n\r\n0\r\n\r\n", coding), 501);
  }
  expect_refused("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                 501);
  expect_refused("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 501);
}

// RFC 9112 6.1: HTTP/1.0 has no chunks, so whoever passed this on did not read them.
TEST_F(Refusal, ChunksOfAnOldClientAre400) {
  expect_refused("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
}

TEST_F(Refusal, MalformedChunksAre400) {
  for (const auto* body :
       {"x\r\n", "-1\r\na\r\n0\r\n\r\n", "0x1\r\na\r\n0\r\n\r\n", "1 1\r\na\r\n0\r\n\r\n", "1\r\nab\r\n0\r\n\r\n",
        "3\r\nabc0\r\n\r\n", "\r\n", "1\na\n0\n\n", "1;=\r\na\r\n0\r\n\r\n", "1;a=\"b\"c\r\na\r\n0\r\n\r\n",
        "11111111111111111\r\na\r\n0\r\n\r\n", "0\r\nno colon\r\n\r\n", "0\r\nContent-Length: 3\r\n\r\n",
        "0\r\nTransfer-Encoding: chunked\r\n\r\n", "g\r\n", "1\r\na\n\r\n0\r\n\r\n"}) {
    expect_refused(fmt::format("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{}", body), 400);
  }
}

// RFC 9110 6.5.1: a trailer that counted as a header would come past whoever looked at the headers.
TEST_F(Refusal, ATrailerIsNoHeader) {
  std::string seen;
  auto echo = answer_;
  answer_ = [&](const request& incoming) {
    for (const auto& each : incoming.headers) seen += fmt::format("{}={};", each.name, each.value);
    return echo(incoming);
  };
  const auto got =
      ask("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
          "1\r\na\r\n0\r\nAuthorization: Bearer x\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n");
  EXPECT_EQ(got.body, echo_of("POST", "/", "a"));
  EXPECT_EQ(seen, "Host=x;Transfer-Encoding=chunked;");
}

// ---- methods

TEST_F(Refusal, AnUnknownMethodIs501) {
  auto line = connect();
  for (const auto* verb : {"TRACE", "PROPFIND", "get", "CONNECT", "PRI"}) {
    const auto got = line.ask(fmt::format("{} / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", verb));
    EXPECT_EQ(got.status, 501) << verb;
    EXPECT_THAT(got.body, HasSubstr(R"("code":"METHOD_NOT_IMPLEMENTED")"));
  }
  EXPECT_EQ(answered_, 0);
  EXPECT_EQ(line.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
}

// ---- sizes

TEST_F(Refusal, ABodyOverTheLimitIs413) {
  settings_.max_body_bytes = 100;
  EXPECT_EQ(ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n" + std::string(100, 'b')).status, 200);
  expect_refused("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n" + std::string(101, 'b'), 413);
  expect_refused("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551615\r\n\r\n", 413);
  const auto chunk = "33\r\n" + std::string(51, 'b') + "\r\n";
  expect_refused("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk + "0\r\n\r\n", 413);
  expect_refused("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", 413);
}

TEST_F(Refusal, A413ReachesAClientThatStillSends) {
  settings_.max_body_bytes = 100;
  auto line = connect();
  line.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n");
  for (int i = 0; i < 30; ++i) line.send(std::string(100'000, 'b'));
  EXPECT_EQ(line.read().status, 413);
}

std::string headers_of(std::size_t size) {
  std::string text = "GET / HTTP/1.1\r\nHost: x\r\n";
  while (text.size() + 102 < size) text += "X-Filler: " + std::string(88, 'f') + "\r\n";
  text += "X: " + std::string(size - text.size() - 7, 'x') + "\r\n\r\n";
  EXPECT_EQ(text.size(), size);
  return text;
}

TEST_F(Refusal, HeadersOverTheLimitAre431) {
  settings_.max_header_bytes = 5000;
  EXPECT_EQ(ask(headers_of(5000)).status, 200);
  expect_refused(headers_of(5001), 431);
  expect_refused(headers_of(20'000), 431);
  expect_refused("GET /" + std::string(5000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n", 431);
  expect_refused("GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(5000, 'a') + "\r\n\r\n", 431);
  expect_refused(std::string(6000, 'A'), 431);
}

// Beast counts anew when a piece ends just behind the beginning of a header's name.
TEST_F(Refusal, HeadersOverTheLimitAre431AlsoWhenTheyComeOneByOne) {
  settings_.max_header_bytes = 5000;
  for (const auto ahead : {0U, 1U, 2U, 3U, 50U}) {
    auto line = connect();
    const auto filler = "X-Filler: " + std::string(88, 'f') + "\r\n";
    line.send("GET / HTTP/1.1\r\nHost: x\r\n" + filler.substr(0, ahead));
    for (int i = 0; i < 100; ++i) line.send(filler.substr(ahead) + filler.substr(0, ahead));
    line.send(filler.substr(ahead) + "\r\n");
    EXPECT_EQ(line.read().status, 431) << ahead;
    EXPECT_EQ(line.read_to_end(), "");
  }
  EXPECT_EQ(answered_, 0);
}

TEST_F(Refusal, EndlessChunkExtensionsAndTrailersAreCutOff) {
  settings_.max_header_bytes = 5000;
  settings_.max_body_bytes = 5000;
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const auto& start : {head + "1;a=", head + "0\r\nX: "}) {
    auto line = connect();
    line.send(start);
    for (int i = 0; i < 20; ++i) line.send(std::string(1000, 'a'));
    EXPECT_EQ(line.read().status, 413);
    EXPECT_EQ(line.read_to_end(), "");
  }
  EXPECT_EQ(answered_, 0);
}

TEST_F(Refusal, WhoLeavesInTheMiddleIsNotAnswered) {
  for (const auto* part : {"", "GE", "GET / HTTP/1.1\r\nHo", "GET / HTTP/1.1\r\nHost: x\r\n",
                           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbo",
                           "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab"}) {
    auto line = connect();
    line.send(part);
    line.finish_sending();
    EXPECT_EQ(line.read_to_end(), "") << part;
    auto other = connect();
    other.send(part);
    other.reset();
  }
  EXPECT_EQ(answered_, 0);
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
}

}  // namespace
}  // namespace ticketshow::http
