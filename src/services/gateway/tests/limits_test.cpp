#include <gtest/gtest.h>

#include "services/gateway/client_address.hpp"
#include "services/gateway/rate_limiter.hpp"

namespace ticketshow::gateway {
namespace {

using std::chrono::milliseconds;
using kind = rate_limiter::kind;
constexpr rate ten{.per_second = 10, .burst = 5};

class Limits : public testing::Test {
 protected:
  int passed(rate_limiter& limiter, kind what, std::string_view address, int tries) {
    int count = 0;
    for (int i = 0; i < tries; ++i)
      count += limiter.take(what, address, ten, now_) == now_.time_since_epoch().zero() ? 1 : 0;
    return count;
  }

  seeded_random_source random_{7};
  rate_limiter limiter_{1024, random_};
  rt::steady_clock::time_point now_ = rt::steady_clock::now();
};

TEST_F(Limits, ABurstPassesThenTheAverageRate) {
  EXPECT_EQ(passed(limiter_, kind::address, "192.0.2.1", 20), 5);
  const auto wait = limiter_.take(kind::address, "192.0.2.1", ten, now_);
  EXPECT_EQ(wait, milliseconds(100));
  now_ += milliseconds(99);
  EXPECT_EQ(passed(limiter_, kind::address, "192.0.2.1", 20), 0);
  now_ += milliseconds(1);
  EXPECT_EQ(passed(limiter_, kind::address, "192.0.2.1", 20), 1);
  now_ += std::chrono::seconds(60);
  EXPECT_EQ(passed(limiter_, kind::address, "192.0.2.1", 20), 5);
}

TEST_F(Limits, EveryoneHasABucketOfTheirOwn) {
  EXPECT_EQ(passed(limiter_, kind::address, "192.0.2.1", 20), 5);
  EXPECT_EQ(passed(limiter_, kind::address, "192.0.2.2", 20), 5);
  EXPECT_EQ(passed(limiter_, kind::sign_in, "192.0.2.1", 20), 5);
  EXPECT_EQ(limiter_.take(kind::account, 1, ten, now_), milliseconds(0));
}

TEST_F(Limits, ZeroASecondIsNoLimit) {
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(limiter_.take(kind::account, 1, {.per_second = 0, .burst = 1}, now_), milliseconds(0));
  }
}

TEST_F(Limits, AMillionAddressesTakeNoMoreMemoryAndLeaveTheBusyOnesLimited) {
  EXPECT_EQ(passed(limiter_, kind::address, "192.0.2.1", 20), 5);
  for (std::int64_t account = 0; account < 1'000'000; ++account) {
    limiter_.take(kind::account, account, {.per_second = 1000, .burst = 2}, now_);  // full again in a millisecond
  }
  EXPECT_EQ(limiter_.capacity(), 1024U);
  EXPECT_EQ(passed(limiter_, kind::address, "192.0.2.1", 20), 0);
}

TEST(ClientAddress, ANetworkIsWhatOneCustomerHas) {
  EXPECT_NE(network_of("192.0.2.1"), network_of("192.0.2.2"));
  EXPECT_EQ(network_of("::ffff:192.0.2.1"), network_of("192.0.2.1"));
  EXPECT_EQ(network_of("2001:db8:1:2::1"), network_of("2001:db8:1:2:ffff::9"));
  EXPECT_NE(network_of("2001:db8:1:2::1"), network_of("2001:db8:1:3::1"));
  EXPECT_EQ(network_of("nonsense"), network_of(""));
  EXPECT_TRUE(is_loopback("127.0.0.1"));
  EXPECT_TRUE(is_loopback("::1"));
  EXPECT_TRUE(is_loopback("::ffff:127.0.0.1"));
  EXPECT_FALSE(is_loopback("192.0.2.1"));
  EXPECT_FALSE(is_loopback(""));
}

std::string client_of(const proxy_list& proxies, std::string_view peer, std::vector<std::string_view> forwarded) {
  std::vector<http::header_view> headers;
  for (const auto each : forwarded) headers.push_back({"X-Forwarded-For", each});
  return std::string(proxies.client_of(http::request{.headers = headers, .remote_address = peer}));
}

TEST(ClientAddress, ForwardedForCountsOnlyFromTrustedProxies) {
  const proxy_list nobody({});
  EXPECT_EQ(client_of(nobody, "10.0.0.1", {"192.0.2.9"}), "10.0.0.1");
  const proxy_list proxies({"10.0.0.1", "10.0.0.2", "2001:db8::1"});
  EXPECT_EQ(client_of(proxies, "10.0.0.3", {"192.0.2.9"}), "10.0.0.3");
  EXPECT_EQ(client_of(proxies, "10.0.0.1", {"192.0.2.9"}), "192.0.2.9");
  EXPECT_EQ(client_of(proxies, "::ffff:10.0.0.1", {"192.0.2.9"}), "192.0.2.9");
  EXPECT_EQ(client_of(proxies, "10.0.0.1", {"192.0.2.9, 10.0.0.2"}), "192.0.2.9");
  EXPECT_EQ(client_of(proxies, "10.0.0.1", {}), "10.0.0.1");
}

TEST(ClientAddress, WhatTheClientWroteItselfCountsForNothing) {
  const proxy_list proxies({"10.0.0.1"});
  EXPECT_EQ(client_of(proxies, "10.0.0.1", {"1.1.1.1, 192.0.2.9"}), "192.0.2.9");
  EXPECT_EQ(client_of(proxies, "10.0.0.1", {"1.1.1.1", "192.0.2.9"}), "192.0.2.9");
  EXPECT_EQ(client_of(proxies, "10.0.0.1", {"192.0.2.9, unknown"}), "10.0.0.1");
  EXPECT_EQ(client_of(proxies, "10.0.0.1", {""}), "10.0.0.1");
  EXPECT_EQ(client_of(proxies, "10.0.0.1", {","}), "10.0.0.1");
}

TEST(ClientAddress, AForwardingPeerWhoseWordIsNotTakenIsNoticed) {
  const std::vector<http::header_view> forwarded{{"X-Forwarded-For", "192.0.2.9"}};
  const auto from = [&](std::string_view peer) { return http::request{.headers = forwarded, .remote_address = peer}; };
  const proxy_list proxies({"10.0.0.1"});
  EXPECT_TRUE(proxies.passes_over(from("10.0.0.3")));
  EXPECT_TRUE(proxy_list({}).passes_over(from("127.0.0.1")));
  EXPECT_FALSE(proxies.passes_over(from("10.0.0.1")));
  EXPECT_FALSE(proxies.passes_over(http::request{.remote_address = "10.0.0.3"}));
}

TEST(ClientAddress, AProxyThatIsNoAddressIsRefused) { EXPECT_THROW(proxy_list({"proxy.example"}), std::runtime_error); }

}  // namespace
}  // namespace ticketshow::gateway
