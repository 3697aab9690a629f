#include "services/catalog/documents.hpp"

#include "events/outbox.hpp"
#include "services/catalog/document_queries.hpp"
#include "services/catalog/service.hpp"

namespace ticketshow::catalog {

rt::task<> record_shows(pg::transaction& in, std::vector<std::int64_t> ids, document_change how) {
  if (ids.empty()) co_return;
  co_await in.run(queries::renew_show_documents, ids);
  const auto rows = co_await in.run(queries::get_show_documents, ids);
  const auto changes = all_of(rows, [&](auto row) { return show_changed{how.action, show_document_of(row, how.in)}; });
  auto record = events::record_all(changes, how.correlation_id);
  co_await in.run(std::move(record));
}

rt::task<> record_shows_of(pg::transaction& in, std::vector<std::int64_t> schedule_ids, document_change how) {
  if (schedule_ids.empty()) co_return;
  const auto rows = co_await in.run(queries::shows_of_schedules, schedule_ids);
  co_await record_shows(in, ids_of(rows), how);
}

rt::task<> record_venue(pg::transaction& in, std::int64_t id, document_change how, bool and_shows) {
  const auto rows = co_await in.run(queries::get_venue_document, id);
  auto record = events::record(venue_changed{how.action, venue_document_of(rows.front())}, how.correlation_id);
  co_await in.run(std::move(record));
  if (!and_shows) co_return;
  const auto shows = co_await in.run(queries::shows_coming_to, id);
  co_await record_shows(in, ids_of(shows), how);
}

// ---- for whoever reads all of them

rt::task<contract::result<std::vector<show_document>>> service::handle(rt::call call, list_show_documents request) {
  const auto rows = co_await database_.run(call.until, queries::list_show_documents, request.after, request.limit);
  co_return all_of(rows, [&](auto row) { return show_document_of(row, around()); });
}

rt::task<contract::result<std::vector<venue_document>>> service::handle(rt::call call, list_venue_documents request) {
  const auto rows = co_await database_.run(call.until, queries::list_venue_documents, request.after, request.limit);
  co_return all_of(rows, venue_document_of);
}

}  // namespace ticketshow::catalog
