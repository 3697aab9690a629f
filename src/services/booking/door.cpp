#include "services/booking/door.hpp"

#include "rt/unavailable.hpp"

namespace ticketshow::booking {
namespace {

constexpr int most_looks = 3;  // at a ticket that changes while it is scanned

/// Administrators keep all doors.
std::optional<std::int64_t> venue_of(const rt::principal& caller) {
  if (caller.is_admin()) return std::nullopt;
  return caller.venue_id;
}

}  // namespace

std::expected<door::genuine, scan_outcome> door::open(std::string_view code) const {
  const auto found = tickets::read(code);
  if (!found) return std::unexpected(scan_outcome::UNREADABLE);
  const auto* key = keys_.find(found->key);
  if (key == nullptr) return std::unexpected(scan_outcome::UNKNOWN_KEY);
  if (!tickets::verify(*found, key->public_key)) return std::unexpected(scan_outcome::FORGED);
  return genuine{.what = found->what, .key = found->key};
}

std::optional<scan_result> door::answer(const genuine& code, const std::optional<rules::ticket_facts>& known,
                                        const rules::visit& here) const {
  const bool borne_out =
      known && rules::says_the_truth(code.what, *known) && keys_.name_of_booking(known->created_at) == code.key;
  if (!borne_out) return rules::result_of(scan_outcome::FORGED);
  const auto decided = rules::decide_scan(*known, here);
  if (!decided) return std::nullopt;
  return rules::result_of(*decided, code.what, *known);
}

rt::task<scan_result> door::scan(rt::deadline until, rt::principal caller, scan_ticket request) {
  co_await keys_.refresh(until);
  const auto code = open(request.code);
  if (!code) co_return rules::result_of(code.error());

  const rules::visit here{.venue_id = venue_of(caller),
                          .schedule_id = request.schedule_id,
                          .doors = hours_,
                          .at = {},
                          .scan = {.device = request.device,
                                   .staff_id = caller.user_id,
                                   .scan_id = request.scan_id ? *request.scan_id : random_hex(random_, 16)}};
  const std::vector<shown_ticket> shown{{.what = code->what, .scan_id = here.scan.scan_id, .scanned_at = {}}};
  const doorkeeper by{.staff_id = caller.user_id, .device = request.device};
  auto known = co_await admissions_.read(until, shown);
  for (int look = 0; look < most_looks; ++look) {
    if (auto answered = answer(*code, known.front(), here)) co_return std::move(*answered);
    known = co_await admissions_.admit(until, shown, by);
  }
  throw rt::unavailable("a ticket is neither used nor unused");
}

rt::task<std::vector<scan_result>> door::decide_all(rt::deadline until, rt::principal caller, upload_scans request) {
  std::vector<std::optional<scan_result>> results(request.scans.size());
  std::vector<std::size_t> undecided;  // places in the request, of genuine codes
  std::vector<genuine> codes;          // of those
  std::vector<shown_ticket> shown;     // and these too
  for (std::size_t i = 0; i < request.scans.size(); ++i) {
    const auto& each = request.scans[i];
    auto code = open(each.code);
    if (!code) {
      results[i] = rules::result_of(code.error());
      continue;
    }
    undecided.push_back(i);
    shown.push_back({.what = code->what, .scan_id = each.scan_id, .scanned_at = each.scanned_at});
    codes.push_back(std::move(*code));
  }
  const doorkeeper by{.staff_id = caller.user_id, .device = request.device};
  auto known = co_await admissions_.read(until, shown);
  for (int look = 0; look < most_looks; ++look) {
    // What is answered leaves; the others are true tickets of this venue that nobody has used. Those that were let in
    // while the doors were shut are used too before they leave.
    std::size_t left = 0;
    for (std::size_t i = 0; i < undecided.size(); ++i) {
      const auto& scan = request.scans[undecided[i]];
      const rules::visit here{.venue_id = venue_of(caller),
                              .schedule_id = scan.schedule_id,
                              .doors = hours_,
                              .at = scan.scanned_at,
                              .scan = {.device = request.device, .staff_id = caller.user_id, .scan_id = scan.scan_id}};
      results[undecided[i]] = answer(codes[i], known[i], here);
      const auto& result = results[undecided[i]];
      if (result && (!rules::uses_the_ticket(result->outcome) || known[i]->used)) continue;
      undecided[left] = undecided[i];
      codes[left] = codes[i];
      shown[left++] = shown[i];
    }
    undecided.resize(left);
    codes.resize(left);
    shown.resize(left);
    if (undecided.empty()) break;
    known = co_await admissions_.admit(until, shown, by);
  }
  if (!undecided.empty()) throw rt::unavailable("tickets are neither used nor unused");
  std::vector<scan_result> decided;
  for (auto& each : results) decided.push_back(std::move(*each));
  co_return decided;
}

rt::task<uploaded_scans> door::upload(rt::deadline until, rt::principal caller, upload_scans request) {
  co_await keys_.refresh(until);
  auto decided = co_await decide_all(until, caller, request);
  uploaded_scans answer;
  std::vector<conflicting_scan> conflicts;
  for (std::size_t i = 0; i < decided.size(); ++i) {
    const auto& scan = request.scans[i];
    const auto kind = rules::conflict_of(decided[i].outcome);
    if (kind) {
      const auto code = tickets::read(scan.code);
      conflicts.push_back({.shown = {.what = code->what, .scan_id = scan.scan_id, .scanned_at = scan.scanned_at},
                           .kind = *kind,
                           .entered_schedule_id = scan.schedule_id});
    }
    answer.results.push_back({.scan_id = scan.scan_id, .conflict = kind.has_value(), .result = std::move(decided[i])});
  }
  const doorkeeper by{.staff_id = caller.user_id, .device = request.device};
  if (!conflicts.empty()) co_await admissions_.record_conflicts(until, std::move(conflicts), by);
  co_return answer;
}

}  // namespace ticketshow::booking
