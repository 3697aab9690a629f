#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "api/booking/tickets.hpp"
#include "base/random.hpp"
#include "services/booking/admissions.hpp"
#include "services/booking/ticket_keys.hpp"

namespace ticketshow::booking {

/// Lets people in: reads codes, asks the tables, answers for each scan. I/O thread only.
class door {
 public:
  door(admissions& tables, ticket_keys& keys, random_source& random, rules::door_hours hours)
      : admissions_(tables), keys_(keys), random_(random), hours_(hours) {}

  /// `caller` is STAFF or an administrator.
  rt::task<scan_result> scan(rt::deadline until, rt::principal caller, scan_ticket request);
  rt::task<uploaded_scans> upload(rt::deadline until, rt::principal caller, upload_scans request);

 private:
  /// A code that one of our keys signed.
  struct genuine {
    tickets::ticket what;
    std::string key;
  };
  [[nodiscard]] std::expected<genuine, scan_outcome> open(std::string_view code) const;
  /// What becomes of a genuine code: FORGED when the tables do not bear out what it says, for a key that leaked signs
  /// anything. Nothing when it may be used now.
  [[nodiscard]] std::optional<scan_result> answer(const genuine& code, const std::optional<rules::ticket_facts>& known,
                                                  const rules::visit& here) const;
  rt::task<std::vector<scan_result>> decide_all(rt::deadline until, rt::principal caller, upload_scans request);

  admissions& admissions_;
  ticket_keys& keys_;
  random_source& random_;
  rules::door_hours hours_;
};

}  // namespace ticketshow::booking
