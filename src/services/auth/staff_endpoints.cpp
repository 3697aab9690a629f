#include "services/auth/queries.hpp"
#include "services/auth/service.hpp"

// Who keeps doors, as administrators decide it.
namespace ticketshow::auth {

rt::task<contract::result<staff_view>> service::handle(rt::call call, create_staff request) {
  const auto hash = co_await passwords_.hash(request.password);
  if (!hash) co_return std::unexpected(hash.error());
  const auto email = normalised_email(request.email);
  const std::string role(contract::enum_name(rt::role::STAFF));
  const std::optional<std::string> unknown;
  const auto made = co_await database_.run(call.until, queries::insert_account, email, request.username, unknown, role,
                                           *hash, unknown, request.venue_id);
  if (made.empty()) co_return contract::fail(email_taken);
  co_return co_await show_staff(call.until, made.front().get<std::int64_t>(0));
}

rt::task<contract::result<std::vector<staff_view>>> service::handle(rt::call call, list_staff request) {
  co_return co_await staff_.list(call.until, request.venue_id, request.skip.value_or(0), request.limit.value_or(50));
}

rt::task<contract::result<staff_view>> service::handle(rt::call call, move_staff request) {
  const bool known = co_await staff_.assign(call.until, request.id, request.venue_id);
  if (!known) co_return contract::fail(staff_not_found);
  co_return co_await show_staff(call.until, request.id);
}

rt::task<contract::result<contract::nothing>> service::handle(rt::call call, end_staff request) {
  const bool ended = co_await staff_.assign(call.until, request.id, std::nullopt);
  if (ended) co_return contract::nothing{};
  // A customer keeps no doors: who was ended before is one.
  const auto found = co_await database_.run(call.until, queries::get_credentials, request.id);
  const bool customer = !found.empty() && found.front().text(2) == contract::enum_name(rt::role::USER);
  if (!customer) co_return contract::fail(staff_not_found);
  co_return contract::nothing{};
}

rt::task<contract::result<staff_view>> service::show_staff(rt::deadline until, std::int64_t id) {
  auto found = co_await staff_.find(until, id);
  if (!found) co_return contract::fail(staff_not_found);
  co_return std::move(*found);
}

}  // namespace ticketshow::auth
