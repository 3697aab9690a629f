#include "adapters/mail_smtp/mail_smtp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/mailbox.hpp"
#include "tests/support/run_all.hpp"
#include "tests/support/wait_until.hpp"

namespace ticketshow::mail_smtp {
namespace {

using namespace std::chrono_literals;
using ports::delivery;
using test::fresh_address;
using test::mails_to;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

ports::mail mail_to(std::string address) {
  return {.from = {"Ticket Show", "tickets@ticketshow.example"},
          .to = {"Ann", std::move(address)},
          .subject = "Your tickets",
          .text = "Two seats.\nSee you there.\n",
          .html = "<p>Two seats.</p>",
          .message_id = "booking-42.confirmed@ticketshow.example",
          .date = parse_rfc3339("2026-11-24T20:19:05Z").value()};
}

class Mailer : public ::testing::Test {
 protected:
  void use(options settings) { mailer_ = std::make_unique<mailer>(std::move(settings)); }
  void use_relay() { use({.url = test::relay().open, .tls = encryption::none}); }

  delivery send(ports::mail what, std::chrono::milliseconds within = 20s) {
    return rt::run(io_, mailer_->send(rt::deadline::after(within), std::move(what)));
  }
  delivery send_to(const std::string& address, std::chrono::milliseconds within = 20s) {
    return send(mail_to(address), within);
  }

  rt::asio::io_context io_;
  std::unique_ptr<mailer> mailer_;
};

using enum delivery::outcome;

TEST_F(Mailer, a_mail_arrives_with_both_texts_and_its_own_message_id) {
  use({.url = test::mailbox_url(), .tls = encryption::opportunistic});
  const auto address = fresh_address("ann");
  const auto done = send_to(address);
  EXPECT_EQ(done.what, accepted) << done.words;
  const auto mails = mails_to(address);
  ASSERT_THAT(mails, SizeIs(1));
  const auto& mail = mails.front();
  EXPECT_EQ(mail.subject, "Your tickets");
  EXPECT_EQ(mail.text, "Two seats.\nSee you there.\n");
  EXPECT_THAT(mail.html, HasSubstr("<p>Two seats.</p>"));
  EXPECT_EQ(mail.headers.at("message-id"), "<booking-42.confirmed@ticketshow.example>");
  EXPECT_THAT(mail.source, HasSubstr("Content-Type: multipart/alternative;"));
  EXPECT_THAT(mail.source, HasSubstr("Date: Tue, 24 Nov 2026 20:19:05 +0000\r\n"));
  EXPECT_THAT(mail.source, HasSubstr("From: \"Ticket Show\" <tickets@ticketshow.example>\r\n"));
  EXPECT_THAT(mail.source, HasSubstr("Mime-Version: 1.0\r\n"));
}

TEST_F(Mailer, texts_of_all_scripts_arrive_as_they_were_written) {
  use({.url = test::mailbox_url(), .tls = encryption::none});
  const auto address = fresh_address("asha");
  auto mail = mail_to(address);
  mail.to.name = "आशा \"A\" Müller";
  mail.subject = "आपकी टिकटें पक्की हैं: वह लंबा इंतज़ार जो कभी ख़त्म नहीं होता — ₹350.00 😀";
  mail.text = "नमस्ते आशा,\n.\n. a line with a point\nlong: " + std::string(3'000, 'x') + "\n";
  const auto sent = mail;
  EXPECT_EQ(send(std::move(mail)).what, accepted);
  const auto mails = mails_to(address);
  ASSERT_THAT(mails, SizeIs(1));
  EXPECT_EQ(mails.front().subject, sent.subject);
  EXPECT_EQ(mails.front().text, sent.text);
  EXPECT_THAT(mails.front().source, Not(HasSubstr("आशा")));  // all of it travels as ASCII
}

TEST_F(Mailer, addresses_of_all_scripts_are_reached_where_the_server_can) {
  use({.url = test::mailbox_url(), .tls = encryption::none});  // it offers SMTPUTF8
  const auto address = fresh_address("jürgen");
  const auto done = send_to(address);
  EXPECT_EQ(done.what, accepted) << done.words;
  EXPECT_THAT(mails_to(address), SizeIs(1));
}

TEST_F(Mailer, names_and_subjects_cannot_add_headers_or_recipients) {
  use({.url = test::mailbox_url(), .tls = encryption::none});
  const auto address = fresh_address("ann");
  const auto other = fresh_address("other");
  auto mail = mail_to(address);
  mail.to.name = "Ann\r\nBcc: " + other + "\r\nX-Evil: 1";
  mail.subject = "Hello\r\nX-Evil: 2\r\n\r\nbody";
  EXPECT_EQ(send(std::move(mail)).what, accepted);
  const auto mails = mails_to(address);
  ASSERT_THAT(mails, SizeIs(1));
  EXPECT_FALSE(mails.front().headers.contains("x-evil"));
  EXPECT_FALSE(mails.front().headers.contains("bcc"));
  EXPECT_EQ(mails.front().text, "Two seats.\nSee you there.\n");
  EXPECT_THAT(mails_to(other), SizeIs(0));

  for (const std::string& evil :
       std::vector<std::string>{"a@example.com>\r\nRCPT TO:<" + other, "a@example.com\nDATA", "a@b@", "nobody"}) {
    const auto done = send_to(evil);
    EXPECT_EQ(done.what, refused) << evil;
    EXPECT_THAT(done.words, HasSubstr("is not a mail address"));
  }
}

TEST_F(Mailer, files_go_with_the_mail) {
  use({.url = test::mailbox_url(), .tls = encryption::none});
  const auto address = fresh_address("ann");
  auto mail = mail_to(address);
  mail.attachments.push_back({"ticket 42.pdf", "application/pdf", std::string("%PDF\0\xff", 6)});
  EXPECT_EQ(send(std::move(mail)).what, accepted);
  const auto mails = mails_to(address);
  ASSERT_THAT(mails, SizeIs(1));
  EXPECT_EQ(mails.front().text, "Two seats.\nSee you there.\n");
  EXPECT_THAT(mails.front().source, HasSubstr("multipart/mixed"));
  EXPECT_THAT(mails.front().source, HasSubstr("filename=\"ticket_42.pdf\""));
  EXPECT_THAT(mails.front().source, HasSubstr("JVBERgD/"));
}

TEST_F(Mailer, images_are_shown_where_the_html_names_them) {
  use({.url = test::mailbox_url(), .tls = encryption::none});
  const auto address = fresh_address("ann");
  auto mail = mail_to(address);
  mail.html = "<p><img src=\"cid:code-1@ticketshow.example\"></p>";
  mail.attachments.push_back(
      {.name = "C7.png", .content_type = "image/png", .content = "PNG", .content_id = "code-1@ticketshow.example"});
  EXPECT_EQ(send(mail).what, accepted);
  mail.attachments.push_back({"ticket.pdf", "application/pdf", "%PDF"});
  EXPECT_EQ(send(std::move(mail)).what, accepted);
  const auto mails = mails_to(address);
  ASSERT_THAT(mails, SizeIs(2));
  for (const auto& each : mails) {
    EXPECT_EQ(each.text, "Two seats.\nSee you there.\n");
    EXPECT_THAT(each.source, HasSubstr("multipart/related"));
    EXPECT_THAT(each.source, HasSubstr("Content-ID: <code-1@ticketshow.example>\r\n"));
    EXPECT_THAT(each.source, HasSubstr("Content-Disposition: inline; filename=\"C7.png\"\r\n"));
  }
  EXPECT_THAT(mails[0].source, Not(HasSubstr("multipart/mixed")));
  EXPECT_THAT(mails[1].source, HasSubstr("filename=\"ticket.pdf\""));
}

TEST_F(Mailer, a_5xx_about_the_mail_is_final_and_tells_the_servers_words) {
  use_relay();
  const auto nobody = send_to(fresh_address("never"));
  EXPECT_EQ(nobody.what, refused);
  EXPECT_EQ(nobody.words, "550 5.1.1 there is nobody of that name");
  const auto spam = send_to(fresh_address("spam"));
  EXPECT_EQ(spam.what, refused);
  EXPECT_EQ(spam.words, "554 5.7.1 this looks like spam");
}

TEST_F(Mailer, a_4xx_is_worth_another_try_which_succeeds) {
  use_relay();
  const auto later = fresh_address("later-1");
  const auto busy = send_to(later);
  EXPECT_EQ(busy.what, try_again);
  EXPECT_EQ(busy.words, "451 4.3.0 the mailbox is busy");
  EXPECT_EQ(send_to(later).what, accepted);
  const auto full = fresh_address("full-1");
  EXPECT_EQ(send_to(full).what, try_again);
  EXPECT_EQ(send_to(full).what, accepted);
}

TEST_F(Mailer, a_server_that_stalls_costs_no_more_than_the_deadline) {
  use_relay();
  const auto address = fresh_address("stall-1");
  const auto began = rt::steady_clock::now();
  EXPECT_EQ(send_to(address, 500ms).what, try_again);
  EXPECT_LT(rt::steady_clock::now() - began, 5s);
  EXPECT_EQ(send_to(address).what, accepted);
}

TEST_F(Mailer, a_no_that_comes_too_late_is_not_taken_for_the_next_mails) {
  use_relay();
  EXPECT_EQ(send_to(fresh_address("late"), 1s).what, try_again);
  const auto address = fresh_address("ann");
  const auto done = send_to(address);
  EXPECT_EQ(done.what, accepted) << done.words;
  EXPECT_THAT(mails_to(address), SizeIs(1));
}

TEST_F(Mailer, a_broken_connection_is_worth_another_try) {
  use_relay();
  const auto address = fresh_address("hangup-1");
  EXPECT_EQ(send_to(address).what, try_again);
  EXPECT_EQ(send_to(address).what, accepted);
  EXPECT_THAT(mails_to(address), SizeIs(1));
}

TEST_F(Mailer, a_connection_lost_after_the_content_is_unknown_and_the_same_mail_may_come_twice) {
  use_relay();
  const auto address = fresh_address("unknown-1");
  EXPECT_EQ(send_to(address).what, try_again);
  EXPECT_EQ(send_to(address).what, accepted);
  const auto mails = mails_to(address);
  ASSERT_THAT(mails, SizeIs(2));
  EXPECT_EQ(mails[0].headers.at("message-id"), mails[1].headers.at("message-id"));
}

TEST_F(Mailer, a_server_that_is_away_is_worth_another_try) {
  use({.url = "smtp://127.0.0.1:1", .tls = encryption::none});
  const auto done = send_to(fresh_address("ann"));
  EXPECT_EQ(done.what, try_again);
  EXPECT_THAT(done.words, HasSubstr("connect"));
}

TEST_F(Mailer, a_connection_that_the_server_closed_between_two_mails_is_made_anew) {
  use_relay();
  const auto first = fresh_address("quit");
  EXPECT_EQ(send_to(first).what, accepted);
  // Whenever libcurl hears of it, at most one mail has to be sent again.
  const auto second = fresh_address("ann");
  const auto give_up = rt::deadline::after(test::patience);
  while (send_to(second).what != accepted) ASSERT_FALSE(give_up.passed());
  EXPECT_THAT(mails_to(second), SizeIs(1));
}

TEST_F(Mailer, where_encryption_is_required_nothing_goes_without) {
  use({.url = test::mailbox_url(), .tls = encryption::required});  // maildev offers none
  const auto address = fresh_address("ann");
  EXPECT_EQ(send_to(address).what, try_again);
  EXPECT_THAT(mails_to(address), SizeIs(0));
}

TEST_F(Mailer, signs_in_over_an_encrypted_connection) {
  const auto relay = test::relay();
  use({.url = relay.guarded, .user = "ticketshow", .password = "secret", .ca_file = relay.certificate});
  const auto address = fresh_address("ann");
  const auto done = send_to(address);
  EXPECT_EQ(done.what, accepted) << done.words;
  const auto mails = mails_to(address);
  ASSERT_THAT(mails, SizeIs(1));
  EXPECT_EQ(mails.front().headers.at("x-relay"), "TLS; ticketshow");
}

TEST_F(Mailer, speaks_tls_from_the_first_byte) {
  const auto relay = test::relay();
  use({.url = relay.encrypted, .ca_file = relay.certificate});
  const auto address = fresh_address("ann");
  EXPECT_EQ(send_to(address).what, accepted);
  EXPECT_THAT(mails_to(address), SizeIs(1));
}

TEST_F(Mailer, wrong_credentials_are_the_operators_fault_not_the_mails) {
  const auto relay = test::relay();
  use({.url = relay.guarded, .user = "ticketshow", .password = "wrong", .ca_file = relay.certificate});
  const auto done = send_to(fresh_address("ann"));
  EXPECT_EQ(done.what, try_again);
  EXPECT_THAT(done.words, HasSubstr("535"));
  use({.url = relay.guarded, .ca_file = relay.certificate});
  EXPECT_EQ(send_to(fresh_address("ann")).what, try_again);
}

TEST_F(Mailer, a_server_that_cannot_prove_who_it_is_gets_nothing) {
  use({.url = test::relay().encrypted});  // signed by nobody whom the system trusts
  const auto address = fresh_address("ann");
  const auto done = send_to(address);
  EXPECT_EQ(done.what, try_again);
  EXPECT_THAT(done.words, HasSubstr("certificate"));
  EXPECT_THAT(mails_to(address), SizeIs(0));
}

TEST_F(Mailer, a_password_never_travels_in_the_clear) {
  EXPECT_THROW(use({.url = "smtp://localhost", .user = "u", .password = "p", .tls = encryption::opportunistic}),
               std::runtime_error);
  EXPECT_THROW(use({.url = "http://localhost"}), std::runtime_error);
}

TEST_F(Mailer, more_than_may_wait_are_told_to_come_again) {
  use({.url = test::relay().open, .tls = encryption::none, .at_once = 1, .waiting = 1});
  std::vector<rt::task<delivery>> work;
  for (int i = 0; i < 3; ++i) {
    work.push_back(mailer_->send(rt::deadline::after(20s), mail_to(fresh_address("ann"))));
  }
  const auto done = test::run_all(io_, std::move(work));
  EXPECT_EQ(std::ranges::count(done, accepted, &delivery::what), 2);
  EXPECT_EQ(std::ranges::count(done, try_again, &delivery::what), 1);
}

TEST_F(Mailer, stopping_breaks_off_what_a_server_holds_up) {
  use_relay();
  const auto until = rt::deadline::after(60s);
  std::vector<rt::task<delivery>> work;
  const auto stop = [](mailer& which) -> rt::task<delivery> {
    co_await which.stop(rt::deadline::after(1s));
    co_return delivery{};
  };
  work.push_back(mailer_->send(until, mail_to(fresh_address("stall-9"))));
  work.push_back(stop(*mailer_));
  const auto began = rt::steady_clock::now();
  const auto done = test::run_all(io_, std::move(work));
  EXPECT_EQ(done.front().what, try_again);
  EXPECT_LT(rt::steady_clock::now() - began, 10s);
}

}  // namespace
}  // namespace ticketshow::mail_smtp
