#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "api/payment.hpp"
#include "ports/card_gateway.hpp"

namespace ticketshow::payment::testing {

/// How a call to a neighbour goes wrong.
enum class mishap {
  none,
  before,  ///< nothing happened
  after,   ///< it happened, the answer is lost
  unsent,  ///< the card provider's limit of calls left no time for it
};

/// The card provider, as the port promises it: pages that can be paid more than once, refunds that are made as often as
/// they are asked for until all is back, messages that are signed. Whoever runs a test says what people do on its
/// pages.
class card_house final : public ports::card_gateway {
 public:
  [[nodiscard]] std::string name() const override { return "card house"; }
  rt::task<> start() override { co_return; }
  rt::task<> stop(rt::deadline) override { co_return; }

  rt::task<ports::checkout> open_checkout(rt::deadline until, ports::checkout_order order) override;
  rt::task<std::optional<ports::checkout_state>> find_checkout(rt::deadline until, std::string id) override;
  rt::task<std::optional<ports::card_payment>> find_payment(rt::deadline until, std::string id,
                                                            ports::haste how) override;
  rt::task<ports::payment_list> list_payments(rt::deadline until, timestamp from, timestamp to,
                                              std::int64_t part) override;
  rt::task<ports::card_refund> refund(rt::deadline until, std::string payment_id, std::string reference,
                                      std::string reason) override;
  rt::task<std::optional<ports::card_refund>> find_refund(rt::deadline until, std::string id) override;
  [[nodiscard]] ports::card_notice read_notice(const delivery& what, timestamp now) const override;

  // ---- what people do on its pages

  struct page {
    ports::checkout_order order;
    std::vector<std::string> payments = {};
  };
  /// The page behind an address.
  page& page_at(const std::string& url);
  /// An attempt on a page, of this amount or the order's. The id of the provider's payment.
  std::string attempt(const std::string& url, ports::card_status outcome, std::optional<money> amount = {},
                      std::string currency = {});
  std::string pay(const std::string& url) { return attempt(url, ports::card_status::succeeded); }

  /// A signed message; `about` is the provider's id of a payment or a refund.
  payment_webhook message(std::string type, std::string about, std::string id = {});

  /// The refunds of a payment that have not failed.
  [[nodiscard]] std::int64_t sent_back(const std::string& payment_id) const;

  std::map<std::string, page> pages;
  std::map<std::string, ports::card_payment> payments;
  std::map<std::string, timestamp> made_at;  ///< the payments, by the machine's clock
  std::function<mishap()> plan;
  /// What becomes of the next refund.
  std::function<ports::card_refund::status()> refund_outcome;
  std::optional<ports::card_refused::why> refuses;  ///< every page and refund, for this reason
  std::optional<std::string> unreadable;            ///< the payment that it lists but cannot show
  int refunds_asked = 0;
  int calls = 0;  ///< of all kinds

 private:
  /// A call: throws what the plan says before; true when its answer must get lost.
  rt::task<bool> began();
  int next_id_ = 1;
};

}  // namespace ticketshow::payment::testing
