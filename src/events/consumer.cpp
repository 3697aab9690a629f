#include "events/consumer.hpp"

#include <set>

#include "events/queries.hpp"
#include "events/row.hpp"
#include "rt/fault_point.hpp"
#include "rt/log.hpp"

namespace ticketshow::events {
namespace {

using namespace std::chrono_literals;

constexpr auto handling_time = 20s;  // for one transaction
constexpr auto statement_time = 5s;
constexpr auto look_for_due = 200ms;
constexpr std::int64_t due_at_once = 64;
/// Longer than any bus keeps events: one that comes again is still known.
constexpr std::int64_t remembered_s = 14L * 24 * 60 * 60;
constexpr std::int64_t forgotten_at_once = 5'000;

/// Whether an event failed for a reason of the moment, not of its own.
bool passes(const std::exception& error) {
  if (dynamic_cast<const rt::unavailable*>(&error) != nullptr) return true;
  const auto* refused = dynamic_cast<const pg::sql_error*>(&error);
  return refused != nullptr && refused->retryable();
}

pg::bound_statement hold_back(const std::vector<ports::event>& events) {
  std::vector<std::string> ids, topics, keys, correlations, payloads;
  std::vector<int> versions;
  std::vector<timestamp> times;
  for (const auto& each : events) {
    ids.push_back(each.id);
    topics.push_back(each.topic);
    keys.push_back(each.key);
    versions.push_back(each.schema_version);
    times.push_back(each.time);
    correlations.push_back(each.correlation_id);
    payloads.push_back(each.payload);
  }
  return pg::bind(queries::hold_back, ids, topics, keys, versions, times, correlations, payloads);
}

pg::bound_statement take_new(const std::vector<ports::event>& events) {
  std::vector<std::string> ids;
  for (const auto& each : events) ids.push_back(each.id);
  return pg::bind(queries::take, ids);
}

void log_failure(const std::string& consumer, const ports::event& what, std::int64_t attempts, bool dead,
                 const char* why) {
  rt::log::warning(dead ? "an event is a dead letter now; ticketshow events dead lists it"
                        : "an event could not be handled; it is tried again",
                   {{"consumer", consumer},
                    {"topic", what.topic},
                    {"key", what.key},
                    {"event_id", what.id},
                    {"attempts", attempts},
                    {"correlation_id", what.correlation_id},
                    {"error", why}});
}

}  // namespace

consumer::consumer(const dependencies& needs, std::string name, retry_policy retries)
    : database_(needs.database),
      bus_(needs.bus),
      random_(needs.random),
      name_(std::move(name)),
      retries_(retries),
      background_(needs.io, "events of " + name_),
      failures_(rt::metrics::counter("ticketshow_events_retries_total",
                                     "Attempts to handle one event that failed by its own fault.",
                                     {{"consumer", name_}})),
      waiting_(rt::metrics::gauge("ticketshow_events_set_aside", "Events that wait for their next attempt.",
                                  {{"consumer", name_}})),
      dead_(rt::metrics::gauge("ticketshow_events_dead_letters", "Events that wait for an operator.",
                               {{"consumer", name_}})) {}

void consumer::start(bool vital) {
  std::vector<std::string> names;
  for (const auto& [name, ignored] : topics_) names.push_back(name);
  bus_.subscribe(
      {name_, std::move(names), [this](std::vector<ports::event> events) { return take(std::move(events)); }, vital});
  background_.repeat(look_for_due, [this] { return try_again(); });
  background_.repeat(2s, [this] { return measure(); });
  background_.repeat(1min, [this] { return forget(); });
}

rt::task<> consumer::stop(rt::deadline until) { co_await background_.close(until); }

// ---- as they come

/// The topics of a delivery one after another, the events of each together if they let themselves be taken so.
rt::task<> consumer::take(std::vector<ports::event> events) {
  std::map<std::string, std::vector<ports::event>> by_topic;
  for (auto& each : events) {
    auto& of_topic = by_topic[each.topic];
    of_topic.push_back(std::move(each));
  }
  for (auto& [name, of_topic] : by_topic) {
    const auto known = topics_.find(name);
    if (known == topics_.end()) continue;  // subscribed to by another version of this consumer
    std::string why;
    try {
      co_await take_together(known->second, of_topic);
    } catch (const std::exception& error) {
      if (passes(error)) throw rt::unavailable(error.what());
      why = error.what();
    }
    if (why.empty()) continue;
    for (auto& each : of_topic) co_await take_alone(known->second, std::move(each));
  }
}

rt::task<> consumer::take_together(const topic& by, std::vector<ports::event> events) {
  auto in = co_await database_.begin(rt::deadline::after(handling_time));
  std::vector<pg::bound_statement> both;
  both.push_back(hold_back(events));
  both.push_back(take_new(events));
  const auto results = co_await in.run_all(std::move(both));
  std::set<std::string, std::less<>> fresh;
  for (const auto& row : results.back()) fresh.emplace(row.text(0));
  // One that the bus brings twice in one delivery is there once.
  std::erase_if(events, [&](const ports::event& each) { return fresh.erase(each.id) == 0; });
  if (!events.empty()) co_await by.handle(in, std::move(events));
  rt::fault_point("consumer.effect_made");
  co_await in.commit();
  rt::fault_point("consumer.effect_committed");
  if (by.after_commit) by.after_commit();
}

rt::task<> consumer::take_alone(const topic& by, ports::event what) {
  std::string why;
  try {
    std::vector<ports::event> alone{what};
    co_await take_together(by, std::move(alone));
    co_return;
  } catch (const std::exception& error) {
    if (passes(error)) throw rt::unavailable(error.what());
    why = error.what();
  }
  failures_.Increment();
  log_failure(name_, what, 1, false, why.c_str());
  auto aside = set_aside(what, why, with_jitter(retries_.pauses.after(1), random_).count());
  co_await database_.run(rt::deadline::after(statement_time), std::move(aside));
}

// ---- once more

rt::task<> consumer::try_again() {
  while (!background_.closing()) {
    const auto rows = co_await database_.run(rt::deadline::after(statement_time), queries::due, due_at_once);
    bool any = false;
    for (const auto& row : rows) {
      if (background_.closing()) co_return;
      auto id = row.get<std::string>(0);
      const bool tried = co_await try_one_again(std::move(id));
      any = any || tried;
    }
    if (!any) co_return;
  }
}

/// False when another process had it.
rt::task<bool> consumer::try_one_again(std::string event_id) {
  ports::event what;
  std::int64_t attempts = 0;
  std::string why;
  try {
    auto in = co_await database_.begin(rt::deadline::after(handling_time));
    const auto rows = co_await in.run(queries::take_back, event_id);
    if (rows.empty()) co_return false;
    what = event_of(rows.front(), 0);
    attempts = rows.front().get<std::int64_t>(7) + 1;
    const auto known = topics_.find(what.topic);
    if (known == topics_.end()) throw std::runtime_error("nobody here handles this topic");
    std::vector<ports::event> alone{what};
    auto taken = take_new(alone);
    co_await in.run(std::move(taken));
    co_await known->second.handle(in, std::move(alone));
    co_await in.commit();
    if (known->second.after_commit) known->second.after_commit();
    rt::log::info("an event that was set aside is handled now",
                  {{"consumer", name_}, {"topic", what.topic}, {"event_id", what.id}, {"attempts", attempts}});
    co_return true;
  } catch (const std::exception& error) {
    if (passes(error) || attempts == 0) throw;
    why = error.what();
  }
  failures_.Increment();
  const bool dead = attempts >= retries_.attempts;
  log_failure(name_, what, attempts, dead, why.c_str());
  std::optional<std::int64_t> pause;
  if (!dead) pause = with_jitter(retries_.pauses.after(attempts), random_).count();
  co_await database_.run(rt::deadline::after(statement_time), queries::count_attempt, event_id, why, pause);
  co_return true;
}

rt::task<> consumer::measure() {
  const auto rows = co_await database_.run(rt::deadline::after(statement_time), queries::measure_set_aside);
  waiting_.Set(static_cast<double>(rows.front().get<std::int64_t>(0)));
  dead_.Set(static_cast<double>(rows.front().get<std::int64_t>(1)));
}

rt::task<> consumer::forget() {
  while (!background_.closing()) {
    const auto gone =
        co_await database_.run(rt::deadline::after(10s), queries::forget_handled, remembered_s, forgotten_at_once);
    if (gone.affected() < forgotten_at_once) co_return;
  }
}

}  // namespace ticketshow::events
