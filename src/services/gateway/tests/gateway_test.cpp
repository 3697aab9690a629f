#include "services/gateway/tests/fixture.hpp"

namespace ticketshow::gateway {
namespace {

class Gateway : public gateway_test {};

// ---- tokens

TEST_F(Gateway, ATokenDecidesWhoCalls) {
  const auto answer = get_as(accounts_.token(42, "family"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(text_of(answer, "id"), "42");
  EXPECT_EQ(text_of(answer, "username"), "family");
  EXPECT_EQ(get("/api/v1/auth/me").status, 401);
}

TEST_F(Gateway, AnExpiredAndAnInvalidTokenAre401WithAChallenge) {
  const auto token = accounts_.token(1);
  EXPECT_EQ(get_as(token).status, 200);
  clock_.advance(std::chrono::minutes(15));
  const auto expired = get_as(token);
  EXPECT_EQ(expired.status, 401);
  EXPECT_EQ(text_of(expired, "code"), "NOT_AUTHENTICATED");
  EXPECT_TRUE(text_of(expired, "detail").contains("expired"));
  EXPECT_TRUE(expired.header("WWW-Authenticate").contains("error=\"invalid_token\""));
  const auto invalid = get_as("nonsense");
  EXPECT_EQ(invalid.status, 401);
  EXPECT_TRUE(text_of(invalid, "detail").contains("invalid"));
  EXPECT_EQ(get("/api/v1/auth/me", {{"Authorization", "Basic dTpw"}}).status, 401);
  EXPECT_EQ(get("/api/v1/auth/me", {{"Authorization", "Bearer"}}).status, 401);
  EXPECT_EQ(get("/api/v1/auth/me", {{"Authorization", "Bearer "}}).status, 401);
}

TEST_F(Gateway, AStaleTokenDoesNotBlockSigningInOrOut) {
  const auto stale = "Bearer " + accounts_.token(1, "s", "USER", std::chrono::seconds(-1));
  const headers sent = {{"authorization", stale}};
  const auto in =
      ask(http::method::POST, "/api/v1/auth/login", sent, R"({"email":"a@example.org","password":"password"})");
  EXPECT_EQ(in.status, 200) << in.body;
  EXPECT_EQ(ask(http::method::POST, "/api/v1/auth/logout", sent).status, 200);
  EXPECT_EQ(get("/api/v1/auth/jwks.json", sent).status, 200);
  EXPECT_EQ(get("/api/v1/auth/me", sent).status, 401);
}

TEST_F(Gateway, ATokenOfANewKeyIsTakenAtOnce) {
  EXPECT_EQ(get_as(accounts_.token(1)).status, 200);
  accounts_.keys.insert(accounts_.keys.begin(), key_from(2));
  now_ += std::chrono::seconds(4);
  EXPECT_EQ(get_as(accounts_.token(2)).status, 200);
}

TEST_F(Gateway, Defect18_ARevokedSessionIsRefusedWithinAPoll) {
  const auto token = accounts_.token(1, "stolen");
  EXPECT_EQ(get_as(token).status, 200);
  accounts_.revoked.emplace_back("stolen");
  const auto until = rt::deadline::after(std::chrono::seconds(10));
  auto answer = get_as(token);
  while (answer.status == 200 && !until.passed()) {
    rt::run(context_, rt::sleep_for(std::chrono::milliseconds(1)));
    now_ += std::chrono::milliseconds(100);
    answer = get_as(token);
  }
  EXPECT_EQ(answer.status, 401);
}

TEST_F(Gateway, WithoutAuthPublicReadsAreServedAndTokensHaveToWait) {
  accounts_.reachable = false;
  EXPECT_FALSE(gateway().ready());
  EXPECT_EQ(get_as(accounts_.token(1)).status, 503);
  EXPECT_EQ(get("/docs").status, 200);
  EXPECT_EQ(get_as(accounts_.token(1), "/openapi.json").status, 200);
}

// Defect 17: internal endpoints have no authentication. Here they have no way in at all.
TEST_F(Gateway, Defect17_InternalEndpointsAreNeverRouted) {
  const auto admin = accounts_.token(1, "s", "ADMIN");
  for (const auto* target :
       {"/api/v1/internal/auth/revoked-sessions", "/internal/auth/revoked-sessions",
        "/api/v1//internal/auth/revoked-sessions", "/api/v1/%69nternal/auth/revoked-sessions",
        "/api/v1/auth/../internal/auth/revoked-sessions", "/auth/internal/auth/revoked-sessions"}) {
    EXPECT_EQ(get_as(admin, target).status, 404) << target;
    EXPECT_EQ(fetch(http::method::GET, target).status, 404) << target;
  }
  const auto debit = ask(http::method::POST, "/api/v1/internal/wallet/credit", {}, R"({"user_id":1,"amount":1})");
  EXPECT_EQ(debit.status, 404);
}

// ---- limits

TEST_F(Gateway, AnAccountIsLimitedAndRecovers) {
  settings_.per_account = {.per_second = 2, .burst = 3};
  settings_.per_address = {};
  const auto one = accounts_.token(1);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(get_as(one).status, 200);
  peer_ = "198.51.100.8";  // another address is the same account
  const auto refused = get_as(one);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(text_of(refused, "code"), "TOO_MANY_REQUESTS");
  EXPECT_EQ(refused.header("Retry-After"), "1");
  EXPECT_EQ(get_as(accounts_.token(2)).status, 200);
  now_ += std::chrono::milliseconds(500);
  EXPECT_EQ(get_as(one).status, 200);
  EXPECT_EQ(get_as(one).status, 429);
}

TEST_F(Gateway, AnAddressIsLimitedWhateverAccountsAndForgedTokensItShows) {
  settings_.per_address = {.per_second = 1, .burst = 4};
  EXPECT_EQ(get_as(accounts_.token(1)).status, 200);
  EXPECT_EQ(get_as("forged").status, 401);
  EXPECT_EQ(get("/api/v1/none").status, 404);
  EXPECT_EQ(get("/docs").status, 200);
  EXPECT_EQ(get_as(accounts_.token(2)).status, 429);
  EXPECT_EQ(get_as("forged").status, 429);
  EXPECT_EQ(get("/docs").status, 429);
  EXPECT_EQ(get("/health/live").status, 200);
  peer_ = "198.51.100.8";
  EXPECT_EQ(get_as(accounts_.token(2)).status, 200);
}

TEST_F(Gateway, SigningInIsLimitedMore) {
  const auto sign_in = [&] {
    return ask(http::method::POST, "/api/v1/auth/login", {}, R"({"email":"a@example.org","password":"password"})")
        .status;
  };
  for (int i = 0; i < 10; ++i) EXPECT_EQ(sign_in(), 200);
  EXPECT_EQ(sign_in(), 429);
  EXPECT_EQ(ask(http::method::POST, "/api/v1/auth/register/").status, 429);
  EXPECT_EQ(get("/api/v1/auth/jwks.json").status, 200);
  now_ += std::chrono::seconds(1);
  EXPECT_EQ(sign_in(), 200);
}

TEST_F(Gateway, ForwardedForDoesNotEscapeALimitUnlessItComesFromAProxy) {
  settings_.trusted_proxies = {"10.0.0.1"};
  settings_.per_address = {.per_second = 1, .burst = 1};
  EXPECT_EQ(get("/docs").status, 200);
  EXPECT_EQ(get("/docs", {{"X-Forwarded-For", "192.0.2.1"}}).status, 429);
  peer_ = "10.0.0.1";
  EXPECT_EQ(get("/docs", {{"X-Forwarded-For", "192.0.2.1"}}).status, 200);
  EXPECT_EQ(get("/docs", {{"X-Forwarded-For", "192.0.2.1"}}).status, 429);
  EXPECT_EQ(get("/docs", {{"X-Forwarded-For", "192.0.2.2"}}).status, 200);
  EXPECT_EQ(get("/docs", {{"X-Forwarded-For", "192.0.2.3, 192.0.2.2"}}).status, 429);
}

// ---- correlation

TEST_F(Gateway, EveryAnswerCarriesItsCorrelationId) {
  const auto id_for = [&](const headers& sent) {
    return std::string(get("/api/v1/none", sent).header("X-Request-ID"));
  };
  EXPECT_EQ(id_for({{"x-request-id", "abcDEF-_19"}}), "abcDEF-_19");
  const std::string parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  EXPECT_EQ(id_for({{"traceparent", parent}}), "4bf92f3577b34da6a3ce929d0e0e4736");
  const auto own = id_for({});
  EXPECT_EQ(own.size(), 32U);
  EXPECT_NE(own, id_for({}));
  for (const auto& bad :
       std::vector<std::string>{"short", "has blank in it", "quote\"quote\"", std::string(65, 'a'), "line\nbreak!"}) {
    EXPECT_NE(id_for({{"X-Request-ID", bad}}), bad);
  }
  for (const auto* bad : {"00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                          "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                          "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x", "00-"}) {
    EXPECT_EQ(id_for({{"traceparent", bad}}).size(), 32U);
    EXPECT_NE(id_for({{"traceparent", bad}}), std::string(bad).substr(std::min<std::size_t>(3, std::strlen(bad)), 32));
  }
  const auto problem = get("/api/v1/none", {{"X-Request-ID", "abcDEF-_19"}});
  EXPECT_EQ(text_of(problem, "correlation_id"), "abcDEF-_19");
  const auto value = "Bearer " + accounts_.token(1);
  EXPECT_EQ(text_of(get("/api/v1/auth/me", {{"Authorization", value}, {"X-Request-ID", "abcDEF-_19"}}), "city"),
            "abcDEF-_19");
}

// ---- CORS

TEST_F(Gateway, NoOriginMayCallUnlessConfigured) {
  for (const auto* origin : {"https://evil.example", "null", "*"}) {
    const auto answer = get("/api/v1/auth/jwks.json", {{"Origin", origin}});
    EXPECT_EQ(answer.status, 200);
    for (const auto& each : answer.headers) EXPECT_FALSE(each.name.starts_with("Access-Control")) << each.name;
  }
}

TEST_F(Gateway, OnlyConfiguredOriginsMayCall) {
  settings_.cors_origins = {"https://tickets.example"};
  const auto allowed = get("/api/v1/auth/me", {{"Origin", "https://tickets.example"}});
  EXPECT_EQ(allowed.status, 401);
  EXPECT_EQ(allowed.header("Access-Control-Allow-Origin"), "https://tickets.example");
  EXPECT_EQ(allowed.header("Access-Control-Allow-Credentials"), "true");
  EXPECT_EQ(allowed.header("Vary"), "Origin");
  for (const auto* origin :
       {"https://tickets.example.evil.example", "http://tickets.example", "https://TICKETS.example", "null"}) {
    const auto refused = get("/api/v1/auth/jwks.json", {{"Origin", origin}});
    EXPECT_EQ(refused.header("Access-Control-Allow-Origin"), "") << origin;
    EXPECT_EQ(refused.header("Vary"), "Origin");
  }
  const headers asked = {{"Origin", "https://tickets.example"}, {"Access-Control-Request-Method", "PATCH"}};
  const auto preflight = ask(http::method::OPTIONS, "/api/v1/auth/me", asked);
  EXPECT_EQ(preflight.status, 204);
  EXPECT_TRUE(preflight.header("Access-Control-Allow-Methods").contains("PATCH"));
  EXPECT_TRUE(preflight.header("Access-Control-Allow-Headers").contains("Authorization"));
  EXPECT_EQ(preflight.header("Access-Control-Allow-Origin"), "https://tickets.example");
  const headers foreign = {{"Origin", "https://evil.example"}, {"Access-Control-Request-Method", "PATCH"}};
  const auto refused = ask(http::method::OPTIONS, "/api/v1/auth/me", foreign);
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.header("Access-Control-Allow-Origin"), "");
}

// ---- health, metrics, the rest

TEST_F(Gateway, HealthTellsWhatIsNotReady) {
  EXPECT_EQ(get("/health/live").status, 200);
  EXPECT_EQ(get("/health/ready").body, R"({"status":"ready","not_ready":[]})");
  not_ready_ = {"booking", "payment"};
  EXPECT_EQ(get("/health/ready").status, 503);
  EXPECT_EQ(get("/health/ready").body, R"({"status":"not ready","not_ready":["booking","payment"]})");
  EXPECT_EQ(get("/health/live").status, 200);
  EXPECT_EQ(get("/health/none").status, 404);
}

TEST_F(Gateway, MetricsTellWhatIsNotReadyAndWhenItIsAgain) {
  peer_ = "127.0.0.1";
  EXPECT_TRUE(get("/metrics").body.contains("ticketshow_not_ready{module=\"stopping\"} 0\n"));
  not_ready_ = {"booking"};
  EXPECT_TRUE(get("/metrics").body.contains("ticketshow_not_ready{module=\"booking\"} 1\n"));
  not_ready_ = {};
  EXPECT_TRUE(get("/metrics").body.contains("ticketshow_not_ready{module=\"booking\"} 0\n"));
}

TEST_F(Gateway, MetricsAreForThisMachineAlone) {
  EXPECT_EQ(get("/metrics").status, 404);
  peer_ = "127.0.0.1";
  EXPECT_EQ(get("/metrics", {{"X-Forwarded-For", "192.0.2.1"}}).status, 404);
  EXPECT_EQ(get("/api/v1/auth/jwks.json").status, 200);
  const auto answer = get("/metrics");
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.header("Content-Type").starts_with("text/plain; version=0.0.4"));
  EXPECT_TRUE(answer.body.contains(R"(ticketshow_http_requests_total{endpoint="GET /auth/jwks.json",status="2xx"})"));
  EXPECT_TRUE(answer.body.contains(R"(ticketshow_http_request_seconds_bucket{endpoint="GET /auth/jwks.json")"));
}

TEST_F(Gateway, MetricsMayBeMadePublic) {
  settings_.metrics_public = true;
  EXPECT_EQ(get("/metrics").status, 200);
}

TEST_F(Gateway, TheApiAnswersUnknownPathsAndMethodsWithProblems) {
  for (const auto* path : {"/api", "/api/", "/api/v1", "/api/v1/none", "/api/v2/shows"}) {
    const auto answer = get(path);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json") << path;
  }
  const auto method = ask(http::method::PUT, "/api/v1/auth/me");
  EXPECT_EQ(method.status, 405);
  EXPECT_EQ(method.header("Allow"), "GET, HEAD, PATCH");
  const auto page = ask(http::method::POST, "/docs");
  EXPECT_EQ(page.status, 405);
  EXPECT_EQ(page.header("Allow"), "GET, HEAD");
}

TEST_F(Gateway, WorksOverASocketWithHeadAndTrailingSlash) {
  const auto value = "Bearer " + accounts_.token(5);
  EXPECT_EQ(text_of(fetch(http::method::GET, "/api/v1/auth/me/", {{"Authorization", value}}), "id"), "5");
  const auto head = fetch(http::method::HEAD, "/api/v1/auth/me", {{"Authorization", value}});
  EXPECT_EQ(head.status, 200);
  EXPECT_TRUE(head.bytes().empty());
  EXPECT_EQ(fetch(http::method::HEAD, "/").status, 200);
  EXPECT_EQ(fetch(http::method::GET, "/metrics").status, 200);
}

TEST_F(Gateway, EveryKindOfAnswerHasItsSecurityHeaders) {
  settings_.secure_cookies = true;
  for (const auto* path : {"/", "/docs", "/docs/init.js", "/openapi.json", "/none.txt", "/health/live", "/health/ready",
                           "/metrics", "/api/v1/auth/jwks.json", "/api/v1/auth/me", "/api/v1/none"}) {
    const auto answer = get(path);
    const auto policy = std::string(answer.header("Content-Security-Policy"));
    EXPECT_TRUE(policy.contains("default-src '")) << path;
    EXPECT_TRUE(policy.contains("frame-ancestors 'none'")) << path;
    const auto scripts = policy.find("script-src");
    if (scripts != std::string::npos) {
      EXPECT_EQ(policy.substr(scripts, policy.find(';', scripts) - scripts), "script-src 'self'") << path;
    }
    EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff") << path;
    EXPECT_EQ(answer.header("Referrer-Policy"), "no-referrer") << path;
    EXPECT_EQ(answer.header("Strict-Transport-Security"), "max-age=31536000") << path;
    EXPECT_FALSE(answer.header("X-Request-ID").empty()) << path;
    EXPECT_EQ(
        std::ranges::count_if(answer.headers, [](const auto& each) { return each.name == "Content-Security-Policy"; }),
        1)
        << path;
  }
  EXPECT_FALSE(get("/").header("Permissions-Policy").empty());
}

TEST_F(Gateway, WithoutHttpsThereIsNoStrictTransportSecurity) {
  EXPECT_EQ(get("/").header("Strict-Transport-Security"), "");
}

}  // namespace
}  // namespace ticketshow::gateway
