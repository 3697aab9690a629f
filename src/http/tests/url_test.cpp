#include "http/url.hpp"

#include <gtest/gtest.h>

namespace ticketshow::http {
namespace {

TEST(Url, says_where_a_server_is) {
  const auto plain = options_for("http://127.0.0.1:9200").value();
  EXPECT_EQ(plain.host, "127.0.0.1");
  EXPECT_EQ(plain.port, 9200);
  EXPECT_FALSE(plain.tls);
  EXPECT_EQ(plain.prefix, "");
  const auto secure = options_for("https://search.example/deep%20down/").value();
  EXPECT_EQ(secure.host, "search.example");
  EXPECT_EQ(secure.port, 443);
  EXPECT_TRUE(secure.tls);
  EXPECT_EQ(secure.prefix, "/deep%20down");
  EXPECT_EQ(options_for("http://[::1]:80/").value().host, "::1");
}

TEST(Url, what_is_no_address_of_a_server_is_nothing) {
  for (const auto* text :
       {"", "localhost:80", "ftp://a.example", "http://", "http://a.example:0", "http://a.example:99999",
        "http://me:secret@a.example", "http://a.example/?q=1", "http://a.example/#x", "http://a b"}) {
    EXPECT_FALSE(options_for(text)) << text;
  }
}

TEST(Url, the_host_header_names_the_port_unless_it_is_the_schemes_own) {
  const auto written = [](const char* url) { return host_header(options_for(url).value()); };
  EXPECT_EQ(written("https://a.example"), "a.example");
  EXPECT_EQ(written("https://a.example:80"), "a.example:80");
  EXPECT_EQ(written("http://a.example:80"), "a.example");
  EXPECT_EQ(written("http://[::1]:8080"), "[::1]:8080");
}

TEST(Url, the_origin_is_scheme_and_host_alone) {
  EXPECT_EQ(origin_of(options_for("https://a.example/deep/down").value()), "https://a.example");
  EXPECT_EQ(origin_of(options_for("http://127.0.0.1:9000/bucket").value()), "http://127.0.0.1:9000");
}

}  // namespace
}  // namespace ticketshow::http
