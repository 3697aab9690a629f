#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/booking.hpp"
#include "pg/result.hpp"
#include "pg/statement.hpp"

/// Rows of queries.hpp as what the service speaks of, and the other way round.
namespace ticketshow::booking {

/// A row that begins with the columns of booking.shown_booking.
booking_view view_of(const pg::result_set::row& row);

/// The first column.
std::vector<std::int64_t> ids_of(const pg::result_set& rows);

/// One member of many, as a parameter wants it.
template <class Row, class Member>
auto column(const std::vector<Row>& rows, Member member) {
  std::vector<std::remove_cvref_t<std::invoke_result_t<Member, const Row&>>> values;
  values.reserve(rows.size());
  for (const auto& each : rows) values.push_back(std::invoke(member, each));
  return values;
}

/// The events of paid bookings' cancellation, for payment and for the customers: what belongs into its transaction.
void record_refunds(std::vector<pg::bound_statement>& into, const std::vector<booking_view>& paid,
                    const std::string& reason, initiator by, const std::string& correlation_id);

}  // namespace ticketshow::booking
