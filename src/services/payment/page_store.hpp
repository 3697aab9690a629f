#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/payment/store.hpp"

namespace ticketshow::payment {

/// What the owner of a payment by card sees of its page.
struct page_view {
  std::int64_t payment_id;
  std::string reference;                           ///< under which the provider knows it
  std::optional<std::string> url;                  ///< nothing until it is open
  std::optional<std::string> declined;             ///< why the latest attempt came to nothing
  std::optional<std::string> provider_payment_id;  ///< by which the payment was captured
};

/// A page that the provider is asked about.
struct page_due {
  std::int64_t payment_id;
  std::string session_id;
  step now;
  std::optional<std::int64_t> booking_id;
  std::chrono::seconds age;  ///< since it was opened
  timestamp opened_at;
};

/// The provider's pages on which payments are made. Throws pg::sql_error and pg::unavailable.
class page_store {
 public:
  explicit page_store(pg::pool& database) : database_(database) {}

  rt::task<std::vector<page_view>> views_of(rt::deadline until, std::vector<std::int64_t> payments);
  /// Who takes pages to look at them has them to itself for the lease.
  rt::task<std::vector<page_due>> take_due(rt::deadline until, std::chrono::seconds lease, std::int64_t limit);
  /// In the order in which they were opened, from `opened_at` on and there behind the payment `behind`.
  rt::task<std::vector<page_due>> recent(rt::deadline until, timestamp opened_at, std::int64_t behind,
                                         std::int64_t limit);
  /// Never again without a time.
  rt::task<> look_again(rt::deadline until, std::int64_t payment_id, std::optional<std::chrono::seconds> in);
  /// Somebody waits for it.
  rt::task<> look_soon(rt::deadline until, std::int64_t payment_id);

 private:
  pg::pool& database_;
};

}  // namespace ticketshow::payment
