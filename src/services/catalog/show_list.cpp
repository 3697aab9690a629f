#include "services/catalog/show_list.hpp"

#include "services/catalog/queries.hpp"

namespace ticketshow::catalog {
namespace {

constexpr auto trusted_for = std::chrono::seconds(1);

}  // namespace

rt::task<> show_list::revalidate(rt::deadline until) {
  const auto now = rt::steady_clock::now();
  if (now - checked_ < trusted_for) co_return;
  checked_ = now;  // at once: others go on with what is there while this one asks
  const auto found = co_await database_.run(until, queries::sum_of_versions);
  const auto versions = found.front().get<std::int64_t>(0);
  if (versions != versions_) drop();
  versions_ = versions;
}

rt::task<list_shows::response> show_list::get(rt::deadline until, list_shows request) {
  co_await revalidate(until);
  const std::tuple asked{request.skip.value_or(0), request.limit.value_or(20),
                         request.include_cancelled.value_or(false)};
  auto mine = co_await ready_.ask(asked);
  if (mine.kept) co_return std::move(*mine.kept);

  const auto [skip, limit, all] = asked;
  const auto rows = co_await database_.run(until, queries::list_shows, skip, limit, all);
  const auto shows = all_of(rows, [&](auto row) { return show_of(row, in_); });
  co_return ready_.keep(std::move(mine), shows);
}

}  // namespace ticketshow::catalog
