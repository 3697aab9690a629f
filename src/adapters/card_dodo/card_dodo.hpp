#pragma once

#include <string>
#include <vector>

#include "adapters/card_dodo/api.hpp"
#include "adapters/card_dodo/messages.hpp"
#include "ports/card_gateway.hpp"
#include "rt/gate.hpp"

/// Card payments through Dodo Payments.
namespace ticketshow::card_dodo {

struct options {
  std::string url = "https://test.dodopayments.com";
  std::string api_key;
  std::vector<std::string> webhook_secrets;  ///< as the dashboard shows them; all of them are accepted
  std::string product_id;                    ///< of the product under which everything is sold
  std::string currency;                      ///< the platform's, ISO 4217, with two decimals
  money least_amount{100};                   ///< what customers must be able to pay
  limits rate = {};
  rt::steady_clock::duration check_time = std::chrono::seconds(10);   ///< for looking at the product
  rt::steady_clock::duration check_pause = std::chrono::seconds(15);  ///< before doing so again, when Dodo was away
};

/// What has to be changed before payments of `least` and more in `currency` can be sold under this product; nothing
/// when it is fit for that. Pure.
std::optional<std::string> unfit(const product& found, const std::string& product_id, const std::string& currency,
                                 money least);

class gateway final : public ports::card_gateway {
 public:
  /// Throws std::runtime_error with a sentence when the options make no sense; nothing is asked yet.
  gateway(rt::executor io, options chosen);

  [[nodiscard]] std::string name() const override { return "cards"; }
  /// Looks whether the key is accepted and the product fit, as the port says.
  rt::task<> start() override;
  rt::task<> stop(rt::deadline until) override;

  rt::task<ports::checkout> open_checkout(rt::deadline until, ports::checkout_order order) override;
  rt::task<std::optional<ports::checkout_state>> find_checkout(rt::deadline until, std::string id) override;
  rt::task<std::optional<ports::card_payment>> find_payment(rt::deadline until, std::string id, haste how) override;
  rt::task<ports::payment_list> list_payments(rt::deadline until, timestamp from, timestamp to,
                                              std::int64_t part) override;
  rt::task<ports::card_refund> refund(rt::deadline until, std::string payment_id, std::string reference,
                                      std::string reason) override;
  rt::task<std::optional<ports::card_refund>> find_refund(rt::deadline until, std::string id) override;
  [[nodiscard]] ports::card_notice read_notice(const delivery& what, timestamp now) const override;

 private:
  rt::task<std::optional<ports::card_refund>> find_refund(rt::deadline until, std::string id, haste how);
  /// Throws rt::unavailable when Dodo cannot be asked, else std::runtime_error with a sentence when something has to be
  /// changed.
  rt::task<> check();
  rt::task<> check_until_fit();

  options options_;
  std::vector<std::string> keys_;
  api api_;
  rt::gate work_;
  bool fit_ = false;
};

}  // namespace ticketshow::card_dodo
