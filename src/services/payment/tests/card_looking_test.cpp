#include <functional>

#include <gtest/gtest.h>

#include "services/payment/charge_store.hpp"
#include "services/payment/reconciler.hpp"
#include "services/payment/tests/counter.hpp"

namespace ticketshow::payment::testing {
namespace {

using namespace std::chrono_literals;
using enum booking::booking_status;
using ports::card_status;

constexpr std::int64_t ann = 1;

/// Lets every page that is still looked at be due, again and again: a look under way sets the next one when it ends.
void look_until(counter& c, const std::function<bool()>& done) {
  c.wait_until([&] {
    c.sql("UPDATE payment.checkout SET next_look_at = now() WHERE next_look_at > now()");
    return done();
  });
}

TEST(cards_looking, a_lost_message_is_made_up_for_by_looking_at_the_page) {
  auto settings = counter::lively();
  settings.card_watch_ms = 20;
  counter c(settings);
  const auto id = c.book(ann);
  c.cards.pay(url_of(c.pay_by_card(ann, id)));
  look_until(c, [&] { return c.status_of(id) == "COMPLETED"; });
}

TEST(cards_looking, who_pays_twice_on_one_page_unheard_is_charged_once) {
  auto settings = counter::lively();
  settings.card_watch_ms = 20;
  settings.card_list_ms = 50;
  counter c(settings);
  const auto id = c.book(ann);
  const auto url = url_of(c.pay_by_card(ann, id));
  std::vector<std::string> paid;
  for (int i = 0; i < 5; ++i) paid.push_back(c.cards.pay(url));  // more than one part of the list
  look_until(c, [&] { return c.status_of(id) == "COMPLETED"; });
  c.wait_until([&] { return c.sql("SELECT count(*) FROM payment.capture WHERE state = 'RETURNED'") == "4"; });
  const auto kept = c.ask(ann, get_booking_payment{id})->transaction_id;
  for (const auto& each : paid) EXPECT_EQ(c.cards.sent_back(each), each == kept ? 0 : 1) << each;
}

TEST(cards_looking, what_no_page_shows_any_more_is_found_in_the_list_from_where_it_was_read_to) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto url = url_of(c.pay_by_card(ann, id));
  const auto hidden = c.cards.attempt(url, card_status::succeeded);
  c.cards.attempt(url, card_status::failed);  // the latest
  c.sql("UPDATE payment.checkout SET next_look_at = NULL");
  c.sql("UPDATE payment.sweep SET read_until = now() - interval '3 days'");
  auto settings = counter::lively();
  settings.card_list_ms = 20;
  c.restart(settings);
  c.wait_for(id, "COMPLETED");
  EXPECT_EQ(c.ask(ann, get_booking_payment{id})->transaction_id, hidden);
  c.wait_until([&] { return c.sql("SELECT read_until > now() - interval '1 minute' FROM payment.sweep") == "t"; });
}

TEST(cards_looking, reading_the_list_costs_no_call_for_what_is_known) {
  counter c(counter::lively());
  for (int i = 0; i < 2; ++i) {
    const auto id = c.book(ann);
    ASSERT_TRUE(c.tell(c.cards.pay(url_of(c.pay_by_card(ann, id)))));
    c.wait_for(id, "COMPLETED");
  }
  c.sql("UPDATE payment.sweep SET read_until = now() - interval '1 hour'");
  const auto before = c.cards.calls;
  auto settings = counter::lively();
  settings.card_list_ms = 20;
  c.restart(settings);
  c.wait_until([&] { return c.sql("SELECT read_until > now() - interval '1 minute' FROM payment.sweep") == "t"; });
  EXPECT_LE(c.cards.calls - before, 4) << "a part of the list and its end, once or twice";
}

TEST(cards_looking, the_list_is_read_by_one_process_at_a_time_and_again_after_a_failure) {
  counter c;
  c.wait_until([&] { return c.sql("SELECT next_at > now() + interval '50 minutes' FROM payment.sweep") == "t"; });
  pg::pool database(c.io.get_executor(),
                    {.name = "payment", .conninfo = c.database.service("payment"), .max_connections = 2});
  c.run(database.start());
  charge_store rows(database);
  c.sql("UPDATE payment.sweep SET read_until = now() - interval '3 days', next_at = now()");
  const auto take = [&] { return c.run(rows.take_sweep(rt::deadline::after(5s), 60s, 30min, 24h)); };
  const auto first = take();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->to - first->from, 24h + 30min);
  EXPECT_FALSE(take());
  c.run(rows.finish_sweep(rt::deadline::after(5s), {}, 1h));
  EXPECT_EQ(c.sql("SELECT read_until < now() - interval '71 hours' FROM payment.sweep"), "t");
  c.run(rows.release_sweep(rt::deadline::after(5s)));
  ASSERT_EQ(take()->from, first->from);
  c.run(rows.finish_sweep(rt::deadline::after(5s), first->to, 1h));
  EXPECT_TRUE(take()) << "two days are left";
  c.run(database.stop(rt::deadline::after(5s)));
}

TEST(cards_looking, an_attempt_under_way_is_asked_about_until_it_has_ended_though_its_page_is_over) {
  auto settings = counter::lively();
  settings.card_watch_ms = 5;
  counter c(settings);
  const auto id = c.book(ann);
  const auto url = url_of(c.pay_by_card(ann, id));
  const auto slow = c.cards.attempt(url, card_status::open);
  ASSERT_TRUE(c.tell(slow, "payment.processing"));
  c.wait_until([&] { return c.sql("SELECT state FROM payment.charge") == "OPEN"; });
  c.cards.attempt(url, card_status::failed);  // the latest
  c.sql("UPDATE payment.checkout SET opened_at = now() - interval '26 hours', next_look_at = now()");
  c.wait_for(id, "FAILED");
  c.wait_until([&] { return c.sql("SELECT next_look_at > now() FROM payment.checkout") == "t"; });
  c.cards.payments.at(slow).status = card_status::succeeded;
  look_until(c, [&] { return c.cards.sent_back(slow) == 1; });
  c.wait_until([&] { return c.sql("SELECT next_look_at IS NULL FROM payment.checkout") == "t"; });
}

TEST(cards_looking, a_payment_that_cannot_be_read_stops_no_other_and_is_asked_about_until_it_can) {
  counter c(counter::lively());
  const auto first = c.book(ann);
  c.cards.unreadable = c.cards.pay(url_of(c.pay_by_card(ann, first)));
  const auto second = c.book(ann);
  c.cards.pay(url_of(c.pay_by_card(ann, second)));
  auto settings = counter::lively();
  settings.card_list_ms = 20;
  settings.card_watch_ms = 20;
  c.restart(settings);
  c.wait_for(second, "COMPLETED");
  c.wait_until([&] { return c.sql("SELECT read_until > now() - interval '1 minute' FROM payment.sweep") == "t"; });
  EXPECT_EQ(c.status_of(first), "PENDING");
  pg::pool database(c.io.get_executor(),
                    {.name = "payment", .conninfo = c.database.service("payment"), .max_connections = 2});
  c.run(database.start());
  EXPECT_FALSE(c.run(reconcile(database, c.cards, 24h)).all_repaired());
  c.run(database.stop(rt::deadline::after(5s)));
  c.cards.unreadable = {};
  look_until(c, [&] { return c.status_of(first) == "COMPLETED"; });
}

TEST(cards_looking, what_took_nothing_from_the_card_is_refused_once_and_is_no_capture) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto nothing = c.cards.attempt(url_of(c.pay_by_card(ann, id)), card_status::succeeded, money{});
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(c.tell(nothing));
  c.wait_for(id, "FAILED");
  c.wait_until([&] { return c.sql("SELECT count(*) FROM payment.notice WHERE handled_at IS NULL") == "0"; });
  EXPECT_EQ(c.captures(), "");
  EXPECT_EQ(c.sql("SELECT failure_code FROM payment.payment"), "AMOUNT_MISMATCH");
  EXPECT_EQ(c.sql("SELECT string_agg(outcome, ', ' ORDER BY handled_at) FROM payment.notice"), "taken in, no news");
}

TEST(cards_looking, a_page_with_many_failed_attempts_is_over_some_time) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto url = url_of(c.pay_by_card(ann, id));
  for (int i = 0; i < 6; ++i) ASSERT_TRUE(c.tell(c.cards.attempt(url, card_status::failed), "payment.failed"));
  c.wait_until([&] { return c.sql("SELECT count(*) FROM payment.charge") == "6"; });
  c.sql("UPDATE payment.checkout SET opened_at = now() - interval '26 hours', next_look_at = now()");
  c.sql("UPDATE payment.charge SET looked_at = now() - interval '2 hours'");
  auto settings = counter::lively();
  settings.card_watch_ms = 20;
  c.restart(settings);
  look_until(c, [&] { return c.sql("SELECT next_look_at IS NULL FROM payment.checkout") == "t"; });
  c.wait_for(id, "FAILED");
}

TEST(cards_looking, a_part_of_the_money_pays_for_nothing_and_is_shown_to_an_operator) {
  counter c(counter::lively());
  const auto id = c.book(ann);
  const auto part = c.cards.attempt(url_of(c.pay_by_card(ann, id)), card_status::partial);
  ASSERT_TRUE(c.tell(part));
  c.wait_until([&] { return c.sql("SELECT state FROM payment.charge") == "PARTIAL"; });
  EXPECT_EQ(c.captures(), "");
  EXPECT_EQ(c.status_of(id), "PENDING");
  pg::pool database(c.io.get_executor(),
                    {.name = "payment", .conninfo = c.database.service("payment"), .max_connections = 2});
  c.run(database.start());
  for (int i = 0; i < 2; ++i) {
    const auto found = c.run(reconcile(database, c.cards, 24h));
    ASSERT_EQ(found.differences.size(), 1U);
    EXPECT_EQ(found.differences[0].provider_payment_id, part);
    EXPECT_FALSE(found.differences[0].repaired);
  }
  c.cards.payments.at(part).status = card_status::succeeded;
  EXPECT_TRUE(c.run(reconcile(database, c.cards, 24h)).all_repaired());
  EXPECT_EQ(c.captures(), "KEPT");
  c.run(database.stop(rt::deadline::after(5s)));
}

TEST(cards_looking, an_unpaid_page_is_given_up_some_time_after_its_hold_and_still_looked_after) {
  auto settings = counter::lively();
  settings.card_watch_ms = 20;
  counter c(settings);
  const auto id = c.book(ann);
  const auto url = url_of(c.pay_by_card(ann, id));
  c.booked(id).shown.status = EXPIRED;
  c.booked(id).shown.expires_at = c.clock.now() - 16min;
  look_until(c, [&] { return c.status_of(id) == "FAILED"; });
  c.wait_until([&] { return c.bus.of<booking_failed>().size() == 1; });
  const auto paid = c.cards.pay(url);
  look_until(c, [&] { return c.cards.sent_back(paid) == 1; });
}

}  // namespace
}  // namespace ticketshow::payment::testing
