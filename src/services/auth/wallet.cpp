#include "services/auth/wallet.hpp"

#include "contract/codec.hpp"
#include "services/auth/queries.hpp"

namespace ticketshow::auth {
namespace {

/// The two sides of a movement: where the amount leaves and where it goes.
struct sides {
  std::string debit;
  std::string credit;
};

sides sides_of(const movement& what) {
  const auto own = "wallet:" + std::to_string(what.user_id);
  switch (what.kind) {
    case transaction_type::CREDIT:
      return {"external", own};
    case transaction_type::REFUND:
      return {"clearing", own};
    case transaction_type::DEBIT:
      return {own, "clearing"};
  }
  return {};
}

/// Payment's movements carry its own names and nobody else's do (README.md); the database holds everybody to it.
bool names_its_kind(transaction_type kind, std::string_view reference) {
  return (kind == transaction_type::CREDIT) != reference.starts_with("payment:");
}

/// What a reference was used for before; nothing when it is new.
std::optional<contract::result<wallet_movement>> earlier_answer(const pg::result_set& found, const movement& what) {
  if (found.empty()) return std::nullopt;
  const auto [id, user_id, amount, kind, balance] =
      found.front().as<std::int64_t, std::int64_t, money, std::string, money>();
  if (user_id != what.user_id || amount != what.amount || kind != contract::enum_name(what.kind)) {
    return contract::fail(reference_conflict);
  }
  return wallet_movement{.transaction_id = id, .balance = balance};
}

}  // namespace

rt::task<contract::result<wallet_movement>> wallet::move(rt::deadline until, movement what) {
  if (!names_its_kind(what.kind, what.reference)) {
    co_return contract::fail(reference_conflict, "References that begin with payment: are for its debits and refunds.");
  }
  auto transaction = co_await database_.begin(until);
  // The lock makes movements of one wallet wait for each other, equal calls at once among them; what is read behind it
  // is read when it is there.
  std::vector<pg::bound_statement> steps;
  steps.push_back(pg::bind(queries::lock_wallet, what.user_id));
  steps.push_back(pg::bind(queries::find_movement, what.reference));
  steps.push_back(pg::bind(queries::get_balance, what.user_id));
  const auto seen = co_await transaction.run_all(std::move(steps));
  if (seen[0].empty()) co_return contract::fail(account_not_found);
  if (auto answer = earlier_answer(seen[1], what)) co_return std::move(*answer);

  const auto balance = seen[2].front().get<money>(0);
  if (what.kind == transaction_type::DEBIT && balance < what.amount) {
    co_return contract::fail(insufficient_funds,
                             "The wallet holds " + to_string(balance) + ", " + to_string(what.amount) + " is needed.");
  }
  const auto [debit, credit] = sides_of(what);
  const std::string kind(contract::enum_name(what.kind));
  try {
    const auto moved = co_await transaction.run(queries::insert_movement, what.reference, kind, what.user_id, debit,
                                                credit, what.amount, what.description);
    const auto id = moved.front().get<std::int64_t>(0);
    const auto entry = co_await transaction.run(queries::insert_entry, id);
    const auto after = entry.front().get<money>(0);
    co_await transaction.commit();
    co_return wallet_movement{.transaction_id = id, .balance = after};
  } catch (const pg::sql_error& error) {
    if (!error.unique_violation()) throw;
  }
  // The reference was taken meanwhile for another wallet.
  co_return contract::fail(reference_conflict);
}

rt::task<std::vector<credit_outcome>> wallet::refund_all(rt::deadline until, std::vector<wallet_credit> refunds) {
  std::vector<std::int64_t> users;
  std::vector<money> amounts;
  std::vector<std::string> references;
  std::vector<std::string> descriptions;
  for (const auto& each : refunds) {
    if (!names_its_kind(transaction_type::REFUND, each.reference)) continue;
    users.push_back(each.user_id);
    amounts.push_back(each.amount);
    references.push_back(each.reference);
    descriptions.push_back(each.description);
  }
  std::vector<pg::bound_statement> steps;
  steps.push_back(pg::bind(queries::lock_wallets, users));
  steps.push_back(pg::bind(queries::insert_refunds, users, amounts, references, descriptions));
  steps.push_back(pg::bind(queries::insert_missing_entries, references));
  steps.push_back(pg::bind(queries::find_movements, references));
  const auto results = co_await database_.run_all(until, std::move(steps));

  std::map<std::string, pg::result_set::row, std::less<>> made;
  for (const auto& row : results.back()) made.emplace(row.get<std::string>(0), row);
  std::vector<credit_outcome> outcomes;
  for (const auto& each : refunds) {
    const auto found = made.find(each.reference);
    const bool misnamed = !names_its_kind(transaction_type::REFUND, each.reference);
    if (!misnamed && found == made.end()) {
      outcomes.push_back({.problem = std::string(account_not_found.code)});
    } else if (misnamed || found->second.get<std::int64_t>(2) != each.user_id ||
               found->second.get<money>(3) != each.amount ||
               found->second.text(4) != contract::enum_name(transaction_type::REFUND)) {
      outcomes.push_back({.problem = std::string(reference_conflict.code)});
    } else {
      outcomes.push_back({.transaction_id = found->second.get<std::int64_t>(1)});
    }
  }
  co_return outcomes;
}

rt::task<wallet_view> wallet::history(rt::deadline until, std::int64_t user_id, std::int64_t skip, std::int64_t limit) {
  const auto rows = co_await database_.run(until, queries::show_wallet, user_id, skip, limit);
  wallet_view view{};
  view.user_id = user_id;
  for (const auto row : rows) {
    auto [balance, updated_at, id] = row.as<money, timestamp, std::optional<std::int64_t>>();
    view.current_amount = balance;
    view.updated_at = updated_at;
    if (!id) break;
    view.transactions.push_back({.id = *id,
                                 .user_id = user_id,
                                 .amount = row.get<money>(3),
                                 .transaction_type = row.get<transaction_type>(4),
                                 .description = row.get<std::string>(5),
                                 .reference_id = row.get<std::string>(6),
                                 .created_at = row.get<timestamp>(7)});
  }
  co_return view;
}

}  // namespace ticketshow::auth
