#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/notification/queries.hpp"
#include "tests/notification/post_office.hpp"

/// From an event on a bus to a mail in a mailbox.
namespace ticketshow::notification::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

using confirmed = payment::booking_successful;
using failed = payment::booking_failed;
using cancelled = booking::refund_notice;
using refunded = payment::refund_completed;

class Notification : public ::testing::Test {
 protected:
  void wait_for(std::int64_t booking, const std::string& states) {
    p.wait_until([&] { return p.states_of(booking) == states; });
    EXPECT_EQ(p.states_of(booking), states);
  }

  post_office p;
};

std::set<std::string> message_ids_of(const std::vector<test::received_mail>& mails) {
  std::set<std::string> ids;
  for (const auto& each : mails) ids.insert(each.headers.at("message-id"));
  return ids;
}

TEST_F(Notification, every_statement_holds_against_the_migrated_schema) {
  EXPECT_THAT(test::prepare_all(p.database.service("notification"), queries::all_statements), IsEmpty());
}

TEST_F(Notification, each_event_of_a_booking_becomes_a_mail_in_the_language_of_the_account) {
  p.open();
  const auto ann = p.welcome("ann");
  const auto asha = p.welcome("asha", auth::language::hi);
  p.publish(post_office::about<confirmed>(1, ann));
  p.publish(post_office::about<failed>(1, ann));
  p.publish(post_office::about<cancelled>(1, ann));
  p.publish(post_office::about<refunded>(1, ann));
  p.publish(post_office::about<refunded>(2, asha));
  wait_for(1, "SENT SENT SENT SENT");
  wait_for(2, "SENT");
  EXPECT_THAT(message_ids_of(p.mails_of(ann)), ElementsAre("<booking-1.booking-confirmed@ticketshow.example>",
                                                           "<booking-1.payment-failed@ticketshow.example>",
                                                           "<booking-1.refund-completed@ticketshow.example>",
                                                           "<booking-1.refund-initiated@ticketshow.example>"));
  const auto hindi = p.mails_of(asha);
  ASSERT_THAT(hindi, SizeIs(1));
  EXPECT_EQ(hindi.front().subject, "बुकिंग 2 के ₹1,700.00 आपको लौटा दिए गए हैं");
  EXPECT_THAT(hindi.front().text, HasSubstr("नमस्ते Asha,"));
}

TEST_F(Notification, what_was_sent_long_ago_is_forgotten_and_nothing_else) {
  p.open();
  const auto ann = p.welcome("ann");
  for (std::int64_t booking = 1; booking <= 2; ++booking) {
    p.publish(post_office::about<confirmed>(booking, ann));
    wait_for(booking, "SENT");
  }
  p.publish(post_office::about<refunded>(3, 999));
  wait_for(3, "REFUSED");
  p.close();
  p.sql("UPDATE notification.mail SET queued_at = now() - interval '91 days'");
  p.sql("UPDATE notification.mail SET sent_at = now() - interval '91 days' WHERE booking_id = 1");
  p.sql("UPDATE notification.mail SET sent_at = now() - interval '89 days' WHERE booking_id = 2");
  p.open();
  p.wait_until([&] { return p.states_of(1).empty(); });
  EXPECT_EQ(p.states_of(1), "");
  EXPECT_EQ(p.states_of(2), "SENT");
  EXPECT_EQ(p.states_of(3), "REFUSED");
  EXPECT_ANY_THROW(p.sql("DELETE FROM notification.mail WHERE booking_id = 3")) << "whatever the code does";
}

TEST_F(Notification, tickets_go_with_the_confirmation_and_leave_the_calendar_with_the_cancellation) {
  p.open();
  const auto ann = p.welcome("ann");
  p.publish(post_office::about<confirmed>(1, ann));
  wait_for(1, "SENT");
  p.publish(post_office::about<cancelled>(1, ann));
  wait_for(1, "SENT SENT");
  const auto mails = p.mails_of(ann);
  ASSERT_THAT(mails, SizeIs(2));
  EXPECT_THAT(mails[0].source, HasSubstr("filename=\"tickets-1.pdf\""));
  EXPECT_THAT(mails[0].source, HasSubstr("Content-ID: <ticket-1.booking-1.booking-confirmed@ticketshow.example>"));
  EXPECT_THAT(mails[0].source, HasSubstr("Content-Type: text/calendar; charset=utf-8; method=PUBLISH"));
  EXPECT_THAT(mails[1].source, HasSubstr("Content-Type: text/calendar; charset=utf-8; method=CANCEL"));
}

TEST_F(Notification, a_mail_whose_tickets_cannot_be_made_goes_without_them) {
  p.open();
  const auto ann = p.welcome("ann");
  auto what = post_office::about<confirmed>(1, ann);
  what.booking.tickets->front().code = std::string(3'000, 'a');  // more than a QR code holds
  p.publish(what);
  wait_for(1, "SENT");
  const auto mails = p.mails_of(ann);
  ASSERT_THAT(mails, SizeIs(1));
  EXPECT_THAT(mails.front().text, HasSubstr("You find your tickets in your account: https://tickets.example"));
  EXPECT_THAT(mails.front().source, Not(HasSubstr("pdf")));
}

TEST_F(Notification, Defect21_mail_goes_to_the_address_of_the_account_and_to_no_other) {
  p.open();
  const auto ann = p.welcome("ann");
  auto what = post_office::about<confirmed>(1, ann);
  what.email = test::fresh_address("eve");  // whatever an event says
  p.publish(what);
  // The address at the time of sending counts.
  wait_for(1, "SENT");
  EXPECT_THAT(p.mails_of(ann), SizeIs(1));
  EXPECT_THAT(test::mails_to(*what.email), SizeIs(0));
}

TEST_F(Notification, Defect21_without_an_account_there_is_no_mail_but_a_dead_letter) {
  p.open();
  p.publish(post_office::about<refunded>(1, 999));
  wait_for(1, "REFUSED");
  const auto dead = p.run(p.dead_letters().list(rt::deadline::after(5s), {}, 10));
  ASSERT_THAT(dead, SizeIs(1));
  EXPECT_EQ(dead.front().error, "There is no such account.");
}

TEST_F(Notification, Defect23_duplicates_and_events_out_of_order_make_one_mail_under_one_message_id) {
  p.open();
  p.open();
  const auto ann = p.welcome("ann");
  const auto done = post_office::about<refunded>(7, ann);
  const auto begun = post_office::about<cancelled>(7, ann);
  const auto paid = post_office::about<confirmed>(7, ann);
  p.publish(done, "done");  // the last first, all of them twice, then once more as other events
  p.publish(begun, "begun");
  p.publish(done, "done");
  p.publish(paid, "paid");
  p.publish(begun, "begun");
  p.publish(paid, "paid");
  p.publish(paid);
  p.publish(done);
  wait_for(7, "SENT SENT SENT");
  p.wait_until([&] { return p.sql("SELECT count(*) FROM notification.inbox") == "5"; });
  p.linger();
  const auto mails = p.mails_of(ann);
  EXPECT_THAT(mails, SizeIs(3));
  EXPECT_THAT(message_ids_of(mails), SizeIs(3));
}

/// The kinds of mails in the order in which they came.
std::vector<std::string> kinds_of(const std::vector<test::received_mail>& mails) {
  std::vector<std::string> kinds;
  for (const auto& each : mails) {
    const auto& id = each.headers.at("message-id");
    const auto begin = id.find('.') + 1;
    kinds.push_back(id.substr(begin, id.find('@') - begin));
  }
  return kinds;
}

TEST_F(Notification, mails_of_a_booking_come_in_its_order_whatever_happens_to_one) {
  p.open();
  const auto ann = p.welcome("later-2");  // the mail server puts the first attempts off
  p.publish(post_office::about<confirmed>(1, ann));
  p.wait_until([&] { return p.sql("SELECT attempts > 0 FROM notification.mail") == "t"; });
  p.publish(post_office::about<cancelled>(1, ann));
  p.publish(post_office::about<refunded>(1, ann));
  wait_for(1, "SENT SENT SENT");
  EXPECT_THAT(kinds_of(p.mails_of(ann)), ElementsAre("booking-confirmed", "refund-initiated", "refund-completed"));
}

TEST_F(Notification, that_money_is_back_waits_for_the_news_that_it_is_on_its_way) {
  auto patient = post_office::hasty();
  patient.notice_wait_ms = 60'000;
  p.open(patient);
  const auto ann = p.welcome("ann");
  p.publish(post_office::about<refunded>(1, ann));
  p.wait_until([&] { return p.sql("SELECT next_attempt_at > now() FROM notification.mail") == "t"; });
  EXPECT_EQ(p.states_of(1), "QUEUED");
  p.publish(post_office::about<cancelled>(1, ann));
  wait_for(1, "SENT SENT");
  EXPECT_THAT(kinds_of(p.mails_of(ann)), ElementsAre("refund-initiated", "refund-completed"));
}

TEST_F(Notification, a_mail_that_is_refused_holds_up_no_other_of_its_booking) {
  p.open();
  const auto ann = p.welcome("never");
  p.publish(post_office::about<cancelled>(1, ann));
  p.publish(post_office::about<refunded>(1, ann));
  wait_for(1, "REFUSED REFUSED");
}

TEST_F(Notification, a_mail_server_with_passing_trouble_gets_it_again) {
  p.open();
  std::map<std::int64_t, std::int64_t> users;
  std::int64_t booking = 0;
  for (const auto* word : {"later-2", "full-1", "stall-1", "hangup-2"}) {
    users[++booking] = p.welcome(word);
    p.publish(post_office::about<confirmed>(booking, users[booking]));
  }
  for (const auto& [each, user] : users) {
    wait_for(each, "SENT");
    EXPECT_THAT(p.mails_of(user), SizeIs(1));
  }
}

TEST_F(Notification, a_connection_lost_after_the_content_sends_the_same_mail_again) {
  p.open();
  const auto ann = p.welcome("unknown-1");
  p.publish(post_office::about<confirmed>(1, ann));
  wait_for(1, "SENT");
  const auto mails = p.mails_of(ann);
  EXPECT_THAT(mails, SizeIs(2));
  EXPECT_THAT(message_ids_of(mails), SizeIs(1)) << "mailboxes know it as one";
}

TEST_F(Notification, a_mail_refused_for_good_is_a_dead_letter_whose_replay_sends_it) {
  p.open();
  const auto ann = p.welcome("never");
  p.publish(post_office::about<confirmed>(1, ann), "the event");
  wait_for(1, "REFUSED");
  EXPECT_EQ(p.sql("SELECT words FROM notification.mail"), "550 5.1.1 there is nobody of that name");
  const auto dead = p.run(p.dead_letters().list(rt::deadline::after(5s), {}, 10));
  ASSERT_THAT(dead, SizeIs(1));
  EXPECT_EQ(dead.front().what.id, "the event");
  EXPECT_EQ(dead.front().what.topic, "booking.successful");
  EXPECT_EQ(dead.front().error, "550 5.1.1 there is nobody of that name");

  p.accounts.contacts[ann].email = test::fresh_address("ann");
  EXPECT_EQ(p.run(p.dead_letters().replay(rt::deadline::after(5s), "the event")), 1);
  wait_for(1, "SENT");
  EXPECT_THAT(p.mails_of(ann), SizeIs(1));
  EXPECT_THAT(p.run(p.dead_letters().list(rt::deadline::after(5s), {}, 10)), SizeIs(0));
}

TEST_F(Notification, a_process_that_ends_between_the_servers_yes_and_its_record_sends_the_same_mail_again) {
  auto chosen = post_office::hasty();
  int deaths = 0;
  chosen.lease_s = 1;
  chosen.at_step = [&](std::string_view point) {
    if (point == "mail.accepted" && deaths++ == 0) throw std::runtime_error("the process ends here");
  };
  p.open(chosen);
  const auto ann = p.welcome("ann");
  p.publish(post_office::about<confirmed>(1, ann));
  wait_for(1, "SENT");
  const auto mails = p.mails_of(ann);
  EXPECT_THAT(mails, SizeIs(2));
  EXPECT_THAT(message_ids_of(mails), SizeIs(1));
}

TEST_F(Notification, while_accounts_cannot_be_asked_mails_wait) {
  p.accounts.away = true;
  p.open();
  const auto ann = p.welcome("ann");
  p.publish(post_office::about<confirmed>(1, ann));
  p.wait_until([&] { return p.sql("SELECT attempts > 1 FROM notification.mail") == "t"; });
  EXPECT_EQ(p.states_of(1), "QUEUED");
  p.accounts.away = false;
  wait_for(1, "SENT");
}

TEST_F(Notification, a_mail_server_that_is_away_leaves_the_process_ready_and_mails_are_given_up_in_the_end) {
  auto chosen = post_office::hasty();
  chosen.most_attempts = 3;
  auto& here = p.open(chosen, {.url = "smtp://127.0.0.1:1", .tls = mail_smtp::encryption::none});
  p.publish(post_office::about<confirmed>(1, p.welcome("ann")));
  wait_for(1, "REFUSED");
  EXPECT_TRUE(here.service.ready());
  EXPECT_THAT(p.sql("SELECT words FROM notification.mail"), HasSubstr("given up after 3 attempts: "));
  EXPECT_THAT(p.run(p.dead_letters().list(rt::deadline::after(5s), {}, 10)), SizeIs(1));
}

TEST_F(Notification, a_mail_that_nobody_can_take_does_not_hold_up_others) {
  p.open();
  const auto stuck = p.welcome("stall-1000");
  const auto ann = p.welcome("ann");
  for (int i = 1; i <= 20; ++i) p.publish(post_office::about<confirmed>(i, i == 1 ? stuck : ann));
  for (int i = 2; i <= 20; ++i) wait_for(i, "SENT");
  EXPECT_EQ(p.states_of(1), "QUEUED");
}

TEST_F(Notification, many_processes_share_the_work_and_each_mail_goes_once) {
  auto chosen = post_office::hasty();
  chosen.send_time_s = 30;  // a mail whose answer is late goes twice
  chosen.lease_s = 60;
  for (int i = 0; i < 3; ++i) p.open(chosen, post_office::to_mailbox());
  const auto ann = p.welcome("ann");
  constexpr int bookings = 60;
  for (int i = 1; i <= bookings; ++i) p.publish(post_office::about<confirmed>(i, ann));
  p.wait_until(
      [&] { return p.sql("SELECT count(*) FROM notification.mail WHERE state = 'SENT'") == std::to_string(bookings); });
  const auto mails = p.mails_of(ann);
  EXPECT_THAT(mails, SizeIs(bookings));
  EXPECT_THAT(message_ids_of(mails), SizeIs(bookings));
}

TEST_F(Notification, what_was_sent_stays_sent_and_the_role_may_not_rewrite_it) {
  p.open();
  const auto ann = p.welcome("ann");
  p.publish(post_office::about<confirmed>(1, ann));
  wait_for(1, "SENT");
  const auto as_service = [&](const std::string& statement) {
    return test::execute(p.database.service("notification"), {statement});
  };
  EXPECT_THROW(as_service("UPDATE notification.mail SET state = 'QUEUED', sent_at = NULL"), pg::sql_error);
  EXPECT_THROW(as_service("UPDATE notification.mail SET user_id = 2"), pg::sql_error);
}

/// Else a look reads all queued mails for each that it judges: see queries::take_due.
TEST_F(Notification, mails_of_one_booking_are_not_looked_for_among_all_that_are_queued) {
  const auto plan =
      test::execute(p.database.service("notification"),
                    {"SET plan_cache_mode = force_generic_plan",
                     std::string("PREPARE look AS ") + queries::take_due.sql, "EXPLAIN EXECUTE look(8, 60, 1000)"});
  EXPECT_EQ(std::ranges::count_if(plan, [](const auto& line) { return line.contains("mail_due"); }), 1)
      << ::testing::PrintToString(plan);
}

}  // namespace
}  // namespace ticketshow::notification::testing
