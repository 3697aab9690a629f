#include "services/payment/charge_store.hpp"

#include <utility>

#include "services/payment/card_queries.hpp"
#include "services/payment/card_rules.hpp"
#include "services/payment/charge_queries.hpp"

namespace ticketshow::payment {
namespace {

/// As the type payment.charge_state of the database has it.
std::string text_of(ports::card_status status) {
  switch (status) {
    case ports::card_status::open:
      return "OPEN";
    case ports::card_status::succeeded:
      return "SUCCEEDED";
    case ports::card_status::failed:
      return "FAILED";
    case ports::card_status::cancelled:
      return "CANCELLED";
    case ports::card_status::partial:
      return "PARTIAL";
  }
  std::unreachable();
}

std::vector<std::string> ids_of(const pg::result_set& rows) {
  std::vector<std::string> ids;
  for (const auto& row : rows) ids.push_back(row.get<std::string>(0));
  return ids;
}

}  // namespace

rt::task<bool> charge_store::record(pg::transaction& in, std::int64_t payment_id, std::string id,
                                    ports::card_status status) {
  const auto rows = co_await in.run(queries::record_charge, id, payment_id, text_of(status));
  if (status == ports::card_status::open) co_await in.run(queries::watch_again, payment_id);
  co_return rows.front().get<bool>(0);
}

rt::task<> charge_store::note_unseen(rt::deadline until, ports::listed_payment listed) {
  auto change = co_await database_.begin(until);
  const auto found = co_await change.run(queries::lock_payment_of_page, listed.reference);
  if (found.empty()) co_return;
  co_await record(change, found.front().get<std::int64_t>(0), listed.id, ports::card_status::open);
  co_await change.commit();
}

rt::task<std::vector<std::string>> charge_store::uncharged_of(rt::deadline until, std::int64_t payment_id, bool failed,
                                                              std::int64_t limit) {
  constexpr std::int64_t page_life_s = std::chrono::seconds(rules::page_life).count();
  const auto rows = co_await database_.run(until, queries::uncharged_of, payment_id, failed, limit, page_life_s);
  co_return ids_of(rows);
}

rt::task<std::vector<std::string>> charge_store::news_in(rt::deadline until,
                                                         std::vector<ports::listed_payment> listed) {
  std::vector<std::string> ids;
  std::vector<std::string> references;
  std::vector<std::string> states;
  for (const auto& each : listed) {
    if (each.reference.empty()) continue;
    ids.push_back(each.id);
    references.push_back(each.reference);
    states.push_back(text_of(each.status));
  }
  if (ids.empty()) co_return ids;
  const auto rows = co_await database_.run(until, queries::news_of_list, ids, references, states);
  co_return ids_of(rows);
}

rt::task<std::optional<list_window>> charge_store::take_sweep(rt::deadline until, std::chrono::seconds lease,
                                                              std::chrono::seconds overlap,
                                                              std::chrono::seconds longest) {
  const std::int64_t lease_s = lease.count();
  const std::int64_t overlap_s = overlap.count();
  const std::int64_t longest_s = longest.count();
  const auto rows = co_await database_.run(until, queries::take_sweep, lease_s, overlap_s, longest_s);
  if (rows.empty()) co_return std::nullopt;
  co_return list_window{.from = rows.front().get<timestamp>(0), .to = rows.front().get<timestamp>(1)};
}

rt::task<> charge_store::hold_sweep(rt::deadline until, std::chrono::seconds lease) {
  const std::int64_t lease_s = lease.count();
  co_await database_.run(until, queries::hold_sweep, lease_s);
}

rt::task<> charge_store::release_sweep(rt::deadline until) { co_await hold_sweep(until, std::chrono::seconds::zero()); }

rt::task<> charge_store::finish_sweep(rt::deadline until, std::optional<timestamp> read_until,
                                      std::chrono::milliseconds pause) {
  const std::int64_t pause_ms = pause.count();
  co_await database_.run(until, queries::finish_sweep, read_until, pause_ms);
}

}  // namespace ticketshow::payment
