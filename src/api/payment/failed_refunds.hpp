#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/money.hpp"
#include "base/time.hpp"
#include "contract/codec.hpp"
#include "contract/endpoint.hpp"

/// Refunds to cards that the provider would not make, for administrators. (The same by command: `ticketshow payments`.)
namespace ticketshow::payment {

inline constexpr contract::error failed_refund_not_found{"FAILED_REFUND_NOT_FOUND", 404,
                                                         "There is no such refund that waits to be tried again."};

/// Money that a card paid, that must go back, and that does not.
struct failed_refund {
  std::int64_t id;
  std::int64_t payment_id;
  std::optional<std::int64_t> booking_id;  ///< absent of a wallet's top-up
  std::string provider_payment_id;         ///< what it is called at the card provider
  money amount;
  std::string currency;
  std::string code;  ///< why it goes back: BOOKING_CANCELLED, say; REFUNDED_OUTSIDE: it went, and its booking stands
  std::int64_t attempts;  ///< so far
  std::string reason;     ///< what the provider said to the last one; may be empty
  timestamp failed_at;    ///< since when it is as it is
  bool can_be_retried;    ///< nobody tries any more; otherwise it is still tried, but got nowhere for some time
};
BOOST_DESCRIBE_STRUCT(failed_refund, (),
                      (id, payment_id, booking_id, provider_payment_id, amount, currency, code, attempts, reason,
                       failed_at, can_be_retried))

struct list_failed_refunds {
  using response = std::vector<failed_refund>;
  static constexpr contract::spec spec{
      .verb = http::method::GET,
      .path = "/payments/failed-refunds",
      .who = contract::access::admin,
      .summary = "Refunds to cards that wait for an administrator, the oldest first (at most 1,000)"};
};
BOOST_DESCRIBE_STRUCT(list_failed_refunds, (), ())

struct retry_failed_refund {
  std::int64_t id;

  using response = contract::nothing;
  static constexpr contract::spec spec{.verb = http::method::POST,
                                       .path = "/payments/failed-refunds/{id}/retry",
                                       .who = contract::access::admin,
                                       .summary = "Try one of them again, as often as at first"};
  static constexpr const contract::error* errors[] = {&failed_refund_not_found};
  static constexpr contract::field fields[] = {{.name = "id", .min = 1}};
};
BOOST_DESCRIBE_STRUCT(retry_failed_refund, (), (id))

}  // namespace ticketshow::payment
