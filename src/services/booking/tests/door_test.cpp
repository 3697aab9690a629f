#include <algorithm>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/booking/tests/cinema.hpp"
#include "services/booking/ticket_keys.hpp"
#include "tests/support/seed.hpp"
#include "tickets/base32.hpp"
#include "tickets/ticket.hpp"

namespace ticketshow::booking::testing {
namespace {

using enum scan_outcome;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace std::chrono_literals;

constexpr std::int64_t ann = 11;

class Door : public ::testing::Test {
 protected:
  void TearDown() override {
    EXPECT_THAT(odeon.broken_invariants(), IsEmpty());
    EXPECT_EQ(odeon.sql("SELECT count(*) FROM booking.admission a JOIN booking.booking b ON b.id = a.booking_id "
                        "WHERE b.state <> 'CONFIRMED' AND NOT EXISTS (SELECT FROM booking.refund_request r WHERE "
                        "r.booking_id = b.id AND r.initiated_by = 'ADMIN' AND r.created_at > a.recorded_at)"),
              "0");
  }

  booking_view bought(std::vector<std::int64_t> positions = {1, 2}) {
    const auto booking = odeon.hold(ann, schedule, std::move(positions));
    EXPECT_EQ(odeon.settle(booking, next_payment++), settlement::CONFIRMED);
    return odeon.ask(ann, get_booking{booking.id}).value();
  }
  static rt::call staff_of(std::int64_t venue_id, std::int64_t id = 70) {
    auto call = cinema::call_of(id);
    call.caller.user_role = rt::role::STAFF;
    call.caller.venue_id = venue_id;
    return call;
  }
  static rt::call administrator() {
    auto call = cinema::call_of(1);
    call.caller.user_role = rt::role::ADMIN;
    return call;
  }
  template <class E>
  auto ask(rt::call call, E request) {
    return odeon.run(odeon.first().booking.handle(std::move(call), std::move(request)));
  }
  scan_result scan(const std::string& code, std::optional<std::int64_t> showing = {}, const std::string& id = {}) {
    scan_ticket request{code, showing, "north door", {}};
    if (!id.empty()) request.scan_id = id;
    return ask(staff_of(1), std::move(request)).value();
  }
  upload_result upload(const std::string& device, const offline_scan& scan) {
    return ask(staff_of(1), upload_scans{device, {scan}}).value().results.at(0);
  }
  /// An administrator's cancellation of the showing, to its end.
  void cancel_showing() {
    odeon.in_catalog(schedule).status = catalog::schedule_status::CANCELLED;
    ++odeon.in_catalog(schedule).version;
    odeon.tell(schedule);
    odeon.wait_until([&] { return odeon.sql("SELECT state FROM booking.schedule") == "CANCELLED"; });
  }
  /// What a key of ours would sign, were it to say something else.
  std::string signed_by_us(const tickets::ticket& what) {
    const auto seed = odeon.sql("SELECT seed FROM booking.ticket_key");
    return tickets::issue(what, jose::make_signing_key(jose::seed_of_hex(seed)));
  }

  cinema odeon{{.expiry_pause_ms = 3'600'000, .doors = {.open_before = 3h, .close_after = 4h}}};
  std::int64_t schedule = odeon.add_schedule();
  std::int64_t next_payment = 900;
};

TEST_F(Door, Defect19_ATicketAdmitsOnceAndSaysWhenAndWhereItWasUsed) {
  const auto booking = bought();
  const auto first = scan(booking.tickets.at(0).code, schedule);
  EXPECT_EQ(first.outcome, ADMITTED);
  EXPECT_EQ(first.seat, "A1");
  EXPECT_EQ(first.show_name, "The Long Wait");
  EXPECT_EQ(first.screen_name, "Screen");
  const auto again = scan(booking.tickets.at(0).code, schedule);
  EXPECT_EQ(again.outcome, ALREADY_USED);
  EXPECT_EQ(again.used_device, "north door");
  EXPECT_EQ(again.used_at, first.used_at);
  EXPECT_TRUE(first.used_at);
  EXPECT_EQ(scan(booking.tickets.at(1).code).outcome, ADMITTED) << "the other seat";

  const auto shown = odeon.ask(ann, get_booking{booking.id}).value();
  EXPECT_EQ(shown.tickets.at(0).state, ticket_state::USED);
  EXPECT_EQ(shown.tickets.at(0).used_at, first.used_at);
}

TEST_F(Door, TheSameScanRepeatedGetsTheSameAnswer) {
  const auto booking = bought({1});
  EXPECT_EQ(scan(booking.tickets.at(0).code, schedule, "scan-1").outcome, ADMITTED);
  EXPECT_EQ(scan(booking.tickets.at(0).code, schedule, "scan-1").outcome, ADMITTED);
  EXPECT_EQ(scan(booking.tickets.at(0).code, schedule, "scan-2").outcome, ALREADY_USED);
}

TEST_F(Door, EqualScanIdsOfTwoDevicesAdmitOnce) {
  const auto booking = bought({1, 2});
  const auto by = [&](std::int64_t staff, std::size_t ticket, const std::optional<std::string>& device) {
    const scan_ticket request{booking.tickets.at(ticket).code, schedule, device, "1"};
    return ask(staff_of(1, staff), request).value().outcome;
  };
  EXPECT_EQ(by(70, 0, "north"), ADMITTED);
  EXPECT_EQ(by(70, 0, "south"), ALREADY_USED);
  EXPECT_EQ(by(70, 0, {}), ALREADY_USED);
  EXPECT_EQ(by(71, 0, "north"), ADMITTED) << "the device has changed hands: it is the same scan, told again";
  EXPECT_EQ(by(70, 1, {}), ADMITTED);
  EXPECT_EQ(by(71, 1, {}), ALREADY_USED);
  EXPECT_EQ(by(70, 1, {}), ADMITTED);
}

TEST_F(Door, FiftyScannersAdmitOne) {
  const auto code = bought({1}).tickets.at(0).code;
  auto& other = odeon.start_process({.doors = {.open_before = 3h, .close_after = 4h}});
  std::vector<rt::task<contract::result<scan_result>>> scans;
  for (int i = 0; i < 50; ++i) {
    auto& booking = i % 2 == 0 ? odeon.first().booking : other.booking;
    const scan_ticket request{code, {}, fmt::format("scanner {}", i), {}};
    scans.push_back(booking.handle(staff_of(1), request));
  }
  const auto answers = odeon.run_all(std::move(scans));
  const auto with = [&](scan_outcome outcome) {
    return std::ranges::count_if(answers, [&](const auto& each) { return each.value().outcome == outcome; });
  };
  EXPECT_EQ(with(ADMITTED), 1);
  EXPECT_EQ(with(ALREADY_USED), 49);
  EXPECT_EQ(odeon.sql("SELECT count(*) FROM booking.admission"), "1");
}

TEST_F(Door, ATicketOfAnotherShowingOrVenueSaysWhichItIsFor) {
  const auto booking = bought({1});
  const auto& code = booking.tickets.at(0).code;
  const auto other = odeon.add_schedule();
  const auto elsewhen = scan(code, other);
  EXPECT_EQ(elsewhen.outcome, WRONG_SHOWING);
  EXPECT_EQ(elsewhen.schedule_id, schedule);
  EXPECT_EQ(elsewhen.show_time, booking.show_time);
  const auto elsewhere = ask(staff_of(2), scan_ticket{code, {}, {}, {}}).value();
  EXPECT_EQ(elsewhere.outcome, WRONG_VENUE);
  EXPECT_EQ(elsewhere.venue_name, "Odeon");
  EXPECT_EQ(odeon.sql("SELECT count(*) FROM booking.admission"), "0");
  EXPECT_EQ(ask(administrator(), scan_ticket{code, schedule, {}, {}}).value().outcome, ADMITTED);
}

TEST_F(Door, DoorsOpenAndClose) {
  const auto code = bought({1}).tickets.at(0).code;
  odeon.stop(odeon.first());
  odeon.processes().clear();
  odeon.start_process({.doors = {.open_before = 1h, .close_after = 2h}});
  EXPECT_EQ(scan(code).outcome, TOO_EARLY);
  const auto move = [&](const char* by) {
    odeon.sql(fmt::format("UPDATE booking.booking SET show_time = now() + interval '{}'", by));
  };
  move("-3 hours");
  // The time is part of what was signed, so a moved showing is another ticket.
  EXPECT_EQ(scan(code).outcome, FORGED);
  const auto moved = [&] { return odeon.ask(ann, list_bookings{}).value().at(0).id; };
  EXPECT_EQ(scan(odeon.ask(ann, get_booking{moved()})->tickets.at(0).code).outcome, OVER);
  move("30 minutes");
  EXPECT_EQ(scan(odeon.ask(ann, get_booking{moved()})->tickets.at(0).code).outcome, ADMITTED);
}

TEST_F(Door, ACancelledTicketIsDeadAtOnceAndSaysSo) {
  const auto booking = bought();
  odeon.ask(ann, cancel_booking{booking.id}).value();
  const auto late = scan(booking.tickets.at(0).code, schedule);
  EXPECT_EQ(late.outcome, CANCELLED);
  EXPECT_EQ(late.seat, "A1");
  const auto resold = bought();
  EXPECT_EQ(scan(resold.tickets.at(0).code, schedule).outcome, ADMITTED);
  EXPECT_EQ(scan(booking.tickets.at(0).code, schedule).outcome, CANCELLED);
}

TEST_F(Door, WhoeverIsInsideCannotHaveTheMoneyBack) {
  const auto booking = bought();
  ASSERT_EQ(scan(booking.tickets.at(0).code, schedule).outcome, ADMITTED);
  EXPECT_EQ(code_of(odeon.ask(ann, cancel_booking{booking.id})), "ALREADY_ADMITTED");
  EXPECT_EQ(scan(booking.tickets.at(1).code, schedule).outcome, ADMITTED) << "the friend comes later";
  EXPECT_ANY_THROW(odeon.sql(fmt::format(
      "INSERT INTO booking.refund_request (booking_id, initiated_by, reason) VALUES ({}, 'USER', '')", booking.id)));
}

TEST_F(Door, AnAdministratorsCascadeGoesOnAllTheSame) {
  const auto booking = bought();
  ASSERT_EQ(scan(booking.tickets.at(0).code, schedule).outcome, ADMITTED);
  cancel_showing();
  EXPECT_EQ(scan(booking.tickets.at(0).code, schedule).outcome, CANCELLED);
  EXPECT_EQ(scan(booking.tickets.at(1).code, schedule).outcome, CANCELLED);
}

TEST_F(Door, TheDatabaseAdmitsNobodyWithoutAConfirmedBooking) {
  const auto held = odeon.hold(ann, schedule, {1});
  const auto insert = [](std::int64_t booking, int seat) {
    return fmt::format(
        "INSERT INTO booking.admission (booking_id, seat_no, admitted_at, staff_id, scan_id) "
        "VALUES ({}, {}, now(), 1, 'x')",
        booking, seat);
  };
  EXPECT_ANY_THROW(odeon.sql(insert(held.id, 1)));
  EXPECT_EQ(odeon.settle(held, 900), settlement::CONFIRMED);
  EXPECT_ANY_THROW(odeon.sql(insert(held.id, 2))) << "a seat that it has not";
  EXPECT_NO_THROW(odeon.sql(insert(held.id, 1)));
  EXPECT_ANY_THROW(odeon.sql(insert(held.id, 1))) << "twice";
}

TEST_F(Door, ACancellationAndAScanAtOnceNeverBothSucceed) {
  for (int i = 0; i < 20; ++i) {
    const auto booking = bought({1 + i});
    auto cancelling = [](cinema& at, std::int64_t id) -> rt::task<bool> {
      const auto done = co_await at.first().booking.handle(cinema::call_of(ann), cancel_booking{id});
      co_return done.has_value();
    };
    auto scanning = [](cinema& at, std::string code) -> rt::task<bool> {
      const scan_ticket request{code, {}, {}, {}};
      const auto done = co_await at.first().booking.handle(staff_of(1), request);
      co_return done.value().outcome == ADMITTED;
    };
    std::vector<rt::task<bool>> both;
    both.push_back(cancelling(odeon, booking.id));
    both.push_back(scanning(odeon, booking.tickets.at(0).code));
    const auto won = odeon.run_all(std::move(both));
    EXPECT_NE(won.at(0), won.at(1)) << i;
  }
}

TEST_F(Door, WhatIsNoTicketOfOursIsRefused) {
  const auto booking = bought({1});
  const auto good = tickets::read(booking.tickets.at(0).code)->what;
  EXPECT_EQ(scan("https://example.com/").outcome, UNREADABLE);
  EXPECT_EQ(scan(tickets::issue(good, jose::make_signing_key({7}))).outcome, UNKNOWN_KEY);
  // By our own key, had it leaked: nothing is believed that the tables do not bear out.
  auto other_seat = good;
  other_seat.seat_no = 2;
  auto other_showing = good;
  other_showing.schedule_id += 1;
  auto other_time = good;
  other_time.show_time_s += 1;
  auto no_booking = good;
  no_booking.booking_id += 1'000;
  for (const auto& each : {other_seat, other_showing, other_time, no_booking}) {
    EXPECT_EQ(scan(signed_by_us(each)).outcome, FORGED);
  }
  const auto held = odeon.hold(ann, schedule, {5});
  auto unpaid = good;
  unpaid.booking_id = held.id;
  unpaid.seat_no = 5;
  EXPECT_EQ(scan(signed_by_us(unpaid)).outcome, FORGED);
  EXPECT_EQ(odeon.sql("SELECT count(*) FROM booking.admission"), "0");
}

TEST_F(Door, AnOldKeyForgesNoNewerBookings) {
  const auto leaked = odeon.sql("SELECT seed FROM booking.ticket_key");
  odeon.run(ensure_ticket_key(odeon.first().pool, rt::deadline::after(10s), odeon.random, true));
  odeon.sql("UPDATE booking.ticket_key SET starts_at = now() WHERE starts_at > now()");
  odeon.stop(odeon.first());
  odeon.processes().clear();
  odeon.start_process({.doors = {.open_before = 3h, .close_after = 4h}});
  const auto booking = bought({1});
  const auto what = tickets::read(booking.tickets.at(0).code)->what;
  EXPECT_EQ(scan(tickets::issue(what, jose::make_signing_key(jose::seed_of_hex(leaked)))).outcome, FORGED);
  EXPECT_EQ(scan(booking.tickets.at(0).code).outcome, ADMITTED);
}

TEST_F(Door, AThousandForgedCodesAdmitNobody) {
  TICKETSHOW_SEEDED(random);
  const auto good = bought({1}).tickets.at(0).code;
  for (int i = 0; i < 1'000; ++i) {
    auto forged = good;
    for (auto n = random.between(1, 3); n > 0; --n) {
      auto& character = forged[static_cast<std::size_t>(random.between(0, 147))];
      character = static_cast<char>(random.between(32, 126));
    }
    if (forged == good) continue;
    const auto outcome = scan(forged).outcome;
    EXPECT_TRUE(outcome == FORGED || outcome == UNREADABLE || outcome == UNKNOWN_KEY) << forged;
  }
  EXPECT_EQ(odeon.sql("SELECT count(*) FROM booking.admission"), "0");
}

// ---- without a network

TEST_F(Door, AManifestListsWhatAScannerNeeds) {
  const auto valid = bought({1, 12});
  const auto cancelled = bought({5});
  odeon.ask(ann, cancel_booking{cancelled.id}).value();
  odeon.hold(ann, schedule, {7});
  ASSERT_EQ(scan(valid.tickets.at(1).code).outcome, ADMITTED);
  const auto list = ask(staff_of(1), get_scan_manifest{schedule}).value();
  ASSERT_THAT(list.tickets, SizeIs(3)) << "a hold has no ticket";
  EXPECT_EQ(list.tickets.at(0).seat, "A1");
  EXPECT_EQ(list.tickets.at(0).state, listed_state::VALID);
  EXPECT_FALSE(list.tickets.at(0).admitted_at);
  EXPECT_EQ(list.tickets.at(1).seat, "B2");
  EXPECT_TRUE(list.tickets.at(1).admitted_at);
  EXPECT_EQ(list.tickets.at(2).booking_id, cancelled.id);
  EXPECT_EQ(list.tickets.at(2).state, listed_state::CANCELLED);
  EXPECT_EQ(list.keys.at(0).kid, tickets::read(valid.tickets.at(0).code)->key);
  EXPECT_EQ(list.doors_open_at, list.show_time - 3h);
  std::string text;
  contract::write_json(text, list);
  EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr(odeon.sql("SELECT seed FROM booking.ticket_key"))));
  EXPECT_EQ(code_of(ask(staff_of(2), get_scan_manifest{schedule})), "NOT_ALLOWED");
  EXPECT_EQ(code_of(ask(administrator(), get_scan_manifest{schedule})), "OK");
  EXPECT_EQ(code_of(ask(staff_of(1), get_scan_manifest{4711})), "SCHEDULE_NOT_FOUND");
}

TEST_F(Door, AManifestTellsWhichKeysSignTicketsThatItDoesNotList) {
  const auto in_force = [&] { return ask(staff_of(1), get_scan_manifest{schedule}).value().keys_in_force; };
  const auto leaked = in_force();
  ASSERT_THAT(leaked, SizeIs(1));
  odeon.run(ensure_ticket_key(odeon.first().pool, rt::deadline::after(10s), odeon.random, true));
  const auto restarted = [&](const std::string& start) {
    odeon.sql("UPDATE booking.ticket_key SET starts_at = now() - interval '" + start + "' WHERE kid <> '" + leaked[0] +
              "'");
    odeon.stop(odeon.first());
    odeon.processes().clear();
    odeon.start_process({});
  };
  restarted("1 hour");
  EXPECT_THAT(in_force(), SizeIs(2)) << "a hold of before may still be paid";
  restarted("2 hours");
  ASSERT_THAT(in_force(), SizeIs(1));
  EXPECT_NE(in_force(), leaked);
  EXPECT_THAT(ask(staff_of(1), get_scan_manifest{schedule}).value().keys, SizeIs(2)) << "older tickets stay good";
}

TEST_F(Door, AnUploadIsCountedOnceByItsScanId) {
  const auto booking = bought();
  const auto at = odeon.clock.now() - 5min;
  const offline_scan told{"s1", booking.tickets.at(0).code, at};
  for (int i = 0; i < 2; ++i) {
    const auto answer = upload("tablet", told);
    EXPECT_EQ(answer.result.outcome, ADMITTED);
    EXPECT_FALSE(answer.conflict);
    EXPECT_EQ(answer.result.used_at, at);
  }
  EXPECT_EQ(scan(booking.tickets.at(0).code).outcome, ALREADY_USED);
  EXPECT_THAT(ask(administrator(), list_scan_conflicts{schedule, {}, {}}).value(), IsEmpty());
}

TEST_F(Door, AScannersClockAheadOfTimeDoesNotReachTheFuture) {
  const auto booking = bought({1});
  const auto answer = upload("tablet", {"s1", booking.tickets.at(0).code, odeon.clock.now() + 24h});
  EXPECT_LE(*answer.result.used_at, odeon.clock.now() + 5s);
}

TEST_F(Door, TwoScannersThatAdmittedTheSameTicketAreReported) {
  const auto booking = bought({1});
  const auto& code = booking.tickets.at(0).code;
  const auto at = odeon.clock.now() - 10min;
  EXPECT_EQ(upload("north", {"n1", code, at}).result.outcome, ADMITTED);
  for (int i = 0; i < 2; ++i) {
    const auto second = upload("south", {"s1", code, at - 1min});
    EXPECT_EQ(second.result.outcome, ALREADY_USED);
    EXPECT_TRUE(second.conflict);
  }
  const auto conflicts = ask(administrator(), list_scan_conflicts{schedule, {}, {}}).value();
  ASSERT_THAT(conflicts, SizeIs(1));
  EXPECT_EQ(conflicts.at(0).kind, conflict_kind::ADMITTED_TWICE);
  EXPECT_EQ(conflicts.at(0).seat, "A1");
  EXPECT_EQ(conflicts.at(0).device, "south");
  EXPECT_EQ(conflicts.at(0).first_device, "north");
  EXPECT_EQ(conflicts.at(0).first_admitted_at, at);
  EXPECT_EQ(code_of(ask(administrator(), list_scan_conflicts{4711, {}, {}})), "SCHEDULE_NOT_FOUND");
}

TEST_F(Door, EqualScanIdsOfTwoDevicesAreTwoUploads) {
  const auto booking = bought({1});
  const offline_scan told{"1", booking.tickets.at(0).code, odeon.clock.now()};
  EXPECT_FALSE(upload("north", told).conflict);
  for (const auto* device : {"south", "east", "south"}) EXPECT_TRUE(upload(device, told).conflict) << device;
  EXPECT_FALSE(upload("north", told).conflict);
  EXPECT_THAT(ask(administrator(), list_scan_conflicts{schedule, {}, {}}).value(), SizeIs(2));
}

TEST_F(Door, AnUploadForAnotherShowingIsReportedAndLeavesTheTicketGood) {
  const auto booking = bought({1});
  const auto other = odeon.add_schedule();
  for (int i = 0; i < 2; ++i) {
    const auto told = upload("tablet", {"s1", booking.tickets.at(0).code, odeon.clock.now(), other});
    EXPECT_EQ(told.result.outcome, WRONG_SHOWING);
    EXPECT_EQ(told.result.schedule_id, schedule);
    EXPECT_TRUE(told.conflict);
  }
  const auto conflicts = ask(administrator(), list_scan_conflicts{schedule, {}, {}}).value();
  ASSERT_THAT(conflicts, SizeIs(1));
  EXPECT_EQ(conflicts.at(0).kind, conflict_kind::ADMITTED_TO_ANOTHER_SHOWING);
  EXPECT_EQ(conflicts.at(0).entered_schedule_id, other);
  const auto right = upload("tablet", {"s2", booking.tickets.at(0).code, odeon.clock.now(), schedule});
  EXPECT_EQ(right.result.outcome, ADMITTED);
  EXPECT_FALSE(right.conflict);
}

TEST_F(Door, AnUploadFromWhileTheDoorsWereShutIsReportedAndUsesTheTicket) {
  const auto booking = bought({1, 2, 3});  // its doors are open from an hour ago to six hours from now
  const offline_scan before{"s1", booking.tickets.at(0).code, odeon.clock.now() - 2h};
  for (int i = 0; i < 2; ++i) {
    const auto early = upload("tablet", before);
    EXPECT_EQ(early.result.outcome, TOO_EARLY);
    EXPECT_TRUE(early.conflict);
  }
  const auto conflicts = ask(administrator(), list_scan_conflicts{schedule, {}, {}}).value();
  ASSERT_THAT(conflicts, SizeIs(1));
  EXPECT_EQ(conflicts.at(0).kind, conflict_kind::ADMITTED_OUTSIDE_HOURS);
  EXPECT_EQ(odeon.sql("SELECT count(*) FROM booking.admission"), "1") << "somebody sits there";
  EXPECT_EQ(upload("other", {"o1", booking.tickets.at(0).code, odeon.clock.now()}).result.outcome, ALREADY_USED);

  odeon.sql("UPDATE booking.booking SET show_time = show_time - interval '1 day'");
  const auto tickets = odeon.ask(ann, get_booking{booking.id})->tickets;
  const auto late = upload("tablet", {"s2", tickets.at(1).code, odeon.clock.now()});
  EXPECT_EQ(late.result.outcome, OVER);
  EXPECT_TRUE(late.conflict);
  const auto in_time = upload("tablet", {"s3", tickets.at(2).code, odeon.clock.now() - 24h});
  EXPECT_EQ(in_time.result.outcome, ADMITTED) << "told of a day later";
  EXPECT_FALSE(in_time.conflict);
}

TEST_F(Door, ATicketCancelledSinceTheListWasMadeIsReported) {
  const auto booking = bought({1});
  odeon.ask(ann, cancel_booking{booking.id}).value();
  const auto told = upload("tablet", {"s1", booking.tickets.at(0).code, odeon.clock.now()});
  EXPECT_EQ(told.result.outcome, CANCELLED);
  EXPECT_TRUE(told.conflict);
  const auto conflicts = ask(administrator(), list_scan_conflicts{schedule, {}, {}}).value();
  ASSERT_THAT(conflicts, SizeIs(1));
  EXPECT_EQ(conflicts.at(0).kind, conflict_kind::ADMITTED_AFTER_CANCELLATION);
}

TEST_F(Door, AnUploadAnswersForEachScanInItsOrder) {
  const auto booking = bought({1, 2, 3});
  const auto at = odeon.clock.now();
  const auto code = [&](std::size_t i) { return booking.tickets.at(i).code; };
  const upload_scans batch{"tablet",
                           {{"a", "rubbish", at},
                            {"b", code(0), at},
                            {"c", code(0), at},
                            {"d", tickets::issue({1, 1, 1, 1}, jose::make_signing_key({7})), at},
                            {"e", code(1), at},
                            {"f", signed_by_us({booking.id, schedule, 9, 1}), at},
                            {"g", code(2), at}}};
  const auto answer = ask(staff_of(1), batch).value().results;
  std::vector<scan_outcome> outcomes;
  for (std::size_t i = 0; i < answer.size(); ++i) {
    outcomes.push_back(answer[i].result.outcome);
    EXPECT_EQ(answer[i].scan_id, batch.scans[i].scan_id);
  }
  EXPECT_THAT(outcomes,
              ::testing::AnyOf(
                  ::testing::ElementsAre(UNREADABLE, ADMITTED, ALREADY_USED, UNKNOWN_KEY, ADMITTED, FORGED, ADMITTED),
                  ::testing::ElementsAre(UNREADABLE, ALREADY_USED, ADMITTED, UNKNOWN_KEY, ADMITTED, FORGED, ADMITTED)));
  const auto elsewhere = ask(staff_of(2), batch).value().results;
  EXPECT_EQ(elsewhere.at(1).result.outcome, WRONG_VENUE);
  EXPECT_FALSE(elsewhere.at(1).conflict);
  EXPECT_EQ(code_of(ask(staff_of(1), upload_scans{"tablet", {{std::string(65, 'x'), code(0), at}}})),
            "VALIDATION_FAILED");
}

}  // namespace
}  // namespace ticketshow::booking::testing
