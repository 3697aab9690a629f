#include "services/gateway/stream_limiter.hpp"

#include <gtest/gtest.h>

#include "http/body_source.hpp"
#include "rt/metrics.hpp"

namespace ticketshow::gateway {
namespace {

class no_source final : public http::body_source {
 public:
  rt::task<http::piece> next() override { co_return nullptr; }
  void close() override { closed = true; }
  bool closed = false;
};

http::response opened() { return {.stream = std::make_shared<no_source>()}; }

http::response admit(stream_limiter& limiter, std::string_view client) { return limiter.admit(opened(), client, "id"); }

TEST(StreamLimiter, AnAddressHasItsShareAndOthersHaveTheirs) {
  stream_limiter limiter({.in_all = 10, .of_an_address = 2});
  std::vector<http::response> open;
  for (const auto* client : {"192.0.2.1", "192.0.2.1", "192.0.2.2"}) open.push_back(admit(limiter, client));
  for (const auto& each : open) EXPECT_TRUE(each.stream);
  const auto refused = admit(limiter, "192.0.2.1");
  EXPECT_EQ(refused.status, 429);
  EXPECT_FALSE(refused.stream);
  EXPECT_EQ(refused.header("Retry-After"), "10");
  EXPECT_TRUE(refused.body.contains("TOO_MANY_STREAMS"));
  open.erase(open.begin());
  EXPECT_TRUE(admit(limiter, "192.0.2.1").stream);
}

TEST(StreamLimiter, OneCustomersNetworkIsOneAddress) {
  stream_limiter limiter({.in_all = 10, .of_an_address = 1});
  const auto open = admit(limiter, "2001:db8::1");
  EXPECT_EQ(admit(limiter, "2001:db8::2").status, 429);
  EXPECT_EQ(admit(limiter, "2001:db8:0:1::1").status, 200);
}

TEST(StreamLimiter, SoHaveAllTogether) {
  stream_limiter limiter({.in_all = 2, .of_an_address = 2});
  const auto one = admit(limiter, "192.0.2.1");
  auto two = admit(limiter, "192.0.2.2");
  const auto refused = admit(limiter, "192.0.2.3");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("Retry-After"), "5");
  EXPECT_TRUE(rt::metrics::scrape().contains("ticketshow_http_streams 2"));
  two.stream = nullptr;
  EXPECT_EQ(admit(limiter, "192.0.2.3").status, 200);
}

TEST(StreamLimiter, AStreamMayOutliveIt) {
  http::response open;
  {
    stream_limiter limiter({});
    open = admit(limiter, "192.0.2.1");
  }
  open.stream->close();
  open.stream = nullptr;
  EXPECT_TRUE(rt::metrics::scrape().contains("ticketshow_http_streams 0"));
}

TEST(StreamLimiter, OtherAnswersPass) {
  stream_limiter limiter({.in_all = 0, .of_an_address = 1});
  EXPECT_EQ(limiter.admit({.status = 404}, "192.0.2.1", "id").status, 404);
}

}  // namespace
}  // namespace ticketshow::gateway
