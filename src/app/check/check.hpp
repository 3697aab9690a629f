#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ports/blob_store.hpp"
#include "ports/search_index.hpp"
#include "rt/call.hpp"
#include "rt/task.hpp"

/// `ticketshow check`: reads the databases and says of each invariant whether it is kept (docs: the booking core).
namespace ticketshow::check {

/// A service with an outbox or an inbox, and the topics that it consumes.
struct event_schema {
  std::string service;
  std::string url;
  std::vector<std::string> topics;
};

struct options {
  std::string auth_url;  ///< connection strings with a role that may read the schema, one each: they may live apart
  std::string booking_url;
  std::string payment_url;
  std::string catalog_url;
  std::string notification_url;
  ports::search_index* index = nullptr;  ///< what I6 compares with the catalogue; nullptr: it is left out
  ports::blob_store* posters = nullptr;  ///< where I11 looks for files; nullptr: it is left out
  std::vector<event_schema> event_schemas;
  /// What is not finished yet, legally, is reported as in flight while it is at most this old, then as broken. With 0
  /// the system must have come to rest.
  std::int64_t settle_seconds = 0;
  /// From when on a mail that is not sent is broken whatever was tried: then notification has given it up.
  std::int64_t mail_given_up_s = 90'000;
  std::int64_t mail_kept_s = std::int64_t{90} * 86'400;  ///< how long notification keeps what it has sent
  std::int64_t examples = 20;                            ///< the most rows shown for one invariant
};

/// What became of one invariant.
struct finding {
  std::string invariant;          ///< "I1"
  std::string promise;            ///< one sentence
  std::int64_t looked_at = 0;     ///< rows that could have broken it
  std::int64_t in_flight = 0;     ///< of these not finished, legally and not for too long
  std::int64_t broken = 0;        ///< ways in which it is broken
  std::vector<std::string> rows;  ///< a sentence each for the first of these
  /// What breaks nothing, but an operator should hear of: a sentence each, few.
  std::vector<std::string> notes = {};
  [[nodiscard]] bool kept() const { return broken == 0; }
};

/// Checks I1 to I7 and I9 to I11, each schema in one consistent snapshot, those of money and mail taken one right after
/// the other; the search index is compared page by page, as are posters with their store. Never writes. Keeps little in
/// memory however large the tables are. Throws std::runtime_error with a sentence when a database or the search engine
/// cannot be reached, pg::sql_error when a schema is not the one this binary knows.
rt::task<std::vector<finding>> run_checks(rt::executor io, options chosen);

[[nodiscard]] bool all_kept(const std::vector<finding>& findings);

/// For a terminal: one line an invariant, below it the rows that break it.
std::string to_table(const std::vector<finding>& findings);
/// {"kept": …, "invariants": [{"invariant", "promise", "kept", "looked_at", "in_flight", "broken", "rows", "notes"}]}
std::string to_json(const std::vector<finding>& findings);

}  // namespace ticketshow::check
