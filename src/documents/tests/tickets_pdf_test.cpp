#include "documents/tickets_pdf.hpp"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "documents/tests/readers.hpp"
#include "documents/tests/sample.hpp"
#include "tests/support/seed.hpp"

namespace ticketshow::documents::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string printed(const visit& of, auth::language language = auth::language::en) {
  return tickets_pdf(of, sample_issuer(), sample_day(), language);
}

/// Without the marks that readers put around text from right to left.
std::string plain(std::string text) {
  for (const std::string_view mark : {"\u202a", "\u202b", "\u202c", "\u200e", "\u200f"}) {
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark)) text.erase(at, mark.size());
  }
  return text;
}

TEST(TicketsPdf, has_a_page_a_seat_with_all_that_a_visitor_needs) {
  const auto of = sample_visit();
  const auto pdf = printed(of);
  const auto pages = pages_of(pdf);
  ASSERT_THAT(pages, SizeIs(2));
  for (std::size_t i = 0; i < pages.size(); ++i) {
    for (const auto* text :
         {"Ticket Show", "Admits one", "The Lighthouse", "Keeper's Daughter", "27 November 2026", "7:30 pm (IST)",
          "Regal Cinema", "Shahid Bhagat Singh Road", "Screen 2", "4711", "₹350.00"}) {
      EXPECT_THAT(pages[i], HasSubstr(text));
    }
    EXPECT_THAT(pages[i], HasSubstr(i == 0 ? "1 of 2" : "2 of 2"));
    EXPECT_EQ(scanned_page(pdf, static_cast<int>(i) + 1), of.tickets[i].code);
  }
  const auto words = words_of(pdf);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto large = [&](const std::string& text) {
      return std::ranges::any_of(
          words[i].words, [&](const word_box& each) { return each.text == text && each.bottom - each.top > 24; });
    };
    EXPECT_TRUE(large(of.tickets[i].row) && large(of.tickets[i].seat));
  }
}

TEST(TicketsPdf, speaks_hindi) {
  const auto text = pages_of(printed(sample_visit(), auth::language::hi)).front();
  for (const auto* word : {"शुक्रवार, 27 नवंबर 2026", "शाम 7:30 बजे (IST)", "पंक्ति", "सीट", "बुकिंग संख्या", "1/2"}) {
    EXPECT_THAT(text, HasSubstr(word));
  }
}

/// What no font has is drawn as a box with its number, and read back as that.
TEST(TicketsPdf, shows_names_of_any_script_with_letters_that_there_are) {
  for (const auto* name : {"लाइटहाउस", "கலங்கரை", "ابنة حارس المنارة", "灯塔看守人的女儿", "등대지기의 딸", "灯台守の娘",
                           "Маяк", "Φάρος", "מגדלור", "ประภาคาร", "🎬 Lights ❤"}) {
    auto of = sample_visit();
    of.show_name = name;
    const auto pdf = printed(of);
    EXPECT_THAT(plain(pages_of(pdf).front()), HasSubstr(name));
    EXPECT_EQ(scanned_page(pdf, 2), of.tickets[1].code);
  }
}

/// Nothing outside the page, nothing over the code with its quiet zone.
void expect_in_place(const std::string& pdf, std::size_t tickets) {
  const auto pages = words_of(pdf);
  ASSERT_THAT(pages, SizeIs(tickets));
  for (const auto& page : pages) {
    EXPECT_NEAR(page.width, 297.6, 0.1);
    EXPECT_NEAR(page.height, 419.5, 0.1);
    for (const auto& word : page.words) {
      if (word.text.starts_with('\xCC') || word.text.starts_with('\xCD')) continue;  // marks alone: clipped
      EXPECT_TRUE(word.left >= 0 && word.top >= 0 && word.right <= page.width && word.bottom <= page.height)
          << word.text;
      EXPECT_FALSE(word.left < 132 && word.bottom > 290) << word.text << " over the code";
    }
  }
}

TEST(TicketsPdf, never_overflows_the_page_whatever_the_names) {
  TICKETSHOW_SEEDED(random);
  const std::vector<std::pair<std::int64_t, std::int64_t>> scripts{
      {'!', '~'},         {0xC0, 0x17F},   {0x400, 0x44F}, {0x5D0, 0x5EA},   {0x620, 0x64A},
      {0x900, 0x97F},     {0xB80, 0xBFA},  {0x300, 0x36F}, {0x4E00, 0x9FA5}, {0xAC00, 0xD7A3},
      {0x1F300, 0x1F64F}, {0x0, 0x10FFFF}, {0x80, 0xFF}};
  const auto text = [&](std::int64_t longest) {
    std::string made;
    const auto& [least, most] = scripts[static_cast<std::size_t>(random.between(0, std::ssize(scripts) - 1))];
    for (auto left = random.between(0, longest); left > 0; --left) {
      if (random.one_in(9)) made += ' ';
      const auto c = static_cast<std::uint32_t>(random.between(least, most));
      if (c < 0x80 || random.one_in(200)) {  // now and then no UTF-8 at all
        made += static_cast<char>(c);
      } else if (c < 0x800) {
        made += {static_cast<char>(0xC0U | c >> 6U), static_cast<char>(0x80U | (c & 0x3FU))};
      } else if (c < 0x10000) {
        made += {static_cast<char>(0xE0U | c >> 12U), static_cast<char>(0x80U | (c >> 6U & 0x3FU)),
                 static_cast<char>(0x80U | (c & 0x3FU))};
      } else {
        made += {static_cast<char>(0xF0U | c >> 18U), static_cast<char>(0x80U | (c >> 12U & 0x3FU)),
                 static_cast<char>(0x80U | (c >> 6U & 0x3FU)), static_cast<char>(0x80U | (c & 0x3FU))};
      }
    }
    return made;
  };
  for (int round = 0; round < 15; ++round) {
    auto of = sample_visit();
    of.show_name = text(300);
    of.venue_name = text(300);
    of.venue_address = text(600);
    of.screen_name = text(150);
    of.total = {random.between(0, 1'000'000'000'000)};
    of.booking_id = random.between(1, 9'000'000'000'000'000'000);
    for (auto& each : of.tickets) each.row = text(8), each.seat = std::to_string(random.between(1, 100'000));
    const auto pdf = printed(of, random.one_in(2) ? auth::language::en : auth::language::hi);
    EXPECT_LT(pdf.size(), 400'000U);
    expect_in_place(pdf, of.tickets.size());
    EXPECT_EQ(scanned_page(pdf, 2), of.tickets[1].code);
    if (HasFailure()) {
      FAIL() << "show: " << of.show_name << "\nvenue: " << of.venue_name << "\naddress: " << of.venue_address
             << "\nscreen: " << of.screen_name;
    }
  }
}

TEST(TicketsPdf, is_the_same_for_the_same_facts) { EXPECT_EQ(printed(sample_visit()), printed(sample_visit())); }

TEST(TicketsPdf, is_the_same_when_many_are_made_at_a_time) {
  constexpr std::string_view names[] = {"The Lighthouse", "लाइटहाउस", "கலங்கரை", "ابنة حارس المنارة", "灯塔 등대"};
  const auto make = [](std::string_view name) {
    auto of = sample_visit();
    of.show_name = of.venue_name = of.screen_name = name;
    return printed(of);
  };
  std::vector<std::string> alone;
  for (const auto name : names) alone.push_back(make(name));
  std::atomic<int> different = 0;
  {
    std::vector<std::jthread> threads;
    for (std::size_t first = 0; first < 4; ++first) {
      threads.emplace_back([&, first] {
        for (std::size_t i = first; i < first + 10; ++i) {
          if (make(names[i % std::size(names)]) != alone[i % std::size(names)]) ++different;
        }
      });
    }
  }
  EXPECT_EQ(different, 0);
}

TEST(TicketsPdf, says_why_there_is_none) {
  auto of = sample_visit();
  of.tickets.front().code.clear();
  EXPECT_THROW(printed(of), std::invalid_argument);
  of.tickets.clear();
  EXPECT_THROW(printed(of), std::invalid_argument);
  of = sample_visit();
  of.time_zone = "Mars/Olympus";
  EXPECT_THROW(printed(of), std::runtime_error);
}

}  // namespace
}  // namespace ticketshow::documents::testing
