#include "services/booking/seat_feed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/seed.hpp"

namespace ticketshow::booking {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Seats of screen 3 from a word: "f" free, "h" held, "s" sold.
seats_shown seats(std::string_view word, bool on_sale = true) {
  seats_shown shown{.screen_id = 3, .on_sale = on_sale};
  for (const char each : word) {
    shown.states.push_back(each == 's' ? seat_state::SOLD : each == 'h' ? seat_state::HELD : seat_state::FREE);
  }
  return shown;
}

/// Everything that a reader gets until it knows the newest version.
std::vector<std::string> read_all(seat_feed& feed, std::uint64_t& at) {
  std::vector<std::string> messages;
  while (const auto next = feed.next(at)) messages.push_back(*next);
  return messages;
}

TEST(SeatFeed, BeginsWithASnapshotOfWhatIsNotFree) {
  seat_feed feed("a");
  std::uint64_t at = 0;
  EXPECT_EQ(feed.next(at), nullptr) << "nothing is known yet";
  EXPECT_TRUE(feed.publish(seats("fhsf")));
  EXPECT_THAT(read_all(feed, at),
              ::testing::ElementsAre("retry: 1000\nid: a-1\nevent: snapshot\ndata: "
                                     "{\"version\":\"a-1\",\"on_sale\":true,\"held\":[30002],\"sold\":[30003]}\n\n"));
}

TEST(SeatFeed, ThenTellsOnlyWhatHasChanged) {
  seat_feed feed("a");
  std::uint64_t at = 0;
  feed.publish(seats("fhsf"));
  read_all(feed, at);
  EXPECT_FALSE(feed.publish(seats("fhsf")));
  EXPECT_EQ(feed.next(at), nullptr);
  EXPECT_TRUE(feed.publish(seats("hfsf")));
  EXPECT_TRUE(feed.publish(seats("ssff")));
  EXPECT_THAT(
      read_all(feed, at),
      ::testing::ElementsAre(
          "id: a-2\nevent: seats\ndata: {\"version\":\"a-2\",\"free\":[30002],\"held\":[30001],\"sold\":[]}\n\n",
          "id: a-3\nevent: seats\ndata: "
          "{\"version\":\"a-3\",\"free\":[30003],\"held\":[],\"sold\":[30001,30002]}\n\n"));
}

TEST(SeatFeed, ManyReadersGetTheSameBytes) {
  seat_feed feed("a");
  feed.publish(seats("ff"));
  std::uint64_t one = 0;
  std::uint64_t two = 0;
  EXPECT_EQ(feed.next(one), feed.next(two));
  feed.publish(seats("fh"));
  EXPECT_EQ(feed.next(one), feed.next(two));
}

TEST(SeatFeed, TellsThatTheSaleHasEndedWithTheSeatsThatWentWithIt) {
  seat_feed feed("a");
  std::uint64_t at = 0;
  feed.publish(seats("fh"));
  read_all(feed, at);
  EXPECT_TRUE(feed.publish(seats("ff", false)));
  EXPECT_THAT(read_all(feed, at),
              ::testing::ElementsAre(
                  "id: a-2\nevent: seats\ndata: {\"version\":\"a-2\",\"free\":[30002],\"held\":[],\"sold\":[]}\n\n"
                  "id: a-2\nevent: closed\ndata: {\"version\":\"a-2\"}\n\n"));
  EXPECT_FALSE(feed.publish(seats("ff", false)));
}

TEST(SeatFeed, BeginsAnewWhenTheShowingIsAnotherOrSoldAgain) {
  seat_feed feed("a");
  std::uint64_t at = 0;
  feed.publish(seats("fh", false));
  read_all(feed, at);
  feed.publish(seats("fh"));
  EXPECT_THAT(read_all(feed, at).at(0), HasSubstr("event: snapshot"));
  auto elsewhere = seats("fh");
  elsewhere.screen_id = 4;
  feed.publish(elsewhere);
  EXPECT_THAT(read_all(feed, at).at(0), HasSubstr("40002"));
  elsewhere.states.push_back(seat_state::SOLD);
  feed.publish(elsewhere);
  EXPECT_THAT(read_all(feed, at).at(0), HasSubstr("40003"));
}

TEST(SeatFeed, AReaderWhoComesBackGoesOnWhereHeWas) {
  seat_feed feed("a");
  feed.publish(seats("ff"));
  feed.publish(seats("hf"));
  feed.publish(seats("hh"));
  auto at = feed.number_of("a-2");
  const auto missed = read_all(feed, at);
  ASSERT_EQ(missed.size(), 1U);
  EXPECT_THAT(missed[0], StartsWith("id: a-3\nevent: seats"));
  at = feed.number_of("a-3");
  EXPECT_TRUE(read_all(feed, at).empty());
}

TEST(SeatFeed, AReaderWhoMissedTooMuchGetsASnapshot) {
  seat_feed feed("a", {.max_messages = 3, .max_bytes = 1'000'000});
  feed.publish(seats("ffff"));
  for (const auto* word : {"hfff", "hhff", "hhhf", "hhhh"}) feed.publish(seats(word));
  auto known = feed.number_of("a-2");
  EXPECT_EQ(read_all(feed, known).size(), 3U);
  auto forgotten = feed.number_of("a-1");
  const auto got = read_all(feed, forgotten);
  ASSERT_EQ(got.size(), 1U);
  EXPECT_THAT(got[0], HasSubstr("id: a-5\nevent: snapshot"));
}

TEST(SeatFeed, KeepsNoMoreBytesThanItMay) {
  seat_feed feed("a", {.max_messages = 1'000, .max_bytes = 200});
  feed.publish(seats("ffff"));
  for (const auto* word : {"hfff", "hhff", "hhhf", "hhhh"}) feed.publish(seats(word));
  auto at = feed.number_of("a-3");
  EXPECT_EQ(read_all(feed, at).size(), 2U);
  at = feed.number_of("a-2");
  EXPECT_THAT(read_all(feed, at).at(0), HasSubstr("snapshot"));
}

TEST(SeatFeed, IdsOfOthersAndGarbageAreUnknown) {
  seat_feed feed("stem");
  feed.publish(seats("ff"));
  feed.publish(seats("hf"));
  EXPECT_EQ(feed.number_of("stem-2"), 2U);
  for (const auto* id : {"", "-", "stem", "stem-", "stem-3", "stem-99999999999999999999999", "stem--1", "stem-1 ",
                         "stem-x", "other-1", "stem2", "1", "\xff\xfe", "stem-0"}) {
    EXPECT_EQ(feed.number_of(id), 0U) << id;
  }
}

/// What a browser makes of the messages.
void apply(std::map<std::int64_t, char>& screen, const std::string& message) {
  const auto data = message.find("data: ");
  const auto json = message.substr(data + 6, message.find('\n', data) - data - 6);
  const auto document = contract::parse_document(json);
  ASSERT_TRUE(document.ok) << json;
  if (message.contains("event: snapshot")) screen.clear();
  for (const auto& [name, letter] : {std::pair{"free", 'f'}, std::pair{"held", 'h'}, std::pair{"sold", 's'}}) {
    const auto* ids = document.root.find(name);
    if (ids == nullptr) continue;
    for (const auto& each : ids->children) {
      const auto id = std::stoll(each.text);
      letter == 'f' ? screen.erase(id) : (screen[id] = letter, 0U);
    }
  }
}

TEST(SeatFeed, WhateverAReaderMissesHisScreenIsRightInTheEnd) {
  TICKETSHOW_SEEDED(random);
  seat_feed feed("a", {.max_messages = 8, .max_bytes = 600});
  struct reader {
    std::uint64_t at = 0;
    std::map<std::int64_t, char> screen;
  };
  std::vector<reader> readers(5);
  std::string word(20, 'f');
  for (int step = 0; step < 2'000; ++step) {
    for (int i = 0; i < 3; ++i) word[static_cast<std::size_t>(random.between(0, 19))] = "fhs"[random.between(0, 2)];
    feed.publish(seats(word));
    for (auto& each : readers) {
      if (random.one_in(4)) each.at = feed.number_of(fmt::format("a-{}", each.at));  // he was away
      for (auto count = random.between(0, 3); count > 0; --count) {
        if (const auto next = feed.next(each.at)) apply(each.screen, *next);
      }
    }
  }
  for (auto& each : readers) {
    for (const auto& message : read_all(feed, each.at)) apply(each.screen, message);
    std::string seen;
    for (std::size_t i = 0; i < word.size(); ++i) {
      const auto found = each.screen.find(30'001 + static_cast<std::int64_t>(i));
      seen += found == each.screen.end() ? 'f' : found->second;
    }
    EXPECT_EQ(seen, word);
  }
}

}  // namespace
}  // namespace ticketshow::booking
