#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/payment/tests/counter.hpp"

/// How pages end that nobody pays, and how many there may be.
namespace ticketshow::payment::testing {
namespace {

using namespace std::chrono_literals;
using enum booking::booking_status;

constexpr std::int64_t ann = 1;

// ---- from the card to the wallet

TEST(pages, a_page_stays_open_when_the_wallet_cannot_pay_in_its_place) {
  counter c(counter::lively());
  const auto id = c.book(ann, PENDING, money{100'00});
  const auto url = url_of(c.pay_by_card(ann, id));
  EXPECT_EQ(outcome_of(c.pay(ann, id)), "INSUFFICIENT_FUNDS");
  EXPECT_EQ(url_of(c.ask(ann, get_booking_payment{id})), url);
  ASSERT_TRUE(c.tell(c.cards.pay(url)));
  c.wait_for(id, "COMPLETED");
  EXPECT_EQ(c.accounts.balances[ann], 100'00);
}

}  // namespace
}  // namespace ticketshow::payment::testing
