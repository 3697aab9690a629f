#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/auth/administration.hpp"
#include "services/auth/queries.hpp"
#include "services/auth/tests/house.hpp"

namespace ticketshow::auth::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;

TEST(auth, every_statement_holds_against_the_migrated_schema) {
  house h;
  EXPECT_THAT(test::prepare_all(h.database.service("auth"), queries::all_statements), IsEmpty());
}

TEST(auth, an_account_is_made_once_for_an_address_however_it_is_spelt) {
  house h;
  const auto made = h.ask(register_account{"Ann.Lee@Example.COM", "correct horse", "Ann", "Pune"});
  ASSERT_EQ(code_of(made), "OK");
  EXPECT_EQ(made->email, "ann.lee@example.com");
  EXPECT_EQ(made->username, "Ann");
  EXPECT_EQ(made->city, "Pune");
  EXPECT_EQ(made->role, rt::role::USER);
  EXPECT_EQ(made->wallet_balance, money{0});
  EXPECT_EQ(made->currency, "INR");
  EXPECT_EQ(code_of(h.ask(register_account{"aNN.lee@example.com", "another one", "Eve", {}})), "EMAIL_TAKEN");
  EXPECT_EQ(email_taken.status, 409);
  EXPECT_EQ(h.sql("SELECT count(*) || min(username) FROM auth.account"), "1Ann");
  EXPECT_EQ(code_of(h.sign_in("ANN.LEE@EXAMPLE.COM", "correct horse")), "OK");
}

TEST(auth, an_account_is_written_to_in_the_language_it_chose) {
  house h;
  const auto ann = h.ask(register_account{"ann@example.com", "correct horse", "Ann", {}}).value();
  EXPECT_EQ(ann.language, language::en);
  const auto asha = h.ask(register_account{"asha@example.com", "correct horse", "Asha", {}, language::hi}).value();
  EXPECT_EQ(asha.language, language::hi);

  auto call = house::anybody();
  call.caller = {.type = rt::principal::kind::user, .user_id = ann.id};
  const auto changed = h.ask(call, update_me{.language = language::hi}).value();
  EXPECT_EQ(changed.language, language::hi);
  EXPECT_EQ(changed.username, "Ann");
  EXPECT_EQ(h.ask(call, update_me{.username = "Anna"}).value().language, language::hi);

  const auto contact = h.ask(house::service(), get_contact{ann.id}).value();
  EXPECT_EQ(contact.email, "ann@example.com");
  EXPECT_EQ(contact.username, "Anna");
  EXPECT_EQ(contact.language, language::hi);
  EXPECT_EQ(code_of(h.ask(house::service(), get_contact{asha.id + 1})), "ACCOUNT_NOT_FOUND");

  const auto contacts = h.ask(house::service(), get_contacts{{asha.id + 1, asha.id, ann.id}}).value();
  ASSERT_EQ(contacts.size(), 2U) << "who does not exist is left out";
  EXPECT_EQ(contacts[0].user_id, std::min(ann.id, asha.id));
  EXPECT_EQ(contacts[1].user_id, std::max(ann.id, asha.id));
}

TEST(auth, letters_beyond_ascii_are_kept_as_they_are) {
  house h;
  const auto made = h.ask(register_account{"JÜRGEN@Müller.example", "correct horse", "Jürgen", "München"});
  ASSERT_EQ(code_of(made), "OK");
  EXPECT_EQ(made->email, "jÜrgen@müller.example");
  EXPECT_EQ(code_of(h.sign_in("jÜRGEN@müller.EXAMPLE", "correct horse")), "OK");
  EXPECT_EQ(code_of(h.sign_in("jürgen@müller.example", "correct horse")), "WRONG_CREDENTIALS");
}

TEST(auth, of_many_registrations_of_one_address_at_once_one_succeeds) {
  house h;
  std::vector<rt::task<contract::result<account_view>>> work;
  work.reserve(16);
  for (int i = 0; i < 16; ++i) {
    const std::string address = i % 2 == 0 ? "ann@example.com" : "ANN@example.com";
    work.push_back(h.first().auth.handle(
        house::anybody(), register_account{address, fmt::format("password {}", i), fmt::format("Ann {}", i), {}}));
  }
  int made = 0;
  for (const auto& each : h.run_all(std::move(work))) {
    made += each ? 1 : 0;
    if (!each) EXPECT_EQ(code_of(each), "EMAIL_TAKEN");
  }
  EXPECT_EQ(made, 1);
}

struct bad_field {
  std::string body;
  std::string pointer;
};

TEST(auth, a_registration_with_a_bad_field_is_refused_by_its_name) {
  house h;
  const auto body = [](std::string_view email, std::string_view password, std::string_view username,
                       std::string_view more = "") {
    return fmt::format(R"({{"email":"{}","password":"{}","username":"{}"{}}})", email, password, username, more);
  };
  const std::string good = "ann@example.com";
  const std::string letters(300, 'x');
  const bad_field bad[] = {
      {body("ann", "correct horse", "Ann"), "/email"},
      {body("ann@localhost", "correct horse", "Ann"), "/email"},
      {body("a@b@example.com", "correct horse", "Ann"), "/email"},
      {body(R"(ann@example.com\r\nBcc: eve@example.com)", "correct horse", "Ann"), "/email"},
      {body(letters.substr(0, 60) + "@" + letters + ".com", "correct horse", "Ann"), "/email"},
      {body(good, "seven77", "Ann"), "/password"},
      {body(good, letters.substr(0, 257), "Ann"), "/password"},
      {body(good, R"(correct\u0000horse)", "Ann"), "/password"},
      {body(good, "correct horse", ""), "/username"},
      {body(good, "correct horse", letters.substr(0, 101)), "/username"},
      {body(good, "correct horse", "Ann", R"(,"city":"")"), "/city"},
      {body(good, "correct horse", "Ann", R"(,"city":7)"), "/city"},
      {R"({"email":"ann@example.com","username":"Ann"})", "/password"},
  };
  for (const auto& [text, pointer] : bad) {
    const auto answer = h.post(h.first().outside, house::anybody(), "/auth/register", text);
    EXPECT_EQ(wire_code(answer, pointer), "VALIDATION_FAILED") << text;
    EXPECT_EQ(answer.status, 422);
    EXPECT_THAT(answer.body, ::testing::Not(::testing::HasSubstr("horse"))) << "a password is not repeated";
  }
  EXPECT_EQ(h.sql("SELECT count(*) FROM auth.account"), "0");
  for (const std::size_t length : {8UZ, 256UZ}) {
    const auto text = body(fmt::format("ann{}@example.com", length), letters.substr(0, length), "Ann");
    const auto answer = h.post(h.first().outside, house::anybody(), "/auth/register", text);
    EXPECT_EQ(answer.status, 201) << answer.body;
    EXPECT_THAT(answer.body, ::testing::Not(::testing::HasSubstr("password")));
    EXPECT_EQ(code_of(h.sign_in(fmt::format("ann{}@example.com", length), letters.substr(0, length))), "OK");
  }
}

TEST(auth, a_long_password_counts_to_its_last_letter) {
  house h;
  std::string password(256, 'x');
  h.welcome("ann@example.com", password);
  password.back() = 'y';
  EXPECT_EQ(code_of(h.sign_in("ann@example.com", password)), "WRONG_CREDENTIALS");
  password.pop_back();
  EXPECT_EQ(code_of(h.sign_in("ann@example.com", password)), "WRONG_CREDENTIALS");
}

TEST(auth, nothing_in_a_request_makes_an_administrator_or_money) {
  house h;
  const auto answer = h.post(h.first().outside, house::anybody(), "/auth/register",
                             R"({"email":"eve@example.com","password":"correct horse","username":"Eve","role":"ADMIN",)"
                             R"("id":7,"wallet_balance":1000,"password_hash":"x"})");
  ASSERT_EQ(answer.status, 201);
  const auto eve = h.sign_in("eve@example.com", "correct horse").value();
  EXPECT_EQ(h.verified(eve.access_token)->at("role").as_string(), "USER");
  EXPECT_EQ(h.sql("SELECT role || id || (SELECT count(*) FROM auth.wallet_entry) FROM auth.account"), "USER10");
}

TEST(auth, administrators_are_made_by_command_and_their_tokens_say_so) {
  house h;
  const auto make = [&](std::string email, rt::role role) {
    return h.run(create_account(h.first().pool, rt::deadline::after(10s), house::quick(), std::move(email),
                                "correct horse", "Root", role));
  };
  const auto id = make("Root@Example.com", rt::role::ADMIN);
  ASSERT_EQ(code_of(id), "OK");
  const auto admin = h.sign_in("root@example.com", "correct horse").value();
  EXPECT_EQ(h.verified(admin.access_token)->at("role").as_string(), "ADMIN");
  EXPECT_EQ(h.ask(h.call_of({*id, admin.access_token, {}}), get_me{}).value().role, rt::role::ADMIN);
  EXPECT_EQ(code_of(make("root@example.com", rt::role::ADMIN)), "EMAIL_TAKEN");
  EXPECT_EQ(h.run(find_account(h.first().pool, rt::deadline::after(10s), "ROOT@example.com")), *id);
  EXPECT_EQ(h.run(find_account(h.first().pool, rt::deadline::after(10s), "eve@example.com")), std::nullopt);
}

TEST(auth, an_account_made_by_command_meets_the_limits_of_a_registration) {
  house h;
  const auto make = [&](std::string email, std::string password, std::string username) {
    return h.run(create_account(h.first().pool, rt::deadline::after(10s), house::quick(), std::move(email),
                                std::move(password), std::move(username), rt::role::ADMIN));
  };
  const auto local = make("root@localhost", "correct horse", "Root");
  ASSERT_EQ(code_of(local), "VALIDATION_FAILED");
  EXPECT_EQ(contract::sentence_of(local.error()), "email must be an e-mail address.");
  EXPECT_EQ(code_of(make("root@example.com", "seven77", "Root")), "VALIDATION_FAILED");
  EXPECT_EQ(code_of(make("root@example.com", "correct horse", "")), "VALIDATION_FAILED");
  EXPECT_EQ(h.sql("SELECT count(*) FROM auth.account"), "0");
}

TEST(auth, a_profile_is_read_and_changed_by_its_owner_alone) {
  house h;
  const auto ann = h.welcome("ann@example.com");
  const auto bob = h.welcome("bob@example.com");
  const auto changed = h.ask(h.call_of(ann), update_me{"Ann B", {}});
  ASSERT_EQ(code_of(changed), "OK");
  EXPECT_EQ(changed->username, "Ann B");
  EXPECT_EQ(changed->city, std::nullopt);
  EXPECT_EQ(h.ask(h.call_of(ann), update_me{{}, "Pune"})->city, "Pune");
  const auto nothing = h.ask(h.call_of(ann), update_me{{}, {}}).value();
  EXPECT_EQ(nothing.username + " of " + nothing.city.value_or(""), "Ann B of Pune");
  EXPECT_EQ(nothing.id, ann.id);
  EXPECT_EQ(nothing.email, "ann@example.com");
  EXPECT_EQ(h.ask(h.call_of(bob), get_me{})->username, "Ann");
  EXPECT_EQ(code_of(h.ask(h.call_of({4711, ann.access_token, {}}), get_me{})), "ACCOUNT_NOT_FOUND");
}

TEST(auth, signing_in_remembers_the_city_only_with_the_right_password) {
  house h;
  const auto ann = h.welcome();
  EXPECT_EQ(code_of(h.ask(login{"ann@example.com", "wrong horse", "Delhi"})), "WRONG_CREDENTIALS");
  EXPECT_EQ(h.ask(h.call_of(ann), get_me{})->city, std::nullopt);
  EXPECT_EQ(code_of(h.ask(login{"ann@example.com", "correct horse", "Pune"})), "OK");
  EXPECT_EQ(h.ask(h.call_of(ann), get_me{})->city, "Pune");
}

// ---- passwords

TEST(auth, a_password_is_kept_as_argon2id_by_the_cost_that_owasp_asks_for) {
  house h({});
  h.welcome();
  const auto kept = h.sql("SELECT password_hash FROM auth.account");
  EXPECT_THAT(kept, ::testing::StartsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
}

TEST(auth, a_wrong_password_and_an_unknown_address_are_told_apart_by_nothing) {
  house h;
  h.welcome();
  const auto before = h.first().auth.hashing().runs();
  const auto wrong = h.sign_in("ann@example.com", "wrong horse");
  const auto between = h.first().auth.hashing().runs();
  const auto unknown = h.sign_in("bob@example.com", "correct horse");
  const auto after = h.first().auth.hashing().runs();
  ASSERT_EQ(code_of(wrong), "WRONG_CREDENTIALS");
  ASSERT_EQ(code_of(unknown), "WRONG_CREDENTIALS");
  EXPECT_EQ(wrong_credentials.status, 401);
  EXPECT_EQ(wrong.error().detail, unknown.error().detail);
  EXPECT_EQ(between - before, 1U) << "the same work";
  EXPECT_EQ(after - between, 1U) << "the same work";
  EXPECT_EQ(code_of(h.sign_in("bob@example.com", "nobody's password")), "WRONG_CREDENTIALS");
}

TEST(auth, an_unknown_address_costs_the_time_of_a_wrong_password) {
  auto slow = house::quick();
  slow.hash_memory_bytes = 8UZ * 1024 * 1024;
  house h(slow);
  h.welcome();
  const auto quickest = [&](const std::string& email) {
    auto least = rt::steady_clock::duration::max();
    for (int i = 0; i < 8; ++i) {
      const auto began = rt::steady_clock::now();
      EXPECT_EQ(code_of(h.sign_in(email, "wrong horse")), "WRONG_CREDENTIALS");
      least = std::min(least, rt::steady_clock::now() - began);
    }
    return std::chrono::duration<double, std::milli>(least).count();
  };
  const auto known = quickest("ann@example.com");
  const auto unknown = quickest("bob@example.com");
  EXPECT_GT(unknown, known / 2);
  EXPECT_LT(unknown, known * 2);
}

TEST(auth, a_flood_of_sign_ins_is_turned_away_and_costs_nothing_else) {
  auto narrow = house::quick();
  narrow.hash_memory_bytes = 8UZ * 1024 * 1024;  // some milliseconds each, so that they queue
  narrow.hash_threads = 1;
  narrow.hash_queue = 3;
  house h(narrow);
  const auto ann = h.welcome();
  auto& accounts = h.first().auth;
  std::vector<rt::task<contract::result<session_view>>> flood;
  flood.reserve(32);
  for (int i = 0; i < 32; ++i) {
    flood.push_back(accounts.handle(house::anybody(), login{"ann@example.com", "correct horse", {}}));
  }
  const auto before = h.first().auth.hashing().runs();
  int in = 0;
  for (const auto& each : h.run_all(std::move(flood))) {
    if (each) {
      ++in;
      continue;
    }
    EXPECT_EQ(code_of(each), "TOO_BUSY");
    EXPECT_EQ(each.error().kind->status, 503);
    EXPECT_GE(each.error().retry_after_s, 1);
  }
  EXPECT_GE(in, 3);
  EXPECT_LT(in, 32);
  EXPECT_EQ(h.first().auth.hashing().runs() - before, static_cast<std::size_t>(in));
  EXPECT_EQ(code_of(h.renew(ann.refresh_token)), "OK");
  EXPECT_EQ(code_of(h.sign_in("ann@example.com", "correct horse")), "OK") << "there is room again";
}

TEST(auth, a_full_queue_refuses_registration_and_change_of_password_and_changes_nothing) {
  auto none = house::quick();
  none.hash_queue = 0;
  house h;
  const auto ann = h.welcome();
  auto& full = h.start_replica(none).auth;
  EXPECT_EQ(
      code_of(h.run(full.handle(house::anybody(), register_account{"bob@example.com", "correct horse", "Bob", {}}))),
      "TOO_BUSY");
  EXPECT_EQ(code_of(h.run(full.handle(h.call_of(ann), change_password{"correct horse", "battery staple"}))),
            "TOO_BUSY");
  EXPECT_EQ(code_of(h.sign_in("ann@example.com", "correct horse")), "OK");
  EXPECT_EQ(code_of(h.renew(ann.refresh_token)), "OK");
  EXPECT_EQ(h.sql("SELECT count(*) FROM auth.account"), "1");
}

// ---- who may call

TEST(auth, what_is_for_account_holders_needs_a_token) {
  house h;
  const auto nobody = house::anybody();
  EXPECT_EQ(wire_code(h.post(h.first().outside, nobody, "/auth/change-password",
                             R"({"current_password":"correct horse","new_password":"battery staple"})")),
            "NOT_AUTHENTICATED");
  for (const std::string path : {"/auth/me", "/auth/wallet"}) {
    const http::request incoming{.verb = http::method::GET, .target = path};
    EXPECT_EQ(wire_code(h.run(h.first().outside.dispatch(nobody, incoming))), "NOT_AUTHENTICATED") << path;
  }
}

TEST(auth, internal_operations_refuse_who_is_no_service_and_are_not_there_outside) {
  house h;
  auto admin = h.call_of(h.welcome());
  admin.caller.user_role = rt::role::ADMIN;
  const auto body =
      fmt::format(R"({{"user_id":{},"amount":5,"kind":"CREDIT","reference":"free money","description":"x"}})",
                  admin.caller.user_id);
  for (const std::string path : {"/internal/wallet/credit", "/internal/wallet/debit"}) {
    EXPECT_EQ(wire_code(h.post(h.first().inside, admin, path, body)), "NOT_ALLOWED") << path;
    EXPECT_EQ(wire_code(h.post(h.first().inside, house::anybody(), path, body)), "NOT_ALLOWED") << path;
    EXPECT_EQ(wire_code(h.post(h.first().outside, house::service(), path, body)), "NOT_FOUND") << path;
  }
  const http::request list{.verb = http::method::GET, .target = "/internal/auth/revoked-sessions"};
  EXPECT_EQ(wire_code(h.run(h.first().inside.dispatch(admin, list))), "NOT_ALLOWED");
  EXPECT_EQ(wire_code(h.run(h.first().inside.dispatch(house::service(), list))), "OK");
  EXPECT_EQ(wire_code(h.run(h.first().outside.dispatch(house::service(), list))), "NOT_FOUND");
  EXPECT_EQ(h.sql("SELECT count(*) FROM auth.ledger_transaction"), "0");
  EXPECT_EQ(wire_code(h.post(h.first().inside, house::service(), "/internal/wallet/credit", body)), "OK");
}

}  // namespace
}  // namespace ticketshow::auth::testing
