#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/money.hpp"
#include "base/time.hpp"
#include "rt/call.hpp"
#include "rt/module.hpp"
#include "rt/task.hpp"
#include "rt/unavailable.hpp"

namespace ticketshow::ports {

/// What a customer is asked to pay on the provider's page.
struct checkout_order {
  std::string reference;  ///< ours; every payment and capture that comes of it carries it
  money amount;           ///< in minor units of `currency`; exactly this is asked for
  std::string currency;   ///< ISO 4217
  std::string description;
  std::string email;        ///< of the customer; may be empty
  std::string name;         ///< of the customer; may be empty
  std::string success_url;  ///< where the browser goes afterwards. What stands in its query proves nothing.
  std::string cancel_url;   ///< where it goes when the customer leaves
};

/// A page on which an order can be paid. Whoever has the address may pay.
struct checkout {
  std::string id;
  std::string url;
};

enum class card_status {
  open,       ///< under way: it may still become anything
  succeeded,  ///< the provider has the money
  failed,     ///< it has not; the customer may try again on the same page
  cancelled,  ///< it has not, because somebody left; the page may be open all the same
  partial,    ///< it has a part of the money, which pays for nothing; only people can say what becomes of that
};

/// What a provider knows about a refund.
struct card_refund {
  std::string id;
  std::string payment_id;  ///< the provider's
  std::string reference;   ///< ours, as it was sent; empty when somebody else made the refund
  enum class status {
    pending,  ///< under way at the bank, or looked at by somebody
    succeeded,
    failed,  ///< nothing went back; it may be asked for again
  };
  status state = status::pending;
  std::optional<money> amount;
  bool partial = false;  ///< of less than the whole payment
  std::string reason;    ///< the provider's words when it failed
};

/// What a provider knows about an attempt to pay.
struct card_payment {
  std::string id;
  std::string reference;  ///< checkout_order::reference; empty when the payment is none of ours
  std::string checkout_id;
  card_status status = card_status::open;
  money amount;          ///< what was taken from the card, taxes included
  std::string currency;  ///< in which it was taken
  std::string failure;   ///< the provider's words when it failed
  std::vector<card_refund> refunds;
};

/// What becomes of a checkout: how far the latest attempt is. There may be others.
struct checkout_state {
  std::string id;
  std::optional<std::string> payment_id;   ///< the latest attempt
  card_status status = card_status::open;  ///< of that; nothing here says whether the page can still be paid
};

/// One of the provider's payments as its list shows it.
struct listed_payment {
  std::string id;
  std::string reference;  ///< checkout_order::reference; empty when the payment is none of ours
  card_status status = card_status::open;
};

/// A part of the provider's list.
struct payment_list {
  std::vector<listed_payment> payments;
  bool more = false;  ///< there may be another part behind it
};

/// An authentic message of the provider. It is a hint to look, never a fact: messages come late, twice and in any
/// order.
struct card_notice {
  std::string id;  ///< the same for each delivery of one message
  enum class about {
    payment,
    refund,
    dispute,  ///< of a payment: the bank asks for its money back
    other,
  };
  about what = about::other;
  std::string type;        ///< the provider's word for it
  std::string payment_id;  ///< of a payment, a refund or a dispute; of the last it may be missing
  std::string refund_id;   ///< of a refund
};

/// The provider answered, and the answer is no. Nothing has happened, and the same again will be refused again.
class card_refused : public std::runtime_error {
 public:
  enum class why {
    already_refunded,  ///< all of it is back, or on its way
    amount,            ///< below the least the provider takes, or more than was paid
    too_late,          ///< the time in which it could be refunded is over
    unknown,           ///< there is no such thing there
    other,
  };
  card_refused(why kind, const std::string& words) : std::runtime_error(words), kind_(kind) {}
  [[nodiscard]] why kind() const { return kind_; }

 private:
  why kind_;
};

/// A call that was not made, because the provider's limit of calls left no time for it before the deadline: nothing was
/// sent, so nothing has happened, and the same may be tried again at any time.
class card_not_sent : public rt::unavailable {
 public:
  using rt::unavailable::unavailable;
};

/// A message whose signature, time or form is not the provider's. Who sent it hears no more than that.
class card_forgery : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What a call is for, by who goes first where the provider allows only so many.
enum class haste {
  customer,  ///< somebody before a screen wants a page
  work,      ///< money moved or has to: messages and refunds
  watch,     ///< a look whether something happened that no message told
};

/// A provider of card payments with a page of its own, so that no card number ever comes near us. A module: start()
/// throws with a sentence when the provider's side is not set up for us; when the provider cannot be asked, the module
/// starts all the same, asks again later, and open_checkout() throws rt::unavailable until it could. Every call throws
/// rt::unavailable when nobody knows whether it had an effect (no answer, or one that says nothing), and when our key
/// is not accepted; card_not_sent, which is one too, when it was not made at all; card_refused when it had no effect
/// and never will. Pages are made for a customer, pages and the list looked at by the watch, and refunds are work. I/O
/// thread only.
class card_gateway : public rt::module {
 public:
  /// Repeating it makes another page; the one before stays open.
  virtual rt::task<checkout> open_checkout(rt::deadline until, checkout_order order) = 0;
  /// Nothing when the provider does not know it.
  virtual rt::task<std::optional<checkout_state>> find_checkout(rt::deadline until, std::string id) = 0;
  /// Nothing when the provider does not know it.
  virtual rt::task<std::optional<card_payment>> find_payment(rt::deadline until, std::string id, haste how) = 0;

  /// At most a hundred of the payments that were made from `from` to `to` by the provider's clock, ours and others', in
  /// an order that only the provider knows; `part` counts from 0.
  virtual rt::task<payment_list> list_payments(rt::deadline until, timestamp from, timestamp to, std::int64_t part) = 0;

  /// Sends the whole payment back. Never repeated by the adapter: after rt::unavailable that is no card_not_sent,
  /// find_payment() tells whether a refund with this reference is there; only when it is not, also some time after the
  /// deadline of this call (what was sent may arrive late), may this be called again.
  virtual rt::task<card_refund> refund(rt::deadline until, std::string payment_id, std::string reference,
                                       std::string reason) = 0;
  /// Nothing when the provider does not know it.
  virtual rt::task<std::optional<card_refund>> find_refund(rt::deadline until, std::string id) = 0;

  /// The headers of a message, as they came, and its body to the byte.
  struct delivery {
    std::string_view id;
    std::string_view timestamp;
    std::string_view signature;
    std::string_view body;
  };
  /// Reads a message if it is authentic at `now`; throws card_forgery otherwise. Waits for nothing.
  [[nodiscard]] virtual card_notice read_notice(const delivery& what, timestamp now) const = 0;
};

}  // namespace ticketshow::ports
