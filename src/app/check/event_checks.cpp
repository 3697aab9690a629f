#include "app/check/event_checks.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "app/check/snapshot.hpp"

namespace ticketshow::check {
namespace {

struct recorded {
  std::string id;
  std::string topic;
  std::string key;
  bool published;
  std::int64_t age_ms;  ///< since it was published, or recorded
};

rt::task<> open_schema(snapshot& at, std::string service) {
  co_await at.open(rt::deadline::after(std::chrono::hours(1)));
  const auto use = pg::bind(queries::use_schema, service);
  co_await at.run(use);
}

rt::task<std::vector<recorded>> next_events(snapshot& outbox) {
  const auto rows = co_await outbox.run(queries::fetch_outbox);
  std::vector<recorded> events;
  for (const auto& row : rows) {
    events.push_back({.id = row.get<std::string>(0),
                      .topic = row.get<std::string>(1),
                      .key = row.get<std::string>(2),
                      .published = row.get<bool>(3),
                      .age_ms = row.get<std::int64_t>(4)});
  }
  co_return events;
}

/// Those of `events` that a consumer of these topics should have and has not.
rt::task<> look_in_inbox(snapshot& inbox, const event_schema& consumer, const std::vector<recorded>& events,
                         tally& into) {
  std::vector<std::string> wanted;
  for (const auto& each : events) {
    if (each.published && std::ranges::find(consumer.topics, each.topic) != consumer.topics.end()) {
      wanted.push_back(each.id);
    }
  }
  if (wanted.empty()) co_return;
  const auto rows = co_await inbox.run(pg::bind(queries::not_handled, wanted));
  for (const auto& row : rows) {
    const auto found = std::ranges::find(events, row.text(0), &recorded::id);
    into.unfinished(found->age_ms, fmt::format("{} has not handled {} of {} (event {})", consumer.service, found->topic,
                                               found->key, found->id));
  }
}

}  // namespace

rt::task<> check_events(rt::executor io, const options& chosen, tally into) {
  std::vector<std::unique_ptr<snapshot>> outboxes;
  std::vector<std::unique_ptr<snapshot>> inboxes;
  for (const auto& each : chosen.event_schemas) {
    outboxes.push_back(std::make_unique<snapshot>(io, each.url));
    co_await open_schema(*outboxes.back(), each.service);
  }
  for (const auto& each : chosen.event_schemas) {
    inboxes.push_back(std::make_unique<snapshot>(io, each.url));
    co_await open_schema(*inboxes.back(), each.service);
  }
  for (std::size_t from = 0; from < outboxes.size(); ++from) {
    co_await outboxes[from]->run(queries::declare_outbox);
    while (true) {
      const auto events = co_await next_events(*outboxes[from]);
      if (events.empty()) break;
      into.looked_at(std::ssize(events));
      for (const auto& each : events) {
        if (each.published) continue;
        into.unfinished(each.age_ms, fmt::format("{}'s event {} of {} (event {}) is not on the bus",
                                                 chosen.event_schemas[from].service, each.topic, each.key, each.id));
      }
      for (std::size_t to = 0; to < inboxes.size(); ++to) {
        co_await look_in_inbox(*inboxes[to], chosen.event_schemas[to], events, into);
      }
    }
  }
  for (auto& each : outboxes) co_await each->close();
  for (auto& each : inboxes) co_await each->close();
}

}  // namespace ticketshow::check
