#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/booking/tests/cinema.hpp"
#include "tests/support/seed.hpp"

/// Many clients and several processes at once, held against the tables and what the clients were told.
namespace ticketshow::booking::testing {
namespace {

using ::testing::IsEmpty;
using namespace std::chrono_literals;

struct history {
  std::map<std::int64_t, booking_view> made;  // by id
  std::map<std::string, int> outcomes;
};

/// Wishes for random seats until the screen is sold out, paying some bookings and cancelling others.
rt::task<bool> fight(cinema& odeon, port& booking, std::int64_t user, std::int64_t schedule, std::uint64_t seed,
                     history& told) {
  std::mt19937_64 random(seed);
  const auto capacity = odeon.in_catalog(schedule).capacity;
  for (int failures = 0; failures < 40;) {
    std::set<std::int64_t> seats;
    const auto count = 1 + random() % 4;
    while (seats.size() < count) seats.insert(1 + static_cast<std::int64_t>(random()) % capacity);
    auto wish = odeon.wish(schedule, {seats.begin(), seats.end()});
    const bool repeated = random() % 8 == 0;
    auto again = wish;
    auto answer = co_await booking.handle(cinema::call_of(user), std::move(wish));
    ++told.outcomes[code_of(answer)];
    if (!answer) {
      ++failures;
      continue;
    }
    EXPECT_TRUE(told.made.emplace(answer->id, *answer).second) << "one id was given to two wishes";
    if (repeated) {
      auto replay = co_await booking.handle(cinema::call_of(user), std::move(again));
      EXPECT_EQ(replay.value().id, answer->id);
    }
    const auto fate = random() % 4;
    if (fate == 0) {
      cancel_booking request{answer->id};
      const auto cancelled = co_await booking.handle(cinema::call_of(user), request);
      EXPECT_EQ(code_of(cancelled), "OK");
    } else if (fate < 3) {
      settle_booking request{answer->id, answer->id, answer->total_amount};
      const auto settled = co_await booking.handle(cinema::service_call("payment"), request);
      EXPECT_EQ(settled.value().outcome, settlement::CONFIRMED);
    }
  }
  co_return true;
}

class Race : public ::testing::Test {
 protected:
  static void check(const cinema& odeon, const history& told) {
    EXPECT_THAT(odeon.broken_invariants(), IsEmpty());
    EXPECT_EQ(odeon.sql("SELECT count(*) FROM booking.booking"), std::to_string(told.made.size()))
        << "what was told is not what was done (I8, I9)";
    std::string summary;
    for (const auto& [outcome, count] : told.outcomes) summary += fmt::format("{} {}, ", count, outcome);
    RecordProperty("outcomes", summary);
  }
};

TEST_F(Race, SixtyFourClientsSellAScreenOut) {
  TICKETSHOW_SEEDED(random);
  auto settings = cinema::quick();
  settings.max_live_seats_per_user = 100;
  cinema odeon(settings);
  const auto schedule = odeon.add_schedule(500);
  history told;
  std::vector<rt::task<bool>> clients;
  for (std::int64_t user = 1; user <= 64; ++user) {
    clients.push_back(fight(odeon, odeon.first().booking, user, schedule, random()(), told));
  }
  odeon.run_all(std::move(clients));
  check(odeon, told);
  EXPECT_GT(told.outcomes["SEATS_TAKEN"], 0);
  const auto map = odeon.seat_map(schedule);
  odeon.stop(odeon.first());
  auto& second = odeon.start_process(settings);
  auto read = odeon.run(second.booking.handle(cinema::call_of(0), get_seat_map{schedule})).value();
  EXPECT_EQ(odeon.sql("SELECT count(*) FROM booking.booking_seat WHERE live"),
            std::to_string(std::ranges::count(*read.json, '{') -
                           [&] {
                             std::ptrdiff_t free = 0;
                             for (std::size_t at = 0; (at = map.find("free", at)) != std::string::npos; ++at) ++free;
                             return free;
                           }()))
      << "the seat map of the process that sold shows what the tables hold";
}

TEST_F(Race, ThreeProcessesOnOneDatabaseNeverSellASeatTwice) {
  TICKETSHOW_SEEDED(random);
  auto settings = cinema::quick();
  settings.max_live_seats_per_user = 100;
  settings.map_max_age_ms = 20;
  cinema odeon(settings);
  odeon.start_process(settings);
  settings.map_max_age_ms = 0;  // one of them never looks again
  odeon.start_process(settings);
  const auto schedule = odeon.add_schedule(300);
  const auto other = odeon.add_schedule(100);
  history told;
  std::vector<rt::task<bool>> clients;
  for (std::int64_t user = 1; user <= 48; ++user) {
    auto& at = *odeon.processes().at(static_cast<std::size_t>(user % 3));
    clients.push_back(fight(odeon, at.booking, user, user % 4 == 0 ? other : schedule, random()(), told));
  }
  odeon.run_all(std::move(clients));
  check(odeon, told);
  EXPECT_EQ(told.outcomes["SERVICE_UNAVAILABLE"], 0);
}

TEST_F(Race, TheSameWishSentToTwoProcessesMakesOneBooking) {
  cinema odeon;
  auto& second = odeon.start_process(cinema::quick());
  const auto schedule = odeon.add_schedule(100);
  const auto other = odeon.add_schedule(100);
  for (std::int64_t i = 1; i <= 100; ++i) {
    const auto key = fmt::format("twice-{}", i);
    std::vector<rt::task<contract::result<booking_view>>> both;
    const bool conflicting = i % 2 == 0;
    both.push_back(odeon.first().booking.handle(cinema::call_of(100 + i), odeon.wish(schedule, {i}, key)));
    both.push_back(
        second.booking.handle(cinema::call_of(100 + i), odeon.wish(conflicting ? other : schedule, {i}, key)));
    const auto answers = odeon.run_all(std::move(both));
    if (conflicting) {
      EXPECT_THAT((std::vector{code_of(answers[0]), code_of(answers[1])}),
                  ::testing::UnorderedElementsAre("OK", "IDEMPOTENCY_CONFLICT"));
    } else {
      EXPECT_EQ(answers[0].value().id, answers[1].value().id);
    }
  }
  EXPECT_EQ(odeon.sql("SELECT count(*) FROM booking.booking"), "100");
}

TEST_F(Race, AWriterThatIgnoresTheLocksIsStoppedByTheConstraint) {
  // A claim that no writer sees: inserted and not yet committed while a batch decides.
  cinema odeon;
  const auto schedule = odeon.add_schedule(10);
  const auto anchor = odeon.hold(1, schedule, {10});
  pg::pool rogue(odeon.io.get_executor(), {.name = "rogue", .conninfo = odeon.database.owner()});
  const auto begin = [](pg::pool& pool) -> rt::task<pg::transaction> {
    co_return co_await pool.begin(rt::deadline::after(10s));
  };
  static constexpr pg::statement claim_seat{
      "claim_seat", "INSERT INTO booking.booking_seat SELECT id, schedule_id, 1, true FROM booking.booking"};
  static constexpr pg::statement widen{"widen", "UPDATE booking.booking SET seats = '{1,10}'"};
  auto intrusion = odeon.run(begin(rogue));
  odeon.run(intrusion.run(claim_seat));
  odeon.run(intrusion.run(widen));

  std::vector<std::optional<contract::result<booking_view>>> answers(2);
  const auto hold = [](port& booking, rt::call call, create_booking request,
                       std::optional<contract::result<booking_view>>& into) -> rt::task<> {
    into = co_await booking.handle(std::move(call), std::move(request));
  };
  for (int i = 0; i < 2; ++i) {
    rt::asio::co_spawn(odeon.io,
                       hold(odeon.first().booking, cinema::call_of(20 + i), odeon.wish(schedule, {i + 1}),
                            answers[static_cast<std::size_t>(i)]),
                       rt::asio::detached);
  }
  odeon.wait_until([&] {
    return odeon.sql(
               "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid' AND pid IN "
               "(SELECT pid FROM pg_stat_activity WHERE datname = current_database())") == "1";
  });
  odeon.run(intrusion.commit());
  odeon.wait_until([&] { return answers[0] && answers[1]; });
  EXPECT_EQ(code_of(*answers[0]), "SEATS_TAKEN");
  EXPECT_EQ(code_of(*answers[1]), "OK") << "the other wish of the batch is not harmed";
  odeon.run(rogue.stop(rt::deadline::after(5s)));
  EXPECT_THAT(odeon.broken_invariants(), IsEmpty());
}

TEST_F(Race, AFullQueueRefusesAtOnceAndTellsWhenToComeBack) {
  auto settings = cinema::quick();
  settings.max_queue = 8;
  cinema odeon(settings);
  const auto schedule = odeon.add_schedule(100);
  odeon.ask(0, get_seat_map{schedule}).value();
  std::vector<rt::task<contract::result<booking_view>>> wishes;
  for (std::int64_t i = 1; i <= 100; ++i) {
    wishes.push_back(odeon.first().booking.handle(cinema::call_of(i), odeon.wish(schedule, {i})));
  }
  int refused = 0;
  for (auto& each : odeon.run_all(std::move(wishes))) {
    if (each) continue;
    ++refused;
    EXPECT_EQ(*each.error().kind, contract::service_unavailable);
    EXPECT_EQ(each.error().retry_after_s, 1);
  }
  EXPECT_GT(refused, 0);
  EXPECT_LT(refused, 100);
}

TEST_F(Race, AWishNeverWaitsForItself) {
  // Small numbers everywhere once looked alike to the writer: user 1, schedule 2, seat 2.
  cinema odeon;
  for (int i = 0; i < 5; ++i) odeon.add_schedule(12);
  for (std::int64_t user = 1; user <= 4; ++user) {
    for (std::int64_t schedule = 1; schedule <= 5; ++schedule) {
      for (std::int64_t seat = 3 * user - 2; seat <= 3 * user; ++seat) odeon.hold(user, schedule, {seat});
    }
  }
}

TEST_F(Race, MoreSchedulesThanMemoryHoldsAreServedAllTheSame) {
  auto settings = cinema::quick();
  settings.max_seats_in_memory = 100;
  cinema odeon(settings);
  for (int i = 0; i < 20; ++i) {
    const auto schedule = odeon.add_schedule(40);
    odeon.hold(1, schedule, {1});
  }
  for (std::int64_t schedule = 1; schedule <= 20; ++schedule) {
    EXPECT_EQ(code_of(odeon.ask(2, odeon.wish(schedule, {1}))), "SEATS_TAKEN");
  }
}

}  // namespace
}  // namespace ticketshow::booking::testing
