#include <map>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/auth/tests/house.hpp"
#include "tests/support/seed.hpp"

namespace ticketshow::auth::testing {
namespace {

using namespace std::chrono_literals;
using enum transaction_type;

/// What somebody asks of a wallet.
struct wish {
  transaction_type kind;
  std::size_t guest;
  std::int64_t minor;
  std::string reference;
  auto operator<=>(const wish&) const = default;
};

/// What the ledger must come to, kept in memory by the plainest means.
class model {
 public:
  explicit model(std::size_t guests) : balances(guests) {}

  /// Whether the reference is one of those that this kind of movement has.
  static bool is_named_rightly(const wish& what) {
    return (what.kind == CREDIT) != what.reference.starts_with("payment:");
  }

  std::string answer(const wish& what) {
    if (!is_named_rightly(what)) return "REFERENCE_CONFLICT";
    if (const auto seen = made.find(what.reference); seen != made.end()) {
      return seen->second == what ? fmt::format("OK {}", answers[what.reference]) : "REFERENCE_CONFLICT";
    }
    auto& balance = balances[what.guest];
    if (what.kind == DEBIT && balance < what.minor) return "INSUFFICIENT_FUNDS";
    balance += what.kind == DEBIT ? -what.minor : what.minor;
    made.emplace(what.reference, what);
    answers[what.reference] = balance;
    return fmt::format("OK {}", balance);
  }

  std::vector<std::int64_t> balances;
  std::map<std::string, wish> made;
  std::map<std::string, std::int64_t> answers;
};

rt::task<contract::result<wallet_movement>> send(port& accounts, std::int64_t user_id, wish what) {
  if (what.kind == DEBIT) {
    debit_wallet request{user_id, {what.minor}, what.reference, "x"};
    co_return co_await accounts.handle(house::service(), std::move(request));
  }
  credit_wallet request{user_id, {what.minor}, what.kind, what.reference, "x"};
  co_return co_await accounts.handle(house::service(), std::move(request));
}

std::string outcome_of(const contract::result<wallet_movement>& answer) {
  return answer ? fmt::format("OK {}", answer->balance.minor) : code_of(answer);
}

/// A few guests, and wishes that meet: small amounts, few references.
class crowd {
 public:
  explicit crowd(test::seeded& seed) : random(seed) {
    for (int i = 0; i < 4; ++i) guests.push_back(h.welcome(fmt::format("guest{}@example.com", i)));
  }

  wish any_wish(int references) {
    const auto kind = std::array{CREDIT, REFUND, DEBIT, DEBIT}[static_cast<std::size_t>(random.between(0, 3))];
    return {kind, static_cast<std::size_t>(random.between(0, 3)), random.between(1, random.one_in(10) ? 10'000 : 5),
            fmt::format("{}{}",
                        (kind == CREDIT) != random.one_in(20) ? "top-up " : "payment:", random.between(1, references))};
  }

  /// Compares every wallet with what it must hold, movement by movement.
  void expect(const model& wanted) {
    for (std::size_t i = 0; i < guests.size(); ++i) {
      const auto call = h.call_of(guests[i]);
      EXPECT_EQ(h.ask(call, get_me{})->wallet_balance.minor, wanted.balances[i]);
      std::set<wish> listed;
      std::int64_t running = 0;
      for (std::int64_t skip = 0;; skip += 7) {
        const auto page = h.ask(call, get_wallet{skip, 7}).value();
        EXPECT_EQ(page.current_amount.minor, wanted.balances[i]);
        for (const auto& each : page.transactions) {
          const auto minor = each.amount.minor;
          running += each.transaction_type == DEBIT ? -minor : minor;
          EXPECT_TRUE(listed.insert({each.transaction_type, i, minor, each.reference_id}).second);
        }
        if (page.transactions.empty()) break;
      }
      EXPECT_EQ(running, wanted.balances[i]);
      for (const auto& [reference, what] : wanted.made) {
        EXPECT_EQ(listed.contains(what), what.guest == i) << reference;
      }
    }
    EXPECT_EQ(h.sql("SELECT count(*) FROM auth.ledger_transaction"), std::to_string(wanted.made.size()));
    EXPECT_THAT(h.broken_invariants(), ::testing::IsEmpty());
  }

  house h;
  std::vector<guest> guests;
  test::seeded& random;
};

TEST(auth_ledger_model, one_wish_after_another_is_answered_as_the_model_says) {
  TICKETSHOW_SEEDED(random);
  crowd c(random);
  model wanted(c.guests.size());
  for (int i = 0; i < 600 && !::testing::Test::HasFailure(); ++i) {
    const auto what = c.any_wish(200);
    const auto answer = c.h.run(send(c.h.first().auth, c.guests[what.guest].id, what));
    EXPECT_EQ(outcome_of(answer), wanted.answer(what)) << "wish " << i;
  }
  c.expect(wanted);
}

/// What came of wishes that were under way together is right when some order of them explains it. Each answer's
/// transaction and balance tell the order within a wallet: the ledger's own, which the model then follows.
TEST(auth_ledger_model, wishes_at_once_on_two_replicas_are_answered_as_in_some_order) {
  TICKETSHOW_SEEDED(random);
  crowd c(random);
  auto& second = c.h.start_replica();
  model wanted(c.guests.size());
  for (int round = 0; round < 25 && !::testing::Test::HasFailure(); ++round) {
    std::vector<wish> wishes;
    std::vector<rt::task<contract::result<wallet_movement>>> work;
    for (int i = 0; i < 24; ++i) {
      // Often the same once more, as a caller does that did not hear the answer.
      wishes.push_back(i > 0 && c.random.one_in(3) ? wishes.back() : c.any_wish(400));
      auto& port = c.random.one_in(2) ? c.h.first().auth : second.auth;
      work.push_back(send(port, c.guests[wishes.back().guest].id, wishes.back()));
    }
    const auto answers = c.h.run_all(std::move(work));

    const auto before = wanted.balances;
    std::map<std::int64_t, std::size_t> first_answers;  // by transaction: in the ledger's order within each wallet
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (answers[i]) first_answers.emplace(answers[i]->transaction_id, i);
    }
    for (const auto& [transaction, i] : first_answers) {
      EXPECT_EQ(outcome_of(answers[i]), wanted.answer(wishes[i])) << "transaction " << transaction;
    }
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const auto& what = wishes[i];
      const auto made = wanted.made.find(what.reference);
      if (answers[i]) {
        EXPECT_EQ(outcome_of(answers[i]), wanted.answer(what)) << "a repetition";
      } else if (code_of(answers[i]) == "REFERENCE_CONFLICT") {
        if (!model::is_named_rightly(what)) continue;
        ASSERT_NE(made, wanted.made.end());
        EXPECT_NE(made->second, what);
      } else {
        // At some moment of the round the wallet held less: then everything that left it went first.
        ASSERT_EQ(code_of(answers[i]), "INSUFFICIENT_FUNDS");
        auto least = before[what.guest];
        for (const auto& [transaction, n] : first_answers) {
          const bool left = wishes[n].guest == what.guest && wishes[n].kind == DEBIT;
          if (left && answers[n]->transaction_id == transaction) least = std::min(least, answers[n]->balance.minor);
        }
        EXPECT_LT(least, what.minor);
      }
    }
  }
  c.expect(wanted);
}

}  // namespace
}  // namespace ticketshow::auth::testing
