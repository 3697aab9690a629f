#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/catalog/tests/circuit.hpp"

/// What booking hears of changes, and what becomes of showings while it is asked or away.
// NOLINTBEGIN(cppcoreguidelines-avoid-capturing-lambda-coroutines): the stand-in keeps the lambdas it calls
namespace ticketshow::catalog::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class BookingSync : public ::testing::Test {
 protected:
  /// The schedules of which booking was told since the last time.
  std::set<std::int64_t> news() {
    const auto told = std::exchange(c.bookings.told, {});
    return {told.begin(), told.end()};
  }
  void start_sweeping() {
    c.settings.sweep_pause_ms = 20;
    c.restart();
  }

  std::int64_t version_of(std::int64_t schedule) { return value_of(c.ask(get_schedule_for_sale{schedule})).version; }

  circuit c;
  circuit::place p = c.add_place();
  timestamp start = hours_from_now(30);
};

TEST_F(BookingSync, booking_hears_of_the_changes_that_matter_to_it) {
  const auto other = c.add_show("Other");
  const auto first = c.add_schedule(p.show, p.screen, start);
  const auto second = c.add_schedule(other, p.screen, start + 3h);
  const auto elsewhere = c.add_schedule(p.show, c.add_screen(c.add_venue("Regal")), start);
  const auto begun = c.add_schedule(p.show, p.screen, start + 6h);
  const auto cancelled = c.add_schedule(p.show, p.screen, start + 9h);
  c.ask(cancel_schedule{cancelled}).value();
  EXPECT_THAT(news(), ElementsAre(cancelled)) << "but of none that is new: booking has no copy";
  c.sql(fmt::format("UPDATE catalog.schedule SET starts_at = now() - interval '1 hour', ends_at = now() WHERE id = {}",
                    begun));

  c.ask(update_show{.id = p.show, .price = money{1'00}}).value();
  EXPECT_THAT(news(), UnorderedElementsAre(first, elsewhere));
  c.ask(update_show{.id = p.show, .title = "The Longer Wait"}).value();
  EXPECT_THAT(news(), UnorderedElementsAre(first, elsewhere));
  c.ask(update_show{.id = p.show, .duration_minutes = 10, .description = "Shorter."}).value();
  EXPECT_THAT(news(), IsEmpty());
  c.ask(update_venue{.id = p.venue, .name = "Grand"}).value();
  EXPECT_THAT(news(), UnorderedElementsAre(first, second));
  c.ask(update_venue{.id = p.venue, .closing_time = "23:00"}).value();
  EXPECT_THAT(news(), IsEmpty());
  c.ask(update_screen{.id = p.screen, .capacity = 120}).value();
  EXPECT_THAT(news(), UnorderedElementsAre(first, second));
  c.ask(update_schedule{second, start + 4h, {}}).value();
  EXPECT_THAT(news(), Each(second));
  c.ask(cancel_show{p.show}).value();
  EXPECT_THAT(news(), UnorderedElementsAre(first, elsewhere));
  c.ask(deactivate_venue{p.venue}).value();
  EXPECT_THAT(news(), ElementsAre(second));
  EXPECT_EQ(c.untold(), "0");
}

TEST_F(BookingSync, what_booking_copies_shows_every_change_under_a_higher_version) {
  const auto schedule = c.add_schedule(p.show, p.screen, start);
  const auto first = c.ask(get_schedule_for_sale{schedule}).value();
  EXPECT_EQ(first.show_title, "The Long Wait");
  EXPECT_EQ(first.venue_name, "Odeon");
  EXPECT_EQ(first.city, "Pune");
  EXPECT_EQ(first.capacity, 100);
  EXPECT_EQ(first.seats_per_row, 10);
  EXPECT_EQ(first.price, money{350'00});
  EXPECT_EQ(first.start_time, start);

  auto version = first.version;
  const auto expect_newer = [&](const char* what) {
    const auto now = version_of(schedule);
    EXPECT_GT(now, version) << what;
    version = now;
  };
  c.ask(update_show{.id = p.show, .price = money{1'00}}).value();
  EXPECT_EQ(c.ask(get_schedule_for_sale{schedule})->price, money{1'00});
  expect_newer("price");
  c.ask(update_venue{.id = p.venue, .city = "Delhi"}).value();
  expect_newer("city");
  c.ask(update_screen{.id = p.screen, .capacity = 101}).value();
  expect_newer("capacity");
  const auto small = c.add_screen(p.venue, "Small", 30);
  c.ask(update_schedule{schedule, {}, small}).value();
  EXPECT_EQ(c.ask(get_schedule_for_sale{schedule})->capacity, 30);
  expect_newer("screen");
  c.ask(cancel_schedule{schedule}).value();
  expect_newer("cancelled");
}

TEST_F(BookingSync, a_change_that_is_committed_late_is_newer_than_what_was_seen_before) {
  const auto in_the_way = c.add_schedule(p.show, c.add_screen(p.venue, "Two"), start);
  const auto schedule = c.add_schedule(p.show, p.screen, start);
  // A new price stops at the first of the show's two schedules, and the screen of the second changes meanwhile.
  const auto hold_up = fmt::format(
      "WITH locked AS MATERIALIZED (SELECT id FROM catalog.schedule WHERE id = {} FOR UPDATE) "
      "INSERT INTO catalog.booking_sync (schedule_id) SELECT id FROM locked",
      in_the_way);
  const pg::statement held{"hold_up", hold_up.c_str()};
  std::optional holder(c.run(c.here().pool.begin(rt::deadline::after(20s))));
  c.run(holder->run(held));

  schedule_for_sale seen;
  const auto change_price = [](auto& self) -> rt::task<bool> {
    const update_show what{.id = self.p.show, .price = money{1'00}};
    const auto answer = co_await self.c.endpoints().handle(circuit::call_of(), what);
    co_return answer.has_value();
  };
  const auto change_screen = [](auto& self, auto& lock, auto& into, std::int64_t which) -> rt::task<bool> {
    while (test::execute(self.c.database.superuser(),
                         {"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
                          "wait_event_type = 'Lock'"})
               .front() == "0") {
      co_await rt::sleep_for(5ms);
    }
    const update_screen what{.id = self.p.screen, .capacity = 101};
    const auto answer = co_await self.c.endpoints().handle(circuit::call_of(), what);
    const auto copy =
        co_await self.c.endpoints().handle(circuit::call_of().as_service("booking"), get_schedule_for_sale{which});
    into = *copy;
    lock.reset();
    co_return answer.has_value();
  };
  std::vector<rt::task<bool>> work;
  work.push_back(change_price(*this));
  work.push_back(change_screen(*this, holder, seen, schedule));
  EXPECT_THAT(c.run_all(std::move(work)), Each(true));
  EXPECT_EQ(seen.price, money{350'00});
  EXPECT_EQ(seen.capacity, 101);
  const auto now = c.ask(get_schedule_for_sale{schedule}).value();
  EXPECT_EQ(now.price, money{1'00});
  EXPECT_GT(now.version, seen.version);
}

TEST_F(BookingSync, an_outage_of_booking_is_caught_up) {
  start_sweeping();
  const auto first = c.add_schedule(p.show, p.screen, start);
  const auto second = c.add_schedule(p.show, p.screen, start + 3h);
  c.bookings.away = true;
  EXPECT_EQ(c.ask(update_show{.id = p.show, .price = money{1'00}})->price, money{1'00});
  EXPECT_EQ(c.ask(cancel_schedule{first})->status, schedule_status::CANCELLED);
  EXPECT_EQ(c.untold(), "2");
  c.bookings.away = false;
  c.bookings.refuses = true;
  c.ask(update_screen{.id = p.screen, .name = "Two"}).value();
  EXPECT_EQ(c.untold(), "2") << "an answer that is no yes";
  c.bookings.refuses = false;
  c.wait_until([&] { return c.untold() == "0"; });
  EXPECT_THAT(news(), UnorderedElementsAre(first, second));
}

TEST_F(BookingSync, what_a_crash_left_untold_is_told_after_the_start) {
  const auto schedule = c.add_schedule(p.show, p.screen, start);
  c.bookings.away = true;
  c.ask(cancel_schedule{schedule}).value();
  c.stop();
  c.bookings.away = false;
  EXPECT_THAT(news(), IsEmpty());
  c.restart();
  c.wait_until([&] { return c.untold() == "0"; });
  EXPECT_THAT(news(), ElementsAre(schedule));
}

TEST_F(BookingSync, a_change_made_while_booking_is_told_is_told_too) {
  start_sweeping();
  const auto schedule = c.add_schedule(p.show, p.screen, start);
  std::vector<money> fetched;
  c.bookings.when_told = [&]() -> rt::task<> {
    const auto copy = co_await c.endpoints().handle(c.call_of().as_service("booking"), get_schedule_for_sale{schedule});
    fetched.push_back(copy->price);
    if (fetched.size() == 1) {
      c.bookings.away = true;  // for the second change's own telling: only the row that it left can bring it
      const update_show second{.id = p.show, .price = money{2'00}};
      co_await c.endpoints().handle(circuit::call_of(), second);
      c.bookings.away = false;
    }
  };
  c.ask(update_show{.id = p.show, .price = money{1'00}}).value();
  c.wait_until([&] { return c.untold() == "0"; });
  c.bookings.when_told = nullptr;
  ASSERT_GE(fetched.size(), 2U);
  EXPECT_EQ(fetched.front(), money{1'00});
  EXPECT_EQ(fetched.back(), money{2'00});
}

TEST_F(BookingSync, a_great_change_is_told_in_calls_that_booking_takes) {
  c.sql({fmt::format("INSERT INTO catalog.screen (venue_id, name, capacity) SELECT {}, 's' || i, 10 FROM "
                     "generate_series(1, 2500) i",
                     p.venue),
         fmt::format("INSERT INTO catalog.schedule (show_id, screen_id, starts_at, ends_at) SELECT {}, id, now() + "
                     "interval '1 day', now() + interval '26 hours' FROM catalog.screen",
                     p.show)});
  c.ask(cancel_show{p.show}).value();
  EXPECT_EQ(c.untold(), "0");
  EXPECT_THAT(news(), SizeIs(2501));
  EXPECT_LE(c.bookings.largest_call, 10'000U);
  EXPECT_EQ(c.sql("SELECT count(*) FROM catalog.schedule WHERE status = 'ACTIVE'"), "0");
}

// ---- moving

TEST_F(BookingSync, defect_27_a_showing_with_live_bookings_is_not_moved) {
  const auto schedule = c.add_schedule(p.show, p.screen, start);
  c.bookings.live_bookings = 3;
  const auto refused = c.ask(update_schedule{schedule, start + 1h, {}});
  ASSERT_EQ(code_of(refused), "HAS_LIVE_BOOKINGS");
  EXPECT_THAT(refused.error().detail, HasSubstr("3 booking(s)"));
  EXPECT_EQ(c.ask(get_schedule{schedule})->start_time, start);
  EXPECT_THAT(c.bookings.suspended, IsEmpty()) << "on sale again";
  EXPECT_EQ(c.bookings.suspensions, 1);
  // Where nothing moves, nobody is asked.
  EXPECT_EQ(code_of(c.ask(update_schedule{schedule, start, p.screen})), "OK");
  EXPECT_EQ(code_of(c.ask(update_schedule{schedule, {}, {}})), "OK");
  EXPECT_EQ(c.bookings.suspensions, 1);
  c.bookings.live_bookings = 0;
  EXPECT_EQ(c.ask(update_schedule{schedule, start + 1h, {}})->start_time, start + 1h);
  EXPECT_THAT(c.bookings.suspended, IsEmpty());
}

TEST_F(BookingSync, nothing_moves_without_booking) {
  const auto schedule = c.add_schedule(p.show, p.screen, start);
  c.bookings.away = true;
  EXPECT_THROW(std::ignore = c.ask(update_schedule{schedule, start + 1h, {}}), rt::unavailable);
  EXPECT_EQ(c.ask(get_schedule{schedule})->start_time, start);
}

TEST_F(BookingSync, a_move_whose_end_booking_cannot_hear_is_told_later) {
  start_sweeping();
  const auto schedule = c.add_schedule(p.show, p.screen, start);
  c.bookings.when_suspended = [&]() -> rt::task<> {
    c.bookings.away = true;
    co_return;
  };
  EXPECT_EQ(c.ask(update_schedule{schedule, start + 1h, {}})->start_time, start + 1h);
  EXPECT_THAT(c.bookings.suspended, SizeIs(1)) << "its time ends it";
  c.bookings.away = false;
  c.wait_until([&] { return c.untold() == "0"; });
  EXPECT_THAT(news(), ElementsAre(schedule));
}

TEST_F(BookingSync, a_refusal_is_the_answer_even_when_booking_goes_away_meanwhile) {
  const auto schedule = c.add_schedule(p.show, p.screen, start);
  c.add_schedule(p.show, p.screen, start + 2h);
  c.bookings.when_suspended = [&]() -> rt::task<> {
    c.bookings.away = true;
    co_return;
  };
  EXPECT_EQ(code_of(c.ask(update_schedule{schedule, start + 1h, {}})), "SCHEDULE_OVERLAPS");
}

TEST_F(BookingSync, other_news_of_a_showing_do_not_put_it_on_sale_while_it_moves) {
  const auto schedule = c.add_schedule(p.show, p.screen, start);
  std::size_t closed = 0;
  c.bookings.when_suspended = [&]() -> rt::task<> {
    const update_show other{.id = p.show, .price = money{1'00}};
    co_await c.endpoints().handle(circuit::call_of(), other);
    EXPECT_THAT(c.bookings.told, ElementsAre(schedule));
    closed = c.bookings.suspended.size();
  };
  EXPECT_EQ(code_of(c.ask(update_schedule{schedule, start + 1h, {}})), "OK");
  EXPECT_EQ(closed, 1U);
  EXPECT_THAT(c.bookings.suspended, IsEmpty());
}

TEST_F(BookingSync, two_who_move_one_showing_each_open_what_they_closed) {
  const auto schedule = c.add_schedule(p.show, p.screen, start);
  std::vector<rt::task<contract::result<schedule_view>>> work;
  for (int i = 1; i <= 6; ++i) {
    work.push_back(c.endpoints().handle(circuit::call_of(), update_schedule{schedule, start + 10min * i, {}}));
  }
  std::size_t most_closed = 0;
  c.bookings.when_suspended = [&]() -> rt::task<> {
    most_closed = std::max(most_closed, c.bookings.suspended.size());
    co_return;
  };
  for (const auto& each : c.run_all(std::move(work))) EXPECT_EQ(code_of(each), "OK");
  EXPECT_GT(most_closed, 1U) << "each has a suspension of its own";
  EXPECT_THAT(c.bookings.suspended, IsEmpty());
  const auto now = c.ask(get_schedule{schedule}).value();
  EXPECT_EQ(now.end_time - now.start_time, 2h);
}

TEST_F(BookingSync, a_showing_cancelled_while_it_moves_stays_cancelled) {
  const auto schedule = c.add_schedule(p.show, p.screen, start);
  c.bookings.when_suspended = [&]() -> rt::task<> {
    co_await c.endpoints().handle(circuit::call_of(), cancel_schedule{schedule});
  };
  EXPECT_EQ(code_of(c.ask(update_schedule{schedule, start + 1h, {}})), "SCHEDULE_CANCELLED");
  EXPECT_EQ(c.ask(get_schedule{schedule})->status, schedule_status::CANCELLED);
  EXPECT_EQ(c.ask(get_schedule{schedule})->start_time, start);
}

// ---- cancelling

TEST_F(BookingSync, defect_22_no_showing_made_while_its_show_or_venue_is_closed_survives) {
  const auto outcome_of = [](port& to, auto what) -> rt::task<std::string> {
    const auto answer = co_await to.handle(circuit::call_of(), what);
    co_return code_of(answer);
  };
  for (int round = 0; round < 6; ++round) {
    const auto show = c.add_show();
    const auto venue = c.add_venue(fmt::format("Venue {}", round));
    std::vector<std::int64_t> screens;
    for (int i = 0; i < 10; ++i) screens.push_back(c.add_screen(venue, fmt::format("{}", i)));
    const bool by_show = round % 2 == 0;
    // Closing comes in the middle of making.
    std::vector<rt::task<std::string>> work;
    for (std::size_t i = 0; i < screens.size(); ++i) {
      if (i == 3 && by_show) work.push_back(outcome_of(c.endpoints(), cancel_show{show}));
      if (i == 3 && !by_show) work.push_back(outcome_of(c.endpoints(), deactivate_venue{venue}));
      work.push_back(outcome_of(c.endpoints(), create_schedule{show, screens[i], start}));
    }
    std::map<std::string, int> outcomes;
    for (const auto& each : c.run_all(std::move(work))) ++outcomes[each];
    EXPECT_EQ(outcomes["OK"] + outcomes[by_show ? "SHOW_CANCELLED" : "VENUE_INACTIVE"], 11);
    EXPECT_EQ(c.sql("SELECT count(*) FROM catalog.schedule WHERE status = 'ACTIVE'"), "0");
    EXPECT_THAT(news(), SizeIs(outcomes["OK"] - 1)) << "booking may have copied each that was there";
  }
}

TEST_F(BookingSync, changes_of_everything_at_once_neither_fail_nor_lose_news) {
  const auto two = c.add_screen(p.venue, "Two");
  for (int round = 0; round < 5; ++round) {
    const auto show = c.add_show("Round");
    std::vector<std::int64_t> schedules;
    for (int i = 0; i < 8; ++i) schedules.push_back(c.add_schedule(show, i % 2 ? two : p.screen, start + 3h * i));
    news();
    std::vector<rt::task<std::string>> work;
    const auto change = [](port& to, auto what) -> rt::task<std::string> {
      const auto answer = co_await to.handle(circuit::call_of(), what);
      co_return code_of(answer);
    };
    auto& to = c.endpoints();
    work.push_back(change(to, update_show{.id = show, .price = money{1'00}}));
    work.push_back(change(to, update_venue{.id = p.venue, .name = fmt::format("Odeon {}", round)}));
    work.push_back(change(to, update_screen{.id = p.screen, .capacity = 110 + round}));
    work.push_back(change(to, update_screen{.id = two, .capacity = 110 + round}));
    for (const auto each : {7, 0, 4}) {
      const auto later = start + 3h * each + 30min;
      work.push_back(change(to, update_schedule{schedules.at(static_cast<std::size_t>(each)), later, {}}));
    }
    work.push_back(change(to, cancel_schedule{schedules[5]}));
    work.push_back(change(to, update_show{.id = show, .title = "Changed"}));
    if (round == 4) work.push_back(change(to, deactivate_venue{p.venue}));
    work.push_back(change(to, cancel_show{show}));
    for (const auto& outcome : c.run_all(std::move(work))) {
      EXPECT_THAT(outcome, ::testing::AnyOf("OK", "SHOW_CANCELLED", "SCHEDULE_CANCELLED", "VENUE_INACTIVE"));
    }
    c.wait_until([&] { return c.untold() == "0"; });
    EXPECT_THAT(news(), IsSupersetOf(schedules));
    EXPECT_EQ(c.sql("SELECT count(*) FROM catalog.schedule WHERE status = 'ACTIVE'"), "0");
  }
}

}  // namespace
}  // namespace ticketshow::catalog::testing
// NOLINTEND(cppcoreguidelines-avoid-capturing-lambda-coroutines)
