#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/sample_catalogue.hpp"
#include "base/time.hpp"
#include "ports/search_index.hpp"
#include "tests/support/search_questions.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/wait_until.hpp"

/// What every adapter of ports::search_index must do. An adapter's test derives its fixture from search_conformance,
/// gives its index in tested(), and instantiates the suite with TICKETSHOW_SEARCH_CONFORMANCE(fixture).
namespace ticketshow::test {

class search_conformance : public testing::Test {
 protected:
  using document = ports::search_document;
  using searched = ports::searched;

  /// The index under test, never filled when the test begins.
  virtual ports::search_index& tested() = 0;

  template <class T>
  T run(rt::task<T> work) {
    return rt::run(context_, std::move(work));
  }
  static rt::deadline soon() { return rt::deadline::after(std::chrono::seconds(20)); }
  rt::executor io() { return context_.get_executor(); }

  // ---- documents

  static document show(std::int64_t id, std::string title, std::string text = "") {
    auto payload = title;
    return {.kind = searched::show,
            .id = id,
            .version = 1,
            .listed = true,
            .title = std::move(title),
            .text = std::move(text),
            .places = {{"Mumbai"}},
            .payload = std::move(payload)};
  }
  static document venue(std::int64_t id, std::string name, std::string location, std::string city) {
    auto payload = name;
    return {.kind = searched::venue,
            .id = id,
            .version = 1,
            .listed = true,
            .title = std::move(name),
            .text = location + ", " + city,
            .places = {{std::move(city)}},
            .payload = std::move(payload)};
  }

  /// The sample catalogue and what it lacks: other scripts and accents. A show plays in one of the four cities.
  static std::vector<document> catalogue() {
    std::vector<document> all;
    std::int64_t id = 0;
    for (const auto& each : app::sample_shows) {
      all.push_back(show(++id, each.title, each.description));
      all.back().places = {{app::sample_venues[static_cast<std::size_t>(2 * (id % 4))].city, now + one_day}};
    }
    for (const auto& [title, text] : more_shows) all.push_back(show(++id, title, text));
    id = 0;
    for (const auto& each : app::sample_venues) all.push_back(venue(++id, each.name, each.location, each.city));
    return all;
  }

  void rebuild(std::vector<document> with) {
    const auto name = run(tested().begin_rebuild(soon()));
    run(tested().fill(soon(), name, std::move(with)));
    run(tested().finish_rebuild(soon(), name));
  }
  void put(std::vector<document> documents) { run(tested().put(soon(), std::move(documents))); }

  // ---- questions

  ports::search_hits ask(const std::string& text, const std::string& city = "", std::int64_t limit = 8,
                         timestamp at = now) {
    return run(tested().search(soon(), {.text = text, .city = city, .now = at, .limit = limit}));
  }
  static std::vector<std::string> payloads_of(const std::vector<ports::search_hit>& hits) {
    std::vector<std::string> payloads;
    for (const auto& each : hits) payloads.push_back(each.payload);
    return payloads;
  }
  std::vector<std::string> shows(const std::string& text, const std::string& city = "", timestamp at = now) {
    return payloads_of(ask(text, city, 8, at).shows);
  }
  std::vector<std::string> venues(const std::string& text, const std::string& city = "") {
    return payloads_of(ask(text, city).venues);
  }

  /// What was put is found within a second.
  void wait_until(const std::function<bool()>& done) { test::wait_until(context_, done); }
  /// Waits until everything that was put before is found: a document that is put now is.
  void settle() {
    const auto mark = fmt::format("settled{}", ++marks_);
    put({show(1'000'000 + marks_, mark)});
    wait_until([&] { return shows(mark) == std::vector{mark}; });
  }

  // ---- the promises

  void the_first_hit_is_the_expected_one() {
    rebuild(catalogue());
    for (const auto& question : search_questions) {
      const auto hits = ask(question.query);
      const auto found = payloads_of(question.kind == searched::show ? hits.shows : hits.venues);
      EXPECT_THAT(found, testing::Not(testing::IsEmpty())) << question.query;
      if (!found.empty()) EXPECT_EQ(found.front(), question.first) << question.query;
    }
  }

  void what_does_not_fit_is_not_found() {
    rebuild(catalogue());
    for (const auto* query : {"xylophone", "zzz", "monsoon xylophone", "chai tea stall rocket ship", "", "!?", "qq"}) {
      EXPECT_THAT(shows(query), testing::IsEmpty()) << query;
      EXPECT_THAT(venues(query), testing::IsEmpty()) << query;
    }
  }

  void titles_come_before_descriptions() {
    rebuild({show(1, "A Quiet Summer", "the harbour sleeps, a harbour wakes: harbour harbour"),
             show(2, "Harbour of Kites and Many Other Things that a Long Title Names", ""), show(3, "Harbour", ""),
             show(4, "Harbours", ""), show(5, "My Harbour", "")});
    EXPECT_THAT(shows("harbour"),
                testing::ElementsAre("Harbour", "Harbour of Kites and Many Other Things that a Long Title Names",
                                     "My Harbour", "Harbours", "A Quiet Summer"));
  }

  void any_typos_that_are_forgiven_still_find() {
    TICKETSHOW_SEEDED(random);
    rebuild(catalogue());
    for (int round = 0; round < 60; ++round) {
      const auto last = static_cast<std::int64_t>(std::size(app::sample_shows)) - 1;
      const std::string title = app::sample_shows[random.between(0, last)].title;
      const auto typed = with_typos(random, title);
      EXPECT_THAT(shows(typed), testing::Contains(title)) << typed;
    }
  }

  void every_beginning_of_a_title_finds_it() {
    rebuild(catalogue());
    const std::string title = "Sapnon Ka Hisaab";
    for (std::size_t length = 1; length <= title.size(); ++length) {
      const auto typed = title.substr(0, length);
      EXPECT_THAT(shows(typed), testing::Contains(title)) << typed;
    }
  }

  void a_city_is_where_shows_play_and_venues_are() {
    auto monsoon = show(1, "Monsoon Express");
    monsoon.places = {{"Mumbai", now + one_day}, {"Bengaluru", now + 2 * one_day}};
    auto nowhere = show(2, "Second Monsoon");
    nowhere.places = {};
    rebuild({monsoon, nowhere, venue(1, "Monsoon Palace", "x", "Mumbai"), venue(2, "Monsoon Hall", "x", "São Paulo")});
    EXPECT_THAT(shows("monsoon"), testing::ElementsAre("Monsoon Express", "Second Monsoon"));
    EXPECT_THAT(shows("monsoon", "MUMBAI"), testing::ElementsAre("Monsoon Express"));
    EXPECT_THAT(shows("monsoon", "Pune"), testing::IsEmpty());
    EXPECT_THAT(venues("monsoon", "sao paulo"), testing::ElementsAre("Monsoon Hall"));
    EXPECT_THAT(shows("monsoon", "Mumbai", now + one_day), testing::IsEmpty()) << "the last showing has begun";
    EXPECT_THAT(shows("monsoon", "Bengaluru", now + one_day), testing::ElementsAre("Monsoon Express"));
  }

  void cities_are_those_of_listed_venues() {
    auto closed = venue(4, "Closed", "x", "Goa");
    closed.listed = false;
    rebuild({venue(1, "One", "x", "Pune"), venue(2, "Two", "x", "Ágra"), venue(3, "Three", "x", "Pune"), closed,
             venue(5, "Five", "x", "Mumbai"), show(1, "A show plays somewhere")});
    EXPECT_THAT(run(tested().cities(soon(), 100)), testing::ElementsAre("Ágra", "Mumbai", "Pune"));
    EXPECT_THAT(run(tested().cities(soon(), 2)), testing::ElementsAre("Ágra", "Mumbai"));
  }

  void no_more_are_given_than_asked_for() {
    std::vector<document> many;
    for (int i = 1; i <= 120; ++i) many.push_back(show(i, fmt::format("Monsoon {}", i)));
    rebuild(many);
    EXPECT_EQ(ask("monsoon", "", 50).shows.size(), 50U);
    const auto some = ask("mons", "", 3).shows;
    ASSERT_EQ(some.size(), 3U);
    EXPECT_EQ(some.front().id, 1) << "the oldest of equals";
  }

  void the_newest_version_stays_whatever_comes_later() {
    rebuild({});
    auto first = show(1, "First title");
    auto third = show(1, "Third title");
    third.version = 3;
    auto second = show(1, "Second title");
    second.version = 2;
    put({first});
    settle();
    EXPECT_THAT(shows("title"), testing::ElementsAre("First title"));
    put({third, second});
    put({second});
    put({third});
    settle();
    EXPECT_THAT(shows("title"), testing::ElementsAre("Third title"));
    EXPECT_THAT(shows("first"), testing::IsEmpty());
  }

  void what_is_not_listed_is_not_found_and_does_not_come_back() {
    rebuild({show(1, "Monsoon Express"), venue(1, "Regal", "x", "Pune")});
    auto cancelled = show(1, "Monsoon Express");
    cancelled.version = 5;
    cancelled.listed = false;
    put({cancelled});
    auto late = show(1, "Monsoon Express");
    late.version = 4;
    put({late});
    settle();
    EXPECT_THAT(shows("monsoon"), testing::IsEmpty());
    EXPECT_THAT(venues("regal"), testing::ElementsAre("Regal")) << "a venue of the same id is another thing";
  }

  void what_is_held_is_listed_page_by_page_with_its_version() {
    auto cancelled = show(4, "Cancelled");
    cancelled.version = 9;
    cancelled.listed = false;
    rebuild({show(7, "Third"), show(1, "First"), cancelled, venue(2, "Venue", "x", "Pune")});
    auto renewed = show(1, "First again");
    renewed.version = 12;
    put({renewed});
    wait_until([&] { return !shows("again").empty(); });
    using held = ports::held_document;
    const auto list = [&](searched kind, std::int64_t after) { return run(tested().list(soon(), kind, after, 2)); };
    EXPECT_THAT(list(searched::show, 0), testing::ElementsAre(held{1, 12, true}, held{4, 9, false}));
    EXPECT_THAT(list(searched::show, 4), testing::ElementsAre(held{7, 1, true}));
    EXPECT_THAT(list(searched::show, 7), testing::IsEmpty());
    EXPECT_THAT(list(searched::venue, 0), testing::ElementsAre(held{2, 1, true}));
  }

  void what_was_never_filled_says_so() {
    EXPECT_FALSE(run(tested().is_filled(soon())));
    put({show(1, "Early")});
    EXPECT_THROW(ask("early"), rt::unavailable);
    EXPECT_THROW(run(tested().cities(soon(), 10)), rt::unavailable);
    EXPECT_THROW(run(tested().list(soon(), searched::show, 0, 10)), rt::unavailable);
    const auto name = run(tested().begin_rebuild(soon()));
    EXPECT_FALSE(run(tested().is_filled(soon())));
    EXPECT_THROW(ask("early"), rt::unavailable);
    run(tested().finish_rebuild(soon(), name));
    EXPECT_TRUE(run(tested().is_filled(soon())));
    EXPECT_THAT(shows("early"), testing::IsEmpty());
  }

  void a_rebuild_serves_the_old_until_it_is_finished() {
    rebuild({show(1, "Old Monsoon"), show(2, "Gone Monsoon")});
    const auto name = run(tested().begin_rebuild(soon()));
    auto renewed = show(1, "New Monsoon");
    renewed.version = 2;
    put({renewed, show(3, "Young Monsoon")});
    settle();
    EXPECT_THAT(shows("monsoon"), testing::UnorderedElementsAre("New Monsoon", "Gone Monsoon", "Young Monsoon"));
    run(tested().fill(soon(), name, {show(1, "Old Monsoon"), show(4, "Other Monsoon")}));
    EXPECT_THAT(shows("other"), testing::IsEmpty());
    run(tested().finish_rebuild(soon(), name));
    EXPECT_THAT(shows("monsoon"), testing::UnorderedElementsAre("New Monsoon", "Young Monsoon", "Other Monsoon"))
        << "what was put meanwhile is there, and newer than what the rebuild read";
    put({show(5, "Last Monsoon")});
    settle();
    EXPECT_THAT(shows("last"), testing::ElementsAre("Last Monsoon"));
  }

  void the_later_of_two_rebuilds_wins() {
    rebuild({show(1, "Old")});
    const auto first = run(tested().begin_rebuild(soon()));
    const auto second = run(tested().begin_rebuild(soon()));
    EXPECT_THROW(run(tested().fill(soon(), first, {show(2, "First")})), std::runtime_error);
    EXPECT_THROW(run(tested().finish_rebuild(soon(), first)), std::runtime_error);
    run(tested().fill(soon(), second, {show(3, "Second")}));
    EXPECT_THAT(shows("old"), testing::ElementsAre("Old"));
    run(tested().finish_rebuild(soon(), second));
    EXPECT_THAT(shows("second"), testing::ElementsAre("Second"));
    EXPECT_THAT(shows("old"), testing::IsEmpty());
  }

  void anything_may_be_asked() {
    rebuild(catalogue());
    for (const auto* query :
         {"' | !x & (", "\\", "a:*", "<b>", "\"quoted", "%_", "* ? ~ [x TO y] AND OR NOT", "\xff\xfe",
          "a b c d e f g h i j k l m n o p q r s t u v w x y z", "😀", "null", "{}", "__proto__"}) {
      EXPECT_NO_THROW(ask(query)) << query;
      EXPECT_NO_THROW(ask("monsoon", query)) << query;
    }
    const std::string endless(120, 'x');
    EXPECT_NO_THROW(ask(endless));
  }

  static constexpr auto one_day = std::chrono::hours(24);
  static constexpr timestamp now = std::chrono::sys_days{std::chrono::year(2026) / 11 / 24};
  boost::asio::io_context context_{1};

 private:
  static rt::task<> pause() { co_await rt::sleep_for(std::chrono::milliseconds(20)); }

  /// One word of the title gets as many typos as are forgiven, a letter each; not its first letter twice over.
  static std::string with_typos(seeded& random, const std::string& title) {
    std::vector<std::pair<std::size_t, std::size_t>> words;  // begin, length
    for (std::size_t begin = 0; begin < title.size();) {
      const auto end = std::min(title.find(' ', begin), title.size());
      const bool plain = title.find('\'', begin) >= end;
      if (end - begin >= 3 && plain) words.emplace_back(begin, end - begin);
      begin = end + 1;
    }
    const auto [begin, length] =
        words[static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(words.size()) - 1))];
    auto word = title.substr(begin, length);
    for (int typos = length < 6 ? 1 : 2; typos > 0; --typos) {
      const auto at = static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(word.size()) - 1));
      word[at] = static_cast<char>('a' + random.between(0, 25));
    }
    return title.substr(0, begin) + word + title.substr(begin + length);
  }

  std::int64_t marks_ = 0;
};

}  // namespace ticketshow::test

#define TICKETSHOW_SEARCH_PROMISE(fixture, promise) \
  TEST_F(fixture, promise) { search_conformance::promise(); }

#define TICKETSHOW_SEARCH_CONFORMANCE(fixture)                                               \
  TICKETSHOW_SEARCH_PROMISE(fixture, the_first_hit_is_the_expected_one)                      \
  TICKETSHOW_SEARCH_PROMISE(fixture, what_does_not_fit_is_not_found)                         \
  TICKETSHOW_SEARCH_PROMISE(fixture, titles_come_before_descriptions)                        \
  TICKETSHOW_SEARCH_PROMISE(fixture, any_typos_that_are_forgiven_still_find)                 \
  TICKETSHOW_SEARCH_PROMISE(fixture, every_beginning_of_a_title_finds_it)                    \
  TICKETSHOW_SEARCH_PROMISE(fixture, a_city_is_where_shows_play_and_venues_are)              \
  TICKETSHOW_SEARCH_PROMISE(fixture, cities_are_those_of_listed_venues)                      \
  TICKETSHOW_SEARCH_PROMISE(fixture, no_more_are_given_than_asked_for)                       \
  TICKETSHOW_SEARCH_PROMISE(fixture, the_newest_version_stays_whatever_comes_later)          \
  TICKETSHOW_SEARCH_PROMISE(fixture, what_is_not_listed_is_not_found_and_does_not_come_back) \
  TICKETSHOW_SEARCH_PROMISE(fixture, what_is_held_is_listed_page_by_page_with_its_version)   \
  TICKETSHOW_SEARCH_PROMISE(fixture, what_was_never_filled_says_so)                          \
  TICKETSHOW_SEARCH_PROMISE(fixture, a_rebuild_serves_the_old_until_it_is_finished)          \
  TICKETSHOW_SEARCH_PROMISE(fixture, the_later_of_two_rebuilds_wins)                         \
  TICKETSHOW_SEARCH_PROMISE(fixture, anything_may_be_asked)
