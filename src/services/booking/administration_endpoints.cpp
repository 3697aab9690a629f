#include <algorithm>

#include <fmt/format.h>

#include "services/booking/report_queries.hpp"
#include "services/booking/reports.hpp"
#include "services/booking/rows.hpp"
#include "services/booking/sales_csv.hpp"
#include "services/booking/service.hpp"

// What administrators read: who comes to a showing, what was sold.
namespace ticketshow::booking {

rt::task<contract::result<std::vector<customer_booking>>> service::handle(rt::call call,
                                                                          list_schedule_bookings request) {
  const auto book = co_await schedules_.get(request.schedule_id);
  if (!book) co_return contract::fail(schedule_not_found);
  std::optional<std::string> status;
  if (request.status) status = contract::enum_name(*request.status);
  const auto rows = co_await database_.run(call.until, queries::list_schedule_bookings, request.schedule_id, status,
                                           request.skip.value_or(0), request.limit.value_or(20));
  std::vector<customer_booking> page;
  std::vector<std::int64_t> users;
  for (const auto& row : rows) {
    page.push_back({view_of(row), {}, {}});
    users.push_back(page.back().user_id);
  }
  if (page.empty()) co_return page;

  std::ranges::sort(users);
  users.erase(std::ranges::unique(users).begin(), users.end());
  const auto contacts = co_await accounts_.handle(call.as_service("booking"), auth::get_contacts{std::move(users)});
  if (!contacts) co_return std::unexpected(contacts.error());
  for (auto& each : page) {
    const auto found = std::ranges::find(*contacts, each.user_id, &auth::contact_view::user_id);
    if (found == contacts->end()) continue;
    each.user_email = found->email;
    each.username = found->username;
  }
  co_return page;
}

rt::task<contract::result<std::vector<sales_row>>> service::handle(rt::call call, get_sales request) {
  if (auto wrong = check_days(request.from_date, request.to_date); !wrong) co_return std::unexpected(wrong.error());
  co_return co_await read_sales(database_, call.until, request.from_date, request.to_date,
                                request.group_by.value_or(sales_group::day));
}

rt::task<contract::result<contract::content>> service::handle(rt::call call, get_sales_csv request) {
  const get_sales wanted{request.from_date, request.to_date, request.group_by};
  const auto rows = co_await handle(call, wanted);
  if (!rows) co_return std::unexpected(rows.error());
  co_return contract::content{
      .type = "text/csv; charset=utf-8; header=present",
      .bytes = sales_csv(*rows),
      .name = fmt::format("sales-by-{}-{}-to-{}.csv", contract::enum_name(wanted.group_by.value_or(sales_group::day)),
                          to_string(wanted.from_date), to_string(wanted.to_date))};
}

}  // namespace ticketshow::booking
