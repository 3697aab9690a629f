#include "adapters/card_dodo/messages.hpp"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/card_dodo/api.hpp"
#include "adapters/card_dodo/card_dodo.hpp"
#include "adapters/card_dodo/refusals.hpp"

namespace ticketshow::card_dodo {
namespace {

namespace json = boost::json;
using about = ports::card_notice::about;
using why = ports::card_refused::why;
using testing::HasSubstr;

// ---- what is said

ports::checkout_order order() {
  return {.reference = "p-17",
          .amount = {35'000},
          .currency = "INR",
          .description = "Lighthouse, two seats",
          .email = "ann@example.com",
          .name = "Ann",
          .success_url = "https://t.example/done",
          .cancel_url = "https://t.example/left"};
}

TEST(Messages, a_checkout_asks_for_exactly_the_orders_amount) {
  const auto body = json::parse(checkout_request(order(), "pdt_1"));
  EXPECT_EQ(body.at("product_cart"), json::parse(R"([{"product_id":"pdt_1","quantity":1,"amount":35000}])"));
  EXPECT_EQ(body.at("billing_currency"), "INR");
  EXPECT_EQ(body.at("metadata"),
            json::parse(R"({"ticketshow_reference":"p-17","description":"Lighthouse, two seats"})"));
  EXPECT_EQ(body.at("customer"), json::parse(R"({"email":"ann@example.com","name":"Ann"})"));
  EXPECT_EQ(body.at("return_url"), "https://t.example/done");
  EXPECT_EQ(body.at("cancel_url"), "https://t.example/left");
  for (const auto* flag : {"allow_discount_code", "allow_currency_selection", "allow_tax_id"}) {
    EXPECT_EQ(body.at("feature_flags").at(flag), false) << flag;
  }
}

TEST(Messages, a_customer_without_an_address_is_left_out) {
  auto nameless = order();
  nameless.email.clear();
  EXPECT_FALSE(json::parse(checkout_request(nameless, "pdt_1")).as_object().contains("customer"));
}

TEST(Messages, long_texts_are_cut_between_characters) {
  auto wordy = order();
  wordy.description = 'x' + std::string(150, 'y');
  for (int i = 0; i < 200; ++i) wordy.description += "\u0928";  // three bytes each
  const auto body = json::parse(checkout_request(wordy, "pdt_1"));
  const auto& description = body.at("metadata").at("description").as_string();
  EXPECT_EQ(description.size(), 499);
  EXPECT_TRUE(wordy.description.starts_with(std::string_view(description)));
  const auto refund = json::parse(refund_request("pay_1", "r-1", std::string(4000, 'z')));
  EXPECT_EQ(refund.at("reason").as_string().size(), 3000);
}

TEST(Messages, a_refund_is_of_the_whole_payment_and_carries_our_reference) {
  EXPECT_EQ(json::parse(refund_request("pay_1", "r-1", "the show was cancelled")),
            json::parse(R"({"payment_id":"pay_1","metadata":{"ticketshow_reference":"r-1"},)"
                        R"("reason":"the show was cancelled"})"));
}

// ---- what is answered

json::object payment(std::string_view status) {
  return {{"payment_id", "pay_1"},          {"status", status},
          {"total_amount", 35'000},         {"currency", "INR"},
          {"checkout_session_id", "cks_1"}, {"metadata", {{"ticketshow_reference", "p-17"}}},
          {"refunds", json::array{}}};
}

TEST(Messages, a_payment_has_one_of_five_states) {
  using enum ports::card_status;
  EXPECT_EQ(read_payment(payment("succeeded")).status, succeeded);
  EXPECT_EQ(read_payment(payment("failed")).status, failed);
  EXPECT_EQ(read_payment(payment("cancelled")).status, cancelled);
  for (const auto* status : {"processing", "requires_customer_action", "requires_merchant_action",
                             "requires_payment_method", "requires_confirmation", "requires_capture", "unheard_of"}) {
    EXPECT_EQ(read_payment(payment(status)).status, open) << status;
  }
  for (const auto* status : {"partially_captured", "partially_captured_and_capturable"}) {
    EXPECT_EQ(read_payment(payment(status)).status, partial) << status;
  }
}

TEST(Messages, a_payment_is_read_with_its_refunds) {
  auto paid = payment("succeeded");
  paid["refunds"] =
      json::parse(R"([{"refund_id":"ref_1","payment_id":"pay_1","status":"review","amount":35000,"is_partial":true},
    {"refund_id":"ref_2","payment_id":"pay_1","status":"failed","metadata":{"ticketshow_reference":"r-2"}}])");
  const auto read = read_payment(paid);
  EXPECT_EQ(read.reference, "p-17");
  EXPECT_EQ(read.amount, money{35'000});
  EXPECT_EQ(read.checkout_id, "cks_1");
  ASSERT_EQ(read.refunds.size(), 2);
  EXPECT_EQ(read.refunds[0].state, ports::card_refund::status::pending);
  EXPECT_EQ(read.refunds[0].amount, money{35'000});
  EXPECT_TRUE(read.refunds[0].partial);
  EXPECT_FALSE(read.refunds[1].partial);
  EXPECT_EQ(read.refunds[0].reference, "");
  EXPECT_EQ(read.refunds[1].state, ports::card_refund::status::failed);
  EXPECT_EQ(read.refunds[1].reference, "r-2");
}

TEST(Messages, an_answer_that_says_nothing_is_no_answer) {
  for (const auto* gone : {"payment_id", "total_amount", "currency", "refunds"}) {
    auto lacking = payment("succeeded");
    lacking.erase(gone);
    EXPECT_THROW(read_payment(lacking), rt::unavailable) << gone;
  }
  for (const auto& amount : {json::value("35000"), json::value(350.5), json::value(-1), json::value(nullptr),
                             json::value(9'000'000'000'000'000'000)}) {
    auto odd = payment("succeeded");
    odd["total_amount"] = amount;
    EXPECT_THROW(read_payment(odd), rt::unavailable);
  }
  for (const auto* text : {"null", "[]", "1", "{}", R"({"session_id":"cks_1","checkout_url":null})",
                           R"({"session_id":"../x","checkout_url":"https://t.example"})"}) {
    EXPECT_THROW(read_checkout(json::parse(text)), rt::unavailable) << text;
    EXPECT_THROW(read_refund(json::parse(text)), rt::unavailable) << text;
    EXPECT_THROW(read_product(json::parse(text)), rt::unavailable) << text;
  }
}

TEST(Messages, a_list_of_payments_names_whose_they_are) {
  const auto list = read_payment_list(json::parse(R"({"items":[
    {"payment_id":"pay_1","status":"processing","metadata":{"ticketshow_reference":"payment:7:ab"}},
    {"payment_id":"pay_2","status":null,"metadata":{"order":7}}]})"));
  ASSERT_EQ(list.payments.size(), 2U);
  EXPECT_TRUE(list.more);
  EXPECT_EQ(list.payments[0].reference, "payment:7:ab");
  EXPECT_EQ(list.payments[0].status, ports::card_status::open);
  EXPECT_EQ(list.payments[1].reference, "");
  EXPECT_FALSE(read_payment_list(json::parse(R"({"items":[]})")).more);
  for (const auto* text : {"{}", R"({"items":{}})", R"({"items":[{}]})"}) {
    EXPECT_THROW(read_payment_list(json::parse(text)), rt::unavailable) << text;
  }
}

TEST(Messages, a_checkout_that_nobody_tried_to_pay_is_open) {
  const auto fresh = read_checkout_state(json::parse(R"({"id":"cks_1","payment_id":null,"payment_status":null})"));
  EXPECT_EQ(fresh.status, ports::card_status::open);
  EXPECT_FALSE(fresh.payment_id);
  const auto paid =
      read_checkout_state(json::parse(R"({"id":"cks_1","payment_id":"pay_1","payment_status":"succeeded"})"));
  EXPECT_EQ(paid.status, ports::card_status::succeeded);
  EXPECT_EQ(paid.payment_id, "pay_1");
}

TEST(Messages, a_part_of_the_money_is_neither_success_nor_under_way) {
  for (const auto* word : {"partially_captured", "partially_captured_and_capturable"}) {
    const auto seen = read_checkout_state(
        json::parse(std::string(R"({"id":"cks_1","payment_id":"pay_1","payment_status":")") + word + "\"}"));
    EXPECT_EQ(seen.status, ports::card_status::partial) << word;
  }
}

// ---- webhooks

ports::card_notice notice(const std::string& type) {
  return read_notice("msg_1", R"({"type":")" + type + R"(","data":{"payment_id":"pay_1","refund_id":"ref_1"}})");
}

TEST(Messages, a_webhooks_type_must_match_exactly) {
  for (const auto* type : {"payment.succeeded", "payment.failed", "payment.processing", "payment.cancelled"}) {
    EXPECT_EQ(notice(type).what, about::payment) << type;
    EXPECT_EQ(notice(type).payment_id, "pay_1");
    EXPECT_EQ(notice(type).refund_id, "");
  }
  for (const auto* type : {"dispute.opened", "dispute.cancelled", "dispute.payment.failed"}) {
    EXPECT_EQ(notice(type).what, about::dispute) << type;
    EXPECT_EQ(notice(type).payment_id, "pay_1");
  }
  for (const auto* type : {"refund.succeeded", "refund.failed"}) {
    EXPECT_EQ(notice(type).what, about::refund) << type;
    EXPECT_EQ(notice(type).refund_id, "ref_1");
  }
  for (const auto* type :
       {"disputes", "dispute", "a.dispute.opened", "payment.succeeded.x", "xpayment.succeeded", "Payment.succeeded",
        "payment.succeeded.", "payment", "refund.pending", "subscription.active"}) {
    EXPECT_EQ(notice(type).what, about::other) << type;
    EXPECT_EQ(notice(type).type, type);
  }
}

TEST(Messages, a_webhook_without_what_it_is_about_is_refused) {
  for (const auto* body :
       {"", "null", "[]", "{", R"({"type":1})", R"({"type":""})", R"({"type":"a b"})", R"({"type":"a\u0000"})",
        R"({"type":"payment.failed"})", R"({"type":"payment.failed","data":{}})",
        R"({"type":"payment.failed","data":{"payment_id":"../refunds"}})",
        R"({"type":"payment.failed","data":{"payment_id":"pay_1\u0000"}})",
        R"({"type":"refund.failed","data":{"payment_id":"pay_1"}})", R"({"type":"payment.failed","data":[]} x)"}) {
    EXPECT_THROW(read_notice("msg_1", body), ports::card_forgery) << body;
  }
  const std::string deep = std::string(100'000, '[');
  EXPECT_THROW(read_notice("msg_1", deep), ports::card_forgery);
}

// ---- errors

std::optional<why> refusal_of(int status, const std::string& code) {
  try {
    throw_refusal(status, R"({"code":")" + code + R"(","message":"words"})");
  } catch (const ports::card_refused& refused) {
    EXPECT_THAT(refused.what(), HasSubstr(code));
    return refused.kind();
  } catch (const rt::unavailable&) {
    return {};
  }
}

TEST(Refusals, a_code_says_why_whatever_its_status) {
  for (const int status : {400, 409, 422}) {
    EXPECT_EQ(refusal_of(status, "PAYMENT_ALREADY_REFUNDED"), why::already_refunded);
    EXPECT_EQ(refusal_of(status, "REFUND_WINDOW_EXPIRED"), why::too_late);
    EXPECT_EQ(refusal_of(status, "REQUEST_AMOUNT_BELOW_MINIMUM"), why::amount);
    EXPECT_EQ(refusal_of(status, "REFUND_AMOUNT_EXCEEDS_PAID_AMOUNT"), why::amount);
    EXPECT_EQ(refusal_of(status, "PAY_AS_YOU_WANT_AMOUNT_REQUIRED"), why::amount);
    EXPECT_EQ(refusal_of(status, "INVALID_REQUEST_BODY"), why::other);
    EXPECT_EQ(refusal_of(status, "NEVER_HEARD_OF"), why::other);
  }
  EXPECT_EQ(refusal_of(404, "NOT_FOUND"), why::unknown);
}

TEST(Refusals, what_is_no_certain_no_leaves_everything_open) {
  for (const int status : {408, 425, 429, 500, 502, 503, 504, 301, 204}) {
    EXPECT_EQ(refusal_of(status, "PAYMENT_ALREADY_REFUNDED"), std::nullopt) << status;
  }
  // A proxy on the way knows nothing of payments.
  for (const auto* body : {"", "<html>not found</html>", "{}", R"({"code":404})"}) {
    for (const int status : {400, 404, 409, 422}) EXPECT_THROW(throw_refusal(status, body), rt::unavailable) << body;
  }
}

TEST(Refusals, a_key_that_is_not_accepted_is_told_apart) {
  EXPECT_THROW(throw_refusal(401, R"({"code":"UNAUTHORIZED","message":"words"})"), key_refused);
  EXPECT_THROW(throw_refusal(403, ""), key_refused);
}

// ---- the product

std::string what_to_change(std::string_view price, const char* currency = "INR") {
  const auto answer = json::parse(std::string(R"({"price":)") + std::string(price) + "}");
  return unfit(read_product(answer), "pdt_1", currency, money{100}).value_or("");
}

TEST(Product, one_at_which_every_amount_can_be_paid_is_fit) {
  EXPECT_EQ(
      what_to_change(
          R"({"type":"one_time_price","currency":"INR","price":100,"pay_what_you_want":true,"tax_inclusive":true})"),
      "");
}

TEST(Product, another_is_told_with_what_has_to_be_changed) {
  EXPECT_THAT(what_to_change(R"({"type":"recurring_price","currency":"INR","price":100})"),
              HasSubstr("one-time price"));
  EXPECT_THAT(what_to_change(R"({"type":"one_time_price","currency":"INR","price":100,"tax_inclusive":true})"),
              HasSubstr("pay what you want"));
  EXPECT_THAT(
      what_to_change(
          R"({"type":"one_time_price","currency":"USD","price":100,"pay_what_you_want":true,"tax_inclusive":true})"),
      HasSubstr("in USD, but this platform in INR"));
  EXPECT_THAT(
      what_to_change(
          R"({"type":"one_time_price","currency":"INR","price":101,"pay_what_you_want":true,"tax_inclusive":true})"),
      HasSubstr("costs at least 1.01, but amounts from 1.00 on must be payable"));
  EXPECT_THAT(
      what_to_change(
          R"({"type":"one_time_price","currency":"INR","price":100,"pay_what_you_want":true,"tax_inclusive":false})"),
      HasSubstr("make the price include them"));
}

}  // namespace
}  // namespace ticketshow::card_dodo
