// Live seat maps, from the port to the database and back.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/booking/tests/cinema.hpp"

namespace ticketshow::booking::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

constexpr std::int64_t ann = 11;
constexpr std::int64_t ben = 12;
constexpr std::int64_t bob = 12;

/// One open stream that is read as fast as it comes.
struct viewer {
  std::shared_ptr<contract::message_source> source;
  std::string text;  // all that came
  int pieces = 0;
  bool ended = false;
};

class LiveSeats : public ::testing::Test {
 public:
  ~LiveSeats() override {
    for (auto& each : viewers_) each->source->close();
    rt::run(odeon.io, reading_.close(rt::deadline::after(5s)));
    viewers_.clear();
  }

 protected:
  viewer& watch(std::int64_t schedule, std::string last_event_id = {}) {
    return watch(odeon.first(), schedule, std::move(last_event_id));
  }
  viewer& watch(process& at, std::int64_t schedule, std::string last_event_id = {}) {
    auto opened = odeon.run(at.booking.handle(cinema::call_of(0), watch_seats{schedule, {std::move(last_event_id)}}));
    auto& made = *viewers_.emplace_back(std::make_shared<viewer>(opened.value().source));
    reading_.spawn(read(viewers_.back()));
    return made;
  }
  /// Waits until a viewer was told `text`, and forgets what came up to it.
  void expect(viewer& who, const std::string& text) {
    odeon.wait_until([&] { return who.text.contains(text); });
    EXPECT_THAT(who.text, HasSubstr(text));
    who.text.erase(0, who.text.find(text) + text.size());
  }
  static std::string last_id(const std::string& text) {
    const auto at = text.rfind("id: ") + 4;
    return text.substr(at, text.find('\n', at) - at);
  }
  std::int64_t id_of(std::int64_t schedule, std::int64_t position) {
    return catalog::seat_id_of(odeon.in_catalog(schedule).screen_id, position);
  }
  std::string held(std::int64_t schedule, std::int64_t position) {
    return fmt::format("\"held\":[{}]", id_of(schedule, position));
  }
  std::string sold(std::int64_t schedule, std::int64_t position) {
    return fmt::format("\"sold\":[{}]", id_of(schedule, position));
  }
  std::string freed(std::int64_t schedule, std::int64_t position) {
    return fmt::format("\"free\":[{}]", id_of(schedule, position));
  }

  cinema odeon;

 private:
  static rt::task<> read(std::shared_ptr<viewer> who) {
    while (const auto next = co_await who->source->next()) {
      who->text += *next;
      ++who->pieces;
    }
    who->ended = true;
  }

  std::vector<std::shared_ptr<viewer>> viewers_;
  rt::gate reading_{odeon.io.get_executor(), "viewers"};
};

TEST_F(LiveSeats, AHoldASaleAndACancellationAppearOnEveryScreen) {
  const auto schedule = odeon.add_schedule();
  auto& one = watch(schedule);
  auto& two = watch(schedule);
  expect(one, "event: snapshot");
  expect(two, "event: snapshot");
  const auto booking = odeon.hold(ann, schedule, {3});
  for (auto* each : {&one, &two}) expect(*each, held(schedule, 3));
  EXPECT_EQ(odeon.settle(booking, 900), settlement::CONFIRMED);
  for (auto* each : {&one, &two}) expect(*each, sold(schedule, 3));
  odeon.ask(ann, cancel_booking{booking.id}).value();
  for (auto* each : {&one, &two}) expect(*each, freed(schedule, 3));
}

TEST_F(LiveSeats, WhoComesLaterSeesWhatIsTaken) {
  const auto schedule = odeon.add_schedule();
  odeon.hold(ann, schedule, {3});
  odeon.hold(bob, schedule, {4});
  expect(watch(schedule), fmt::format("[{},{}]", id_of(schedule, 3), id_of(schedule, 4)));
}

TEST_F(LiveSeats, AHoldWhoseTimeIsOverTurnsFreeByItself) {
  odeon.stop(odeon.first());
  auto quick = cinema::quick();  // nobody sweeps: time alone does it
  quick.hold_ttl_s = 1;
  auto& process = odeon.start_process(quick);
  const auto schedule = odeon.add_schedule();
  auto& viewer = watch(process, schedule);
  const auto made = odeon.run(process.booking.handle(cinema::call_of(ann), odeon.wish(schedule, {5})));
  ASSERT_EQ(code_of(made), "OK");
  expect(viewer, held(schedule, 5));
  expect(viewer, freed(schedule, 5));
}

TEST_F(LiveSeats, ALateCaptureThatTakesItsSeatsAgainShowsThemSold) {
  const auto schedule = odeon.add_schedule();
  const auto booking = odeon.hold(ann, schedule, {3});
  odeon.lapse(booking.id);
  auto& viewer = watch(schedule);
  expect(viewer, "event: snapshot");
  EXPECT_EQ(odeon.settle(booking, 900), settlement::CONFIRMED);
  expect(viewer, sold(schedule, 3));
}

TEST_F(LiveSeats, ChangesOfAMomentAreOneMessage) {
  const auto schedule = odeon.add_schedule();
  auto& viewer = watch(schedule);
  expect(viewer, "event: snapshot");
  const auto began = rt::steady_clock::now();
  for (std::int64_t seat = 1; seat <= 40; ++seat) odeon.hold(100 + seat, schedule, {seat});
  odeon.wait_until([&] { return viewer.text.contains(std::to_string(id_of(schedule, 40))); });
  const auto took = rt::steady_clock::now() - began;
  EXPECT_LE(viewer.pieces, 1 + 2 + took / 100ms) << "in " << took / 1ms << " ms";
}

TEST_F(LiveSeats, WhoComesBackGoesOnAfterHisLastMessage) {
  const auto schedule = odeon.add_schedule();
  auto& viewer = watch(schedule);
  odeon.hold(ann, schedule, {1});
  odeon.wait_until([&] { return viewer.text.contains(held(schedule, 1)); });
  const auto id = last_id(viewer.text);
  viewer.source->close();
  odeon.wait_until([&] { return viewer.ended; });
  odeon.hold(bob, schedule, {2});
  auto& again = watch(schedule, id);
  expect(again, held(schedule, 2));
  EXPECT_EQ(again.pieces, 1);
  EXPECT_THAT(again.text, Not(HasSubstr("snapshot")));
  expect(watch(schedule, "0123456789abcdef-1"), "event: snapshot");
  expect(watch(schedule, std::string(5'000, '\xff')), "event: snapshot");
}

TEST_F(LiveSeats, TheSaleEndsOnScreensWhenTheShowBeginsOrIsCancelled) {
  const auto begins = odeon.add_schedule();
  auto& one = watch(begins);
  expect(one, "\"on_sale\":true");
  odeon.begin_show(begins);
  expect(one, "event: closed");
  const auto cancelled = odeon.add_schedule();
  const auto booking = odeon.hold(ann, cancelled, {1});
  auto& two = watch(cancelled);
  expect(two, held(cancelled, 1));
  odeon.in_catalog(cancelled).status = catalog::schedule_status::CANCELLED;
  ++odeon.in_catalog(cancelled).version;
  odeon.tell(cancelled);
  odeon.wait_until([&] { return two.text.contains("event: closed") && two.text.contains(freed(cancelled, 1)); });
  EXPECT_EQ(odeon.ask(ann, get_booking{booking.id}).value().status, booking_status::CANCELLED);
}

TEST_F(LiveSeats, AnUnknownShowingHasNone) {
  EXPECT_EQ(code_of(odeon.ask(0, watch_seats{4711, {}})), "SCHEDULE_NOT_FOUND");
}

TEST_F(LiveSeats, TooManyReadersAreRefusedAndThenLetIn) {
  odeon.stop(odeon.first());
  auto few = cinema::quick();
  few.max_streams = 2;
  auto& process = odeon.start_process(few);
  const auto schedule = odeon.add_schedule();
  const auto ask = [&] { return odeon.run(process.booking.handle(cinema::call_of(0), watch_seats{schedule, {}})); };
  auto one = ask();
  const auto two = ask();
  const auto refused = ask();
  EXPECT_EQ(code_of(refused), "SERVICE_UNAVAILABLE");
  EXPECT_GT(refused.error().retry_after_s, 0);
  one = contract::fail(contract::not_found);
  EXPECT_EQ(code_of(ask()), "OK");
}

TEST_F(LiveSeats, StreamsEndWhenBookingStops) {
  const auto schedule = odeon.add_schedule();
  auto& viewer = watch(schedule);
  expect(viewer, "snapshot");
  odeon.stop(odeon.first());
  odeon.wait_until([&] { return viewer.ended; });
}

TEST_F(LiveSeats, AChangeOfAnotherProcessArrivesAtOnce) {
  odeon.stop(odeon.first());
  auto shared = cinema::quick();
  shared.map_max_age_ms = 60'000;  // too long to be of help
  auto& one = odeon.start_process(shared);
  auto& two = odeon.start_process(shared);
  const auto schedule = odeon.add_schedule();
  auto& viewer = watch(one, schedule);
  expect(viewer, "event: snapshot");
  const auto made = odeon.run(two.booking.handle(cinema::call_of(ann), odeon.wish(schedule, {7})));
  ASSERT_EQ(code_of(made), "OK");
  expect(viewer, held(schedule, 7));
  settle_booking request{made->id, 900, made->total_amount};
  EXPECT_EQ(odeon.run(two.booking.handle(cinema::service_call("payment"), request))->outcome, settlement::CONFIRMED);
  expect(viewer, sold(schedule, 7));
  odeon.run(two.booking.handle(cinema::call_of(ann), cancel_booking{made->id})).value();
  expect(viewer, freed(schedule, 7));
}

TEST_F(LiveSeats, WhatAnotherProcessFreedCanBeHadAtOnceThoughNobodyWatches) {
  odeon.stop(odeon.first());
  auto shared = cinema::quick();
  shared.map_max_age_ms = 60'000;
  auto& one = odeon.start_process(shared);
  auto& two = odeon.start_process(shared);
  const auto schedule = odeon.add_schedule();
  const auto made = odeon.run(one.booking.handle(cinema::call_of(ann), odeon.wish(schedule, {7})));
  ASSERT_EQ(code_of(made), "OK");
  odeon.run(two.booking.handle(cinema::call_of(ann), cancel_booking{made->id})).value();
  odeon.wait_until(
      [&] { return code_of(odeon.run(one.booking.handle(cinema::call_of(ben), odeon.wish(schedule, {7})))) == "OK"; });
}

TEST_F(LiveSeats, GarbageOnTheChannelBetweenProcessesIsPassedOver) {
  odeon.stop(odeon.first());
  auto shared = cinema::quick();
  shared.map_max_age_ms = 60'000;
  auto& one = odeon.start_process(shared);
  const auto schedule = odeon.add_schedule();
  auto& viewer = watch(one, schedule);
  expect(viewer, "event: snapshot");
  for (const auto* garbage : {"''", "' '", "'x'", "'x y 99999999999999999999 -1 0'", "repeat('9 ', 3000)"}) {
    odeon.sql(fmt::format("SELECT pg_notify('booking_seats', {})::text", garbage));
  }
  const auto made = odeon.run(one.booking.handle(cinema::call_of(ann), odeon.wish(schedule, {7})));
  ASSERT_EQ(code_of(made), "OK");
  expect(viewer, held(schedule, 7));
}

}  // namespace
}  // namespace ticketshow::booking::testing
