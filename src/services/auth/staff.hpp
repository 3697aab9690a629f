#pragma once

#include <vector>

#include "api/auth.hpp"
#include "pg/pool.hpp"

namespace ticketshow::auth {

/// The accounts that keep doors. Whoever is moved or ended loses every session in the same transaction: no token says
/// for longer than the gateway takes to hear of it what is no longer true. Throws pg's exceptions.
class staff {
 public:
  explicit staff(pg::pool& database) : database_(database) {}

  /// Of one venue, or of all, by their ids.
  rt::task<std::vector<staff_view>> list(rt::deadline until, std::optional<std::int64_t> venue_id, std::int64_t skip,
                                         std::int64_t limit);
  /// Nothing when there is no such member of staff.
  rt::task<std::optional<staff_view>> find(rt::deadline until, std::int64_t id);
  /// To another venue, or (nothing) to none: then the account is a customer's. False when there is no such member.
  rt::task<bool> assign(rt::deadline until, std::int64_t id, std::optional<std::int64_t> venue_id);

 private:
  pg::pool& database_;
};

}  // namespace ticketshow::auth
