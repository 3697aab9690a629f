#include "services/auth/staff.hpp"

#include "services/auth/queries.hpp"

namespace ticketshow::auth {
namespace {

staff_view view_of(const pg::result_set::row& row) {
  return {.id = row.get<std::int64_t>(0),
          .email = row.get<std::string>(1),
          .username = row.get<std::string>(2),
          .venue_id = row.get<std::int64_t>(3),
          .created_at = row.get<timestamp>(4)};
}

}  // namespace

rt::task<std::vector<staff_view>> staff::list(rt::deadline until, std::optional<std::int64_t> venue_id,
                                              std::int64_t skip, std::int64_t limit) {
  const auto rows = co_await database_.run(until, queries::list_staff, venue_id, skip, limit);
  std::vector<staff_view> members;
  for (const auto& row : rows) members.push_back(view_of(row));
  co_return members;
}

rt::task<std::optional<staff_view>> staff::find(rt::deadline until, std::int64_t id) {
  const auto rows = co_await database_.run(until, queries::get_staff, id);
  if (rows.empty()) co_return std::nullopt;
  co_return view_of(rows.front());
}

rt::task<bool> staff::assign(rt::deadline until, std::int64_t id, std::optional<std::int64_t> venue_id) {
  auto transaction = co_await database_.begin(until);
  const auto changed = co_await transaction.run(queries::assign_staff, id, venue_id);
  if (changed.affected() == 0) co_return false;
  co_await transaction.run(queries::revoke_sessions_of_account, id);
  co_await transaction.commit();
  co_return true;
}

}  // namespace ticketshow::auth
