#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "ports/card_gateway.hpp"

/// What is said to Dodo, and what it says, as JSON. Pure. A reader throws rt::unavailable when an answer says nothing
/// that could be understood. Members that are not needed are not looked at.
namespace ticketshow::card_dodo {

/// Whether it can be an identifier of Dodo's: letters, digits, "_" and "-", at most 100. What it is put into (a path, a
/// record) needs no further care then.
bool is_id(std::string_view text);

/// POST /checkouts: the product once, at the order's amount, in the order's currency, which the customer can change as
/// little as the amount.
std::string checkout_request(const ports::checkout_order& order, const std::string& product_id);
/// POST /refunds: all of a payment.
std::string refund_request(const std::string& payment_id, const std::string& reference, std::string_view reason);

ports::checkout read_checkout(const boost::json::value& answer);
ports::checkout_state read_checkout_state(const boost::json::value& answer);
ports::card_payment read_payment(const boost::json::value& answer);
/// GET /payments is asked for so many at once, the most that Dodo gives.
inline constexpr std::size_t most_listed = 100;
ports::payment_list read_payment_list(const boost::json::value& answer);
ports::card_refund read_refund(const boost::json::value& answer);

/// A product's price.
struct product {
  bool one_time = false;
  bool pay_what_you_want = false;
  bool tax_inclusive = false;
  std::string currency;
  money minimum;  ///< what is to be paid at least
};
product read_product(const boost::json::value& answer);

/// An authentic webhook. Throws ports::card_forgery when it has no form that Dodo's have.
ports::card_notice read_notice(std::string_view id, std::string_view body);

/// The code and the words of an error; nothing when the answer is none of Dodo's.
struct error {
  std::string code;
  std::string message;
};
std::optional<error> read_error(std::string_view body);

}  // namespace ticketshow::card_dodo
