#include "services/gateway/tokens.hpp"

#include <gtest/gtest.h>

#include "services/gateway/tests/fake_auth.hpp"

namespace ticketshow::gateway {
namespace {

using verdict = token_verifier::verdict;

class Tokens : public testing::Test {
 protected:
  token_verifier& verifier() {
    if (!verifier_) {
      verifier_ = std::make_unique<token_verifier>(context_.get_executor(), clock_, random_, accounts_, settings_,
                                                   [this] { return now_; });
    }
    return *verifier_;
  }
  void SetUp() override { now_ = rt::steady_clock::now(); }
  void learn() {
    rt::run(context_, verifier().fetch_keys());
    rt::run(context_, verifier().poll_revocations());
  }
  verdict judge(std::string_view token) { return verifier().check(token).outcome; }
  std::string signed_with(boost::json::object claims, std::string_view type = "at+jwt") {
    return jose::sign(claims, accounts_.keys.front(), type);
  }
  /// A token whose header is chosen freely, signed with the true key's signature over other content.
  std::string with_header(std::string_view header) {
    const auto good = accounts_.token(1);
    return jose::base64url_encode(header) + good.substr(good.find('.'));
  }

  boost::asio::io_context context_;
  manual_clock clock_{timestamp(std::chrono::seconds(1'795'000'000))};
  seeded_random_source random_{1};
  fake_auth accounts_{clock_};
  token_options settings_;
  rt::steady_clock::time_point now_;
  std::unique_ptr<token_verifier> verifier_;
};

TEST_F(Tokens, AGoodTokenTellsWhoCalls) {
  learn();
  const auto token = accounts_.token(42, "family-9", "ADMIN");
  for (int i = 0; i < 2; ++i) {  // verified, then remembered
    const auto checked = verifier().check(token);
    ASSERT_EQ(checked.outcome, verdict::good);
    EXPECT_TRUE(checked.caller->is_admin());
    EXPECT_EQ(checked.caller->user_id, 42);
    EXPECT_EQ(checked.caller->email, "someone@example.org");
    EXPECT_EQ(checked.caller->session_id, "family-9");
  }
  EXPECT_EQ(verifier().remembered(), 1U);
}

TEST_F(Tokens, ADoorkeepersTokenNamesItsVenue) {
  learn();
  auto claims = accounts_.claims(42);
  claims["role"] = "STAFF";
  EXPECT_EQ(judge(signed_with(claims)), verdict::invalid) << "of no venue";
  claims["venue"] = 0;
  EXPECT_EQ(judge(signed_with(claims)), verdict::invalid);
  claims["venue"] = "7";
  EXPECT_EQ(judge(signed_with(claims)), verdict::invalid);
  claims["venue"] = 7;
  const auto token = signed_with(claims);
  const auto checked = verifier().check(token);
  ASSERT_EQ(checked.outcome, verdict::good);
  EXPECT_TRUE(checked.caller->is_staff());
  EXPECT_FALSE(checked.caller->is_admin());
  EXPECT_EQ(checked.caller->venue_id, 7);
  claims["role"] = "USER";
  EXPECT_EQ(judge(signed_with(claims)), verdict::invalid) << "customers keep no doors";
}

TEST_F(Tokens, AlgorithmNoneIsRefused) {
  learn();
  const auto body = jose::base64url_encode(boost::json::serialize(accounts_.claims(1)));
  for (const auto* header :
       {R"({"alg":"none","typ":"at+jwt"})", R"({"alg":"None","typ":"at+jwt"})", R"({"typ":"at+jwt"})"}) {
    EXPECT_EQ(judge(jose::base64url_encode(header) + '.' + body + '.'), verdict::invalid) << header;
  }
  EXPECT_EQ(judge(with_header(R"({"alg":"none","typ":"at+jwt","kid":")" + accounts_.keys[0].id + "\"}")),
            verdict::invalid);
}

TEST_F(Tokens, ThePublicKeyIsNoHmacSecret) {
  learn();
  const auto& key = accounts_.keys[0];
  const std::string raw(reinterpret_cast<const char*>(key.public_key.data()), key.public_key.size());
  const auto jwk = boost::json::serialize(jose::to_jwk({key.id, key.public_key}));
  for (const auto& secret : {raw, jose::base64url_encode(raw), jwk}) {
    EXPECT_EQ(judge(jose::sign_hs256(accounts_.claims(1), secret, "at+jwt")), verdict::invalid);
  }
}

TEST_F(Tokens, KeysNamedInTheTokenItselfAreNeverTaken) {
  learn();
  const auto foreign = key_from(66);
  const auto jwk = boost::json::serialize(jose::to_jwk({foreign.id, foreign.public_key}));
  const std::string start = R"({"alg":"EdDSA","typ":"at+jwt","kid":")" + accounts_.keys[0].id + "\",";
  for (const auto& more : {std::string(R"("jku":"https://evil.example/jwks.json"})"), R"("jwk":)" + jwk + "}",
                           std::string(R"("x5u":"https://evil.example/cert"})"), std::string(R"("x5c":["MII"]})"),
                           std::string(R"("crit":["exp"]})")}) {
    EXPECT_EQ(judge(with_header(start + more)), verdict::invalid) << more;
  }
  EXPECT_EQ(accounts_.key_fetches, 1);
}

TEST_F(Tokens, AKidIsOnlyEverComparedWithIdsAtHand) {
  learn();
  for (const auto* kid : {"../../../../dev/null", "/etc/passwd", "' OR 1=1 --", "", "http://evil.example/"}) {
    auto odd = accounts_.keys[0];
    odd.id = kid;
    const auto outcome = judge(jose::sign(accounts_.claims(1), odd, "at+jwt"));
    EXPECT_TRUE(outcome == verdict::unknown_key || outcome == verdict::invalid) << kid;
  }
}

TEST_F(Tokens, ClaimsThatAreNotOursAreRefused) {
  learn();
  const auto refused_with = [&](const char* name, boost::json::value value) {
    auto claims = accounts_.claims(1);
    claims[name] = std::move(value);
    return judge(signed_with(claims)) == verdict::invalid;
  };
  EXPECT_TRUE(refused_with("aud", "elsewhere"));
  EXPECT_TRUE(refused_with("aud", nullptr));
  EXPECT_TRUE(refused_with("iss", "https://evil.example"));
  EXPECT_TRUE(refused_with("sub", "0"));
  EXPECT_TRUE(refused_with("sub", "-1"));
  EXPECT_TRUE(refused_with("sub", "1 or 2"));
  EXPECT_TRUE(refused_with("sub", ""));
  EXPECT_TRUE(refused_with("role", "ROOT"));
  EXPECT_TRUE(refused_with("role", nullptr));
  EXPECT_TRUE(refused_with("sid", ""));
  EXPECT_TRUE(refused_with("email", 5));
  EXPECT_TRUE(refused_with("nbf", 1'795'009'999));
  EXPECT_EQ(judge(signed_with(accounts_.claims(1), "JWT")), verdict::invalid);
  EXPECT_EQ(judge(signed_with(accounts_.claims(1), "service+jwt")), verdict::invalid);
}

TEST_F(Tokens, WhatIsNoTokenIsRefused) {
  learn();
  const auto good = accounts_.token(1);
  for (const auto& text : {std::string("?"), std::string("a.b.c"), std::string(".."), good + ".x",
                           good.substr(0, good.size() - 4), std::string(100'000, 'a'), "x" + good}) {
    EXPECT_EQ(judge(text), verdict::invalid) << text.substr(0, 80);
  }
  auto altered = good;
  altered[good.find('.') + 5] = altered[good.find('.') + 5] == 'A' ? 'B' : 'A';
  EXPECT_EQ(judge(altered), verdict::invalid);
  EXPECT_EQ(verifier().remembered(), 0U);
}

TEST_F(Tokens, ARememberedTokenIsRefusedOnceItHasEnded) {
  learn();
  const auto token = accounts_.token(1);
  EXPECT_EQ(judge(token), verdict::good);
  clock_.advance(std::chrono::minutes(15) - std::chrono::microseconds(1));
  EXPECT_EQ(judge(token), verdict::good);
  clock_.advance(std::chrono::microseconds(1));
  EXPECT_EQ(judge(token), verdict::expired);
  EXPECT_EQ(verifier().remembered(), 0U);
  EXPECT_EQ(judge(token), verdict::expired);
}

// Defect 18: tokens of 100 hours, no revocation.
TEST_F(Tokens, Defect18_ATokenOfAHundredHoursIsRefused) {
  learn();
  EXPECT_EQ(judge(accounts_.token(1, "s", "USER", std::chrono::hours(100))), verdict::invalid);
}

TEST_F(Tokens, Defect18_ARevokedSessionIsRefusedAfterOnePollRememberedOrNot) {
  learn();
  const auto remembered = accounts_.token(1, "a");
  const auto other = accounts_.token(1, "b");
  EXPECT_EQ(judge(remembered), verdict::good);
  EXPECT_EQ(judge(other), verdict::good);
  accounts_.revoked = {"x", "y", "a", "z", "c"};
  rt::run(context_, verifier().poll_revocations());
  EXPECT_EQ(judge(remembered), verdict::revoked);
  EXPECT_EQ(judge(accounts_.token(2, "c")), verdict::revoked);
  EXPECT_EQ(judge(other), verdict::good);
  clock_.advance(std::chrono::minutes(10));
  rt::run(context_, verifier().poll_revocations());
  EXPECT_EQ(judge(remembered), verdict::revoked);
}

TEST_F(Tokens, ARotatedKeyIsGoodUntilItLeavesTheSet) {
  learn();
  const auto old_token = accounts_.token(1);
  EXPECT_EQ(judge(old_token), verdict::good);
  accounts_.keys.insert(accounts_.keys.begin(), key_from(2));
  EXPECT_EQ(judge(accounts_.token(2)), verdict::unknown_key);
  rt::run(context_, verifier().fetch_keys());
  EXPECT_EQ(judge(accounts_.token(2)), verdict::good);
  EXPECT_EQ(judge(old_token), verdict::good);
  accounts_.keys.pop_back();
  rt::run(context_, verifier().fetch_keys());
  EXPECT_EQ(judge(old_token), verdict::unknown_key);
  EXPECT_EQ(judge(accounts_.token(2)), verdict::good);
}

TEST_F(Tokens, AnUnknownKeyIsAskedForOnceInAWhileHoweverManyAsk) {
  learn();
  const auto ask = [&] { return rt::run(context_, verifier().refetch(rt::deadline::after(std::chrono::seconds(5)))); };
  EXPECT_FALSE(ask());  // just fetched
  EXPECT_EQ(accounts_.key_fetches, 1);
  now_ += settings_.key_retry;
  int waited = 0;
  const auto count = [](token_verifier& asked, int& done) -> rt::task<> {
    done += (co_await asked.refetch(rt::deadline::after(std::chrono::seconds(5)))) ? 1 : 0;
  };
  for (int i = 0; i < 50; ++i) boost::asio::co_spawn(context_, count(verifier(), waited), boost::asio::detached);
  context_.restart();
  context_.run();
  EXPECT_EQ(waited, 50);
  EXPECT_EQ(accounts_.key_fetches, 2);
  EXPECT_FALSE(ask());
  accounts_.reachable = false;
  now_ += settings_.key_retry;
  EXPECT_TRUE(ask());  // nobody hangs when auth is gone, and the old keys stay
  EXPECT_EQ(judge(accounts_.token(1)), verdict::good);
}

TEST_F(Tokens, AMassOfTokensKeepsTheMemoryBounded) {
  settings_.remembered = 100;
  learn();
  const auto first = accounts_.token(1);
  const auto second = accounts_.token(2);
  EXPECT_EQ(judge(first), verdict::good);
  EXPECT_EQ(judge(second), verdict::good);
  for (std::int64_t user = 3; user < 1'000; ++user) {
    ASSERT_EQ(judge(accounts_.token(user)), verdict::good);
    ASSERT_EQ(judge(first), verdict::good);
    ASSERT_LE(verifier().remembered(), 100U);
  }
  EXPECT_EQ(verifier().remembered(), 100U);
  EXPECT_EQ(judge(second), verdict::good);  // forgotten, and verified anew
}

TEST_F(Tokens, WithoutAuthNothingIsSaidAndNothingIsReady) {
  accounts_.reachable = false;
  settings_.revocation_poll = std::chrono::milliseconds(2);
  rt::run(context_, verifier().start());
  EXPECT_FALSE(verifier().ready());
  EXPECT_EQ(judge(accounts_.token(1)), verdict::no_keys);
  accounts_.reachable = true;
  const auto until = rt::deadline::after(std::chrono::seconds(10));
  while (!verifier().ready() && !until.passed()) rt::run(context_, rt::sleep_for(std::chrono::milliseconds(1)));
  EXPECT_TRUE(verifier().ready());
  EXPECT_EQ(judge(accounts_.token(1)), verdict::good);
  rt::run(context_, verifier().stop(rt::deadline::after(std::chrono::seconds(5))));
}

}  // namespace
}  // namespace ticketshow::gateway
