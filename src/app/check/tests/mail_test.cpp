#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/check/tests/records.hpp"

/// I5: the ticket mail of a confirmed booking.
namespace ticketshow::check::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace steps;

/// Sold bookings 1 … `last`, each with payment 10 + id that was completed an hour ago, and no mail.
void sell(const records& r, std::int64_t last) {
  for (std::int64_t id = 1; id <= last; ++id) r.take(sold(id, ann, id, 10 + id));
  r.take({"DELETE FROM notification.mail"});
  r.force({"UPDATE payment.payment SET updated_at = now() - interval '1 hour'"});
}

/// As notification's sender leaves a mail that was queued so long ago, with its next attempt due in `due_s`.
std::string tried(std::int64_t booking, std::int64_t queued_s, std::int64_t due_s, std::string_view words) {
  return fmt::format(
      "UPDATE notification.mail SET queued_at = now() - interval '{} seconds', attempts = 1, words = nullif('{}', ''), "
      "next_attempt_at = now() + interval '{} seconds' WHERE booking_id = {}",
      queued_s, words, due_s, booking);
}

std::string dead_letter(std::string_view event, std::int64_t booking) {
  return fmt::format(
      "INSERT INTO notification.set_aside (event_id, topic, key, schema_version, happened_at, correlation_id, payload, "
      "attempts, error) VALUES ('{}', 'booking.successful', '{}', 1, now(), 'c', '{{}}', 1, 'bad')",
      event, booking);
}

TEST(check_mails, a_confirmed_booking_without_its_one_mail_is_named) {
  const records r;
  sell(r, 4);
  r.drop_constraints();
  r.take({mail(1, "SENT"), mail(3, "SENT"), mail(3, "SENT"), mail(4, "SENT"),
          "UPDATE notification.mail SET message_id = 'booking-1.booking-confirmed@test' WHERE booking_id = 4"});
  const auto seen = r.check(60);
  EXPECT_THAT(rows(seen),
              ElementsAre("I5: booking 2 is confirmed and has no ticket mail", "I5: booking 3 has 2 ticket mails",
                          "I5: the ticket mail of booking 4 has the Message-ID booking-1.booking-confirmed@test"));
  EXPECT_EQ(of(seen, "I5").looked_at, 4);
}

TEST(check_mails, a_booking_of_long_ago_needs_none_any_more) {
  const records r;
  sell(r, 2);
  r.force({"UPDATE payment.payment SET updated_at = now() - interval '91 days' WHERE booking_id = 1",
           "UPDATE payment.payment SET updated_at = now() - interval '80 days' WHERE booking_id = 2"});
  EXPECT_THAT(rows(r.check(60)), ElementsAre("I5: booking 2 is confirmed and has no ticket mail"));
}

TEST(check_mails, mails_of_other_kinds_and_of_other_bookings_do_not_count) {
  const records r;
  sell(r, 1);
  r.take({mail(1, "QUEUED"), "UPDATE notification.mail SET kind = 'REFUND_COMPLETED'", hold(2, bob, 2),
          mail(2, "REFUSED"), mail(9, "REFUSED")});
  EXPECT_THAT(rows(r.check(60)), ElementsAre("I5: booking 1 is confirmed and has no ticket mail"));
}

TEST(check_mails, a_mail_that_is_not_there_yet_is_in_flight_while_its_payment_is_young) {
  const records r;
  sell(r, 1);
  r.force({"UPDATE payment.payment SET updated_at = now() - interval '50 seconds'"});
  EXPECT_THAT(rows(r.check(60)), IsEmpty());
  EXPECT_EQ(of(r.check(60), "I5").in_flight, 1);
  EXPECT_THAT(rows(r.check(40)), ElementsAre("I5: booking 1 is confirmed and has no ticket mail"));
}

TEST(check_mails, what_waits_for_its_mail_server_is_in_flight_until_it_would_be_given_up) {
  const records r;
  sell(r, 3);
  r.take({mail(1, "QUEUED"), mail(2, "QUEUED"), mail(3, "QUEUED"), tried(1, 50'000, 300, "no server"),
          tried(2, 50, 10, "no server"), tried(3, 30, 20, "")});
  const auto seen = r.check(60);
  EXPECT_THAT(rows(seen), IsEmpty());
  EXPECT_EQ(of(seen, "I5").in_flight, 3);
  EXPECT_THAT(of(seen, "I5").notes, ElementsAre("not delivered yet, though it was tried: 2 (no server)"));
  EXPECT_EQ(of(r.check(0), "I5").broken, 3) << "the system has not come to rest";

  r.take({tried(1, 90'001, 300, "no server"), tried(2, 100, -61, "no server"), tried(3, 90, -90, "")});
  EXPECT_THAT(rows(r.check(60)),
              ElementsAre("I5: the ticket mail of booking 1, queued 90001 s ago, is not sent: no server",
                          "I5: the ticket mail of booking 2, queued 100 s ago, is not sent: no server",
                          "I5: the ticket mail of booking 3, queued 90 s ago, is not sent: no attempt has ended"));
}

TEST(check_mails, what_is_a_dead_letter_is_kept_and_told) {
  const records r;
  sell(r, 2);
  r.take({mail(1, "REFUSED"), dead_letter("event 1", 1), dead_letter("never written", 2)});
  const auto seen = r.check(0);
  EXPECT_THAT(rows(seen), IsEmpty());
  EXPECT_THAT(of(seen, "I5").notes,
              ElementsAre("dead letters, which wait for an operator (ticketshow events dead list): 2"));
}

TEST(check_mails, a_refused_mail_whose_dead_letter_was_dropped_is_kept_and_told) {
  const records r;
  sell(r, 1);
  r.take({mail(1, "REFUSED")});
  const auto seen = r.check(0);
  EXPECT_THAT(rows(seen), IsEmpty());
  EXPECT_THAT(of(seen, "I5").notes, ElementsAre("refused and given up by an operator: 1"));
}

}  // namespace
}  // namespace ticketshow::check::testing
