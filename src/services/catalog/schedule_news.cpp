#include "services/catalog/schedule_news.hpp"

#include <algorithm>

#include "api/catalog.hpp"
#include "rt/log.hpp"
#include "services/catalog/queries.hpp"
#include "services/catalog/rows.hpp"

namespace ticketshow::catalog {
namespace {

using namespace std::chrono_literals;

constexpr std::ptrdiff_t most_in_a_call = 10'000;  // of suspend_sale
constexpr std::int64_t untold_at_once = 500;
constexpr auto untold_time = 20s;
constexpr auto pause_after_failure = 1s;

/// How long the answer to a change waits for booking: it must still arrive itself.
rt::deadline patience_of(const rt::call& call) { return call.until.no_later_than(call.until.left() / 2); }

void log_delay(const char* what, const rt::call& call, const std::exception& failure) {
  rt::log::warning(what, {{"correlation_id", call.correlation_id}, {"error", failure.what()}});
}

}  // namespace

rt::task<> schedule_news::record(pg::transaction& in, std::vector<std::int64_t> ids, std::string correlation_id,
                                 std::optional<std::string> ticket) {
  if (ids.empty()) co_return;
  std::vector<pg::bound_statement> both;
  both.push_back(pg::bind(queries::renew_schedules, ids));
  both.push_back(pg::bind(queries::list_schedules_for_sale, ids));
  const auto results = co_await in.run_all(std::move(both));
  std::vector<schedule_changed> news;
  for (const auto& row : results.back()) news.push_back({schedule_for_sale_of(row, currency_), ticket});
  auto recorded = events::record_all(news, correlation_id);
  co_await in.run(std::move(recorded));
}

rt::task<> schedule_news::close_if_possible(rt::call call, std::vector<std::int64_t> ids, std::string ticket) {
  call.until = patience_of(call);
  try {
    for (auto begin = ids.begin(); begin != ids.end();) {
      const auto end = begin + std::min(ids.end() - begin, most_in_a_call);
      booking::suspend_sale closed{{begin, end}, ticket};
      const auto answer = co_await bookings_.handle(call.as_service("catalog"), std::move(closed));
      if (!answer) throw rt::unavailable(std::string(answer.error().kind->code));
      begin = end;
    }
  } catch (const std::exception& failure) {
    log_delay("cancelled showings are closed to sale only when booking hears of them", call, failure);
  }
}

rt::task<> schedule_news::resume_if_possible(rt::call call, std::int64_t id, std::string ticket) {
  call.until = patience_of(call);
  booking::resume_sale on_sale_again{{id}, std::move(ticket)};
  try {
    const auto answer = co_await bookings_.handle(call.as_service("catalog"), std::move(on_sale_again));
    if (!answer) throw rt::unavailable(std::string(answer.error().kind->code));
  } catch (const std::exception& failure) {
    log_delay("a showing is on sale again only in a while", call, failure);
  }
}

rt::task<> schedule_news::tell_untold(const rt::gate& until_closed) {
  while (!until_closed.closing()) {
    bool failed = false;
    try {
      auto transaction = co_await database_.begin(rt::deadline::after(untold_time));
      const auto taken = co_await transaction.run(queries::take_untold, untold_at_once);
      if (taken.empty()) co_return;
      co_await record(transaction, ids_of(taken), "first-news");
      co_await transaction.commit();
      outbox_.due().ring();
    } catch (const std::exception& failure) {
      failed = true;
      rt::log::warning("schedules are told to booking later", {{"error", failure.what()}});
    }
    if (failed) co_await rt::sleep_for(pause_after_failure);
  }
}

}  // namespace ticketshow::catalog
