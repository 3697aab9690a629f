#include <cstdio>

#include <fmt/format.h>

#include "app/commands.hpp"
#include "app/with_services.hpp"
#include "services/auth/administration.hpp"

namespace ticketshow::app {
namespace {

/// The operator's references have a room of their own, whatever they say.
constexpr std::string_view prefix = "operator:";
constexpr contract::field reference_field{.name = "reference", .min = 1, .max = 100 - std::ssize(prefix)};

rt::task<std::int64_t> account_of(process& here, command_options options) {
  if (options.email.empty()) co_return options.user_id;
  const auto until = rt::deadline::after(std::chrono::seconds(20));
  const auto found = co_await auth::find_account(here.database_of(target::auth), until, options.email);
  if (!found) throw std::runtime_error(fmt::format("There is no account with the address {}.", options.email));
  co_return *found;
}

rt::task<int> credit(process& here, command_options options, money amount) {
  const auto user_id = co_await account_of(here, options);
  const auto call = call_of_operator(here.random());
  const auth::credit_wallet wanted{user_id, amount, auth::transaction_type::CREDIT,
                                   fmt::format("{}{}", prefix, options.reference), "Credited by an operator"};
  const auto moved = co_await here.accounts().handle(call, wanted);
  if (!moved) throw std::runtime_error(contract::sentence_of(moved.error()));

  // The answer to a repetition tells of then, not of now.
  auto by_owner = call;
  by_owner.caller = {.type = rt::principal::kind::user, .user_id = user_id};
  const auto now = co_await here.accounts().handle(by_owner, auth::get_wallet{.limit = 1});
  if (!now) throw std::runtime_error(contract::sentence_of(now.error()));
  std::printf("%s", fmt::format("Transaction {} ({}) put {} into the wallet of account {}; it holds {} now.\n",
                                moved->transaction_id, wanted.reference, to_string(amount), user_id,
                                to_string(now->current_amount))
                        .c_str());
  co_return 0;
}

}  // namespace

int credit_wallet(const settings& configured, const command_options& options) {
  const auto amount = parse_money(options.amount);
  if (!amount || amount->minor <= 0 || *amount > max_amount) {
    throw std::runtime_error("--amount must be a positive amount such as 500.00.");
  }
  contract::problems wrong;
  contract::check_limits(reference_field, options.reference, "--reference", wrong);
  if (!wrong.empty()) {
    throw std::runtime_error(fmt::format("{} {}.", wrong.front().pointer, wrong.front().message));
  }
  return with_services(configured, {target::auth}, [&](process& here) { return credit(here, options, *amount); });
}

}  // namespace ticketshow::app
