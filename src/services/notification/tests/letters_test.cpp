#include "services/notification/letters.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/notification/tests/samples.hpp"

namespace ticketshow::notification {
namespace {

using auth::language;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::sample;

constexpr kind all_kinds[] = {kind::BOOKING_CONFIRMED, kind::PAYMENT_FAILED, kind::REFUND_INITIATED,
                              kind::REFUND_COMPLETED};
constexpr language all_languages[] = {language::en, language::hi};

auth::contact_view reader_of(language in, std::string name) {
  return {.user_id = 7, .email = "asha@example.com", .username = std::move(name), .language = in};
}

papers papers_with(kind about) {
  if (about != kind::BOOKING_CONFIRMED) return {};
  return {.files = {}, .codes = {{"C7", "ticket-1@tickets.example"}, {"C8", "ticket-2@tickets.example"}}, .fault = {}};
}

template <class E>
letter write(const E& what, language in, std::string name = "Asha") {
  return write_letter(kind_of<E>, contract::write_event(what), reader_of(in, std::move(name)), papers_with(kind_of<E>),
                      "https://tickets.example");
}

letter write_sample(kind about, language in) {
  return with_event_of(about, [&]<class E>(const E&) { return write(sample<E>(), in); });
}

/// The names of a template's gaps and conditions.
std::set<std::string> names_in(std::string_view text) {
  static const std::regex gap(R"(\{\{\{?[#/^]?\s*(\w+)\s*\}?\}\})");
  const std::string copy(text);
  std::set<std::string> names;
  for (std::sregex_iterator each(copy.begin(), copy.end(), gap), end; each != end; ++each) names.insert((*each)[1]);
  return names;
}

/// Compares with the file, or writes it when TICKETSHOW_WRITE_GOLDEN is set.
void expect_golden(const std::string& name, const std::string& actual) {
  const auto path = std::filesystem::path(GOLDEN_FILES) / name;
  if (std::getenv("TICKETSHOW_WRITE_GOLDEN") != nullptr) {  // NOLINT(concurrency-mt-unsafe)
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << actual;
  }
  std::ostringstream golden;
  golden << std::ifstream(path).rdbuf();
  EXPECT_EQ(actual, golden.str()) << "TICKETSHOW_WRITE_GOLDEN=1 writes " << path << " anew";
}

TEST(Letters, are_what_was_read_and_approved) {
  for (const auto about : all_kinds) {
    for (const auto in : all_languages) {
      const auto written = write_sample(about, in);
      const auto name = fmt::format("{}/{}", contract::enum_name(in), contract::enum_name(about));
      expect_golden(name + ".txt", "Subject: " + written.subject + "\n\n" + written.text);
      expect_golden(name + ".html", written.html);
    }
  }
}

TEST(Letters, every_gap_of_every_template_is_filled_in_both_languages) {
  std::set<std::string> conditions{"by_wallet",    "by_card",      "by_customer",     "by_cinema", "by_platform",
                                   "other_reason", "with_tickets", "without_tickets", "tickets"};
  for (const auto& each : worded_failures) conditions.emplace(each.name);
  for (const auto about : all_kinds) {
    for (const auto in : all_languages) {
      auto known = with_event_of(about, [&]<class E>(const E&) { return values_of(sample<E>(), in); });
      for (const auto* each : {"name", "language", "public_url", "subject", "content", "seat", "content_id"})
        known.texts[each] = "x";
      std::string file(contract::enum_name(about));
      std::ranges::transform(file, file.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
      for (const auto& name : {fmt::format("{}/{}.txt", contract::enum_name(in), file),
                               fmt::format("{}/{}.html", contract::enum_name(in), file), std::string("frame.txt"),
                               std::string("frame.html")}) {
        for (const auto& gap : names_in(template_text(name))) {
          EXPECT_TRUE(conditions.contains(gap) || (known.texts.contains(gap) && !known.texts.at(gap).empty()))
              << name << ": " << gap;
        }
      }
    }
  }
}

TEST(Letters, both_languages_ask_the_same_of_each_template) {
  for (const auto& each : templates()) {
    if (!each.name.starts_with("en/")) continue;
    const auto other = "hi/" + std::string(each.name.substr(3));
    EXPECT_EQ(names_in(each.text), names_in(template_text(other))) << each.name;
  }
}

TEST(Letters, no_value_becomes_markup) {
  const std::string evil = R"(<script>alert("x")</script>&{{public_url}}{{{content}}})";
  auto what = sample<payment::booking_successful>();
  what.booking.show_name = what.booking.venue_name = what.booking.screen_name = evil;
  what.booking.seat_labels = {{evil, ""}};
  for (const auto in : all_languages) {
    const auto written = write(what, in, evil);
    EXPECT_THAT(written.html, Not(HasSubstr("<script")));
    EXPECT_THAT(written.html, HasSubstr("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;{{public_url}}"));
    EXPECT_THAT(written.text, HasSubstr(evil)) << "a text shows it as it is";
  }
  auto failed = sample<payment::booking_failed>();
  failed.reason_code = "ELSE";
  failed.reason = evil;
  EXPECT_THAT(write(failed, language::en).html, Not(HasSubstr("<script")));
}

TEST(Letters, a_value_stays_on_its_line) {
  auto what = sample<payment::booking_successful>();
  what.booking.show_name = "Long\r\nBcc: all@example.com\n\nWait";
  const auto written = write(what, language::en);
  EXPECT_THAT(written.subject, HasSubstr("Long  Bcc: all@example.com  Wait"));
  EXPECT_THAT(written.subject, Not(HasSubstr("\n")));
}

TEST(Letters, say_who_cancelled_and_where_the_money_goes) {
  auto notice = sample<booking::refund_notice>();
  notice.initiated_by = booking::initiator::ADMIN;
  EXPECT_THAT(write(notice, language::en).text, HasSubstr("the cinema had to cancel"));
  notice.initiated_by = booking::initiator::SYSTEM;
  EXPECT_THAT(write(notice, language::hi).text, HasSubstr("हमें खेद है कि आपकी बुकिंग रद्द करनी पड़ी।"));
  auto done = sample<payment::refund_completed>();
  done.payment_method = payment::payment_method::DODO;
  EXPECT_THAT(write(done, language::en).text, HasSubstr("to the card that you paid with"));
}

TEST(Letters, every_failure_with_words_of_ours_has_them_in_each_language) {
  auto failed = sample<payment::booking_failed>();
  failed.reason = "WORDS OF THE EVENT";
  for (const auto in : all_languages) {
    for (const auto& each : worded_failures) {
      failed.reason_code = each.code;
      const auto written = write(failed, in);
      EXPECT_THAT(written.text, Not(HasSubstr(failed.reason))) << each.code;
      for (const auto* ending : {"txt", "html"}) {
        const auto name = fmt::format("{}/payment_failed.{}", contract::enum_name(in), ending);
        EXPECT_THAT(std::string(template_text(name)), HasSubstr(fmt::format("{{{{#{}}}}}", each.name))) << name;
      }
    }
  }
}

TEST(Letters, a_reason_without_words_of_ours_is_told_in_those_of_the_event) {
  auto failed = sample<payment::booking_failed>();
  failed.reason_code = "ACCOUNT_NOT_FOUND";
  failed.reason = "There is no such account.";
  EXPECT_THAT(write(failed, language::en).text, HasSubstr("The reason: There is no such account."));
}

TEST(Letters, show_the_codes_that_go_with_them_and_say_where_tickets_are_when_none_do) {
  const auto what = sample<payment::booking_successful>();
  const auto with = write(what, language::en);
  EXPECT_THAT(with.html, HasSubstr("src=\"cid:ticket-1@tickets.example\""));
  EXPECT_THAT(with.html, HasSubstr("src=\"cid:ticket-2@tickets.example\""));
  EXPECT_THAT(with.text, HasSubstr("Your tickets are attached"));
  const auto without = write_letter(kind::BOOKING_CONFIRMED, contract::write_event(what),
                                    reader_of(language::en, "Asha"), {}, "https://tickets.example");
  EXPECT_THAT(without.text, HasSubstr("You find your tickets in your account: https://tickets.example"));
  EXPECT_THAT(without.html, Not(HasSubstr("cid:")));
}

TEST(Letters, facts_that_cannot_be_read_are_an_error) {
  const auto reader = reader_of(language::en, "Asha");
  EXPECT_THROW(write_letter(kind::REFUND_COMPLETED, "{}", reader, {}, ""), contract::unreadable_event);
  auto what = sample<payment::booking_successful>();
  what.booking.time_zone = "Mars/Olympus";
  EXPECT_THROW(write(what, language::en), std::runtime_error);
}

}  // namespace
}  // namespace ticketshow::notification
