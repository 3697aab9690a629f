#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "app/check/check.hpp"

namespace ticketshow::check {

bool all_kept(const std::vector<finding>& findings) { return std::ranges::all_of(findings, &finding::kept); }

std::string to_table(const std::vector<finding>& findings) {
  auto text =
      fmt::format("{:<4} {:<7} {:>12} {:>10} {:>8}  {}\n", "", "", "looked at", "in flight", "broken", "promise");
  for (const auto& each : findings) {
    text += fmt::format("{:<4} {:<7} {:>12} {:>10} {:>8}  {}\n", each.invariant, each.kept() ? "kept" : "BROKEN",
                        each.looked_at, each.in_flight, each.broken, each.promise);
    for (const auto& row : each.rows) text += fmt::format("       - {}\n", row);
    const auto unseen = each.broken - std::ssize(each.rows);
    if (unseen > 0) text += fmt::format("       - and {} more\n", unseen);
    for (const auto& note : each.notes) text += fmt::format("       * {}\n", note);
  }
  return text;
}

std::string to_json(const std::vector<finding>& findings) {
  boost::json::array invariants;
  for (const auto& each : findings) {
    boost::json::array rows;
    for (const auto& row : each.rows) rows.emplace_back(row);
    boost::json::array notes;
    for (const auto& note : each.notes) notes.emplace_back(note);
    boost::json::object one;
    one["invariant"] = each.invariant;
    one["promise"] = each.promise;
    one["kept"] = each.kept();
    one["looked_at"] = each.looked_at;
    one["in_flight"] = each.in_flight;
    one["broken"] = each.broken;
    one["rows"] = std::move(rows);
    one["notes"] = std::move(notes);
    invariants.push_back(std::move(one));
  }
  boost::json::object report;
  report["kept"] = all_kept(findings);
  report["invariants"] = std::move(invariants);
  return boost::json::serialize(report);
}

}  // namespace ticketshow::check
