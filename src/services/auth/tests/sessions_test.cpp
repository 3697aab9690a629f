#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/auth/tests/house.hpp"

namespace ticketshow::auth::testing {
namespace {

using namespace std::chrono_literals;

constexpr auto before_expiry = access_token_life - 1s;

TEST(auth_session, an_access_token_names_account_session_and_role_and_lives_fifteen_minutes) {
  house h;
  const auto ann = h.welcome();
  const auto session = h.sign_in("ann@example.com", "correct horse").value();
  EXPECT_EQ(session.token_type, "bearer");
  EXPECT_EQ(session.expires_in, 900);
  const auto claims = h.verified(session.access_token).value();
  const auto now_s = std::chrono::floor<std::chrono::seconds>(h.clock.now()).time_since_epoch().count();
  EXPECT_EQ(claims.at("iss").as_string(), "ticketshow");
  EXPECT_EQ(claims.at("aud").as_string(), "ticketshow");
  EXPECT_EQ(claims.at("sub").as_string(), std::to_string(ann.id));
  EXPECT_EQ(claims.at("email").as_string(), "ann@example.com");
  EXPECT_EQ(claims.at("role").as_string(), "USER");
  EXPECT_EQ(claims.at("iat").as_int64(), now_s);
  EXPECT_EQ(claims.at("exp").as_int64(), now_s + 900);
  EXPECT_EQ(claims.at("sid").as_string().size(), 32U);
  EXPECT_NE(claims.at("sid"), h.verified(ann.access_token)->at("sid")) << "each sign-in is a session of its own";
  EXPECT_NE(claims.at("jti"), h.verified(ann.access_token)->at("jti"));
  EXPECT_EQ(claims.size(), 9U) << "nothing else is told to whoever sees a token";

  h.clock.advance(before_expiry);
  EXPECT_TRUE(h.verified(session.access_token));
  h.clock.advance(1s);
  EXPECT_FALSE(h.verified(session.access_token));
}

TEST(auth_session, a_token_that_was_altered_or_signed_by_another_house_is_not_taken) {
  house h;
  house other;
  const auto ann = h.welcome();
  auto altered = ann.access_token;
  auto& letter = altered[altered.find('.') + 10];
  letter = letter == 'A' ? 'B' : 'A';
  EXPECT_FALSE(h.verified(altered));
  EXPECT_FALSE(h.verified(other.welcome().access_token));
}

TEST(auth_session, a_refresh_token_is_traded_for_the_next_of_its_session) {
  house h;
  const auto ann = h.welcome();
  EXPECT_EQ(ann.refresh_token.value.size(), 64U);
  EXPECT_EQ(ann.refresh_token.max_age_s, 7 * 86'400);
  auto token = ann.refresh_token;
  for (int i = 0; i < 5; ++i) {
    const auto next = h.renew(token);
    ASSERT_EQ(code_of(next), "OK");
    EXPECT_NE(next->refresh_token.value, token.value);
    EXPECT_NE(next->access_token, ann.access_token);
    EXPECT_EQ(house::session_of(next->access_token), house::session_of(ann.access_token));
    token = next->refresh_token;
  }
}

TEST(auth_session, only_hashes_of_refresh_tokens_are_kept) {
  house h;
  const auto ann = h.welcome();
  EXPECT_EQ(h.sql(fmt::format("SELECT count(*) FROM auth.refresh_token t WHERE t::text LIKE '%{}%'",
                              ann.refresh_token.value)),
            "0");
  const auto kept = h.sql("SELECT sha256 FROM auth.refresh_token");
  EXPECT_EQ(code_of(h.renew({.value = kept})), "SESSION_ENDED") << "what is read from the database opens nothing";
}

TEST(auth_session, a_refresh_token_that_comes_a_second_time_ends_its_whole_family) {
  house h;
  const auto ann = h.welcome();
  const auto elsewhere = h.sign_in("ann@example.com", "correct horse").value();
  const auto second = h.renew(ann.refresh_token).value();
  const auto third = h.renew(second.refresh_token).value();
  EXPECT_FALSE(h.is_told_ended(house::session_of(ann.access_token)));
  EXPECT_EQ(code_of(h.renew(ann.refresh_token)), "SESSION_ENDED");
  EXPECT_EQ(code_of(h.renew(third.refresh_token)), "SESSION_ENDED") << "the thief's or the owner's, both are out";
  EXPECT_TRUE(h.is_told_ended(house::session_of(ann.access_token)));
  EXPECT_EQ(code_of(h.renew(elsewhere.refresh_token)), "OK") << "another session of the account goes on";
  EXPECT_FALSE(h.is_told_ended(house::session_of(elsewhere.access_token)));
}

TEST(auth_session, of_many_trades_of_one_token_at_once_on_two_replicas_one_succeeds) {
  house h;
  auto& second = h.start_replica();
  for (int round = 0; round < 5; ++round) {
    const auto ann = h.welcome(fmt::format("ann{}@example.com", round));
    std::vector<rt::task<contract::result<session_view>>> work;
    work.reserve(16);
    for (int i = 0; i < 16; ++i) {
      auto& port = i % 2 == 0 ? h.first().auth : second.auth;
      work.push_back(port.handle(house::anybody(), refresh{ann.refresh_token}));
    }
    std::vector<contract::cookie> won;
    for (auto& each : h.run_all(std::move(work))) {
      if (each) {
        won.push_back(each->refresh_token);
      } else {
        EXPECT_EQ(code_of(each), "SESSION_ENDED");
      }
    }
    ASSERT_EQ(won.size(), 1U);
    EXPECT_EQ(code_of(h.renew(won.front())), "SESSION_ENDED") << "two held it, so the session has ended";
  }
}

TEST(auth_session, what_is_no_refresh_token_is_refused) {
  house h;
  const auto ann = h.welcome();
  auto other = ann.refresh_token.value;
  other.back() = other.back() == '0' ? '1' : '0';
  for (const auto& each : {std::string{}, other, ann.access_token, ann.refresh_token.value + "0",
                           std::string(9000, 'x'), std::string("' OR true --")}) {
    EXPECT_EQ(code_of(h.renew({.value = each})), "SESSION_ENDED") << each.substr(0, 80);
  }
  EXPECT_EQ(code_of(h.renew(ann.refresh_token)), "OK");
}

TEST(auth_session, a_session_that_is_not_used_ends_after_a_week) {
  house h;
  const auto ann = h.welcome();
  h.age(7 * 24h - 10s);
  const auto next = h.renew(ann.refresh_token);
  ASSERT_EQ(code_of(next), "OK");
  h.age(7 * 24h + 10s);
  EXPECT_EQ(code_of(h.renew(next->refresh_token)), "SESSION_ENDED");
}

TEST(auth_session, a_session_that_is_used_ends_after_thirty_days_all_the_same) {
  house h;
  auto token = h.welcome().refresh_token;
  for (int day = 6; day < 30; day += 6) {
    h.age(6 * 24h);
    const auto next = h.renew(token);
    ASSERT_EQ(code_of(next), "OK") << day;
    token = next->refresh_token;
  }
  EXPECT_LE(token.max_age_s, 6 * 86'400) << "the cookie does not outlive the session";
  EXPECT_GT(token.max_age_s, 6 * 86'400 - 100);
  h.age(6 * 24h + 10s);
  EXPECT_EQ(code_of(h.renew(token)), "SESSION_ENDED");
}

TEST(auth_session, the_role_in_a_token_is_the_one_of_the_moment_it_was_made) {
  house h;
  const auto ann = h.welcome();
  h.sql("UPDATE auth.account SET role = 'ADMIN'");
  const auto next = h.renew(ann.refresh_token).value();
  EXPECT_EQ(h.verified(ann.access_token)->at("role").as_string(), "USER");
  EXPECT_EQ(h.verified(next.access_token)->at("role").as_string(), "ADMIN");
}

// ---- the end of a session

TEST(auth_session, logging_out_ends_the_session_of_the_cookie) {
  house h;
  const auto ann = h.welcome();
  const auto elsewhere = h.sign_in("ann@example.com", "correct horse").value();
  const auto out = h.ask(logout{ann.refresh_token});
  ASSERT_EQ(code_of(out), "OK");
  EXPECT_EQ(out->refresh_token.value, "");
  EXPECT_EQ(code_of(h.renew(ann.refresh_token)), "SESSION_ENDED");
  EXPECT_TRUE(h.is_told_ended(house::session_of(ann.access_token)));
  EXPECT_EQ(code_of(h.ask(logout{ann.refresh_token})), "OK") << "it may be repeated";
  EXPECT_EQ(code_of(h.renew(elsewhere.refresh_token)), "OK");
}

TEST(auth_session, logging_out_by_an_access_token_alone_ends_its_session) {
  house h;
  const auto ann = h.welcome();
  EXPECT_EQ(code_of(h.ask(h.call_of(ann), logout{})), "OK");
  EXPECT_EQ(code_of(h.renew(ann.refresh_token)), "SESSION_ENDED");
  EXPECT_TRUE(h.is_told_ended(house::session_of(ann.access_token)));
}

TEST(auth_session, logging_out_without_anything_ends_nothing) {
  house h;
  const auto ann = h.welcome();
  EXPECT_EQ(code_of(h.ask(logout{})), "OK");
  EXPECT_EQ(code_of(h.ask(logout{{.value = "no such token"}})), "OK");
  EXPECT_EQ(code_of(h.renew(ann.refresh_token)), "OK");
}

TEST(auth_session, an_ended_session_is_told_of_for_as_long_as_its_tokens_may_live) {
  house h;
  const auto ann = h.welcome();
  const auto id = house::session_of(ann.access_token);
  EXPECT_EQ(code_of(h.ask(logout{ann.refresh_token})), "OK");
  h.age(before_expiry);
  ASSERT_TRUE(h.verified(ann.access_token));
  EXPECT_TRUE(h.is_told_ended(id));
  h.age(10min);
  EXPECT_FALSE(h.verified(ann.access_token));
  EXPECT_FALSE(h.is_told_ended(id));
}

TEST(auth_session, sessions_that_nobody_can_use_are_forgotten_and_the_others_are_not) {
  house h;
  const auto gone = h.welcome("gone@example.com");
  const auto idle = h.welcome("idle@example.com");
  const auto forget = [&] { h.run(h.first().auth.forget_sessions(rt::deadline::after(10s))); };
  EXPECT_EQ(code_of(h.ask(logout{gone.refresh_token})), "OK");
  forget();
  EXPECT_EQ(h.sql("SELECT count(*) FROM auth.session"), "2");
  h.age(25h);
  forget();
  EXPECT_EQ(h.sql("SELECT string_agg(id, ' ') FROM auth.session"), house::session_of(idle.access_token));
  EXPECT_EQ(h.sql("SELECT count(*) FROM auth.refresh_token"), "1");
  EXPECT_EQ(code_of(h.renew(idle.refresh_token)), "OK");
  EXPECT_EQ(code_of(h.renew(gone.refresh_token)), "SESSION_ENDED");
  h.age(32 * 24h);
  forget();
  EXPECT_EQ(h.sql("SELECT count(*) FROM auth.session"), "0");
}

TEST(auth_session, however_many_sessions_have_ended_they_are_forgotten_in_one_go) {
  house h;
  h.welcome();
  h.sql(
      "INSERT INTO auth.session (id, account_id, expires_at) SELECT md5(n::text), (SELECT id FROM auth.account), "
      "now() - interval '25 hours' FROM generate_series(1, 2500) n");
  h.run(h.first().auth.forget_sessions(rt::deadline::after(10s)));
  // The sweep of the start may have some of them in hand.
  h.wait_until([&] { return h.sql("SELECT count(*) FROM auth.session") == "1"; });
}

// ---- change of password

TEST(auth_session, changing_the_password_ends_every_session_but_the_new_one) {
  house h;
  const auto ann = h.welcome();
  const auto bob = h.welcome("bob@example.com");
  const auto elsewhere = h.sign_in("ann@example.com", "correct horse").value();
  const auto changed = h.ask(h.call_of(ann), change_password{"correct horse", "battery staple"});
  ASSERT_EQ(code_of(changed), "OK");
  EXPECT_TRUE(h.is_told_ended(house::session_of(ann.access_token)));
  EXPECT_TRUE(h.is_told_ended(house::session_of(elsewhere.access_token)));
  EXPECT_EQ(code_of(h.renew(ann.refresh_token)), "SESSION_ENDED");
  EXPECT_EQ(code_of(h.renew(elsewhere.refresh_token)), "SESSION_ENDED");
  EXPECT_FALSE(h.is_told_ended(house::session_of(changed->access_token)));
  EXPECT_EQ(h.verified(changed->access_token)->at("sub").as_string(), std::to_string(ann.id));
  EXPECT_EQ(code_of(h.renew(changed->refresh_token)), "OK");
  EXPECT_EQ(code_of(h.renew(bob.refresh_token)), "OK");
  EXPECT_EQ(code_of(h.sign_in("ann@example.com", "correct horse")), "WRONG_CREDENTIALS");
  EXPECT_EQ(code_of(h.sign_in("ann@example.com", "battery staple")), "OK");
}

TEST(auth_session, a_wrong_current_password_changes_nothing) {
  house h;
  const auto ann = h.welcome();
  const auto refused = h.ask(h.call_of(ann), change_password{"wrong horse", "battery staple"});
  EXPECT_EQ(code_of(refused), "WRONG_PASSWORD");
  EXPECT_EQ(code_of(h.sign_in("ann@example.com", "correct horse")), "OK");
  EXPECT_EQ(code_of(h.renew(ann.refresh_token)), "OK");
}

TEST(auth_session, a_short_new_password_is_refused_by_its_name) {
  house h;
  const auto answer = h.post(h.first().outside, h.call_of(h.welcome()), "/auth/change-password",
                             R"({"current_password":"correct horse","new_password":"seven77"})");
  EXPECT_EQ(wire_code(answer, "/new_password"), "VALIDATION_FAILED");
}

TEST(auth_session, of_two_changes_of_password_at_once_one_wins_and_one_session_is_left) {
  house h;
  const auto ann = h.welcome();
  std::vector<rt::task<contract::result<session_view>>> work;
  work.reserve(2);
  for (int i = 0; i < 2; ++i) {
    work.push_back(
        h.first().auth.handle(h.call_of(ann), change_password{"correct horse", fmt::format("new password {}", i)}));
  }
  const auto answers = h.run_all(std::move(work));
  EXPECT_THAT((std::vector{code_of(answers[0]), code_of(answers[1])}),
              ::testing::UnorderedElementsAre("OK", "WRONG_PASSWORD"));
  const auto winner = answers[0] ? 0 : 1;
  EXPECT_EQ(code_of(h.sign_in("ann@example.com", fmt::format("new password {}", winner))), "OK");
  EXPECT_EQ(code_of(h.renew(answers[static_cast<std::size_t>(winner)]->refresh_token)), "OK");
}

TEST(auth_session, who_signs_in_with_the_old_password_while_it_changes_is_out_afterwards) {
  auto slow = house::quick();  // so that the sign-ins wait for their hashes while the password changes elsewhere
  slow.hash_memory_bytes = 1024UZ * 1024;
  house h(slow);
  slow.hash_threads = 1;
  auto& crowded = h.start_replica(slow);
  const auto ann = h.welcome();
  std::vector<rt::task<contract::result<session_view>>> work;
  work.reserve(40);
  for (int i = 0; i < 40; ++i) {
    work.push_back(crowded.auth.handle(house::anybody(), login{"ann@example.com", "correct horse", {}}));
  }
  work.push_back(h.first().auth.handle(h.call_of(ann), change_password{"correct horse", "battery staple"}));
  const auto answers = h.run_all(std::move(work));
  ASSERT_EQ(code_of(answers.back()), "OK");
  for (std::size_t i = 0; i + 1 < answers.size(); ++i) {
    if (answers[i]) {
      EXPECT_EQ(code_of(h.renew(answers[i]->refresh_token)), "SESSION_ENDED") << i;
    } else {
      EXPECT_EQ(code_of(answers[i]), "WRONG_CREDENTIALS");
    }
  }
  EXPECT_EQ(h.sql("SELECT count(*) FROM auth.session WHERE revoked_at IS NULL"), "1");
}

TEST(auth_session, a_change_of_password_that_fails_halfway_has_changed_nothing) {
  house h;
  const auto ann = h.welcome();
  h.sql("REVOKE UPDATE (revoked_at) ON auth.session FROM ticketshow_auth");
  EXPECT_THROW(code_of(h.ask(h.call_of(ann), change_password{"correct horse", "battery staple"})), pg::sql_error);
  h.sql("GRANT UPDATE (revoked_at) ON auth.session TO ticketshow_auth");
  EXPECT_EQ(code_of(h.sign_in("ann@example.com", "correct horse")), "OK");
  EXPECT_EQ(code_of(h.sign_in("ann@example.com", "battery staple")), "WRONG_CREDENTIALS");
}

}  // namespace
}  // namespace ticketshow::auth::testing
