#include <gtest/gtest.h>

#include "services/payment/reconciler.hpp"
#include "services/payment/tests/counter.hpp"
#include "tests/support/code_of.hpp"

namespace ticketshow::payment::testing {
namespace {

using namespace std::chrono_literals;
using refund_status = ports::card_refund::status;

constexpr std::int64_t ann = 1;

TEST(card_refunds, a_cancelled_booking_is_refunded_to_its_card_when_the_provider_says_so) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto paid = c.cards.pay(url_of(c.pay_by_card(ann, id)));
  ASSERT_TRUE(c.tell(paid));
  c.wait_for(id, "COMPLETED");
  c.cards.refund_outcome = [] { return refund_status::pending; };
  c.cancel(id);
  c.wait_until([&] { return c.sql("SELECT state FROM payment.card_refund") == "PENDING"; });
  EXPECT_EQ(c.status_of(id), "REFUND_INITIATED");
  EXPECT_TRUE(c.bus.of<refund_completed>().empty());

  auto& refund = c.cards.payments.at(paid).refunds.at(0);
  refund.state = refund_status::succeeded;
  ASSERT_TRUE(c.tell(refund.id, "refund.succeeded"));
  c.wait_for(id, "REFUNDED");
  c.wait_until([&] { return c.bus.of<refund_completed>().size() == 1; });
  EXPECT_EQ(c.bus.of<refund_completed>()[0].refund_id, refund.id);
}

TEST(card_refunds, defect_14_a_refund_whose_answer_was_lost_is_found_before_anything_is_sent_again) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto paid = c.cards.pay(url_of(c.pay_by_card(ann, id)));
  ASSERT_TRUE(c.tell(paid));
  c.wait_for(id, "COMPLETED");
  c.cards.plan = [&, lost = false]() mutable {  // of the refund alone: a look that is lost too costs seconds
    return c.cards.refunds_asked == 1 && !std::exchange(lost, true) ? mishap::after : mishap::none;
  };
  c.cancel(id);
  c.wait_for(id, "REFUNDED");
  EXPECT_EQ(c.cards.refunds_asked, 1);
}

TEST(card_refunds, a_refund_that_never_arrived_is_sent_again_under_its_reference) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto paid = c.cards.pay(url_of(c.pay_by_card(ann, id)));
  ASSERT_TRUE(c.tell(paid));
  c.wait_for(id, "COMPLETED");
  c.cards.plan = [&, lost = false]() mutable {
    return c.cards.refunds_asked == 1 && !std::exchange(lost, true) ? mishap::before : mishap::none;
  };
  c.cancel(id);
  c.wait_for(id, "REFUNDED");
  EXPECT_EQ(c.cards.refunds_asked, 2);
  EXPECT_EQ(c.sql("SELECT count(*) FROM payment.card_refund"), "1");
}

TEST(card_refunds, a_failed_refund_is_sent_anew_some_times_and_then_shown_to_an_operator_who_may_try_again) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto paid = c.cards.pay(url_of(c.pay_by_card(ann, id)));
  ASSERT_TRUE(c.tell(paid));
  c.wait_for(id, "COMPLETED");
  c.cards.refund_outcome = [] { return refund_status::failed; };
  c.cancel(id);
  c.wait_until([&] { return c.captures() == "STUCK BOOKING_CANCELLED"; });
  EXPECT_EQ(c.cards.refunds_asked, 5);
  EXPECT_EQ(c.sql("SELECT count(DISTINCT reference) FROM payment.card_refund"), "5") << "the failed ones are final";
  EXPECT_EQ(c.status_of(id), "REFUND_INITIATED");

  const auto failed = c.ask(ann, list_failed_refunds{}).value();
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed[0].booking_id, id);
  EXPECT_EQ(failed[0].provider_payment_id, paid);
  EXPECT_EQ(failed[0].amount, money{350'00});
  EXPECT_EQ(failed[0].code, "BOOKING_CANCELLED");
  EXPECT_EQ(failed[0].attempts, 5);
  EXPECT_TRUE(failed[0].can_be_retried);
  const retry_failed_refund unknown{failed[0].id + 1};
  EXPECT_EQ(test::code_of(c.ask(ann, unknown)), "FAILED_REFUND_NOT_FOUND");

  c.cards.refund_outcome = {};
  const retry_failed_refund again{failed[0].id};
  EXPECT_EQ(test::code_of(c.ask(ann, again)), "OK");
  EXPECT_EQ(test::code_of(c.ask(ann, again)), "FAILED_REFUND_NOT_FOUND") << "it is under way";
  EXPECT_TRUE(c.ask(ann, list_failed_refunds{}).value().empty());
  c.wait_for(id, "REFUNDED");
  EXPECT_EQ(c.cards.sent_back(paid), 1);
}

TEST(card_refunds, what_somebody_else_sent_back_is_not_sent_again) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto paid = c.cards.pay(url_of(c.pay_by_card(ann, id)));
  ASSERT_TRUE(c.tell(paid));
  c.wait_for(id, "COMPLETED");
  c.cards.payments.at(paid).refunds.push_back({.id = "ref_by_hand",
                                               .payment_id = paid,
                                               .reference = {},
                                               .state = refund_status::succeeded,
                                               .amount = money{350'00},
                                               .reason = {}});
  c.cancel(id);
  c.wait_for(id, "REFUNDED");
  EXPECT_EQ(c.sql("SELECT provider_refund_id FROM payment.card_refund"), "ref_by_hand");
}

TEST(card_refunds, what_somebody_else_sent_back_while_the_booking_stands_is_told_once_and_shown_to_an_operator) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto begun = c.pay_by_card(ann, id);
  const auto paid = c.cards.pay(url_of(begun));
  ASSERT_TRUE(c.tell(paid));
  c.wait_for(id, "COMPLETED");
  const auto handled = [&](const std::string& about) {
    ASSERT_TRUE(c.tell(about, "refund.succeeded"));
    c.wait_until([&] { return c.sql("SELECT count(*) FROM payment.notice WHERE handled_at IS NULL") == "0"; });
  };
  auto& refunds = c.cards.payments.at(paid).refunds;
  refunds.push_back({.id = "ref_part",
                     .payment_id = paid,
                     .reference = {},
                     .state = refund_status::succeeded,
                     .amount = money{50'00},
                     .partial = true,
                     .reason = {}});
  handled("ref_part");
  EXPECT_TRUE(c.ask(ann, list_failed_refunds{}).value().empty()) << "a part is between the house and its customer";
  refunds.push_back({.id = "ref_by_hand",
                     .payment_id = paid,
                     .reference = {},
                     .state = refund_status::succeeded,
                     .amount = money{350'00},
                     .reason = {}});
  ::testing::internal::CaptureStderr();
  handled("ref_by_hand");
  handled("ref_by_hand");
  const auto told = ::testing::internal::GetCapturedStderr();
  const auto first = told.find("booking that stands");
  ASSERT_NE(first, std::string::npos) << told;
  EXPECT_EQ(told.find("booking that stands", first + 1), std::string::npos) << told;
  EXPECT_EQ(c.status_of(id), "COMPLETED");
  const auto shown = c.ask(ann, list_failed_refunds{}).value();
  ASSERT_EQ(shown.size(), 1U);
  EXPECT_EQ(shown[0].code, "REFUNDED_OUTSIDE");
  EXPECT_EQ(shown[0].payment_id, begun->id);
  EXPECT_FALSE(shown[0].can_be_retried);

  c.cancel(id);
  c.wait_for(id, "REFUNDED");
  EXPECT_EQ(c.cards.sent_back(paid), 2) << "nothing by us";
  EXPECT_TRUE(c.ask(ann, list_failed_refunds{}).value().empty());
}

TEST(card_refunds, of_all_who_see_that_a_refund_did_not_arrive_one_sends_it_again) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  ASSERT_TRUE(c.tell(c.cards.pay(url_of(c.pay_by_card(ann, id)))));
  c.wait_for(id, "COMPLETED");
  c.cards.plan = [] { return mishap::before; };
  c.cancel(id);
  c.wait_until([&] { return c.sql("SELECT state FROM payment.card_refund") == "SENDING"; });
  c.restart(counter::quiet());
  const auto attempt = std::stoll(c.sql("SELECT id FROM payment.card_refund"));
  pg::pool database(c.io.get_executor(),
                    {.name = "payment", .conninfo = c.database.service("payment"), .max_connections = 4});
  c.run(database.start());
  card_refund_store rows(database, 0s);
  const auto sent = [&](std::chrono::seconds doubt) {
    std::vector<rt::task<bool>> work;
    for (int i = 0; i < 4; ++i) work.push_back(rows.send_again(rt::deadline::after(5s), attempt, doubt));
    const auto all = c.run_all(std::move(work));
    return std::ranges::count(all, true);
  };
  c.sql("UPDATE payment.card_refund SET sent_at = now() - interval '50 seconds'");
  EXPECT_EQ(sent(60s), 0) << "it may still take effect";
  EXPECT_EQ(sent(40s), 1);
  c.run(database.stop(rt::deadline::after(5s)));
}

TEST(card_refunds, one_that_gets_nowhere_is_shown_to_an_operator_and_goes_on) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto paid = c.cards.pay(url_of(c.pay_by_card(ann, id)));
  ASSERT_TRUE(c.tell(paid));
  c.wait_for(id, "COMPLETED");
  pg::pool database(c.io.get_executor(),
                    {.name = "payment", .conninfo = c.database.service("payment"), .max_connections = 1});
  c.run(database.start());
  c.cards.plan = [] { return mishap::before; };
  c.cancel(id);
  EXPECT_TRUE(c.run(list_owed_refunds(database, false)).empty());
  const auto hurry = [&] {
    c.sql(
        "UPDATE payment.capture SET next_attempt_at = now() WHERE id IN "
        "(SELECT id FROM payment.capture WHERE state = 'OWED' FOR UPDATE SKIP LOCKED)");
  };
  c.wait_until([&] {
    hurry();
    return c.run(list_owed_refunds(database, false)).size() == 1;
  });
  EXPECT_EQ(c.run(list_owed_refunds(database, false)).front().words, "the card house is away");
  c.cards.plan = {};
  c.wait_until([&] {
    hurry();
    return c.status_of(id) == "REFUNDED";
  });
  EXPECT_EQ(c.cards.sent_back(paid), 1);
  EXPECT_TRUE(c.run(list_owed_refunds(database, false)).empty());
  c.run(database.stop(rt::deadline::after(5s)));
}

TEST(card_refunds, one_that_the_limit_of_calls_leaves_no_time_for_is_neither_doubtful_nor_tried) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto paid = c.cards.pay(url_of(c.pay_by_card(ann, id)));
  ASSERT_TRUE(c.tell(paid));
  c.wait_for(id, "COMPLETED");
  c.cards.plan = [] { return mishap::unsent; };
  ::testing::internal::CaptureStderr();
  c.cancel(id);
  const auto hurry = [&] {
    c.sql(
        "UPDATE payment.capture SET next_attempt_at = now() WHERE state = 'OWED' AND next_attempt_at > now() + "
        "interval '5 seconds'");
  };
  const auto calls = c.cards.calls;
  c.wait_until([&] {
    hurry();
    return c.cards.calls >= calls + 2 * rules::troubled_after;
  });
  c.wait_until([&] { return c.sql("SELECT failures FROM payment.capture") == "0"; });
  EXPECT_EQ(c.sql("SELECT errors FROM payment.capture"), "0");
  EXPECT_EQ(c.sql("SELECT count(*) FROM payment.card_refund"), "1");
  const auto told = ::testing::internal::GetCapturedStderr();
  EXPECT_FALSE(told.contains("is not known")) << told;
  EXPECT_TRUE(c.ask(ann, list_failed_refunds{}).value().empty());
  c.cards.plan = {};
  c.wait_until([&] {
    hurry();
    return c.status_of(id) == "REFUNDED";
  });
  EXPECT_EQ(c.cards.sent_back(paid), 1);
}

/// A cancelled booking paid by card whose first refund failed. Its provider's payment.
std::string with_failed_refund(counter& c, std::int64_t id) {
  auto paid = c.cards.pay(url_of(c.pay_by_card(ann, id)));
  EXPECT_TRUE(c.tell(paid));
  c.wait_for(id, "COMPLETED");
  c.cards.refund_outcome = [] { return refund_status::failed; };
  c.cancel(id);
  return paid;
}

std::string attempts_in(const counter& c) {
  return c.sql("SELECT string_agg(state::text, ', ' ORDER BY attempt) FROM payment.card_refund");
}

TEST(card_refunds, one_that_failed_and_succeeded_after_all_ends_what_was_about_to_be_sent_next) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  c.cards.plan = [&] { return c.cards.refunds_asked >= 2 ? mishap::before : mishap::none; };
  const auto paid = with_failed_refund(c, id);
  c.wait_until([&] { return attempts_in(c) == "FAILED, SENDING" && c.cards.refunds_asked == 2; });
  auto& first = c.cards.payments.at(paid).refunds.at(0);
  first.state = refund_status::succeeded;
  c.cards.plan = {};
  ASSERT_TRUE(c.tell(first.id, "refund.succeeded"));
  c.wait_for(id, "REFUNDED");
  EXPECT_EQ(attempts_in(c), "SUCCEEDED, FAILED");
  EXPECT_EQ(c.captures(), "RETURNED BOOKING_CANCELLED");
  EXPECT_EQ(c.cards.sent_back(paid), 1);
  c.wait_until([&] { return c.bus.of<refund_completed>().size() == 1; });
  EXPECT_EQ(c.bus.of<refund_completed>()[0].refund_id, first.id);
}

TEST(card_refunds, one_that_failed_and_succeeded_unheard_is_found_when_the_next_is_refused) {
  auto settings = counter::lively();
  settings.card_retry_s = 3600;
  counter c(settings);
  const auto id = c.book(ann);
  const auto paid = with_failed_refund(c, id);
  c.wait_until([&] { return attempts_in(c) == "FAILED"; });
  c.cards.payments.at(paid).refunds.at(0).state = refund_status::succeeded;
  c.sql("UPDATE payment.capture SET next_attempt_at = now()");
  c.wait_for(id, "REFUNDED");
  EXPECT_EQ(attempts_in(c), "SUCCEEDED, FAILED");
  EXPECT_EQ(c.captures(), "RETURNED BOOKING_CANCELLED");
}

TEST(card_refunds, one_that_succeeded_after_all_needs_no_operator) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto paid = with_failed_refund(c, id);
  c.wait_until([&] { return c.captures() == "STUCK BOOKING_CANCELLED"; });
  auto& third = c.cards.payments.at(paid).refunds.at(2);
  third.state = refund_status::succeeded;
  ASSERT_TRUE(c.tell(third.id, "refund.succeeded"));
  c.wait_for(id, "REFUNDED");
  EXPECT_EQ(attempts_in(c), "FAILED, FAILED, SUCCEEDED, FAILED, FAILED");
  ASSERT_TRUE(c.tell(third.id, "refund.succeeded"));
  c.wait_until([&] { return c.sql("SELECT count(*) FROM payment.notice WHERE handled_at IS NULL") == "0"; });
  EXPECT_EQ(c.bus.of<refund_completed>().size(), 1U);
}

TEST(card_refunds, a_dispute_is_told_to_operators_with_the_payment_and_kept_for_them) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto begun = c.pay_by_card(ann, id);
  const auto paid = c.cards.pay(url_of(begun));
  ASSERT_TRUE(c.tell(paid));
  c.wait_for(id, "COMPLETED");
  ASSERT_TRUE(c.tell(paid, "dispute.opened"));
  c.wait_until([&] { return c.sql("SELECT outcome FROM payment.notice WHERE about = 'dispute'") != ""; });
  pg::pool database(c.io.get_executor(),
                    {.name = "payment", .conninfo = c.database.service("payment"), .max_connections = 1});
  c.run(database.start());
  c.sql("UPDATE payment.notice SET received_at = now() - interval '30 days'");
  notice_store rows(database);
  c.run(rows.forget(rt::deadline::after(5s), 24h));
  EXPECT_EQ(c.sql("SELECT count(*) FROM payment.notice"), "1") << "other messages are forgotten";
  const auto disputes = c.run(list_disputes(database));
  ASSERT_EQ(disputes.size(), 1U);
  EXPECT_EQ(disputes[0].type, "dispute.opened");
  EXPECT_EQ(disputes[0].payment_id, begun->id);
  EXPECT_EQ(c.status_of(id), "COMPLETED");
  c.run(database.stop(rt::deadline::after(5s)));
}

}  // namespace
}  // namespace ticketshow::payment::testing
