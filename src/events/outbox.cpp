#include "events/outbox.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "events/queries.hpp"
#include "events/row.hpp"
#include "rt/fault_point.hpp"
#include "rt/log.hpp"

namespace ticketshow::events {
namespace {

using namespace std::chrono_literals;

constexpr auto look_anyway = 500ms;  // for what nobody rang for: another process, a crash
constexpr auto publish_time = 10s;
constexpr auto relay_time = 20s;  // a round: reading, publishing, marking
constexpr auto first_retry = 200ms;
constexpr auto statement_time = 5s;
constexpr auto stuck_after = 1min;
constexpr std::int64_t forgotten_at_once = 5'000;

}  // namespace

outbox::outbox(rt::executor io, pg::pool& database, ports::event_bus& bus, const std::string& service, options chosen)
    : database_(database),
      bus_(bus),
      options_(chosen),
      due_(io),
      relaying_(io, "outbox of " + service),
      published_(rt::metrics::counter("ticketshow_events_published_total", "Events carried from an outbox to the bus.",
                                      {{"service", service}})),
      waiting_(rt::metrics::gauge("ticketshow_events_outbox_waiting", "Events recorded but not on the bus yet.",
                                  {{"service", service}})),
      oldest_s_(rt::metrics::gauge("ticketshow_events_outbox_oldest_seconds",
                                   "Age of the oldest event that is not on the bus yet.", {{"service", service}})) {}

void outbox::start() {
  relaying_.repeat(1ms, [this] { return relay(); });
  relaying_.repeat(5s, [this] { return measure(); });
  relaying_.repeat(1min, [this] { return forget(); });
}

rt::task<> outbox::stop(rt::deadline until) { co_await relaying_.close(until); }

void outbox::resume() {
  paused_until_ = {};
  due_.ring();
}

rt::task<> outbox::relay() {
  co_await due_.wait(look_anyway);
  bool failed = false;
  try {
    while (!relaying_.closing() && rt::steady_clock::now() >= paused_until_) {
      const bool more = co_await relay_some();
      if (!more) break;
    }
  } catch (const std::exception& error) {
    failed = true;
    if (!failing_) rt::log::warning("events wait in their outbox", {{"reason", error.what()}});
  }
  if (!failed && failing_) rt::log::info("events reach the bus again");
  failing_ = failed;
  if (failed) co_await rt::sleep_for(first_retry);
}

/// The rows stay locked to this process by the outbox's lock until they are marked: a round that is cut off is made
/// again.
rt::task<bool> outbox::relay_some() {
  auto round = co_await database_.begin(rt::deadline::after(relay_time));
  const auto mine = co_await round.run(queries::lock_outbox);
  if (!mine.front().get<bool>(0)) co_return false;
  const auto rows = co_await round.run(queries::waiting, options_.batch);
  if (rows.empty()) co_return false;

  std::vector<ports::event> events;
  std::vector<std::int64_t> ids;
  for (const auto& row : rows) {
    ids.push_back(row.get<std::int64_t>(0));
    events.push_back(event_of(row, 1));
  }
  rt::fault_point("outbox.committed");
  auto letters = co_await publish(std::move(events));
  rt::fault_point("outbox.published");
  if (!letters.empty()) co_await round.run_all(std::move(letters));
  co_await round.run(queries::mark_published, ids);
  co_await round.commit();
  published_.Increment(static_cast<double>(ids.size()));
  co_return std::ssize(ids) == options_.batch;
}

rt::task<std::vector<pg::bound_statement>> outbox::publish(std::vector<ports::event> events) {
  std::string refusal;
  try {
    auto all = events;
    co_await bus_.publish(rt::deadline::after(publish_time), std::move(all));
  } catch (const ports::event_refused& error) {
    refusal = error.what();
  }
  std::vector<pg::bound_statement> letters;
  if (refusal.empty()) co_return letters;
  if (events.size() == 1) {
    const auto& what = events.front();
    rt::log::error("the bus refused an event, which is a dead letter now; ticketshow events dead lists it",
                   {{"topic", what.topic}, {"key", what.key}, {"event_id", what.id}, {"reason", refusal}});
    letters.push_back(bury(what, "refused by the event bus: " + refusal, 0));
    co_return letters;
  }
  const auto middle = events.begin() + std::ssize(events) / 2;
  std::vector<ports::event> first(events.begin(), middle);
  std::vector<ports::event> second(middle, events.end());
  letters = co_await publish(std::move(first));
  auto more = co_await publish(std::move(second));
  std::ranges::move(more, std::back_inserter(letters));
  co_return letters;
}

bool outbox::ready() const { return head_ == 0 || rt::steady_clock::now() - head_since_ < stuck_after; }

rt::task<> outbox::measure() {
  const auto rows = co_await database_.run(rt::deadline::after(statement_time), queries::measure_outbox);
  waiting_.Set(static_cast<double>(rows.front().get<std::int64_t>(0)));
  oldest_s_.Set(static_cast<double>(rows.front().get<std::int64_t>(1)));
  const auto head = rows.front().get<std::int64_t>(2);
  if (std::exchange(head_, head) != head) head_since_ = rt::steady_clock::now();
}

rt::task<> outbox::forget() {
  while (!relaying_.closing()) {
    const auto gone =
        co_await database_.run(rt::deadline::after(10s), queries::forget_published, options_.kept_s, forgotten_at_once);
    if (gone.affected() < forgotten_at_once) co_return;
  }
}

namespace detail {

pg::bound_statement record_payloads(const contract::event_spec& what, const std::vector<std::string>& correlation_ids,
                                    const std::vector<std::string>& keys, const std::vector<std::string>& payloads) {
  return pg::bind(queries::record, what.topic, what.version, correlation_ids, keys, payloads);
}

}  // namespace detail

}  // namespace ticketshow::events
