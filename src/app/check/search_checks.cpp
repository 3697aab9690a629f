#include "app/check/search_checks.hpp"

#include <algorithm>
#include <limits>

#include "app/check/queries.hpp"
#include "pg/pool.hpp"

namespace ticketshow::check {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t page = 5'000;
constexpr std::int64_t promised_s = 30;
constexpr auto page_time = 60s;  // for one page of the index

rt::deadline soon() { return rt::deadline::after(page_time); }

/// The statement that compares one page, which holds all of the index behind `after` up to `last`.
pg::bound_statement comparison(const pg::statement& compare, const options& chosen,
                               const std::vector<ports::held_document>& held, std::int64_t after, std::int64_t last) {
  std::vector<std::int64_t> ids;
  std::vector<std::int64_t> versions;
  std::vector<bool> listed;
  for (const auto& each : held) {
    ids.push_back(each.id);
    versions.push_back(each.version);
    listed.push_back(each.listed);
  }
  const auto at_least_one = std::max<std::int64_t>(chosen.examples, 1);  // the numbers come with the rows
  const auto young_s = std::min(chosen.settle_seconds, promised_s);
  return pg::bind(compare, at_least_one, young_s, ids, versions, listed, after, last);
}

void note_differences(const pg::result_set& rows, tally& into) {
  if (rows.empty()) return;
  into.in_flight(rows.front().get<std::int64_t>(0));
  const auto broken = rows.front().get<std::int64_t>(1);
  std::vector<std::string> sentences;
  for (const auto& row : rows) {
    if (std::ssize(sentences) < broken) sentences.push_back(row.get<std::string>(2));
  }
  into.broken(broken, std::move(sentences));
}

rt::task<> compare_all(pg::pool& catalogue, const options& chosen, ports::searched kind, const pg::statement& compare,
                       tally& into) {
  const bool filled = co_await chosen.index->is_filled(soon());
  std::int64_t after = std::numeric_limits<std::int64_t>::min();
  while (after != std::numeric_limits<std::int64_t>::max()) {
    std::vector<ports::held_document> held;
    if (filled) held = co_await chosen.index->list(soon(), kind, after, page);
    const auto last = std::ssize(held) < page ? std::numeric_limits<std::int64_t>::max() : held.back().id;
    auto compared = comparison(compare, chosen, held, after, last);
    const auto rows = co_await catalogue.run(rt::deadline::after(queries::long_time), std::move(compared));
    note_differences(rows, into);
    after = last;
  }
}

}  // namespace

rt::task<> check_search(rt::executor io, const options& chosen, tally into) {
  pg::pool catalogue(io, {.name = "check", .conninfo = chosen.catalog_url, .max_connections = 1});
  co_await catalogue.start();
  const auto counted = co_await catalogue.run(rt::deadline::after(queries::long_time), queries::count_documents);
  into.looked_at(counted.front().get<std::int64_t>(0));
  co_await compare_all(catalogue, chosen, ports::searched::show, queries::compare_shows, into);
  co_await compare_all(catalogue, chosen, ports::searched::venue, queries::compare_venues, into);
  co_await catalogue.stop(rt::deadline::after(5s));
}

}  // namespace ticketshow::check
