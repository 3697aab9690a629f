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

// ---- pages that cannot be opened

/// Payments whose time passes: they are due, and `age` old. Those at which somebody works are left as they are.
void let_pass(const counter& c, const std::string& age = "0 s") {
  c.sql("UPDATE payment.payment SET next_attempt_at = now(), lease_until = now(), created_at = now() - interval '" +
        age + "' WHERE id IN (SELECT id FROM payment.payment FOR UPDATE SKIP LOCKED)");
}

TEST(pages, a_hold_that_ends_while_the_provider_is_away_ends_the_payment_which_says_why) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  c.cards.plan = [] { return mishap::before; };
  const auto begun = c.pay_by_card(ann, id);
  EXPECT_EQ(outcome_of(begun), "PENDING");
  EXPECT_FALSE(begun->checkout_url);
  c.booked(id).shown.status = EXPIRED;
  c.wait_until([&] {
    let_pass(c);
    return c.status_of(id) == "FAILED";
  });
  EXPECT_EQ(c.ask(ann, get_payment{begun->id})->failure_reason,
            "The hold of the seats ended before the card provider opened its page.");
  c.wait_until([&] { return c.bus.of<booking_failed>().size() == 1; });
  EXPECT_EQ(c.bus.of<booking_failed>()[0].reason_code, "HOLD_EXPIRED");
}

TEST(pages, no_page_is_opened_for_a_booking_that_was_cancelled_or_paid_meanwhile) {
  for (const auto [status, code] : {std::pair(CANCELLED, "BOOKING_CANCELLED"), std::pair(CONFIRMED, "ALREADY_PAID"),
                                    std::pair(FAILED, "BOOKING_FAILED")}) {
    counter c(counter::lively());
    const auto id = c.book(ann);
    c.cards.plan = [] { return mishap::before; };
    const auto begun = c.pay_by_card(ann, id);
    c.cards.plan = {};
    c.booked(id).shown.status = status;
    c.wait_until([&] {
      let_pass(c);
      return c.status_of(id) == "FAILED";
    });
    EXPECT_EQ(c.sql("SELECT failure_code FROM payment.payment"), code);
    EXPECT_TRUE(c.cards.pages.empty());
  }
}

TEST(pages, while_the_provider_may_still_answer_no_other_process_opens_the_page_too) {
  auto settings = counter::lively();
  settings.card_call_time_s = 60;
  counter c(settings);
  const auto id = c.book(ann);
  std::vector<std::string> enough;  // is left of the lease, at each call for the payment
  c.cards.plan = [&] {
    const auto rows = c.rows(
        {"SELECT lease_until > now() + interval '60 s' AND next_attempt_at >= lease_until FROM payment.payment"});
    if (rows.empty()) return mishap::none;
    enough.push_back(rows.front());
    return enough.size() < 2 ? mishap::before : mishap::none;
  };
  std::ignore = c.pay_by_card(ann, id);
  c.wait_until([&] { return !c.cards.pages.empty(); });
  EXPECT_EQ(enough, (std::vector<std::string>{"t", "t"})) << "the first run, and one that was taken up";
  c.cards.plan = {};
}

TEST(pages, a_hold_that_ends_in_the_midst_of_a_request_is_its_answer) {
  counter c;
  const auto id = c.book(ann);
  c.booked(id).shown.expires_at = c.clock.now() + 61s;
  c.bookings.plan = [&, asked = 0]() mutable {
    if (++asked == 2) c.booked(id).shown.expires_at = c.clock.now() + 59s;
    return mishap::none;
  };
  const auto refused = c.pay_by_card(ann, id);
  EXPECT_EQ(outcome_of(refused), "BOOKING_NOT_PAYABLE");
  EXPECT_THAT(refused.error().detail, ::testing::HasSubstr("before the card provider opened its page"));
  EXPECT_TRUE(c.cards.pages.empty());
}

TEST(pages, a_top_up_whose_page_cannot_be_opened_fails_after_a_quarter_of_an_hour) {
  counter c(counter::lively());
  c.accounts.balances[ann] = 0;
  c.cards.plan = [] { return mishap::before; };
  const auto begun = c.ask(ann, top_up{.amount = {500'00}, .idempotency_key = "k"});
  EXPECT_FALSE(begun->checkout_url);
  c.wait_until([&] {
    let_pass(c, "14 min");
    return c.sql("SELECT failures > 2 FROM payment.payment") == "t";
  });
  EXPECT_EQ(c.ask(ann, get_top_up{begun->id})->status, payment_status::PENDING);
  c.wait_until([&] {
    let_pass(c, "15 min");
    return c.ask(ann, get_top_up{begun->id})->status == payment_status::FAILED;
  });
  EXPECT_EQ(c.ask(ann, get_top_up{begun->id})->failure_reason,
            "The card provider could not be reached; nothing was charged.");
}

TEST(pages, what_was_begun_by_card_ends_where_cards_are_taken_no_more) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  c.cards.plan = [] { return mishap::before; };
  EXPECT_EQ(outcome_of(c.pay_by_card(ann, id)), "PENDING");
  c.takes_cards(false);
  c.restart(counter::lively());
  c.wait_for(id, "FAILED");
}

// ---- how many there may be

constexpr std::int64_t bob = 2;

options limited(page_limits allowed) {
  auto settings = counter::quiet();
  settings.pages = allowed;
  return settings;
}

TEST(pages, a_start_without_cards_says_what_they_are_still_needed_for) {
  auto settings = counter::quiet();
  settings.gauge_pause_ms = 20;
  counter c(settings);
  const auto restarted = [&] {
    c.takes_cards(false);
    ::testing::internal::CaptureStderr();
    c.restart(settings);
    const auto passes = rt::steady_clock::now() + 300ms;
    c.wait_until([&] { return rt::steady_clock::now() > passes; });
    return ::testing::internal::GetCapturedStderr();
  };
  EXPECT_FALSE(restarted().contains("cards.adapter")) << "there is nothing";
  c.takes_cards(true);
  c.restart(settings);
  std::ignore = url_of(c.pay_by_card(ann, c.book(ann)));
  const auto told = restarted();
  const auto first = told.find("cards.adapter");
  ASSERT_NE(first, std::string::npos) << told;
  EXPECT_EQ(told.find("cards.adapter", first + 1), std::string::npos) << "once: " << told;
  EXPECT_TRUE(told.contains("\"pages\":1")) << told;
}

TEST(pages, an_account_opens_only_so_many_within_an_hour_and_hears_how_long_to_wait) {
  counter c(limited({.in_an_hour = 2, .unpaid_top_ups = 2}));
  const auto first = c.book(ann);
  EXPECT_EQ(outcome_of(c.pay_by_card(ann, first)), "PENDING");
  EXPECT_EQ(outcome_of(c.pay(ann, first)), "COMPLETED") << "a page that was given up counts all the same";
  const auto second = c.book(ann);
  const auto url = url_of(c.pay_by_card(ann, second));
  const auto third = c.book(ann);
  const auto refused = c.pay_by_card(ann, third);
  EXPECT_EQ(outcome_of(refused), "TOO_MANY_REQUESTS");
  EXPECT_NEAR(refused.error().retry_after_s, 3600, 30);
  EXPECT_THAT(refused.error().detail,
              ::testing::HasSubstr("2 payments by card within an hour. Please wait for 60 min"));
  EXPECT_EQ(outcome_code(c.ask(ann, top_up{.amount = {500'00}, .idempotency_key = "k"})), "TOO_MANY_REQUESTS");
  EXPECT_EQ(url_of(c.pay_by_card(ann, second)), url) << "to ask for it again is no other page";
  EXPECT_EQ(outcome_of(c.pay(ann, third)), "COMPLETED") << "of the wallet there is enough for all";
  EXPECT_EQ(outcome_of(c.pay_by_card(bob, c.book(bob))), "PENDING");

  c.sql("UPDATE payment.payment SET created_at = created_at - interval '59 minutes 50 seconds' WHERE id = 1");
  const auto soon = c.pay_by_card(ann, c.book(ann));
  EXPECT_NEAR(soon.error().retry_after_s, 5, 5);
  c.sql("UPDATE payment.payment SET created_at = created_at - interval '10 seconds' WHERE id = 1");
  EXPECT_EQ(outcome_of(c.pay_by_card(ann, c.book(ann))), "PENDING");
}

TEST(pages, top_ups_that_nobody_pays_are_few) {
  counter c(limited({.in_an_hour = 20, .unpaid_top_ups = 2}));
  c.accounts.balances[ann] = 0;
  const auto fill = [&](std::string key) {
    return c.ask(ann, top_up{.amount = {500'00}, .idempotency_key = std::move(key)});
  };
  const auto first = fill("1");
  EXPECT_EQ(outcome_code(fill("2")), "OK");
  EXPECT_EQ(outcome_code(fill("3")), "TOO_MANY_REQUESTS");
  EXPECT_EQ(fill("1")->checkout_url, first->checkout_url);
  EXPECT_EQ(outcome_of(c.pay_by_card(ann, c.book(ann))), "PENDING");
  c.sql("UPDATE payment.payment SET step = 'FAILED', failure_code = 'TEST' WHERE id = 1");
  EXPECT_EQ(outcome_code(fill("3")), "OK") << "what was refused is no wish, and its key is free";
}

TEST(pages, those_asked_for_in_parallel_are_counted_one_after_the_other) {
  counter c(limited({.in_an_hour = 5, .unpaid_top_ups = 100}));
  c.accounts.balances[ann] = 0;
  std::vector<rt::task<contract::result<top_up_view>>> wishes;
  for (int i = 0; i < 40; ++i) {
    wishes.push_back(
        c.payments().handle(counter::call_of(ann), top_up{.amount = {500'00}, .idempotency_key = std::to_string(i)}));
  }
  const auto answers = c.run_all(std::move(wishes));
  EXPECT_EQ(std::ranges::count(answers, "OK", outcome_code<top_up_view>), 5);
  // More may have been opened at the provider, of which nobody has the address: a second run at the start does no harm.
  EXPECT_EQ(c.sql("SELECT count(*) FROM payment.checkout"), "5");
}

}  // namespace
}  // namespace ticketshow::payment::testing
