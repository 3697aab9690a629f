#pragma once

#include <optional>
#include <string>

#include "api/catalog/documents.hpp"
#include "api/catalog/schedules.hpp"
#include "contract/codec.hpp"
#include "contract/event.hpp"

/// What the catalogue tells the others when something changes.
namespace ticketshow::catalog {

/// A schedule is new or has changed in something that booking must know.
struct schedule_changed {
  schedule_for_sale schedule;
  std::optional<std::string> ticket;  ///< the suspension by this ticket ends with the news: see booking::suspend_sale

  static constexpr contract::event_spec spec{.topic = "catalog.schedule_changed",
                                             .summary =
                                                 "A showing is new, has changed or is cancelled: booking "
                                                 "keeps a copy of it"};
  [[nodiscard]] std::string key() const { return std::to_string(schedule.id); }
};
BOOST_DESCRIBE_STRUCT(schedule_changed, (), (schedule, ticket))

/// What happened to a document: `deleted` is a show that was cancelled, a venue that was closed for good.
enum class change { created, updated, deleted };
BOOST_DESCRIBE_ENUM(change, created, updated, deleted)

/// A show, or where it plays, changed.
struct show_changed {
  change action;
  show_document show;

  static constexpr contract::event_spec spec{.topic = "search.show_changed",
                                             .summary = "A show, or where it plays, changed: search indexes it"};
  [[nodiscard]] std::string key() const { return std::to_string(show.id); }
};
BOOST_DESCRIBE_STRUCT(show_changed, (), (action, show))

struct venue_changed {
  change action;
  venue_document venue;

  static constexpr contract::event_spec spec{.topic = "search.venue_changed",
                                             .summary = "A venue changed: search indexes it"};
  [[nodiscard]] std::string key() const { return std::to_string(venue.id); }
};
BOOST_DESCRIBE_STRUCT(venue_changed, (), (action, venue))

using all_events = contract::events<schedule_changed, show_changed, venue_changed>;

}  // namespace ticketshow::catalog
