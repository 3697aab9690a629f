#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/booking/tests/cinema.hpp"

/// Showings that catalog moves and cancels.
namespace ticketshow::booking::testing {
namespace {

using ::testing::IsEmpty;
using namespace std::chrono_literals;

constexpr std::int64_t ann = 11;
constexpr std::int64_t bob = 12;

class Showing : public ::testing::Test {
 protected:
  void TearDown() override { EXPECT_THAT(odeon.broken_invariants(), IsEmpty()); }

  void cancel_in_catalog(std::int64_t schedule) {
    odeon.in_catalog(schedule).status = catalog::schedule_status::CANCELLED;
    ++odeon.in_catalog(schedule).version;
  }
  [[nodiscard]] std::string state_of(std::int64_t schedule) const {
    return odeon.sql(fmt::format("SELECT state FROM booking.schedule WHERE id = {}", schedule));
  }
  [[nodiscard]] std::string live() const { return odeon.sql("SELECT count(*) FROM booking.booking_seat WHERE live"); }
  /// Many bookings, every second one paid, without the way through the service.
  void sell_out(std::int64_t first, std::int64_t last) const {
    odeon.sql({"ALTER SEQUENCE booking.booking_id RESTART WITH 1000000",
               fmt::format(R"(
      INSERT INTO booking.booking (id, user_id, schedule_id, screen_id, show_time, created_at, expires_at, total_amount,
                                   payment_id, state, seats, idempotency_key, correlation_id)
      SELECT s.id * 10000 + n, n, s.id, s.screen_id, s.start_time, now(), now() + interval '10 minutes', 35000,
             CASE WHEN n % 2 = 0 THEN s.id * 10000 + n END,
             CASE WHEN n % 2 = 0 THEN 'CONFIRMED'::booking.booking_state ELSE 'PENDING' END, ARRAY[n], 's' || s.id, ''
      FROM booking.schedule s, generate_series(1, s.capacity) n WHERE s.id BETWEEN {} AND {})",
                           first, last),
               "INSERT INTO booking.booking_seat SELECT id, schedule_id, seats[1], true FROM booking.booking"});
  }

  cinema odeon;
};

// ---- moved

TEST_F(Showing, Defect27_SuspendingClosesTheSaleAndCountsWhatIsLive) {
  const auto schedule = odeon.add_schedule();
  odeon.hold(ann, schedule, {1});
  const auto paid = odeon.hold(ann, schedule, {2, 3});
  odeon.settle(paid, 900);
  const auto lapsed = odeon.hold(bob, schedule, {4});
  odeon.lapse(lapsed.id);
  EXPECT_EQ(odeon.ask_as_service(suspend_sale{{schedule}}).value().live_bookings, 2);
  EXPECT_EQ(code_of(odeon.ask(bob, odeon.wish(schedule, {5}))), "SALES_CLOSED");
  odeon.ask_as_service(resume_sale{{schedule}}).value();
  odeon.hold(bob, schedule, {5});
}

TEST_F(Showing, Defect27_AShowingThatBookingHasNeverSeenCanBeSuspendedToo) {
  const auto schedule = odeon.add_schedule();
  EXPECT_EQ(odeon.ask_as_service(suspend_sale{{schedule}}).value().live_bookings, 0);
  EXPECT_EQ(code_of(odeon.ask(bob, odeon.wish(schedule, {5}))), "SALES_CLOSED");
  odeon.ask_as_service(resume_sale{{schedule}}).value();
  odeon.hold(bob, schedule, {5});
}

TEST_F(Showing, ASuspensionThatNobodyEndsEndsWithWhatCatalogSays) {
  const auto moved = odeon.add_schedule();
  const auto cancelled = odeon.add_schedule();
  for (const auto each : {moved, cancelled}) odeon.ask(0, get_seat_map{each}).value();
  odeon.ask_as_service(suspend_sale{{moved, cancelled}, "one"}).value();
  // Catalog changed them, and no news of it came in time.
  odeon.in_catalog(moved).start_time += 1h;
  ++odeon.in_catalog(moved).version;
  cancel_in_catalog(cancelled);
  odeon.catalog.broken = true;
  const auto calls = odeon.catalog.calls;
  odeon.sql("UPDATE booking.suspension SET until = now()");
  odeon.wait_until([&] { return odeon.catalog.calls > calls; });
  EXPECT_EQ(code_of(odeon.ask(bob, odeon.wish(moved, {5}))), "SALES_CLOSED") << "not by an old copy";
  odeon.catalog.broken = false;
  odeon.wait_until([&] { return odeon.sql("SELECT count(*) FROM booking.suspension") == "0"; });
  EXPECT_EQ(odeon.hold(bob, moved, {5}).show_time, odeon.in_catalog(moved).start_time);
  EXPECT_EQ(code_of(odeon.ask(bob, odeon.wish(cancelled, {5}))), "SALES_CLOSED");
  odeon.wait_until([&] { return state_of(cancelled) == "CANCELLED"; });
}

TEST_F(Showing, EachOpensOnlyWhatItClosedItself) {
  const auto schedule = odeon.add_schedule();
  const auto is_open = [&] { return code_of(odeon.ask(bob, odeon.wish(schedule, {5}))) != "SALES_CLOSED"; };
  odeon.ask_as_service(suspend_sale{{schedule}, "one"}).value();
  odeon.ask_as_service(suspend_sale{{schedule}, "two"}).value();
  odeon.tell(schedule);  // other news
  EXPECT_FALSE(is_open());
  odeon.ask_as_service(resume_sale{{schedule}, "one"}).value();
  EXPECT_FALSE(is_open());
  odeon.tell(schedule, "two");
  EXPECT_TRUE(is_open());
}

TEST_F(Showing, SuspendingWaitsForABatchInFlight) {
  const auto schedule = odeon.add_schedule();
  odeon.hold(ann, schedule, {1});
  // What a batch of another process does, stopped before its commit.
  pg::pool other(odeon.io.get_executor(), {.name = "other", .conninfo = odeon.database.owner()});
  const auto begin = [](pg::pool& pool) -> rt::task<pg::transaction> {
    co_return co_await pool.begin(rt::deadline::after(10s));
  };
  static constexpr pg::statement lock{"lock", "SELECT FROM booking.schedule FOR NO KEY UPDATE"};
  auto batch = odeon.run(begin(other));
  odeon.run(batch.run(lock));

  std::optional<contract::result<sale_state>> answer;
  const auto suspend = [](port& booking, std::int64_t id,
                          std::optional<contract::result<sale_state>>& into) -> rt::task<> {
    suspend_sale request{{id}};
    into = co_await booking.handle(cinema::service_call("catalog"), std::move(request));
  };
  rt::asio::co_spawn(odeon.io, suspend(odeon.first().booking, schedule, answer), rt::asio::detached);
  odeon.wait_until([&] {
    return odeon.sql(
               "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_stat_activity "
               "WHERE datname = current_database())") == "1";
  });
  EXPECT_FALSE(answer);
  EXPECT_EQ(code_of(odeon.ask(bob, create_booking{404, {1}, "k"})), "SCHEDULE_NOT_FOUND") << "others go on";
  odeon.run(batch.commit());
  odeon.wait_until([&] { return answer.has_value(); });
  EXPECT_EQ(answer->value().live_bookings, 1);
  odeon.run(other.stop(rt::deadline::after(5s)));
}

TEST_F(Showing, AMovedShowingIsSoldByItsNewCopy) {
  const auto schedule = odeon.add_schedule();
  odeon.ask(0, get_seat_map{schedule}).value();
  auto& moved = odeon.in_catalog(schedule);
  moved.start_time += 1h;
  moved.price = {500'00};
  moved.show_title = "The Longer Wait";
  ++moved.version;
  odeon.tell(schedule);
  const auto booking = odeon.hold(ann, schedule, {1, 2});
  EXPECT_EQ(booking.total_amount, money{1000'00});
  EXPECT_EQ(booking.show_time, moved.start_time);
  EXPECT_EQ(booking.show_name, "The Longer Wait");
}

TEST_F(Showing, AnOlderCopyNeverOverwritesANewerOne) {
  const auto schedule = odeon.add_schedule();
  odeon.in_catalog(schedule).version = 5;
  odeon.ask(0, get_seat_map{schedule}).value();
  odeon.in_catalog(schedule).version = 4;
  odeon.in_catalog(schedule).price = {1};
  odeon.tell(schedule);
  EXPECT_EQ(odeon.hold(ann, schedule, {1}).total_amount, money{350'00});
}

TEST_F(Showing, AChangeDuringTheFirstFetchIsNotLost) {
  const auto schedule = odeon.add_schedule();
  bool told = false;
  odeon.catalog.before_answer = [&] {  // catalog commits its change while its first answer is on the way
    auto& changed = odeon.in_catalog(schedule);
    changed.version = 2;
    changed.price = {500'00};
    if (told) return;
    told = true;
    rt::asio::co_spawn(odeon.io, odeon.bus.deliver(catalog::schedule_changed{changed, {}}), rt::asio::detached);
  };
  odeon.ask(0, get_seat_map{schedule}).value();
  odeon.wait_until([&] { return odeon.sql("SELECT version FROM booking.schedule") == "2"; });
  EXPECT_EQ(odeon.hold(ann, schedule, {1}).total_amount, money{500'00});
}

TEST_F(Showing, AnotherProcessWithAnOldCopyReadsAgainInsteadOfSellingByIt) {
  const auto schedule = odeon.add_schedule();
  auto& second = odeon.start_process(cinema::quick());
  odeon.run(second.booking.handle(cinema::call_of(0), get_seat_map{schedule})).value();
  odeon.in_catalog(schedule).price = {500'00};
  ++odeon.in_catalog(schedule).version;
  odeon.ask(0, get_seat_map{schedule}).value();
  odeon.tell(schedule);
  const auto made = odeon.run(second.booking.handle(cinema::call_of(ann), odeon.wish(schedule, {1}))).value();
  EXPECT_EQ(made.total_amount, money{500'00});
}

TEST_F(Showing, AnotherProcessNeverSellsWhatIsCancelledAndLearnsIt) {
  const auto schedule = odeon.add_schedule(2);
  odeon.ask(0, get_seat_map{schedule}).value();
  odeon.start_process(cinema::quick());  // the one that hears of it
  cancel_in_catalog(schedule);
  odeon.tell(schedule);
  EXPECT_EQ(odeon.seat_map(schedule), "free free") << "it must be the memory of one that knows nothing yet";
  EXPECT_EQ(code_of(odeon.ask(ann, odeon.wish(schedule, {1}))), "SALES_CLOSED");
  EXPECT_EQ(odeon.seat_map(schedule), "- -");
}

TEST_F(Showing, NewsThatComeTwiceOrInTheWrongOrderChangeNothing) {
  const auto schedule = odeon.add_schedule();
  const auto first = odeon.in_catalog(schedule);
  auto second = first;
  second.version = 2;
  second.price = {500'00};
  std::vector<ports::event> both;
  for (const auto& each : {second, first, second}) {
    both.push_back({.id = fmt::format("{}", both.size()),
                    .topic = std::string(catalog::schedule_changed::spec.topic),
                    .key = "1",
                    .correlation_id = "test",
                    .payload = contract::write_event(catalog::schedule_changed{each, {}})});
  }
  odeon.run(odeon.bus.subscriber(both));
  odeon.run(odeon.bus.subscriber({both[1]}));
  EXPECT_EQ(odeon.hold(ann, schedule, {1}).total_amount, money{500'00});
  EXPECT_EQ(odeon.catalog.calls, 0) << "the news were the copy";
}

// ---- cancelled

TEST_F(Showing, Defect22_ACancelledShowingLeavesNoLiveBooking) {
  const auto schedule = odeon.add_schedule(20);
  const auto held = odeon.hold(ann, schedule, {1, 2});
  const auto paid = odeon.hold(bob, schedule, {3});
  odeon.settle(paid, 900);
  cancel_in_catalog(schedule);

  // Wishes keep coming while the showing is closed: each is refused or cancelled, none survives.
  auto& booking = odeon.first().booking;
  std::vector<rt::task<contract::result<booking_view>>> wishes;
  for (std::int64_t i = 4; i <= 20; ++i) {
    wishes.push_back(booking.handle(cinema::call_of(100 + i), odeon.wish(schedule, {i})));
    if (i == 10) {
      const auto tell = [](cinema& at, std::int64_t id) -> rt::task<contract::result<booking_view>> {
        auto told = at.bus.deliver(catalog::schedule_changed{at.in_catalog(id), {}});
        co_await std::move(told);
        co_return contract::fail(sales_closed);
      };
      wishes.push_back(tell(odeon, schedule));
    }
  }
  odeon.run_all(std::move(wishes));
  EXPECT_EQ(code_of(odeon.ask(ann, odeon.wish(schedule, {15}))), "SALES_CLOSED");
  odeon.wait_until([&] { return state_of(schedule) == "CANCELLED"; });
  EXPECT_EQ(live(), "0");
  EXPECT_EQ(odeon.ask(ann, get_booking{held.id}).value().status, booking_status::CANCELLED);
  odeon.wait_until([&] { return !odeon.bus.of<refund_initiated>().empty(); });
  const auto refunds = odeon.bus.of<refund_initiated>();
  ASSERT_EQ(refunds.size(), 1U) << "what was not paid is not refunded";
  EXPECT_EQ(refunds.front().booking_id, paid.id);
  EXPECT_EQ(refunds.front().initiated_by, initiator::ADMIN);
  EXPECT_EQ(odeon.settle(held, 901), settlement::CANCELLED);
}

TEST_F(Showing, ACancelledShowingStaysClosedWhateverCatalogSaysLater) {
  const auto schedule = odeon.add_schedule();
  odeon.ask(0, get_seat_map{schedule}).value();
  cancel_in_catalog(schedule);
  odeon.tell(schedule);
  odeon.in_catalog(schedule).status = catalog::schedule_status::ACTIVE;
  ++odeon.in_catalog(schedule).version;
  odeon.tell(schedule);
  EXPECT_EQ(code_of(odeon.ask(ann, odeon.wish(schedule, {15}))), "SALES_CLOSED");
}

TEST_F(Showing, Defect22_TheCascadeResumesAfterAStopInTheMiddle) {
  std::vector<std::int64_t> schedules;
  for (int i = 0; i < 20; ++i) schedules.push_back(odeon.add_schedule(500));
  for (const auto each : schedules) odeon.ask(0, get_seat_map{each}).value();
  sell_out(schedules.front(), schedules.back());
  for (const auto each : schedules) cancel_in_catalog(each);
  for (const auto each : schedules) odeon.tell(each);
  odeon.stop(odeon.first());
  EXPECT_NE(live(), "0") << "it was stopped too late to show anything";

  odeon.start_process(cinema::quick());
  odeon.wait_until(
      [&] { return odeon.sql("SELECT count(*) FROM booking.schedule WHERE state = 'CANCELLED'") == "20"; });
  EXPECT_EQ(live(), "0");
  odeon.wait_until([&] { return odeon.sql("SELECT count(*) FROM booking.outbox WHERE published_at IS NULL") == "0"; });
  std::set<std::int64_t> refunded;
  for (const auto& each : odeon.bus.of<refund_initiated>()) refunded.insert(each.booking_id);
  EXPECT_EQ(refunded.size(), 5000U);
  EXPECT_EQ(odeon.sql("SELECT count(*) FROM booking.outbox WHERE topic = 'payment.refund_initiated'"), "5000")
      << "each asks once, whatever was cut off";
}

TEST_F(Showing, TheAdministratorSeesHowFarACancellationIs) {
  using enum cancellation_state;
  const auto first = odeon.add_schedule();
  const auto second = odeon.add_schedule();
  for (const auto each : {first, second}) odeon.tell(each);
  odeon.hold(ann, first, {1, 2});
  const auto paid = odeon.hold(bob, first, {3});
  odeon.settle(paid, 900);
  const auto also_paid = odeon.hold(bob, second, {3, 4});
  odeon.settle(also_paid, 901);
  odeon.lapse(odeon.hold(ann, second, {7}).id);
  EXPECT_EQ(code_of(odeon.ask(0, get_schedule_cancellation{404})), "SCHEDULE_NOT_FOUND");
  EXPECT_EQ(code_of(odeon.ask(0, get_venue_cancellation{404})), "VENUE_NOT_FOUND");

  const auto before = odeon.ask(0, get_show_cancellation{1}).value();
  EXPECT_EQ(before.state, NONE);
  EXPECT_EQ(before.showings, 2);
  EXPECT_EQ(before.bookings, 3);
  EXPECT_EQ(before.bookings_cancelled, 0);
  EXPECT_EQ(before.refunds_pending, 2);
  EXPECT_EQ(before.refunds_pending_amount, money{1050'00});
  EXPECT_FALSE(before.started_at);
  EXPECT_EQ(odeon.ask(0, get_schedule_cancellation{second}).value().bookings, 1);
  EXPECT_EQ(odeon.ask(0, get_venue_cancellation{1}).value().bookings, 3);

  odeon.catalog.show_status = catalog::show_status::CANCELLED;
  const auto unheard = odeon.ask(0, get_show_cancellation{1}).value();
  EXPECT_EQ(unheard.state, RUNNING) << "before booking has heard of it";
  EXPECT_TRUE(unheard.started_at) << "what runs has begun";
  for (const auto each : {first, second}) {
    cancel_in_catalog(each);
    odeon.tell(each);
  }
  odeon.wait_until([&] { return state_of(first) == "CANCELLED" && state_of(second) == "CANCELLED"; });
  const auto refund = [](const booking_view& of) {
    return payment::refund_completed{.booking_id = of.id, .amount = of.total_amount, .currency = of.currency};
  };
  odeon.run(odeon.bus.deliver(refund(paid)));
  odeon.run(odeon.bus.deliver(refund(paid)));  // a second payment of the same booking is none of the cancellation's
  const auto middle = odeon.ask(0, get_show_cancellation{1}).value();
  EXPECT_EQ(middle.state, RUNNING);
  EXPECT_EQ(middle.bookings, middle.bookings_cancelled);
  EXPECT_EQ(middle.refunds_pending, 1);
  EXPECT_EQ(middle.refunds_pending_amount, money{700'00});
  EXPECT_EQ(middle.refunds_done, 1);
  EXPECT_EQ(middle.refunds_done_amount, money{350'00});
  EXPECT_TRUE(middle.started_at);
  EXPECT_FALSE(middle.finished_at);
  EXPECT_EQ(odeon.ask(0, get_schedule_cancellation{first}).value().state, DONE);

  odeon.run(odeon.bus.deliver(refund(also_paid)));
  const auto after = odeon.ask(0, get_show_cancellation{1}).value();
  EXPECT_EQ(after.state, DONE);
  EXPECT_EQ(after.refunds_pending, 0);
  EXPECT_EQ(after.refunds_done_amount, money{1050'00});
  EXPECT_GE(after.finished_at, after.started_at);
}

}  // namespace
}  // namespace ticketshow::booking::testing
