#include "app/check/poster_checks.hpp"

#include <fmt/format.h>

#include "app/check/poster_queries.hpp"
#include "pg/pool.hpp"
#include "rt/in_parallel.hpp"
#include "services/catalog/poster_files.hpp"

namespace ticketshow::check {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t page = 500;
constexpr std::size_t looks_at_once = 16;
constexpr auto look_time = 20s;

rt::task<> look_for(ports::blob_store& store, std::string key, char& found) {
  found = co_await store.exists(rt::deadline::after(look_time), std::move(key)) ? 1 : 0;
}

/// The files of a poster that the store has not.
rt::task<std::vector<std::string>> missing_files(ports::blob_store& store, catalog::poster what) {
  const auto keys = catalog::poster_keys(what);
  std::vector<char> found(keys.size());
  co_await rt::in_parallel(keys.size(), looks_at_once,
                           [&](std::size_t i) { return look_for(store, keys[i], found[i]); });
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (found[i] == 0) missing.push_back(keys[i]);
  }
  co_return missing;
}

rt::task<> check_poster(pg::pool& catalogue, ports::blob_store& store, pg::result_set::row row, tally& into) {
  const auto name = row.get<std::string>(0);
  const auto shows = row.get<std::string>(3);
  std::vector<std::string> wrong;
  if (row.is_null(1)) {
    wrong.push_back(fmt::format("the poster {} of the shows {} has no row", name, shows));
  } else {
    const catalog::poster what{name, row.get<std::vector<std::int64_t>>(1), row.get<std::int64_t>(2)};
    for (const auto& key : co_await missing_files(store, what)) {
      wrong.push_back(fmt::format("the store has no {}, which the shows {} show", key, shows));
    }
  }
  if (wrong.empty()) co_return;
  const auto now = co_await catalogue.run(rt::deadline::after(look_time), queries::poster_still_shown, name);
  const auto count = std::ssize(wrong);
  if (now.front().get<bool>(0)) into.broken(count, std::move(wrong));
}

}  // namespace

rt::task<> check_posters(rt::executor io, const options& chosen, tally into) {
  pg::pool catalogue(io, {.name = "check", .conninfo = chosen.catalog_url, .max_connections = 1});
  co_await catalogue.start();
  std::string after;
  while (true) {
    const auto rows =
        co_await catalogue.run(rt::deadline::after(queries::long_time), queries::posters_shown, after, page);
    for (const auto row : rows) {
      co_await check_poster(catalogue, *chosen.posters, row, into);
      after = row.get<std::string>(0);
    }
    into.looked_at(std::ssize(rows));
    if (std::ssize(rows) < page) break;
  }
  const auto unused = co_await catalogue.run(rt::deadline::after(queries::long_time), queries::count_posters_unused);
  const auto count = unused.front().get<std::int64_t>(0);
  if (count > 0) into.note(fmt::format("{} posters are no show's any more; their files go in a while", count));
  co_await catalogue.stop(rt::deadline::after(5s));
}

}  // namespace ticketshow::check
