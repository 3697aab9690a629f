#include "services/payment/refunds.hpp"

#include <boost/asio/redirect_error.hpp>
#include <fmt/format.h>

#include "base/assert.hpp"
#include "rt/unavailable.hpp"

namespace ticketshow::payment {
namespace {

using namespace std::chrono_literals;

constexpr auto record_time = 5s;
constexpr std::size_t most_at_once = 256;

}  // namespace

refunds::refunds(rt::executor io, store& payments, auth::port& accounts, random_source& random,
                 std::chrono::milliseconds call_time, std::function<void(std::string_view)> reached)
    : io_(io),
      store_(payments),
      accounts_(accounts),
      random_(random),
      call_time_(call_time),
      reached_(std::move(reached)),
      arrived_(io),
      working_(io, "refunds") {}

rt::task<std::optional<record>> refunds::give(record payment) {
  const auto mine = std::make_shared<waiting>(io_, std::move(payment));
  mine->done.expires_at(rt::steady_clock::time_point::max());
  queue_.push_back(mine);
  arrived_.ring();
  boost::system::error_code ignored;
  co_await mine->done.async_wait(rt::asio::redirect_error(rt::use_task, ignored));
  if (mine->failure) std::rethrow_exception(mine->failure);
  co_return std::move(mine->outcome);
}

rt::task<> refunds::run() {
  while (!working_.closing()) {
    if (queue_.empty()) {
      co_await arrived_.wait(1h);
      continue;
    }
    const auto count = std::min(queue_.size(), most_at_once);
    batch next(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(count));
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(count));
    co_await make(std::move(next));
  }
}

rt::task<> refunds::make(batch all) {
  auto failure = co_await attempt(all);
  for (const auto& each : all) {
    if (failure && all.size() > 1) {
      const batch alone{each};
      each->failure = co_await attempt(alone);
    } else if (failure) {
      each->failure = failure;
    }
    each->done.cancel();
  }
}

rt::task<std::exception_ptr> refunds::attempt(batch all) {
  try {
    auth::refund_wallets wanted;
    for (const auto& each : all) {
      wanted.refunds.push_back({.user_id = each->payment.user_id,
                                .amount = each->payment.amount,
                                .reference = fmt::format("payment:{}:refund", each->payment.id),
                                .description = each->payment.description});
    }
    const rt::call call{.until = rt::deadline::after(call_time_), .correlation_id = random_hex(random_, 16)};
    const auto answer = co_await accounts_.handle(call.as_service("payment"), std::move(wanted));
    if (!answer) throw rt::unavailable(fmt::format("refund: {}", answer.error().kind->code));
    TICKETSHOW_ASSERT(answer->outcomes.size() == all.size());
    reached_("payment.refund_credited");

    std::vector<credited> done;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto& outcome = answer->outcomes[i];
      if (outcome.transaction_id) {
        done.push_back({all[i]->payment.id, *outcome.transaction_id});
      } else {
        // Whatever the problem is, this money is owed: it is tried until it succeeds, and the log tells.
        all[i]->failure =
            std::make_exception_ptr(rt::unavailable(fmt::format("refund: {}", outcome.problem.value_or("no answer"))));
      }
    }
    auto refunded = co_await store_.refunded(rt::deadline::after(record_time), std::move(done));
    reached_("payment.refund_completed");
    for (auto& row : refunded) {
      const auto found = std::ranges::find(all, row.id, [](const auto& each) { return each->payment.id; });
      TICKETSHOW_ASSERT(found != all.end());
      (*found)->outcome = std::move(row);
    }
    co_return nullptr;
  } catch (...) {
    co_return std::current_exception();
  }
}

}  // namespace ticketshow::payment
