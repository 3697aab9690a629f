#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/auth/tests/house.hpp"

namespace ticketshow::auth::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using enum transaction_type;

/// Ann with 1,000.00.
struct wealthy_house : house {
  wealthy_house() : ann(welcome()) { EXPECT_EQ(code_of(credit(ann.id, {1'000'00}, "top-up")), "OK"); }
  guest ann;
};

TEST(auth_wallet, money_comes_in_and_goes_out_and_every_movement_is_listed) {
  house h;
  const auto ann = h.welcome();
  const auto empty = h.ask(h.call_of(ann), get_wallet{}).value();
  EXPECT_EQ(empty.current_amount, money{0});
  EXPECT_THAT(empty.transactions, IsEmpty());

  const auto in = h.ask(house::service(), credit_wallet{ann.id, {1'000'00}, CREDIT, "top-up", "From the desk"});
  ASSERT_EQ(code_of(in), "OK");
  EXPECT_EQ(in->balance, money{1'000'00});
  const auto out = h.ask(house::service(), debit_wallet{ann.id, {350'50}, "payment:1:debit", "Two seats"});
  EXPECT_EQ(out.value().balance, money{649'50});
  const auto back = h.credit(ann.id, {350'50}, "payment:1:refund", REFUND);
  EXPECT_EQ(back.value().balance, money{1'000'00});

  const auto shown = h.ask(h.call_of(ann), get_wallet{}).value();
  EXPECT_EQ(shown.user_id, ann.id);
  EXPECT_EQ(shown.currency, "INR");
  EXPECT_EQ(shown.current_amount, money{1'000'00});
  ASSERT_EQ(shown.transactions.size(), 3U);
  EXPECT_EQ(shown.transactions[0].transaction_type, REFUND);
  EXPECT_EQ(shown.transactions[0].id, back->transaction_id);
  EXPECT_EQ(shown.transactions[1].transaction_type, DEBIT);
  EXPECT_EQ(shown.transactions[1].amount, money{350'50});
  EXPECT_EQ(shown.transactions[1].description, "Two seats");
  EXPECT_EQ(shown.transactions[1].reference_id, "payment:1:debit");
  EXPECT_EQ(shown.transactions[1].user_id, ann.id);
  EXPECT_EQ(shown.transactions[2].transaction_type, CREDIT);
  EXPECT_EQ(shown.updated_at, shown.transactions[0].created_at);
  EXPECT_EQ(h.ask(h.call_of(ann), get_me{})->wallet_balance, money{1'000'00});
  EXPECT_THAT(h.broken_invariants(), IsEmpty());
}

TEST(auth_wallet, each_side_of_a_movement_is_named_and_all_accounts_together_hold_nothing) {
  wealthy_house h;
  ASSERT_TRUE(h.debit(h.ann.id, {400'00}, "payment:1:debit"));
  ASSERT_TRUE(h.credit(h.ann.id, {150'00}, "payment:1:refund", REFUND));
  EXPECT_THAT(h.rows({R"(
    SELECT account || ' ' || sum(delta) FROM auth.ledger_transaction
    CROSS JOIN LATERAL (VALUES (debit_account, -amount), (credit_account, amount)) side (account, delta)
    GROUP BY account ORDER BY account)"}),
              ::testing::ElementsAre("clearing 25000", "external -100000", fmt::format("wallet:{} 75000", h.ann.id)));
}

TEST(auth_wallet, a_repeated_movement_is_made_once_and_answered_as_the_first_time) {
  wealthy_house h;
  const auto first = h.debit(h.ann.id, {350'00}, "payment:1:debit").value();
  ASSERT_TRUE(h.debit(h.ann.id, {50'00}, "payment:2:debit"));
  const auto again = h.debit(h.ann.id, {350'00}, "payment:1:debit").value();
  EXPECT_EQ(again.transaction_id, first.transaction_id);
  EXPECT_EQ(again.balance, first.balance) << "what it was then";
  EXPECT_EQ(h.credit(h.ann.id, {1'000'00}, "top-up")->balance, money{1'000'00});
  EXPECT_EQ(h.balance_of(h.ann), money{600'00});
}

TEST(auth_wallet, a_repeated_debit_is_answered_even_when_the_wallet_has_become_empty) {
  wealthy_house h;
  ASSERT_TRUE(h.debit(h.ann.id, {1'000'00}, "payment:1:debit"));
  EXPECT_EQ(code_of(h.debit(h.ann.id, {1'000'00}, "payment:1:debit")), "OK");
  EXPECT_EQ(code_of(h.debit(h.ann.id, {1}, "payment:2:debit")), "INSUFFICIENT_FUNDS");
}

TEST(auth_wallet, a_reference_used_for_something_else_is_refused) {
  wealthy_house h;
  const auto bob = h.welcome("bob@example.com");
  ASSERT_TRUE(h.debit(h.ann.id, {350'00}, "payment:1"));
  ASSERT_TRUE(h.credit(bob.id, {350'00}, "bob's"));
  EXPECT_EQ(code_of(h.debit(h.ann.id, {350'01}, "payment:1")), "REFERENCE_CONFLICT") << "another amount";
  EXPECT_EQ(code_of(h.debit(bob.id, {350'00}, "payment:1")), "REFERENCE_CONFLICT") << "another wallet";
  EXPECT_EQ(code_of(h.credit(h.ann.id, {350'00}, "payment:1")), "REFERENCE_CONFLICT") << "another direction";
  EXPECT_EQ(code_of(h.credit(h.ann.id, {1'000'00}, "top-up", REFUND)), "REFERENCE_CONFLICT") << "from elsewhere";
  EXPECT_EQ(h.balance_of(h.ann), money{650'00});
  EXPECT_EQ(h.balance_of(bob), money{350'00});
}

TEST(auth_wallet, no_credit_can_use_up_the_reference_of_a_refund_and_nothing_else_goes_by_other_names) {
  wealthy_house h;
  EXPECT_EQ(code_of(h.credit(h.ann.id, {5}, "payment:2:refund")), "REFERENCE_CONFLICT");
  EXPECT_EQ(code_of(h.credit(h.ann.id, {5}, "gift-1", REFUND)), "REFERENCE_CONFLICT");
  EXPECT_EQ(code_of(h.debit(h.ann.id, {5}, "gift-2")), "REFERENCE_CONFLICT");
  const auto many = h.ask(house::service(),
                          refund_wallets{{{h.ann.id, {5}, "gift-3", "x"}, {h.ann.id, {7}, "payment:2:refund", "x"}}});
  EXPECT_EQ(many->outcomes[0].problem, reference_conflict.code);
  EXPECT_TRUE(many->outcomes[1].transaction_id.has_value()) << "it keeps no other back";
  EXPECT_EQ(h.balance_of(h.ann), money{1'000'07});
}

TEST(auth_wallet, more_than_it_holds_is_refused_without_a_trace) {
  wealthy_house h;
  const auto refused = h.debit(h.ann.id, {1'000'01}, "payment:1:debit");
  ASSERT_EQ(code_of(refused), "INSUFFICIENT_FUNDS");
  EXPECT_EQ(refused.error().detail, "The wallet holds 1000.00, 1000.01 is needed.");
  EXPECT_EQ(h.sql("SELECT count(*) FROM auth.ledger_transaction"), "1");
  EXPECT_EQ(h.debit(h.ann.id, {1'000'00}, "payment:1:debit").value().balance, money{0}) << "its reference is free";
}

TEST(auth_wallet, an_unknown_account_is_refused_without_a_trace) {
  house h;
  for (const std::int64_t id : {0, -1, 4711}) {
    EXPECT_EQ(code_of(h.credit(id, {5}, "a")), "ACCOUNT_NOT_FOUND");
    EXPECT_EQ(code_of(h.debit(id, {5}, "payment:1:debit")), "ACCOUNT_NOT_FOUND");
  }
  EXPECT_EQ(h.sql("SELECT count(*) FROM auth.ledger_transaction"), "0");
}

TEST(auth_wallet, a_movement_with_a_bad_field_is_refused_by_its_name) {
  wealthy_house h;
  const auto body = [&](std::string_view amount, std::string_view kind, std::string_view reference) {
    return fmt::format(R"({{"user_id":{},"amount":{},"kind":"{}","reference":"{}","description":"x"}})", h.ann.id,
                       amount, kind, reference);
  };
  const std::pair<std::string, std::string> bad[] = {
      {body("0", "CREDIT", "r"), "/amount"},
      {body("-5", "CREDIT", "r"), "/amount"},
      {body("0.005", "CREDIT", "r"), "/amount"},
      {body("1e3", "CREDIT", "r"), "/amount"},
      {body("99999999999999999999", "CREDIT", "r"), "/amount"},
      {body("5", "DEBIT", "r"), "/kind"},
      {body("5", "GIFT", "r"), "/kind"},
      {body("5", "CREDIT", ""), "/reference"},
      {body("5", "CREDIT", std::string(101, 'r')), "/reference"},
  };
  for (const auto& [text, pointer] : bad) {
    const auto answer = h.post(h.first().inside, house::service(), "/internal/wallet/credit", text);
    EXPECT_EQ(wire_code(answer, pointer), "VALIDATION_FAILED") << text;
    if (pointer == "/kind") continue;
    const auto debit = h.post(h.first().inside, house::service(), "/internal/wallet/debit", text);
    EXPECT_EQ(wire_code(debit, pointer), "VALIDATION_FAILED") << text;
  }
  EXPECT_EQ(h.balance_of(h.ann), money{1'000'00});
}

TEST(auth_wallet, a_wallet_that_would_overflow_refuses_and_keeps_what_it_has) {
  wealthy_house h;
  EXPECT_THROW(code_of(h.credit(h.ann.id, {std::numeric_limits<std::int64_t>::max()}, "too much")), pg::sql_error);
  EXPECT_EQ(h.balance_of(h.ann), money{1'000'00});
  EXPECT_THAT(h.broken_invariants(), IsEmpty());
}

TEST(auth_wallet, a_statement_is_paged_newest_first) {
  house h;
  const auto ann = h.welcome();
  const auto bob = h.welcome("bob@example.com");
  for (int i = 1; i <= 60; ++i) {
    ASSERT_TRUE(h.credit(ann.id, {i}, fmt::format("ann {}", i)));
    if (i % 10 == 0) ASSERT_TRUE(h.credit(bob.id, {i}, fmt::format("bob {}", i)));
  }
  const auto amounts = [&](std::optional<std::int64_t> skip, std::optional<std::int64_t> limit) {
    std::vector<std::int64_t> found;
    const auto page = h.ask(h.call_of(ann), get_wallet{skip, limit}).value();
    EXPECT_EQ(page.current_amount, money{60 * 61 / 2}) << "on every page";
    found.reserve(page.transactions.size());
    for (const auto& each : page.transactions) found.push_back(each.amount.minor);
    return found;
  };
  EXPECT_THAT(amounts(0, 3), ::testing::ElementsAre(60, 59, 58));
  EXPECT_THAT(amounts(3, 3), ::testing::ElementsAre(57, 56, 55));
  EXPECT_THAT(amounts(58, 100), ::testing::ElementsAre(2, 1));
  EXPECT_THAT(amounts(60, {}), IsEmpty());
  EXPECT_EQ(amounts({}, {}).size(), 50U);
  EXPECT_EQ(amounts({}, 100).size(), 60U);
}

TEST(auth_wallet, pages_beyond_the_limits_are_refused_by_name) {
  house h;
  const auto ann = h.welcome();
  for (const std::string query : {"limit=0", "limit=101", "skip=-1", "skip=1000001", "limit=many"}) {
    const auto target = "/auth/wallet?" + query;
    const http::request incoming{.verb = http::method::GET, .target = target};
    const auto answer = h.run(h.first().outside.dispatch(h.call_of(ann), incoming));
    EXPECT_EQ(wire_code(answer, "?" + query.substr(0, query.find('='))), "VALIDATION_FAILED") << query;
  }
}

// ---- at once

TEST(auth_wallet, sixty_four_debits_at_once_on_two_replicas_never_take_more_than_there_is) {
  wealthy_house h;
  auto& second = h.start_replica();
  std::vector<rt::task<contract::result<wallet_movement>>> work;
  work.reserve(64);
  for (int i = 0; i < 64; ++i) {
    auto& port = i % 2 == 0 ? h.first().auth : second.auth;
    work.push_back(
        port.handle(house::service(), debit_wallet{h.ann.id, {30'00}, fmt::format("payment:{}:debit", i), "x"}));
  }
  int taken = 0;
  for (const auto& each : h.run_all(std::move(work))) {
    taken += each ? 1 : 0;
    if (!each) EXPECT_EQ(code_of(each), "INSUFFICIENT_FUNDS");
  }
  EXPECT_EQ(taken, 33);
  EXPECT_EQ(h.balance_of(h.ann), money{10'00});
  EXPECT_THAT(h.broken_invariants(), IsEmpty());
}

TEST(auth_wallet, one_debit_sent_many_times_at_once_is_made_once) {
  wealthy_house h;
  auto& second = h.start_replica();
  std::vector<rt::task<contract::result<wallet_movement>>> work;
  work.reserve(32);
  for (int i = 0; i < 32; ++i) {
    auto& port = i % 2 == 0 ? h.first().auth : second.auth;
    work.push_back(port.handle(house::service(), debit_wallet{h.ann.id, {600'00}, "payment:1:debit", "x"}));
  }
  const auto answers = h.run_all(std::move(work));
  for (const auto& each : answers) {
    ASSERT_EQ(code_of(each), "OK");
    EXPECT_EQ(each->transaction_id, answers.front()->transaction_id);
    EXPECT_EQ(each->balance, money{400'00});
  }
  EXPECT_EQ(h.balance_of(h.ann), money{400'00});
}

TEST(auth_wallet, one_reference_for_many_wallets_at_once_moves_the_money_of_one) {
  house h;
  std::vector<guest> guests;
  guests.reserve(8);
  for (int i = 0; i < 8; ++i) guests.push_back(h.welcome(fmt::format("guest{}@example.com", i)));
  constexpr int rounds = 20;  // the first ones wait for connections, not for each other
  for (int round = 0; round < rounds; ++round) {
    std::vector<rt::task<contract::result<wallet_movement>>> work;
    work.reserve(guests.size());
    for (const auto& each : guests) {
      work.push_back(h.first().auth.handle(house::service(),
                                           credit_wallet{each.id, {5}, CREDIT, fmt::format("prize {}", round), "x"}));
    }
    int won = 0;
    for (const auto& each : h.run_all(std::move(work))) {
      won += each ? 1 : 0;
      if (!each) EXPECT_EQ(code_of(each), "REFERENCE_CONFLICT");
    }
    EXPECT_EQ(won, 1);
  }
  EXPECT_EQ(h.sql("SELECT sum(delta) FROM auth.wallet_entry"), std::to_string(5 * rounds));
}

TEST(auth_wallet, a_statement_read_while_money_moves_adds_up) {
  wealthy_house h;
  const auto spend = [](port& accounts, std::int64_t id) -> rt::task<bool> {
    bool all = true;
    for (int i = 0; i < 40; ++i) {
      auto reference = fmt::format("payment:{}:debit", i);
      const auto done = co_await accounts.handle(house::service(), debit_wallet{id, {1'00}, std::move(reference), "x"});
      all = all && done;
    }
    co_return all;
  };
  const auto read = [](port& accounts, rt::call caller) -> rt::task<bool> {
    bool all = true;
    for (int i = 0; i < 40; ++i) {
      const auto shown = co_await accounts.handle(caller, get_wallet{{}, 100});
      money sum{0};
      for (const auto& each : shown.value().transactions) {
        sum = each.transaction_type == DEBIT ? sum - each.amount : sum + each.amount;
      }
      all = all && sum == shown->current_amount;
    }
    co_return all;
  };
  auto& accounts = h.first().auth;
  std::vector<rt::task<bool>> work;
  work.push_back(spend(accounts, h.ann.id));
  for (int i = 0; i < 4; ++i) work.push_back(read(accounts, h.call_of(h.ann)));
  EXPECT_THAT(h.run_all(std::move(work)), ::testing::Each(true));
}

// ---- what the database refuses, whoever asks

TEST(auth_wallet, many_refunds_are_made_once_each_and_one_that_is_refused_keeps_no_other_back) {
  wealthy_house h;
  const auto bob = h.welcome("bob@example.com");
  const auto make = [&] {
    refund_wallets wanted;
    for (int i = 0; i < 50; ++i) {
      wanted.refunds.push_back({i % 2 == 0 ? h.ann.id : bob.id, {100}, fmt::format("payment:{}:refund", i), "x"});
    }
    wanted.refunds.push_back({999'999, {100}, "payment:50:refund", "x"});
    return h.ask(house::service(), std::move(wanted)).value().outcomes;
  };
  const auto first = make();
  const auto again = make();
  for (std::size_t i = 0; i < 50; ++i) {
    EXPECT_TRUE(first[i].transaction_id.has_value()) << i;
    EXPECT_EQ(first[i].transaction_id, again[i].transaction_id) << i;
  }
  EXPECT_EQ(first[50].problem, account_not_found.code);
  EXPECT_EQ(h.balance_of(h.ann), money{1'000'00 + 2'500});
  EXPECT_EQ(h.balance_of(bob), money{2'500});
  const auto other =
      h.ask(house::service(), refund_wallets{{{bob.id, {101}, "payment:0:refund", "x"}}}).value().outcomes;
  EXPECT_EQ(other.front().problem, reference_conflict.code);
  EXPECT_THAT(h.broken_invariants(), IsEmpty());
}

TEST(auth_wallet, the_ledger_is_append_only_for_the_service_and_for_its_owner) {
  wealthy_house h;
  const auto bob = h.welcome("bob@example.com");
  ASSERT_TRUE(h.credit(bob.id, {5}, "bob's"));
  const auto rows_before =
      h.rows({"SELECT t::text || e::text FROM auth.ledger_transaction t JOIN auth.wallet_entry e "
              "ON e.transaction_id = t.id ORDER BY t.id"});
  for (const std::string statement :
       {"UPDATE auth.ledger_transaction SET amount = 1", "UPDATE auth.ledger_transaction SET reference = 'x'",
        "DELETE FROM auth.ledger_transaction", "TRUNCATE auth.ledger_transaction CASCADE",
        "UPDATE auth.wallet_entry SET balance = 1000000", "UPDATE auth.wallet_entry SET user_id = 1 WHERE false",
        "DELETE FROM auth.wallet_entry", "TRUNCATE auth.wallet_entry", "DELETE FROM auth.account CASCADE"}) {
    EXPECT_THROW(test::execute(h.database.service("auth"), {statement}), pg::sql_error) << statement;
    EXPECT_THROW(test::execute(h.database.owner(), {statement}), pg::sql_error) << statement;
  }
  for (const std::string statement :
       {"ALTER TABLE auth.wallet_entry DISABLE TRIGGER ALL", "DROP TRIGGER append_only ON auth.wallet_entry",
        "SET session_replication_role = replica", "CREATE TABLE auth.more ()", "DROP TABLE auth.wallet_entry"}) {
    EXPECT_THROW(test::execute(h.database.service("auth"), {statement}), pg::sql_error) << statement;
  }
  EXPECT_EQ(h.rows({"SELECT t::text || e::text FROM auth.ledger_transaction t JOIN auth.wallet_entry e "
                    "ON e.transaction_id = t.id ORDER BY t.id"}),
            rows_before);
}

TEST(auth_wallet, the_services_role_can_neither_raise_anybody_nor_change_whose_an_address_is) {
  house h;
  h.welcome();
  for (const std::string statement :
       {"UPDATE auth.account SET role = 'ADMIN'", "UPDATE auth.account SET email = 'x@y.zz'",
        "UPDATE auth.account SET id = 7", "DELETE FROM auth.account", "UPDATE auth.session SET expires_at = 'infinity'",
        "UPDATE auth.refresh_token SET sha256 = repeat('0', 64)", "DELETE FROM auth.refresh_token"}) {
    EXPECT_THROW(test::execute(h.database.service("auth"), {statement}), pg::sql_error) << statement;
  }
}

/// Writes a movement with the wallet's entry, past the service.
void forge(const house& h, std::int64_t user_id, std::string_view movement, std::string_view entry) {
  h.sql(fmt::format(R"(DO $$
    DECLARE made bigint;
    BEGIN
      INSERT INTO auth.ledger_transaction (user_id, reference, description, kind, debit_account, credit_account, amount)
      VALUES ({}, '{}', 'x', {}) RETURNING id INTO made;
      INSERT INTO auth.wallet_entry (transaction_id, user_id, seq, delta, balance) VALUES {};
    END $$)",
                    user_id, movement.starts_with("'CREDIT'") ? "forged" : "payment:forged", movement, entry));
}

TEST(auth_wallet, the_database_refuses_movements_whose_sides_are_not_those_of_their_kind) {
  wealthy_house h;
  const auto own = fmt::format("'wallet:{}'", h.ann.id);
  const std::string entry = "(made, 1, 1, 1, 5)";
  for (const auto& movement :
       {fmt::format("'CREDIT', {0}, {0}, 5", own), std::string("'CREDIT', 'external', 'wallet:999', 5"),
        fmt::format("'DEBIT', 'external', {}, 5", own), fmt::format("'REFUND', 'external', {}, 5", own),
        fmt::format("'CREDIT', 'external', {}, 0", own), fmt::format("'CREDIT', 'external', {}, -5", own),
        fmt::format("'GIFT', 'external', {}, 5", own)}) {
    EXPECT_THROW(forge(h, h.ann.id, movement, entry), pg::sql_error) << movement;
  }
  EXPECT_THROW(h.sql(fmt::format("INSERT INTO auth.ledger_transaction (user_id, reference, description, kind, "
                                 "debit_account, credit_account, amount) VALUES ({}, 'payment:2:refund', 'x', "
                                 "'CREDIT', 'external', {}, 5)",
                                 h.ann.id, own)),
               pg::sql_error);
  EXPECT_NO_THROW(forge(h, h.ann.id, fmt::format("'CREDIT', 'external', {}, 5", own), entry));
}

TEST(auth_wallet, what_an_entry_says_of_itself_is_not_believed) {
  wealthy_house h;
  const auto bob = h.welcome("bob@example.com");
  const auto debit = fmt::format("'DEBIT', 'wallet:{}', 'clearing', 400", h.ann.id);
  forge(h, h.ann.id, debit, fmt::format("(made, {}, 9, 1, 77777777)", bob.id));
  EXPECT_EQ(h.sql("SELECT user_id || ' ' || seq || ' ' || delta || ' ' || balance FROM auth.wallet_entry ORDER BY "
                  "transaction_id DESC"),
            fmt::format("{} 2 -400 99600", h.ann.id));
  EXPECT_THAT(h.broken_invariants(), IsEmpty());
}

TEST(auth_wallet, the_database_refuses_to_count_a_movement_twice_or_not_at_all_or_below_zero) {
  wealthy_house h;
  const auto credit = fmt::format("'CREDIT', 'external', 'wallet:{}', 5", h.ann.id);
  const auto debit = fmt::format("'DEBIT', 'wallet:{}', 'clearing', 100001", h.ann.id);
  EXPECT_THROW(forge(h, h.ann.id, credit, "(made, 1, 1, 1, 5), (made, 1, 2, 1, 5)"), pg::sql_error);
  EXPECT_THROW(forge(h, h.ann.id, debit, "(made, 1, 1, 1, 5)"), pg::sql_error);
  EXPECT_THROW(h.sql(fmt::format("INSERT INTO auth.ledger_transaction (user_id, reference, description, kind, "
                                 "debit_account, credit_account, amount) VALUES ({}, 'half', 'x', {})",
                                 h.ann.id, credit)),
               pg::sql_error);
  EXPECT_EQ(h.balance_of(h.ann), money{1'000'00});
  EXPECT_THAT(h.broken_invariants(), IsEmpty());
}

}  // namespace
}  // namespace ticketshow::auth::testing
