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

class ScheduleNews : public ::testing::Test {
 protected:
  /// The schedules of which booking was told since the last time.
  std::set<std::int64_t> news() {
    std::set<std::int64_t> ids;
    for (const auto& each : c.news()) ids.insert(each.schedule.id);
    return ids;
  }
  /// The one suspension that no call has ended ends with the one piece of news.
  void expect_ended_by(const std::vector<schedule_changed>& told) const {
    ASSERT_THAT(told, SizeIs(1));
    EXPECT_THAT(c.bookings.suspended, ElementsAre(told.front().ticket.value_or("none")));
  }

  std::int64_t version_of(std::int64_t schedule) { return value_of(c.ask(get_schedule_for_sale{schedule})).version; }

  circuit c;
  circuit::place p = c.add_place();
  timestamp start = hours_from_now(30);
};

TEST_F(ScheduleNews, booking_hears_of_the_changes_that_matter_to_it) {
  const auto other = c.add_show("Other");
  const auto first = c.add_schedule(p.show, p.screen, start);
  const auto second = c.add_schedule(other, p.screen, start + 3h);
  const auto elsewhere = c.add_schedule(p.show, c.add_screen(c.add_venue("Regal")), start);
  const auto begun = c.add_schedule(p.show, p.screen, start + 6h);
  const auto cancelled = c.add_schedule(p.show, p.screen, start + 9h);
  EXPECT_THAT(news(), UnorderedElementsAre(first, second, elsewhere, begun, cancelled));
  c.ask(cancel_schedule{cancelled}).value();
  EXPECT_THAT(news(), ElementsAre(cancelled));
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
  c.ask(update_venue{.id = p.venue, .location = "2 Ring Road"}).value();
  EXPECT_THAT(news(), UnorderedElementsAre(first, second));
  EXPECT_EQ(c.ask(get_schedule_for_sale{first})->venue_address, "2 Ring Road, Pune");
  c.ask(update_venue{.id = p.venue, .location = "3 Pune Street"}).value();
  EXPECT_THAT(news(), UnorderedElementsAre(first, second));
  EXPECT_EQ(c.ask(get_schedule_for_sale{first})->venue_address, "3 Pune Street") << "the city is named once";
  c.ask(update_screen{.id = p.screen, .capacity = 120}).value();
  EXPECT_THAT(news(), UnorderedElementsAre(first, second));
  c.ask(update_schedule{second, start + 4h, {}}).value();
  EXPECT_THAT(news(), Each(second));
  c.ask(update_venue{.id = p.venue, .closing_time = "23:00"}).value();
  EXPECT_THAT(news(), IsEmpty());
  c.ask(cancel_show{p.show}).value();
  EXPECT_THAT(news(), UnorderedElementsAre(first, elsewhere));
  c.ask(deactivate_venue{p.venue}).value();
  EXPECT_THAT(news(), ElementsAre(second));
}

TEST_F(ScheduleNews, what_booking_copies_shows_every_change_under_a_higher_version) {
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

TEST_F(ScheduleNews, a_change_that_is_committed_late_is_newer_than_what_was_seen_before) {
  const auto in_the_way = c.add_schedule(p.show, c.add_screen(p.venue, "Two"), start);
  const auto schedule = c.add_schedule(p.show, p.screen, start);
  // A new price stops at the first of the show's two schedules, and the screen of the second changes meanwhile.
  const auto hold_up = fmt::format("SELECT id FROM catalog.schedule WHERE id = {} FOR UPDATE", in_the_way);
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

TEST_F(ScheduleNews, news_show_what_was_committed_in_the_order_of_versions) {
  const auto schedule = c.add_schedule(p.show, p.screen, start);
  c.ask(update_show{.id = p.show, .price = money{1'00}}).value();
  c.ask(update_venue{.id = p.venue, .name = "Grand"}).value();
  c.ask(cancel_schedule{schedule}).value();
  const auto told = c.news();
  ASSERT_THAT(told, SizeIs(4));
  for (std::size_t i = 1; i < told.size(); ++i) {
    EXPECT_GT(told[i].schedule.version, told[i - 1].schedule.version);
  }
  EXPECT_EQ(told[0].schedule.price, money{350'00});
  EXPECT_EQ(told[1].schedule.price, money{1'00});
  EXPECT_EQ(told[2].schedule.venue_name, "Grand");
  EXPECT_EQ(told[3].schedule.status, schedule_status::CANCELLED);
  EXPECT_EQ(told[3].schedule.version, version_of(schedule));
}

TEST_F(ScheduleNews, defect_20_a_change_that_is_refused_is_no_news) {
  const auto first = c.add_schedule(p.show, p.screen, start);
  c.add_schedule(p.show, p.screen, start + 3h);
  news();
  EXPECT_EQ(code_of(c.ask(create_schedule{p.show, p.screen, start + 1h})), "SCHEDULE_OVERLAPS");
  EXPECT_EQ(code_of(c.ask(update_schedule{first, start + 2h, {}})), "SCHEDULE_OVERLAPS");
  c.add_venue("Regal");
  EXPECT_EQ(code_of(c.ask(update_venue{.id = p.venue, .name = "Regal"})), "NAME_TAKEN");
  EXPECT_THAT(news(), IsEmpty());
}

TEST_F(ScheduleNews, defect_20_news_wait_for_the_bus_and_leave_in_order) {
  c.bus.away = true;
  const auto schedule = c.add_schedule(p.show, p.screen, start);
  EXPECT_EQ(c.ask(cancel_schedule{schedule})->status, schedule_status::CANCELLED);
  c.restart();
  EXPECT_THAT(c.bus.of<schedule_changed>(), IsEmpty());
  c.bus.away = false;
  c.wait_until([&] { return c.bus.of<schedule_changed>().size() == 2; });
  EXPECT_EQ(c.bus.of<schedule_changed>().back().schedule.status, schedule_status::CANCELLED);
}

TEST_F(ScheduleNews, what_the_tables_held_before_there_were_events_is_told_at_the_start) {
  const auto schedule = c.add_schedule(p.show, p.screen, start);
  const auto version = version_of(schedule);
  news();
  c.stop();
  c.sql(fmt::format("INSERT INTO catalog.untold VALUES ({})", schedule));
  c.restart();
  c.wait_until([&] { return c.sql("SELECT count(*) FROM catalog.untold") == "0"; });
  const auto told = c.news();
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_EQ(told.front().schedule.id, schedule);
  EXPECT_GT(told.front().schedule.version, version) << "copies take only what is newer";
}

TEST_F(ScheduleNews, a_great_change_is_told_too) {
  c.sql({fmt::format("INSERT INTO catalog.screen (venue_id, name, capacity) SELECT {}, 's' || i, 10 FROM "
                     "generate_series(1, 10500) i",
                     p.venue),
         fmt::format("INSERT INTO catalog.schedule (show_id, screen_id, starts_at, ends_at) SELECT {}, id, now() + "
                     "interval '1 day', now() + interval '26 hours' FROM catalog.screen",
                     p.show)});
  c.ask(cancel_show{p.show}).value();
  EXPECT_THAT(news(), SizeIs(10501));
  EXPECT_THAT(c.bookings.closed, SizeIs(10501));
  EXPECT_EQ(c.bookings.suspensions, 2) << "in calls that booking takes";
  EXPECT_EQ(c.sql("SELECT count(*) FROM catalog.schedule WHERE status = 'ACTIVE'"), "0");
}

// ---- moving

TEST_F(ScheduleNews, defect_27_a_showing_with_live_bookings_is_not_moved) {
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
  news();
  EXPECT_EQ(c.ask(update_schedule{schedule, start + 1h, {}})->start_time, start + 1h);
  expect_ended_by(c.news());
}

TEST_F(ScheduleNews, nothing_moves_without_booking) {
  const auto schedule = c.add_schedule(p.show, p.screen, start);
  c.bookings.away = true;
  EXPECT_THROW(std::ignore = c.ask(update_schedule{schedule, start + 1h, {}}), rt::unavailable);
  EXPECT_EQ(c.ask(get_schedule{schedule})->start_time, start);
}

TEST_F(ScheduleNews, a_move_ends_its_suspension_even_when_booking_goes_away_meanwhile) {
  const auto schedule = c.add_schedule(p.show, p.screen, start);
  news();
  c.bookings.when_suspended = [&]() -> rt::task<> {
    c.bookings.away = true;
    co_return;
  };
  EXPECT_EQ(c.ask(update_schedule{schedule, start + 1h, {}})->start_time, start + 1h);
  expect_ended_by(c.news());
}

TEST_F(ScheduleNews, a_refusal_is_the_answer_even_when_booking_goes_away_meanwhile) {
  const auto schedule = c.add_schedule(p.show, p.screen, start);
  c.add_schedule(p.show, p.screen, start + 2h);
  c.bookings.when_suspended = [&]() -> rt::task<> {
    c.bookings.away = true;
    co_return;
  };
  EXPECT_EQ(code_of(c.ask(update_schedule{schedule, start + 1h, {}})), "SCHEDULE_OVERLAPS");
}

TEST_F(ScheduleNews, other_news_of_a_showing_do_not_put_it_on_sale_while_it_moves) {
  const auto schedule = c.add_schedule(p.show, p.screen, start);
  c.bookings.when_suspended = [&]() -> rt::task<> {
    const update_show other{.id = p.show, .price = money{1'00}};
    co_await c.endpoints().handle(circuit::call_of(), other);
  };
  news();
  EXPECT_EQ(code_of(c.ask(update_schedule{schedule, start + 1h, {}})), "OK");
  const auto told = c.news();
  ASSERT_THAT(told, SizeIs(2));
  EXPECT_FALSE(told[0].ticket);
  expect_ended_by({told[1]});
}

TEST_F(ScheduleNews, two_who_move_one_showing_each_open_what_they_closed) {
  const auto schedule = c.add_schedule(p.show, p.screen, start);
  std::vector<rt::task<contract::result<schedule_view>>> work;
  for (int i = 1; i <= 6; ++i) {
    work.push_back(c.endpoints().handle(circuit::call_of(), update_schedule{schedule, start + 10min * i, {}}));
  }
  news();
  for (const auto& each : c.run_all(std::move(work))) EXPECT_EQ(code_of(each), "OK");
  std::set<std::string> ended;
  for (const auto& each : c.news()) ended.insert(each.ticket.value_or("none"));
  EXPECT_THAT(ended, SizeIs(6)) << "each has a suspension of its own";
  EXPECT_EQ(ended, c.bookings.suspended);
  const auto now = c.ask(get_schedule{schedule}).value();
  EXPECT_EQ(now.end_time - now.start_time, 2h);
}

TEST_F(ScheduleNews, a_showing_cancelled_while_it_moves_stays_cancelled) {
  const auto schedule = c.add_schedule(p.show, p.screen, start);
  c.bookings.when_suspended = [&]() -> rt::task<> {
    co_await c.endpoints().handle(circuit::call_of(), cancel_schedule{schedule});
  };
  EXPECT_EQ(code_of(c.ask(update_schedule{schedule, start + 1h, {}})), "SCHEDULE_CANCELLED");
  EXPECT_EQ(c.ask(get_schedule{schedule})->status, schedule_status::CANCELLED);
  EXPECT_EQ(c.ask(get_schedule{schedule})->start_time, start);
}

// ---- cancelling

TEST_F(ScheduleNews, cancelling_closes_at_once_and_without_booking_as_soon_as_it_is_back) {
  const auto first = c.add_schedule(p.show, p.screen, start);
  const auto second = c.add_schedule(p.show, p.screen, start + 3h);
  news();
  c.ask(cancel_schedule{first}).value();
  EXPECT_THAT(c.bookings.closed, ElementsAre(first));
  expect_ended_by(c.news());
  c.bookings.away = true;
  EXPECT_EQ(c.ask(cancel_show{p.show})->status, show_status::CANCELLED);
  EXPECT_THAT(news(), ElementsAre(second));
  // Once more: nothing is new.
  c.bookings.away = false;
  c.ask(cancel_show{p.show}).value();
  c.ask(cancel_schedule{first}).value();
  EXPECT_THAT(news(), IsEmpty());
  EXPECT_EQ(c.bookings.suspensions, 1);
}

TEST_F(ScheduleNews, defect_22_no_showing_made_while_its_show_or_venue_is_closed_survives) {
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
    std::set<std::int64_t> closed;
    for (const auto& each : c.news()) {
      if (each.schedule.status == schedule_status::CANCELLED) closed.insert(each.schedule.id);
    }
    EXPECT_THAT(closed, SizeIs(outcomes["OK"] - 1)) << "each that was made";
  }
}

TEST_F(ScheduleNews, changes_of_everything_at_once_neither_fail_nor_lose_news) {
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
    EXPECT_THAT(news(), IsSupersetOf(schedules));
    EXPECT_EQ(c.sql("SELECT count(*) FROM catalog.schedule WHERE status = 'ACTIVE'"), "0");
  }
}

}  // namespace
}  // namespace ticketshow::catalog::testing
// NOLINTEND(cppcoreguidelines-avoid-capturing-lambda-coroutines)
