#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/auth/administration.hpp"
#include "services/auth/tests/house.hpp"

namespace ticketshow::auth::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

std::string rotate(house& h) { return h.run(rotate_signing_key(h.first().pool, rt::deadline::after(10s), h.random)); }

void reload(house& h, replica& which) { h.run(which.auth.reload_keys(rt::deadline::after(10s))); }

/// The ids of the keys that a replica publishes, newest first.
std::vector<std::string> published(house& h, replica& which) {
  reload(h, which);
  const auto keys = h.keys_of(which);
  std::vector<std::string> ids(keys.size());
  std::ranges::transform(keys, ids.begin(), &jose::verification_key::id);
  return ids;
}

std::string key_of(const std::string& token) { return jose::key_id_of(token).value_or(""); }

std::string sign_in_at(house& h, replica& which) {
  return h.run(which.auth.handle(house::anybody(), login{"ann@example.com", "correct horse", {}})).value().access_token;
}

TEST(auth_keys, the_first_start_makes_one_key_and_later_ones_keep_it) {
  house h;
  const auto kid = h.sql("SELECT kid FROM auth.signing_key");
  const auto ann = h.welcome();
  EXPECT_EQ(key_of(ann.access_token), kid);
  EXPECT_THAT(published(h, h.first()), ElementsAre(kid));
  auto& second = h.start_replica();
  EXPECT_THAT(published(h, second), ElementsAre(kid));
  EXPECT_TRUE(h.verified(ann.access_token, second));
  EXPECT_EQ(h.sql("SELECT count(*) FROM auth.signing_key"), "1");
}

TEST(auth_keys, replicas_that_start_at_once_make_one_key_between_them) {
  house h;
  for (int round = 0; round < 5; ++round) {
    h.sql("DELETE FROM auth.signing_key");
    std::vector<replica*> starters;
    starters.reserve(4);
    for (int i = 0; i < 4; ++i) starters.push_back(&h.add_replica(house::quick()));
    const auto start = [](replica& which) -> rt::task<int> {
      co_await which.auth.start();
      co_return 0;
    };
    std::vector<rt::task<int>> work;
    work.reserve(starters.size());
    for (auto* each : starters) work.push_back(start(*each));
    h.run_all(std::move(work));
    const auto kid = h.sql("SELECT string_agg(kid, ' ') FROM auth.signing_key");
    for (auto* each : starters) {
      each->running = true;
      EXPECT_THAT(published(h, *each), ElementsAre(kid));
      h.stop(*each);
    }
  }
}

TEST(auth_keys, a_new_key_is_published_before_it_signs) {
  house h;
  const auto ann = h.welcome();
  const auto old_key = key_of(ann.access_token);
  h.age(1h);
  const auto new_key = rotate(h);
  EXPECT_NE(new_key, old_key);
  EXPECT_THAT(published(h, h.first()), ElementsAre(new_key, old_key));
  EXPECT_EQ(key_of(sign_in_at(h, h.first())), old_key) << "who verifies may not have met the new one";
  h.age(key_warm_up);
  reload(h, h.first());
  const auto token = sign_in_at(h, h.first());
  EXPECT_EQ(key_of(token), new_key);
  EXPECT_TRUE(h.verified(token));
}

TEST(auth_keys, the_old_key_stays_published_until_its_last_token_has_ended_and_no_longer) {
  house h;
  h.welcome();
  h.age(1h);
  const auto new_key = rotate(h);
  reload(h, h.first());
  h.age(key_warm_up - 1s);
  const auto last = sign_in_at(h, h.first());
  ASSERT_NE(key_of(last), new_key);
  h.age(access_token_life - 1s);
  reload(h, h.first());
  EXPECT_TRUE(h.verified(last)) << "to its last second";
  h.age(key_retirement - access_token_life);
  EXPECT_THAT(published(h, h.first()), ElementsAre(new_key));
  auto& restarted = h.start_replica();
  EXPECT_THAT(published(h, restarted), ElementsAre(new_key));
  EXPECT_EQ(key_of(sign_in_at(h, restarted)), new_key);
}

TEST(auth_keys, another_replica_learns_of_a_rotation_by_itself_and_both_take_each_others_tokens) {
  house h;
  h.welcome();
  h.age(1h);
  auto& second = h.start_replica();
  const auto new_key = rotate(h);
  h.sql("UPDATE auth.signing_key SET created_at = created_at - interval '1 minute'");
  h.wait_until([&] { return key_of(sign_in_at(h, second)) == new_key; });
  const auto token = sign_in_at(h, second);
  reload(h, h.first());
  EXPECT_TRUE(h.verified(token, h.first()));
  EXPECT_TRUE(h.verified(sign_in_at(h, h.first()), second));
}

TEST(auth_keys, rotations_in_quick_succession_leave_no_token_that_nobody_can_verify) {
  house h;
  h.welcome();
  h.age(1h);
  const auto first_key = h.sql("SELECT kid FROM auth.signing_key");
  const auto second_key = rotate(h);
  const auto third_key = rotate(h);
  EXPECT_THAT(published(h, h.first()), ElementsAre(third_key, second_key, first_key));
  const auto token = sign_in_at(h, h.first());
  EXPECT_EQ(key_of(token), first_key) << "the only one that everybody has met";
  h.age(access_token_life - 1s);
  reload(h, h.first());
  EXPECT_TRUE(h.verified(token));
  EXPECT_EQ(key_of(sign_in_at(h, h.first())), third_key);
}

TEST(auth_keys, parallel_rotations_each_make_a_key_and_one_is_left_without_an_end) {
  house h;
  std::vector<rt::task<std::string>> work;
  work.reserve(4);
  for (int i = 0; i < 4; ++i) {
    work.push_back(rotate_signing_key(h.first().pool, rt::deadline::after(10s), h.random));
  }
  h.run_all(std::move(work));
  EXPECT_EQ(h.sql("SELECT count(*) FROM auth.signing_key"), "5");
  EXPECT_EQ(h.sql("SELECT count(*) FROM auth.signing_key WHERE retires_at IS NULL"), "1");
}

TEST(auth_keys, what_is_published_tells_nothing_of_the_secret) {
  house h;
  const http::request ask{.verb = http::method::GET, .target = "/auth/jwks.json"};
  const auto answer = h.run(h.first().outside.dispatch(house::anybody(), ask));
  ASSERT_EQ(answer.status, 200);
  const auto seed = h.sql("SELECT seed FROM auth.signing_key");
  EXPECT_THAT(std::string(answer.bytes()), ::testing::Not(::testing::HasSubstr(seed)));
  EXPECT_THAT(std::string(answer.bytes()), ::testing::Not(::testing::HasSubstr("\"d\"")));
  const auto shown = h.ask(get_keys{}).value().keys;
  ASSERT_EQ(shown.size(), 1U);
  EXPECT_EQ(shown.front().kty + shown.front().crv + shown.front().use + shown.front().alg, "OKPEd25519sigEdDSA");
  EXPECT_EQ(shown.front().x.size(), 43U) << "32 bytes, the public half";
}

TEST(auth_keys, the_services_role_can_neither_change_nor_delete_a_key) {
  house h;
  for (const std::string statement : {"DELETE FROM auth.signing_key", "UPDATE auth.signing_key SET seed = kid",
                                      "UPDATE auth.signing_key SET created_at = now()", "TRUNCATE auth.signing_key"}) {
    EXPECT_THROW(test::execute(h.database.service("auth"), {statement}), pg::sql_error) << statement;
  }
}

}  // namespace
}  // namespace ticketshow::auth::testing
