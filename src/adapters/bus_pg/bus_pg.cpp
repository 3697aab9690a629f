#include "adapters/bus_pg/bus_pg.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "adapters/bus_pg/queries.hpp"
#include "rt/log.hpp"

namespace ticketshow::bus_pg {
namespace {

using namespace std::chrono_literals;

constexpr auto statement_time = 5s;
constexpr auto look_anyway = 1s;  // for what no notification told of
constexpr std::int64_t forgotten_at_once = 5'000;

/// FNV-1a, the same in every process and version: the place of a key must never change.
std::uint64_t hash_of(std::string_view key) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char each : key) {
    hash ^= static_cast<unsigned char>(each);
    hash *= 0x100000001b3;
  }
  return hash;
}

/// Data exceptions, integrity constraints and exceeded limits: the same statement fails again.
bool is_of_the_data(const pg::sql_error& error) {
  return error.sqlstate.starts_with("22") || error.sqlstate.starts_with("23") || error.sqlstate.starts_with("54");
}

template <class F>
auto column(const std::vector<ports::event>& events, F value_of) {
  std::vector<std::decay_t<decltype(value_of(events.front()))>> values;
  values.reserve(events.size());
  for (const auto& each : events) values.push_back(value_of(each));
  return values;
}

}  // namespace

rt::task<std::vector<leftover>> leftovers(pg::pool& database, rt::deadline until, std::vector<std::string> consumers) {
  std::vector<leftover> found;
  const auto answer = co_await database.run(until, queries::is_there);
  const bool there = answer.front().get<bool>(0);
  if (!there) co_return found;
  const auto rows = co_await database.run(until, queries::backlog, consumers);
  for (const auto& row : rows) {
    leftover one{row.get<std::string>(0), row.get<std::int64_t>(1)};
    if (one.events > 0) found.push_back(std::move(one));
  }
  co_return found;
}

bus::bus(rt::executor io, pg::pool& database, random_source& random, options chosen)
    : io_(io),
      database_(database),
      random_(random),
      options_(std::move(chosen)),
      holder_(random_hex(random, 8)),
      listener_(io, options_.conninfo, "ticketshow_bus", "ticketshow bus " + holder_,
                [this](const auto& /*payloads*/) {
                  for (auto& each : readers_) each->due.ring();
                }),
      reading_(io, "event consumers"),
      background_(io, "event bus") {}

void bus::subscribe(subscription wanted) {
  readers_.push_back(std::make_unique<reader>(io_, random_, options_, std::move(wanted)));
}

rt::task<> bus::start() {
  const auto until = rt::deadline::after(statement_time);
  co_await make_topics(until);
  listener_.start(background_);
  while (!listener_.listening() && !until.passed())
    co_await rt::sleep_for(5ms);  // others see by it that this one lives
  for (auto& each : readers_) {
    co_await database_.run(until, queries::join, each->what.consumer, each->what.topics);
    co_await database_.run(until, queries::leave_topics, each->what.consumer, each->what.topics);
    co_await hold_share(each->what.consumer);
  }
  background_.repeat(std::min<rt::steady_clock::duration>(std::chrono::seconds(options_.lease_s) / 4, 2s),
                     [this] { return hold_shares(); });
  background_.repeat(2s, [this] { return measure_lag(); });
  background_.repeat(1min, [this] { return forget(); });
  for (auto& each : readers_) reading_.spawn(read(*each));
}

rt::task<> bus::stop(rt::deadline until) {
  stopping_ = true;
  for (auto& each : readers_) each->due.ring();
  const bool drained = co_await reading_.drain(until);
  if (!drained) co_await reading_.close(rt::deadline::after(1s));
  co_await background_.close(rt::deadline::after(2s));
  try {
    for (auto& each : readers_) {
      co_await database_.run(rt::deadline::after(1s), queries::let_go, each->what.consumer, holder_);
      co_await database_.run(rt::deadline::after(1s), queries::leave, each->what.consumer, holder_);
    }
  } catch (const std::exception& error) {
    rt::log::warning("partitions were not let go; others take them when the lease ends", {{"error", error.what()}});
  }
}

bool bus::ready() const {
  return std::ranges::none_of(readers_, [](const auto& each) { return each->what.vital && each->record.stuck(); });
}

// ---- publishing

rt::task<> bus::make_topics(rt::deadline until) {
  std::vector<std::string> names;
  std::vector<int> counts;
  for (const auto& each : options_.topics) {
    names.push_back(each.name);
    counts.push_back(each.partitions);
  }
  co_await database_.run(until, queries::make_partitions, names, counts);
  const auto rows = co_await database_.run(until, queries::count_partitions);
  for (const auto& row : rows) partitions_[row.get<std::string>(0)] = row.get<int>(1);
}

int bus::partition_of(const ports::event& what) const {
  const auto found = partitions_.find(what.topic);
  if (found == partitions_.end()) throw ports::event_refused("the bus was not told of the topic " + what.topic);
  return static_cast<int>(hash_of(what.key) % static_cast<std::uint64_t>(found->second));
}

rt::task<> bus::publish(rt::deadline until, std::vector<ports::event> events) {
  if (events.empty()) co_return;
  if (partitions_.empty()) throw rt::unavailable("the event bus has not started yet");
  const auto topics = column(events, [](const auto& each) { return each.topic; });
  const auto numbers = column(events, [this](const auto& each) { return partition_of(each); });
  std::vector<pg::bound_statement> statements;
  statements.push_back(pg::bind(queries::lock_partitions, topics, numbers));
  statements.push_back(pg::bind(queries::append, topics, numbers,
                                column(events, [](const auto& each) { return each.id; }),
                                column(events, [](const auto& each) { return each.key; }),
                                column(events, [](const auto& each) { return each.schema_version; }),
                                column(events, [](const auto& each) { return each.time; }),
                                column(events, [](const auto& each) { return each.correlation_id; }),
                                column(events, [](const auto& each) { return each.payload; })));
  statements.push_back(pg::bind(queries::notify));
  try {
    co_await database_.run_all(until, std::move(statements));
  } catch (const pg::sql_error& error) {
    const auto sentence = fmt::format("the event bus refused events: {}", error.what());
    if (is_of_the_data(error)) throw ports::event_refused(sentence);
    throw rt::unavailable(sentence);
  }
}

// ---- consuming

rt::task<> bus::hold_shares() {
  for (auto& each : readers_) co_await hold_share(each->what.consumer);
}

rt::task<> bus::hold_share(const std::string& consumer) {
  const auto until = rt::deadline::after(statement_time);
  co_await database_.run(until, queries::be_seen, consumer, holder_);
  co_await database_.run(until, queries::hold_share, consumer, holder_, options_.lease_s);
}

rt::task<> bus::read(reader& by) {
  while (!stopping_) {
    std::optional<rt::steady_clock::duration> pause;  // after a failure
    try {
      const bool more = co_await handle_some(by);
      if (more) continue;
    } catch (const std::exception& error) {
      if (stopping_ || reading_.closing()) break;
      pause = by.record.failed(error);
    }
    if (stopping_) break;
    if (pause) {
      co_await rt::sleep_for(*pause);
    } else {
      co_await by.due.wait(look_anyway);
    }
  }
}

rt::task<bool> bus::handle_some(reader& by) {
  const auto rows = co_await database_.run(rt::deadline::after(statement_time), queries::fetch, by.what.consumer,
                                           holder_, options_.batch);
  if (rows.empty()) {
    by.record.succeeded(0);
    co_return false;
  }
  std::vector<ports::event> events;
  events.reserve(static_cast<std::size_t>(rows.size()));
  std::map<std::pair<std::string, int>, std::int64_t> next;
  for (const auto& row : rows) {
    const auto partition = row.get<int>(1);
    events.push_back({.id = row.get<std::string>(3),
                      .topic = row.get<std::string>(0),
                      .key = row.get<std::string>(4),
                      .schema_version = row.get<int>(5),
                      .time = row.get<timestamp>(6),
                      .correlation_id = row.get<std::string>(7),
                      .payload = row.get<std::string>(8)});
    next[{events.back().topic, partition}] = row.get<std::int64_t>(2) + 1;
  }
  const auto count = events.size();
  co_await by.what.handle(std::move(events));

  std::vector<std::string> topics;
  std::vector<int> partitions;
  std::vector<std::int64_t> positions;
  for (const auto& [place, position] : next) {
    topics.push_back(place.first);
    partitions.push_back(place.second);
    positions.push_back(position);
  }
  co_await database_.run(rt::deadline::after(statement_time), queries::advance, by.what.consumer, topics, partitions,
                         positions);
  by.record.succeeded(count);
  co_return true;
}

rt::task<> bus::measure_lag() {
  std::vector<std::string> consumers;
  for (const auto& each : readers_) consumers.push_back(each->what.consumer);
  const auto rows = co_await database_.run(rt::deadline::after(statement_time), queries::backlog, consumers);
  for (const auto& row : rows) {
    const auto name = row.text(0);
    const auto found = std::ranges::find_if(readers_, [&](const auto& each) { return each->what.consumer == name; });
    if (found != readers_.end()) (*found)->record.lag(static_cast<double>(row.get<std::int64_t>(1)));
  }
}

rt::task<> bus::forget_consumers() {
  const auto gone =
      co_await database_.run(rt::deadline::after(statement_time), queries::forget_consumers, options_.abandoned_s);
  for (const auto& row : gone) {
    rt::log::warning("a consumer was not seen for long; the events that it had still to handle are kept no longer",
                     {{"consumer", row.text(0)}, {"events", row.get<std::int64_t>(1)}});
  }
}

rt::task<> bus::forget() {
  co_await forget_consumers();
  co_await database_.run(rt::deadline::after(statement_time), queries::forget_members);
  while (!background_.closing()) {
    const auto gone =
        co_await database_.run(rt::deadline::after(10s), queries::forget, options_.retention_s, forgotten_at_once);
    if (gone.affected() < forgotten_at_once) co_return;
  }
}

}  // namespace ticketshow::bus_pg
