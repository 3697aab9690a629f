#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/auth/administration.hpp"
#include "services/auth/tests/house.hpp"

namespace ticketshow::auth::testing {
namespace {

using namespace std::chrono_literals;
using test::code_of;

rt::call administrator() {
  auto call = house::anybody();
  call.caller = {.type = rt::principal::kind::user, .user_id = 4711, .user_role = rt::role::ADMIN};
  return call;
}

const create_staff devi{"devi@example.com", "correct horse", "Devi", 7};

TEST(auth_staff, a_doorkeepers_token_names_the_role_and_the_venue) {
  house h;
  const auto made = h.ask(administrator(), devi).value();
  EXPECT_EQ(made.venue_id, 7);
  const auto session = h.sign_in("devi@example.com", "correct horse").value();
  const auto claims = h.verified(session.access_token).value();
  EXPECT_EQ(claims.at("role").as_string(), "STAFF");
  EXPECT_EQ(claims.at("venue").as_int64(), 7);
  const auto me = h.ask(h.call_of({made.id, session.access_token, {}}), get_me{}).value();
  EXPECT_EQ(me.role, rt::role::STAFF);
  EXPECT_EQ(me.venue_id, 7);
  EXPECT_EQ(code_of(h.ask(administrator(), devi)), "EMAIL_TAKEN");
}

TEST(auth_staff, other_accounts_keep_no_doors) {
  house h;
  const auto ann = h.welcome();
  EXPECT_FALSE(h.verified(ann.access_token)->contains("venue"));
  EXPECT_EQ(h.ask(h.call_of(ann), get_me{})->venue_id, std::nullopt);
  EXPECT_EQ(code_of(h.ask(administrator(), move_staff{ann.id, 7})), "STAFF_NOT_FOUND");
  EXPECT_EQ(code_of(h.ask(administrator(), end_staff{ann.id})), "OK") << "it is so already";
  EXPECT_EQ(code_of(h.ask(administrator(), end_staff{4711})), "STAFF_NOT_FOUND");
}

TEST(auth_staff, whoever_keeps_other_doors_signs_in_anew) {
  house h;
  const auto id = h.ask(administrator(), devi)->id;
  const auto session = h.sign_in("devi@example.com", "correct horse").value();
  EXPECT_EQ(h.ask(administrator(), move_staff{id, 8})->venue_id, 8);
  EXPECT_EQ(code_of(h.renew(session.refresh_token)), "SESSION_ENDED");
  EXPECT_TRUE(h.is_told_ended(house::session_of(session.access_token)));
  const auto next = h.sign_in("devi@example.com", "correct horse").value();
  EXPECT_EQ(h.verified(next.access_token)->at("venue").as_int64(), 8);
}

TEST(auth_staff, whoever_keeps_none_any_more_is_a_customer) {
  house h;
  const auto id = h.ask(administrator(), devi)->id;
  const auto session = h.sign_in("devi@example.com", "correct horse").value();
  EXPECT_EQ(code_of(h.ask(administrator(), end_staff{id})), "OK");
  EXPECT_TRUE(h.is_told_ended(house::session_of(session.access_token)));
  const auto next = h.sign_in("devi@example.com", "correct horse").value();
  EXPECT_EQ(h.verified(next.access_token)->at("role").as_string(), "USER");
  EXPECT_EQ(code_of(h.ask(administrator(), end_staff{id})), "OK") << "it may be repeated";
}

TEST(auth_staff, are_listed_by_venue) {
  house h;
  const auto first = h.ask(administrator(), devi)->id;
  const auto second = h.ask(administrator(), create_staff{"dev@example.com", "correct horse", "Dev", 8})->id;
  h.welcome();
  const auto ids = [&](std::optional<std::int64_t> venue) {
    std::vector<std::int64_t> found;
    for (const auto& each : h.ask(administrator(), list_staff{venue, {}, {}}).value()) found.push_back(each.id);
    return found;
  };
  EXPECT_EQ(ids({}), (std::vector{first, second}));
  EXPECT_EQ(ids(8), std::vector{second});
  EXPECT_EQ(ids(9), std::vector<std::int64_t>{});
}

TEST(auth_staff, are_made_by_command) {
  house h;
  const auto made = h.run(create_account(h.first().pool, rt::deadline::after(10s), house::quick(), "devi@example.com",
                                         "correct horse", "Devi", rt::role::STAFF, 7));
  EXPECT_EQ(code_of(made), "OK");
  const auto session = h.sign_in("devi@example.com", "correct horse").value();
  EXPECT_EQ(h.verified(session.access_token)->at("venue").as_int64(), 7);
}

TEST(auth_staff, the_database_knows_none_without_a_venue_and_makes_none_an_administrator) {
  house h;
  const auto ann = h.welcome();
  EXPECT_ANY_THROW(h.sql("UPDATE auth.account SET role = 'STAFF'"));
  EXPECT_ANY_THROW(h.sql("UPDATE auth.account SET venue_id = 7"));
  EXPECT_ANY_THROW(test::execute(h.database.service("auth"), {"UPDATE auth.account SET role = 'ADMIN'"}));
  EXPECT_EQ(h.ask(h.call_of(ann), get_me{})->role, rt::role::USER);
}

}  // namespace
}  // namespace ticketshow::auth::testing
