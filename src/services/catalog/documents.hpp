#pragma once

#include <string>
#include <vector>

#include "api/catalog/events.hpp"
#include "pg/pool.hpp"
#include "services/catalog/rows.hpp"

/// What search hears of: shows, with where they play, and venues, each as a whole document. Recorded in the transaction
/// of the change, after it and after every other lock.
namespace ticketshow::catalog {

/// How a document is recorded.
struct document_change {
  change action;
  const std::string& correlation_id;
  surroundings in;
};

/// Records the documents of shows that changed, or whose showings did.
rt::task<> record_shows(pg::transaction& in, std::vector<std::int64_t> ids, document_change how);
/// The same for the shows of showings that were made, moved or cancelled.
rt::task<> record_shows_of(pg::transaction& in, std::vector<std::int64_t> schedule_ids, document_change how);
/// Records a venue that changed; with `and_shows` also the shows that are to play there.
rt::task<> record_venue(pg::transaction& in, std::int64_t id, document_change how, bool and_shows);

}  // namespace ticketshow::catalog
