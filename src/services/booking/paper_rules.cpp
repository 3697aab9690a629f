#include "services/booking/paper_rules.hpp"

#include <algorithm>
#include <utility>

#include "services/booking/rules.hpp"

namespace ticketshow::booking::rules {

contract::result<void> check_tickets(const booking_view& shown) {
  switch (shown.status) {
    case booking_status::CONFIRMED:
      return shown.tickets.empty() ? contract::result<void>(contract::fail(no_tickets)) : contract::result<void>{};
    case booking_status::PENDING:
      return contract::fail(no_tickets, "The booking is not paid yet.");
    case booking_status::CANCELLED:
      return contract::fail(no_tickets, "The booking was cancelled.");
    case booking_status::FAILED:
    case booking_status::EXPIRED:
      return contract::fail(no_tickets, "The booking was not paid in time.");
  }
  std::unreachable();
}

documents::visit visit_of(const booking_view& shown) {
  auto facts = facts_of(shown);
  facts.tickets.emplace();
  for (const auto& each : shown.tickets) facts.tickets->push_back({each.seat_id, each.label, each.code});
  return documents::visit_of(facts);
}

contract::result<wanted_code> code_named(const booking_view& shown, std::string_view file) {
  for (const auto& [ending, form] : {std::pair{".svg", image_form::SVG}, std::pair{".png", image_form::PNG}}) {
    if (!file.ends_with(ending)) continue;
    const auto seat = file.substr(0, file.size() - std::string_view(ending).size());
    const auto found = std::ranges::find_if(
        shown.tickets, [&](const ticket_view& each) { return std::to_string(each.seat_id) == seat; });
    if (found != shown.tickets.end()) return wanted_code{found->code, form};
  }
  return contract::fail(ticket_not_found);
}

}  // namespace ticketshow::booking::rules
