#include "services/catalog/posters.hpp"

#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "images/tests/samples.hpp"
#include "services/catalog/tests/circuit.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/wait_until.hpp"

namespace ticketshow::catalog {
namespace {

using namespace std::chrono_literals;
using test::code_of;
using testing::circuit;
using ::testing::Each;
using ::testing::HasSubstr;
using testing::value_of;

contract::content form_of(std::string_view picture) {
  return {
      .type = "multipart/form-data; boundary=XX",
      .bytes = fmt::format("--XX\r\nContent-Disposition: form-data; name=\"poster\"\r\n\r\n{}\r\n--XX--\r\n", picture)};
}

constexpr pg::statement lock_shows{"test_lock_shows", "SELECT id FROM catalog.show FOR UPDATE"};

/// Ends the transaction once two wait for what it has locked.
rt::task<std::string> end_when_two_wait(circuit& c, pg::transaction locked) {
  const auto give_up = rt::steady_clock::now() + test::patience;
  const std::string waiting =
      "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
      "WHERE NOT l.granted AND a.datname = current_database()";
  while (c.sql(waiting) != "2") {
    if (rt::steady_clock::now() > give_up) throw std::runtime_error("the uploads never came to their shows");
    co_await rt::sleep_for(2ms);
  }
  co_await locked.commit();
  co_return "OK";
}

class Posters : public ::testing::Test {
 protected:
  contract::result<show_view> upload(std::int64_t to, std::string_view picture) {
    return c.ask(upload_poster{to, form_of(picture)});
  }
  show_view shown(std::int64_t id) { return value_of(c.ask(get_show{id})); }
  /// As if nobody had wanted any poster for an hour, and no sweeper were at work.
  void let_time_pass() {
    c.sql(
        "UPDATE catalog.poster SET touched_at = CASE WHEN doomed THEN '-infinity' ELSE now() - interval '1 hour' END");
  }
  void sweep() { c.run(sweeper.sweep()); }
  std::string posters_in_use() {
    return c.sql("SELECT string_agg(DISTINCT poster, ' ' ORDER BY poster) FROM catalog.show");
  }
  /// The names of posters that have files.
  std::string posters_with_files() {
    std::set<std::string> names;
    for (const auto& [key, bytes] : c.blobs.kept) names.insert(key.substr(8, 32));
    return fmt::format("{}", fmt::join(names, " "));
  }

  circuit c;
  pg::pool pool{c.io.get_executor(),
                {.name = "sweeper", .conninfo = c.database.service("catalog"), .max_connections = 2}};
  posters sweeper{c.io.get_executor(), pool, c.blobs, {}};
  std::int64_t show = c.add_show("The Long Wait");
  std::string red = images::samples::png(40, 60);
  std::string other = images::samples::png(50, 60);
};

TEST_F(Posters, AreShownInAllTheirSizes) {
  const auto wide = images::samples::png(700, 1'050);
  const auto view = value_of(upload(show, wide));
  const auto name = poster_name_of(wide);
  ASSERT_TRUE(view.poster);
  EXPECT_EQ(view.poster->width, 700);
  EXPECT_EQ(view.poster->height, 1'050);
  ASSERT_EQ(view.poster->webp.size(), 3U);
  EXPECT_EQ(view.poster->jpeg[1].url, fmt::format("/media/posters/{}/640.jpg", name));
  EXPECT_EQ(view.poster_url, view.poster->jpeg[1].url);
  EXPECT_EQ(c.blobs.kept.size(), 6U);
}

TEST_F(Posters, AreToldToSearch) {
  value_of(upload(show, red));
  c.run([](circuit& at) -> rt::task<> {
    const auto give_up = rt::steady_clock::now() + test::patience;
    while (at.bus.of<show_changed>().size() < 2 && rt::steady_clock::now() < give_up) co_await rt::sleep_for(5ms);
  }(c));
  const auto told = c.bus.of<show_changed>();
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told.back().show.poster_url, shown(show).poster_url);
}

TEST_F(Posters, OfTheSameContentAreOne) {
  const auto second = c.add_show("The Longer Wait");
  value_of(upload(show, red));
  const auto files = c.blobs.kept;
  value_of(upload(second, red));
  EXPECT_EQ(c.blobs.kept, files);
  value_of(upload(show, other));
  let_time_pass();
  sweep();
  EXPECT_EQ(posters_with_files(), posters_in_use()) << "the second show keeps the first's";
  EXPECT_EQ(shown(second).poster->webp.size(), 1U);
}

TEST_F(Posters, SwappedByTwoAdministratorsAtOnceComeToTheirShows) {
  const auto second = c.add_show("The Longer Wait");
  const auto change = [](circuit& at, std::int64_t to, std::string picture) -> rt::task<std::string> {
    const upload_poster request{to, form_of(picture)};
    const auto answer = co_await at.endpoints().handle(circuit::call_of(), request);
    co_return code_of(answer);
  };
  for (int i = 0; i < 20; ++i) {
    const auto& first_gets = i % 2 == 0 ? red : other;
    const auto& second_gets = i % 2 == 0 ? other : red;
    // Both have their pictures ready before either may take them.
    auto locked = c.run(pool.begin(rt::deadline::after(10s)));
    c.run(locked.run(lock_shows));
    std::vector<rt::task<std::string>> all;
    all.push_back(change(c, show, first_gets));
    all.push_back(change(c, second, second_gets));
    all.push_back(end_when_two_wait(c, std::move(locked)));
    EXPECT_THAT(c.run_all(std::move(all)), Each("OK")) << i;
    EXPECT_THAT(*shown(show).poster_url, HasSubstr(poster_name_of(first_gets))) << i;
    EXPECT_THAT(*shown(second).poster_url, HasSubstr(poster_name_of(second_gets))) << i;
  }
}

TEST_F(Posters, ThatNobodyHasGoAfterSomeTimeAndNotBefore) {
  value_of(upload(show, red));
  value_of(upload(show, other));
  sweep();
  EXPECT_EQ(c.blobs.kept.size(), 4U);
  let_time_pass();
  sweep();
  EXPECT_EQ(posters_with_files(), poster_name_of(other));
  EXPECT_EQ(c.sql("SELECT count(*) FROM catalog.poster"), "1");
}

TEST_F(Posters, OfAnUploadThatNeverCameToItsShowGo) {
  rt::call call = circuit::call_of();
  value_of(c.run(sweeper.keep(call.until, red)));
  EXPECT_EQ(c.blobs.kept.size(), 2U);
  let_time_pass();
  sweep();
  EXPECT_TRUE(c.blobs.kept.empty());
}

TEST_F(Posters, AreRemovedLaterWhenTheStoreIsAway) {
  value_of(upload(show, red));
  value_of(upload(show, other));
  let_time_pass();
  c.blobs.away = true;
  sweep();
  EXPECT_EQ(c.sql("SELECT count(*) FROM catalog.poster WHERE doomed"), "1");
  EXPECT_THROW(code_of(upload(show, images::samples::png(60, 60))), rt::unavailable);
  c.blobs.away = false;
  let_time_pass();
  sweep();
  EXPECT_EQ(posters_with_files(), poster_name_of(other));
  EXPECT_EQ(shown(show).poster_url, fmt::format("/media/posters/{}/50.jpg", poster_name_of(other)));
}

TEST_F(Posters, AreRemovedThoughOneOfThemCannotBe) {
  for (int i = 0; i < 4; ++i) value_of(upload(show, images::samples::png(60 + i, 60)));
  value_of(upload(show, red));
  let_time_pass();
  c.blobs.stays = poster_name_of(images::samples::png(60, 60));
  sweep();
  EXPECT_EQ(c.sql("SELECT string_agg(name, ' ') FROM catalog.poster WHERE doomed"), c.blobs.stays);
  c.blobs.stays.clear();
  let_time_pass();
  sweep();
  EXPECT_EQ(posters_with_files(), poster_name_of(red));
}

TEST_F(Posters, ThatAreBeingRemovedAreGivenToNobody) {
  value_of(upload(show, red));
  value_of(upload(show, other));
  c.sql(fmt::format("UPDATE catalog.poster SET doomed = true WHERE name = '{}'", poster_name_of(red)));
  EXPECT_THROW(code_of(upload(show, red)), rt::unavailable);
  EXPECT_ANY_THROW(c.sql(fmt::format("UPDATE catalog.show SET poster = '{}'", poster_name_of(red))));
  let_time_pass();
  sweep();
  value_of(upload(show, red));
  EXPECT_EQ(shown(show).poster_url, fmt::format("/media/posters/{}/40.jpg", poster_name_of(red)));
}

TEST_F(Posters, OfCancelledOrUnknownShowsAreRefused) {
  EXPECT_EQ(code_of(upload(show + 1'000, red)), "SHOW_NOT_FOUND");
  value_of(c.ask(cancel_show{show}));
  EXPECT_EQ(code_of(upload(show, red)), "SHOW_CANCELLED");
  EXPECT_TRUE(c.blobs.kept.empty());
}

TEST_F(Posters, ThatCannotBeOneAreRefusedByWhatTheyAre) {
  EXPECT_EQ(code_of(upload(show, "<svg/>")), "POSTER_UNSUPPORTED");
  EXPECT_EQ(code_of(upload(show, red.substr(0, 40))), "POSTER_BROKEN");
  EXPECT_EQ(code_of(upload(show, images::samples::png_that_claims(50'000, 50'000))), "POSTER_TOO_MANY_PIXELS");
  EXPECT_EQ(code_of(upload(show, "")), "POSTER_MISSING");
  EXPECT_EQ(code_of(upload(show, red + std::string(max_poster_bytes + 1 - red.size(), 'x'))), "POSTER_TOO_LARGE");
  EXPECT_EQ(code_of(c.ask(upload_poster{show, {.type = "image/png", .bytes = red}})), "MALFORMED_REQUEST");
  EXPECT_FALSE(shown(show).poster);
}

TEST_F(Posters, WhateverIsUploadedAndSweptFilesAreThoseOfTheShows) {
  TICKETSHOW_SEEDED(random);
  const std::vector shows{show, c.add_show("Two"), c.add_show("Three")};
  std::vector<std::string> pictures;
  for (int width = 8; width < 12; ++width) pictures.push_back(images::samples::png(width, 8));
  const auto any = [&](const auto& of) { return of[static_cast<std::size_t>(random.between(0, std::ssize(of) - 1))]; };
  for (int step = 0; step < 60; ++step) {
    if (random.one_in(3)) let_time_pass();
    if (random.one_in(3)) sweep();
    value_of(upload(any(shows), any(pictures)));
    for (const auto each : shows) {
      const auto view = shown(each);
      if (view.poster) EXPECT_TRUE(c.blobs.kept.contains(view.poster_url->substr(7))) << "step " << step;
    }
  }
  let_time_pass();
  sweep();
  EXPECT_EQ(posters_with_files(), posters_in_use());
}

}  // namespace
}  // namespace ticketshow::catalog
