#include "app/card_gateway.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ticketshow::app {
namespace {

using ::testing::HasSubstr;

using given = std::map<std::string, std::string>;

const given whole{{"cards.adapter", "dodo"},
                  {"dodo.api_key", "sk_1"},
                  {"dodo.webhook_secrets", "whsec_dGhlIG90aGVyIHNlY3JldCBvZiB0aGlzIHRlc3Q="},
                  {"dodo.product_id", "pdt_1"}};

std::string refusal_of(const given& flags, bool production = false) {
  rt::asio::io_context context;
  const auto configured = settings::load("", flags);
  try {
    make_card_gateway(context.get_executor(), configured);
    if (production) refuse_card_tryouts(configured);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

given changed(const std::string& key, const std::string& value) {
  auto flags = whole;
  flags[key] = value;
  return flags;
}

TEST(CardGateway, cards_are_taken_only_when_the_settings_say_by_whom) {
  rt::asio::io_context context;
  EXPECT_EQ(make_card_gateway(context.get_executor(), settings::load("", {})), nullptr);
  EXPECT_NE(make_card_gateway(context.get_executor(), settings::load("", whole)), nullptr);
  EXPECT_THAT(refusal_of({{"cards.adapter", "visa"}}), HasSubstr("none or dodo"));
}

TEST(CardGateway, a_setting_that_is_missing_or_makes_no_sense_is_named) {
  for (const auto* key : {"dodo.api_key", "dodo.webhook_secrets", "dodo.product_id"}) {
    EXPECT_THAT(refusal_of(changed(key, "")), HasSubstr(key));
  }
  EXPECT_THAT(refusal_of(changed("dodo.least_amount", "0")), HasSubstr("dodo.least_amount"));
  EXPECT_THAT(refusal_of(changed("currency", "JPY")), HasSubstr("JPY"));
}

TEST(CardGateway, production_takes_real_money_over_tls) {
  EXPECT_THAT(refusal_of(whole, true), HasSubstr("no money moves"));
  EXPECT_THAT(refusal_of(changed("dodo.url", "http://live.dodopayments.com"), true), HasSubstr("https://"));
  auto live = changed("dodo.url", "https://live.dodopayments.com");
  live["web.public_url"] = "https://cinema.example";
  EXPECT_EQ(refusal_of(live, true), "");
  EXPECT_EQ(refusal_of({}, true), "");
}

TEST(CardGateway, in_production_who_paid_comes_back_to_an_address_of_the_platform) {
  auto live = changed("dodo.url", "https://live.dodopayments.com");
  EXPECT_THAT(refusal_of(live, true), HasSubstr("web.public_url"));
  live["web.public_url"] = "http://cinema.example";
  EXPECT_THAT(refusal_of(live, true), HasSubstr("web.public_url"));
}

}  // namespace
}  // namespace ticketshow::app
