#include "adapters/card_dodo/messages.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "base/bytes.hpp"
#include "rt/unavailable.hpp"

namespace ticketshow::card_dodo {
namespace {

namespace json = boost::json;

/// The member of `metadata` that carries our reference.
constexpr std::string_view reference_key = "ticketshow_reference";
constexpr std::string_view description_key = "description";

constexpr std::size_t most_reason_bytes = 3000;
constexpr std::size_t most_metadata_bytes = 500;
constexpr std::size_t most_id_bytes = 100;

const json::value* member(const json::value& of, std::string_view name) {
  const auto* object = of.if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

/// A text, or an empty one when it is absent, null or something else.
std::string text(const json::value& of, std::string_view name) {
  const auto* found = member(of, name);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string{};
}

bool is_true(const json::value& of, std::string_view name) {
  const auto* found = member(of, name);
  return found != nullptr && found->is_bool() && found->as_bool();
}

std::optional<money> amount(const json::value& of, std::string_view name) {
  const auto* found = member(of, name);
  if (found == nullptr || !found->is_int64() || found->as_int64() < 0 || money{found->as_int64()} > max_amount)
    return {};
  return money{found->as_int64()};
}

[[noreturn]] void not_understood(std::string_view what) {
  throw rt::unavailable(fmt::format("Dodo's answer has no {}", what));
}

std::string needed_id(const json::value& of, std::string_view name) {
  auto id = text(of, name);
  if (!is_id(id)) not_understood(name);
  return id;
}

money needed_amount(const json::value& of, std::string_view name) {
  const auto found = amount(of, name);
  if (!found) not_understood(name);
  return *found;
}

std::string reference_in(const json::value& of) {
  const auto* metadata = member(of, "metadata");
  return metadata == nullptr ? std::string{} : text(*metadata, reference_key);
}

ports::card_status status_of(std::string_view word) {
  if (word == "succeeded") return ports::card_status::succeeded;
  if (word == "failed") return ports::card_status::failed;
  if (word == "cancelled") return ports::card_status::cancelled;
  if (word == "partially_captured" || word == "partially_captured_and_capturable") return ports::card_status::partial;
  return ports::card_status::open;  // the rest waits for somebody, and so does a word that we do not know yet
}

ports::card_refund::status refund_status_of(std::string_view word) {
  if (word == "succeeded") return ports::card_refund::status::succeeded;
  if (word == "failed") return ports::card_refund::status::failed;
  return ports::card_refund::status::pending;  // or in review
}

json::object customer_of(const ports::checkout_order& order) {
  json::object customer{{"email", order.email}};
  if (!order.name.empty()) customer["name"] = order.name;
  return customer;
}

json::object metadata_of(const ports::checkout_order& order) {
  json::object metadata{{reference_key, order.reference}};
  if (!order.description.empty()) metadata[description_key] = utf8_prefix(order.description, most_metadata_bytes);
  return metadata;
}

ports::card_notice::about subject_of(std::string_view type) {
  for (const auto* each : {"payment.succeeded", "payment.failed", "payment.processing", "payment.cancelled"}) {
    if (type == each) return ports::card_notice::about::payment;
  }
  if (type == "refund.succeeded" || type == "refund.failed") return ports::card_notice::about::refund;
  if (type.starts_with("dispute.")) return ports::card_notice::about::dispute;
  return ports::card_notice::about::other;
}

/// As long and of such characters as an identifier, with dots too.
bool is_type(std::string type) {
  std::erase(type, '.');
  return is_id(type);
}

}  // namespace

bool is_id(std::string_view text) {
  const auto fits = [](char each) {
    return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9') ||
           each == '_' || each == '-';
  };
  return !text.empty() && text.size() <= most_id_bytes && std::ranges::all_of(text, fits);
}

std::string checkout_request(const ports::checkout_order& order, const std::string& product_id) {
  const json::object item{{"product_id", product_id}, {"quantity", 1}, {"amount", order.amount.minor}};
  // What would make the customer pay another amount, or in another currency.
  const json::object flags{
      {"allow_currency_selection", false}, {"allow_discount_code", false}, {"allow_tax_id", false}};
  json::object body{
      {"product_cart", json::array{item}}, {"billing_currency", order.currency}, {"feature_flags", flags},
      {"metadata", metadata_of(order)},    {"return_url", order.success_url},    {"cancel_url", order.cancel_url}};
  if (!order.email.empty()) body["customer"] = customer_of(order);
  return json::serialize(body);
}

std::string refund_request(const std::string& payment_id, const std::string& reference, std::string_view reason) {
  json::object body{{"payment_id", payment_id}, {"metadata", json::object{{reference_key, reference}}}};
  if (!reason.empty()) body["reason"] = utf8_prefix(reason, most_reason_bytes);
  return json::serialize(body);
}

ports::checkout read_checkout(const json::value& answer) {
  ports::checkout made{.id = needed_id(answer, "session_id"), .url = text(answer, "checkout_url")};
  if (made.url.empty()) not_understood("checkout_url");
  return made;
}

ports::checkout_state read_checkout_state(const json::value& answer) {
  ports::checkout_state state{.id = needed_id(answer, "id"), .status = status_of(text(answer, "payment_status"))};
  if (auto payment = text(answer, "payment_id"); is_id(payment)) state.payment_id = std::move(payment);
  return state;
}

ports::card_refund read_refund(const json::value& answer) {
  return {.id = needed_id(answer, "refund_id"),
          .payment_id = needed_id(answer, "payment_id"),
          .reference = reference_in(answer),
          .state = refund_status_of(text(answer, "status")),
          .amount = amount(answer, "amount"),
          .partial = is_true(answer, "is_partial")};
}

ports::card_payment read_payment(const json::value& answer) {
  ports::card_payment payment{.id = needed_id(answer, "payment_id"),
                              .reference = reference_in(answer),
                              .checkout_id = text(answer, "checkout_session_id"),
                              .status = status_of(text(answer, "status")),
                              .amount = needed_amount(answer, "total_amount"),
                              .currency = text(answer, "currency"),
                              .failure = text(answer, "error_message")};
  if (payment.currency.empty()) not_understood("currency");
  if (payment.failure.empty()) payment.failure = text(answer, "error_code");
  const auto* refunds = member(answer, "refunds");
  if (refunds == nullptr || !refunds->is_array()) not_understood("refunds");
  for (const auto& each : refunds->as_array()) payment.refunds.push_back(read_refund(each));
  return payment;
}

ports::payment_list read_payment_list(const json::value& answer) {
  const auto* items = member(answer, "items");
  if (items == nullptr || !items->is_array()) not_understood("items");
  // One call more than if a part that is not full were the last: what Dodo gives at most may change unannounced.
  ports::payment_list list{.payments = {}, .more = !items->as_array().empty()};
  for (const auto& each : items->as_array()) {
    list.payments.push_back({.id = needed_id(each, "payment_id"),
                             .reference = reference_in(each),
                             .status = status_of(text(each, "status"))});
  }
  return list;
}

product read_product(const json::value& answer) {
  const auto* price = member(answer, "price");
  if (price == nullptr) not_understood("price");
  product found{.one_time = text(*price, "type") == "one_time_price",
                .pay_what_you_want = is_true(*price, "pay_what_you_want"),
                .tax_inclusive = is_true(*price, "tax_inclusive"),
                .currency = text(*price, "currency")};
  if (found.one_time) found.minimum = needed_amount(*price, "price");
  return found;
}

ports::card_notice read_notice(std::string_view id, std::string_view body) {
  boost::system::error_code broken;
  const auto message = json::parse(body, broken);
  ports::card_notice notice{.id = std::string(id), .type = text(message, "type")};
  if (broken || !is_type(notice.type)) throw ports::card_forgery("the webhook has no type");
  notice.what = subject_of(notice.type);
  if (notice.what == ports::card_notice::about::other) return notice;
  const auto* data = member(message, "data");
  if (data == nullptr) throw ports::card_forgery("the webhook has no data");
  notice.payment_id = text(*data, "payment_id");
  if (notice.what == ports::card_notice::about::dispute) {
    if (!is_id(notice.payment_id)) notice.payment_id.clear();  // it is told all the same
    return notice;
  }
  if (!is_id(notice.payment_id)) throw ports::card_forgery("the webhook names no payment");
  if (notice.what == ports::card_notice::about::payment) return notice;
  notice.refund_id = text(*data, "refund_id");
  if (!is_id(notice.refund_id)) throw ports::card_forgery("the webhook names no refund");
  return notice;
}

std::optional<error> read_error(std::string_view body) {
  boost::system::error_code broken;
  const auto answer = json::parse(body, broken);
  error found{.code = text(answer, "code"), .message = text(answer, "message")};
  if (broken || found.code.empty()) return {};
  return found;
}

}  // namespace ticketshow::card_dodo
