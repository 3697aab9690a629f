#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/booking/cancellation_queries.hpp"
#include "services/booking/queries.hpp"
#include "services/booking/tests/cinema.hpp"

namespace ticketshow::booking::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

constexpr std::int64_t ann = 11;
constexpr std::int64_t bob = 12;

class Booking : public ::testing::Test {
 protected:
  void TearDown() override { EXPECT_THAT(odeon.broken_invariants(), IsEmpty()); }

  [[nodiscard]] std::string state_of(const booking_view& booking) const {
    return odeon.sql(fmt::format("SELECT state FROM booking.booking WHERE id = {}", booking.id));
  }
  booking_status status_of(const booking_view& booking) {
    return odeon.ask(booking.user_id, get_booking{booking.id}).value().status;
  }

  cinema odeon;
};

TEST_F(Booking, EveryStatementIsPreparedByTheServicesRole) {
  EXPECT_THAT(test::prepare_all(odeon.database.service("booking"), queries::all_statements), IsEmpty());
  EXPECT_THAT(test::prepare_all(odeon.database.service("booking"), queries::cancellation_statements), IsEmpty());
}

TEST_F(Booking, TheServicesRoleCannotRewriteHistory) {
  for (const auto* forbidden :
       {"DELETE FROM booking.booking", "DELETE FROM booking.booking_seat", "DELETE FROM booking.schedule",
        "DELETE FROM booking.refund_request", "TRUNCATE booking.booking CASCADE",
        "UPDATE booking.booking SET total_amount = 1", "UPDATE booking.booking SET user_id = 1",
        "UPDATE booking.booking_seat SET live = true", "UPDATE booking.refund_request SET booking_id = 1",
        "INSERT INTO booking.booking (id, state) VALUES (1, 'CONFIRMED')",
        "ALTER TABLE booking.booking DISABLE TRIGGER legal_transition", "CREATE TABLE booking.mine (id int)"}) {
    try {
      test::execute(odeon.database.service("booking"), {forbidden});
      ADD_FAILURE() << "was allowed: " << forbidden;
    } catch (const std::exception& refused) {
      EXPECT_THAT(refused.what(),
                  ::testing::AnyOf(::testing::HasSubstr("permission denied"), ::testing::HasSubstr("must be owner")));
    }
  }
}

TEST_F(Booking, TheDatabaseRefusesIllegalTransitions) {  // I10
  const auto schedule = odeon.add_schedule();
  const auto booking = odeon.hold(ann, schedule, {1});
  ASSERT_EQ(odeon.settle(booking, 900), settlement::CONFIRMED);
  for (const auto* state : {"PENDING", "EXPIRED", "FAILED"}) {
    EXPECT_ANY_THROW(odeon.sql(fmt::format("UPDATE booking.booking SET state = '{}', payment_id = NULL", state)));
  }
  odeon.ask(ann, cancel_booking{booking.id}).value();
  for (const auto* state : {"PENDING", "EXPIRED", "FAILED", "CONFIRMED"}) {
    EXPECT_ANY_THROW(odeon.sql(fmt::format("UPDATE booking.booking SET state = '{}'", state)));
  }
}

// ---- holding

TEST_F(Booking, AHoldTellsEverythingAboutIt) {
  const auto schedule = odeon.add_schedule();
  const auto made = odeon.hold(ann, schedule, {12, 3});
  const auto screen = odeon.in_catalog(schedule).screen_id;
  EXPECT_EQ(made.status, booking_status::PENDING);
  EXPECT_EQ(made.total_amount, money{700'00});
  EXPECT_EQ(made.currency, "INR");
  EXPECT_THAT(made.seat_ids, ElementsAre(catalog::seat_id_of(screen, 3), catalog::seat_id_of(screen, 12)));
  EXPECT_EQ(made.seat_labels.at(1).row_number + made.seat_labels.at(1).seat_number, "B2");
  EXPECT_EQ(made.expires_at - made.created_at, 600s);
  EXPECT_EQ(made.correlation_id, "test-11");
  EXPECT_EQ(made.show_name, "The Long Wait");

  const auto read = odeon.ask(ann, get_booking{made.id}).value();
  std::string first, second;
  contract::write_json(first, made);
  contract::write_json(second, read);
  EXPECT_EQ(first, second);
}

TEST_F(Booking, Defect01_ASoldSeatCannotBeBookedAgain) {
  const auto schedule = odeon.add_schedule();
  const auto sold = odeon.hold(ann, schedule, {1, 2});
  ASSERT_EQ(odeon.settle(sold, 900), settlement::CONFIRMED);
  odeon.clock.shift = 1h;  // long after the hold's ten minutes
  const auto refused = odeon.ask(bob, odeon.wish(schedule, {2, 3}));
  ASSERT_EQ(code_of(refused), "SEATS_TAKEN");
  EXPECT_THAT(refused.error().seat_ids, ElementsAre(sold.seat_ids.at(1)));
  EXPECT_EQ(refused.error().detail, "A2 is gone.");
}

TEST_F(Booking, Defect01_TheDatabaseAloneForbidsASecondClaim) {
  const auto schedule = odeon.add_schedule();
  odeon.hold(ann, schedule, {1});
  const auto other = odeon.hold(bob, schedule, {2});
  EXPECT_ANY_THROW(
      odeon.sql(fmt::format("INSERT INTO booking.booking_seat VALUES ({}, {}, 1, true)", other.id, schedule)));
}

TEST_F(Booking, Defect02_ALatePaymentNeverTakesSoldSeats) {
  const auto schedule = odeon.add_schedule();
  const auto late = odeon.hold(ann, schedule, {1, 2});
  odeon.lapse(late.id);
  odeon.clock.shift = 11min;
  const auto sold = odeon.hold(bob, schedule, {2});
  ASSERT_EQ(odeon.settle(sold, 901), settlement::CONFIRMED);
  EXPECT_EQ(odeon.settle(late, 900), settlement::SEATS_GONE);
  EXPECT_EQ(state_of(late), "EXPIRED");
  EXPECT_EQ(state_of(sold), "CONFIRMED");
}

TEST_F(Booking, ALatePaymentTakesItsSeatsAgainWhenTheyAreFree) {
  const auto schedule = odeon.add_schedule(4);
  const auto late = odeon.hold(ann, schedule, {1, 2});
  odeon.lapse(late.id);
  odeon.clock.shift = 11min;
  const auto rival = odeon.hold(bob, schedule, {2});
  EXPECT_EQ(state_of(late), "EXPIRED");
  odeon.lapse(rival.id);  // still PENDING in the table, but its time has passed
  EXPECT_EQ(odeon.settle(late, 900), settlement::CONFIRMED);
  EXPECT_EQ(odeon.settle(late, 900), settlement::CONFIRMED);
  EXPECT_EQ(state_of(rival), "EXPIRED");
  EXPECT_EQ(odeon.seat_map(schedule), "sold sold free free");
}

TEST_F(Booking, ALatePaymentBeforeTheSweeperConfirmsItsOwnClaims) {
  const auto schedule = odeon.add_schedule(2);
  const auto late = odeon.hold(ann, schedule, {1});
  odeon.lapse(late.id);
  EXPECT_EQ(odeon.settle(late, 900), settlement::CONFIRMED);
  EXPECT_EQ(state_of(late), "CONFIRMED");
}

TEST_F(Booking, ALatePaymentFindsSalesClosedWhenTheShowingMovedOrBegan) {
  const auto schedule = odeon.add_schedule();
  const auto late = odeon.hold(ann, schedule, {1});
  odeon.lapse(late.id);
  odeon.in_catalog(schedule).start_time += 1h;
  ++odeon.in_catalog(schedule).version;
  odeon.tell(schedule);
  EXPECT_EQ(odeon.settle(late, 900), settlement::SALES_CLOSED) << "another time is not what was bought";

  const auto begun = odeon.hold(ann, schedule, {2});
  odeon.lapse(begun.id);
  odeon.begin_show(schedule);
  EXPECT_EQ(odeon.settle(begun, 901), settlement::SALES_CLOSED);
}

TEST_F(Booking, SettlingTellsSurplusAmountAndUnknown) {
  const auto schedule = odeon.add_schedule();
  const auto booking = odeon.hold(ann, schedule, {1});
  const auto short_paid = odeon.ask_as_service(settle_booking{booking.id, 900, {349'99}}).value();
  EXPECT_EQ(short_paid.outcome, settlement::AMOUNT_MISMATCH);
  EXPECT_EQ(state_of(booking), "PENDING");
  EXPECT_EQ(odeon.settle(booking, 901), settlement::CONFIRMED);
  EXPECT_EQ(odeon.settle(booking, 902), settlement::SURPLUS);
  EXPECT_EQ(odeon.settle(booking, 901), settlement::CONFIRMED);
  EXPECT_EQ(code_of(odeon.ask_as_service(settle_booking{999, 903, {1}})), "BOOKING_NOT_FOUND");
  const auto cancelled = odeon.hold(ann, schedule, {2});
  odeon.ask(ann, cancel_booking{cancelled.id}).value();
  EXPECT_EQ(odeon.settle(cancelled, 904), settlement::CANCELLED);
}

TEST_F(Booking, Defect13_ARepeatedSettlementFindsTheBookingConfirmed) {
  const auto schedule = odeon.add_schedule();
  const auto booking = odeon.hold(ann, schedule, {1});
  std::vector<rt::task<contract::result<settlement_outcome>>> repeated;
  for (int i = 0; i < 5; ++i) {
    repeated.push_back(odeon.first().booking.handle(cinema::service_call("payment"),
                                                    settle_booking{booking.id, 900, booking.total_amount}));
  }
  for (auto& answer : odeon.run_all(std::move(repeated))) EXPECT_EQ(answer.value().outcome, settlement::CONFIRMED);
  EXPECT_EQ(odeon.ask_as_service(get_booking_to_settle{booking.id}).value().status, booking_status::CONFIRMED);
}

TEST_F(Booking, Defect03_AHoldBlocksTheSeatInItsOwnShowingOnly) {
  const auto evening = odeon.add_schedule();
  const auto night = odeon.add_schedule();
  odeon.in_catalog(night).screen_id = odeon.in_catalog(evening).screen_id;
  odeon.hold(ann, evening, {1});
  odeon.hold(bob, night, {1});
}

TEST_F(Booking, Defect04_CancellingAStaleBookingLeavesAStrangersHoldAlone) {
  const auto schedule = odeon.add_schedule(1);
  const auto stale = odeon.hold(ann, schedule, {1});
  odeon.lapse(stale.id);
  odeon.clock.shift = 11min;
  const auto strangers = odeon.hold(bob, schedule, {1});
  EXPECT_EQ(code_of(odeon.ask(ann, cancel_booking{stale.id})), "NOT_CANCELLABLE");
  EXPECT_EQ(status_of(strangers), booking_status::PENDING);
  EXPECT_EQ(code_of(odeon.ask(13, odeon.wish(schedule, {1}))), "SEATS_TAKEN");
}

TEST_F(Booking, Defect05_AnExpiredSeatIsFreeBeforeTheSweeperCameBy) {
  const auto schedule = odeon.add_schedule(2);
  const auto expired = odeon.hold(ann, schedule, {1});
  EXPECT_EQ(odeon.seat_map(schedule), "held free");
  odeon.lapse(expired.id);
  odeon.clock.shift = 11min;
  EXPECT_EQ(odeon.seat_map(schedule), "free free");
  EXPECT_EQ(status_of(expired), booking_status::EXPIRED);
  EXPECT_EQ(state_of(expired), "PENDING") << "no sweeper runs in this test";
  odeon.hold(bob, schedule, {1, 2});
  EXPECT_EQ(state_of(expired), "EXPIRED");
}

TEST(Expiry, Defect05_HoldsEndByThemselvesWithinASecond) {
  cinema odeon({.hold_ttl_s = 1, .expiry_pause_ms = 100});
  const auto schedule = odeon.add_schedule(1);
  const auto booking = odeon.hold(ann, schedule, {1});
  const auto state = fmt::format("SELECT state FROM booking.booking WHERE id = {}", booking.id);
  odeon.wait_until([&] { return odeon.sql(state) == "EXPIRED"; });
  EXPECT_LT(odeon.clock.now(), booking.expires_at + 1s);
  EXPECT_EQ(odeon.seat_map(schedule), "free");
}

TEST_F(Booking, Defect06_ABegunShowingIsNotOnSale) {
  const auto schedule = odeon.add_schedule(2);
  odeon.hold(ann, schedule, {1});
  odeon.begin_show(schedule);
  EXPECT_EQ(code_of(odeon.ask(bob, odeon.wish(schedule, {2}))), "SALES_CLOSED");
  EXPECT_EQ(odeon.seat_map(schedule), "held -");
}

TEST_F(Booking, Defect06_OneAccountCannotBlockAScreen) {
  const auto schedule = odeon.add_schedule();
  odeon.hold(ann, schedule, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  const auto second = odeon.hold(ann, schedule, {11, 12, 13, 14, 15, 16, 17, 18, 19, 20});
  EXPECT_EQ(code_of(odeon.ask(ann, odeon.wish(schedule, {21}))), "TOO_MANY_HOLDS");
  odeon.hold(bob, schedule, {21});
  odeon.ask(ann, cancel_booking{second.id}).value();
  odeon.hold(ann, schedule, {22});
}

TEST_F(Booking, Defect06_TheLimitHoldsForWishesSentTogether) {
  const auto schedule = odeon.add_schedule();
  std::vector<rt::task<contract::result<booking_view>>> wishes;
  for (std::int64_t i = 0; i < 30; ++i) {
    wishes.push_back(odeon.first().booking.handle(cinema::call_of(ann), odeon.wish(schedule, {i + 1})));
  }
  int made = 0;
  for (auto& each : odeon.run_all(std::move(wishes))) made += each ? 1 : 0;
  EXPECT_EQ(made, 20);
}

TEST_F(Booking, UnknownShowingsAndSeatsAreToldApart) {
  EXPECT_EQ(code_of(odeon.ask(ann, create_booking{404, {1}, "k"})), "SCHEDULE_NOT_FOUND");
  EXPECT_EQ(code_of(odeon.ask(ann, get_seat_map{404})), "SCHEDULE_NOT_FOUND");
  const auto schedule = odeon.add_schedule(5);
  EXPECT_EQ(code_of(odeon.ask(ann, odeon.wish(schedule, {6}))), "UNKNOWN_SEATS");
  EXPECT_EQ(code_of(odeon.ask(ann, odeon.wish(schedule, {1, 1}))), "VALIDATION_FAILED");
}

// ---- idempotency

TEST_F(Booking, Defect07_FiveEqualWishesAtOnceMakeOneBooking) {
  const auto schedule = odeon.add_schedule();
  std::vector<rt::task<contract::result<booking_view>>> wishes;
  for (int i = 0; i < 5; ++i) {
    wishes.push_back(odeon.first().booking.handle(cinema::call_of(ann), odeon.wish(schedule, {1, 2}, "same")));
  }
  std::set<std::int64_t> ids;
  for (auto& each : odeon.run_all(std::move(wishes))) ids.insert(each.value().id);
  EXPECT_EQ(ids.size(), 1U);
  EXPECT_EQ(odeon.sql("SELECT count(*) FROM booking.booking"), "1");
}

TEST_F(Booking, Defect07_TheKeyOfAnotherUserIsAnotherKey) {
  const auto schedule = odeon.add_schedule();
  const auto anns = odeon.hold(ann, schedule, {1}, "same");
  const auto bobs = odeon.hold(bob, schedule, {2}, "same");
  EXPECT_NE(anns.id, bobs.id);
  EXPECT_EQ(code_of(odeon.ask(bob, odeon.wish(schedule, {1}, "same"))), "SEATS_TAKEN");
}

TEST_F(Booking, AKeyAnswersWithItsBookingWhateverBecameOfIt) {
  const auto schedule = odeon.add_schedule();
  const auto first = odeon.hold(ann, schedule, {1, 2}, "same");
  EXPECT_EQ(odeon.hold(ann, schedule, {2, 1}, "same").id, first.id) << "the order of the seats says nothing";
  ASSERT_EQ(odeon.settle(first, 900), settlement::CONFIRMED);
  EXPECT_EQ(odeon.hold(ann, schedule, {1, 2}, "same").status, booking_status::CONFIRMED);
  odeon.ask(ann, cancel_booking{first.id}).value();
  EXPECT_EQ(odeon.hold(ann, schedule, {1, 2}, "same").status, booking_status::CANCELLED);
  odeon.begin_show(schedule);
  EXPECT_EQ(odeon.hold(ann, schedule, {1, 2}, "same").id, first.id) << "even when nothing is on sale any more";
}

TEST_F(Booking, AKeyUsedForAnotherWishIsAConflict) {
  const auto schedule = odeon.add_schedule();
  const auto other = odeon.add_schedule();
  odeon.hold(ann, schedule, {1}, "same");
  EXPECT_EQ(code_of(odeon.ask(ann, odeon.wish(schedule, {2}, "same"))), "IDEMPOTENCY_CONFLICT");
  EXPECT_EQ(code_of(odeon.ask(ann, odeon.wish(schedule, {1, 2}, "same"))), "IDEMPOTENCY_CONFLICT");
  EXPECT_EQ(code_of(odeon.ask(ann, odeon.wish(other, {1}, "same"))), "IDEMPOTENCY_CONFLICT");
}

TEST_F(Booking, OneKeyForTwoShowingsAtOnceMakesOneBooking) {
  const auto first = odeon.add_schedule();
  const auto second = odeon.add_schedule();  // its neighbour's id: another writer
  for (int i = 1; i <= 20; ++i) {
    auto& booking = odeon.first().booking;
    const auto key = fmt::format("both-{}", i);
    std::vector<rt::task<contract::result<booking_view>>> both;
    both.push_back(booking.handle(cinema::call_of(100 + i), odeon.wish(first, {i}, key)));
    both.push_back(booking.handle(cinema::call_of(100 + i), odeon.wish(second, {i}, key)));
    const auto answers = odeon.run_all(std::move(both));
    EXPECT_THAT((std::vector{code_of(answers[0]), code_of(answers[1])}),
                ::testing::UnorderedElementsAre("OK", "IDEMPOTENCY_CONFLICT"));
  }
}

// ---- reading

TEST_F(Booking, ListsAreOnesOwnNewestFirstAndByStatus) {
  const auto schedule = odeon.add_schedule();
  const auto lapsed = odeon.hold(ann, schedule, {1});
  const auto paid = odeon.hold(ann, schedule, {2});
  const auto pending = odeon.hold(ann, schedule, {3});
  odeon.hold(bob, schedule, {4});
  odeon.settle(paid, 900);
  odeon.lapse(lapsed.id);
  const auto ids = [&](list_bookings request) {
    std::vector<std::int64_t> found;
    for (const auto& each : odeon.ask(ann, request).value()) found.push_back(each.id);
    return found;
  };
  EXPECT_THAT(ids({}), ElementsAre(pending.id, paid.id, lapsed.id));
  EXPECT_THAT(ids({.skip = 1, .limit = 1}), ElementsAre(paid.id));
  EXPECT_THAT(ids({.status = booking_status::EXPIRED}), ElementsAre(lapsed.id));
  EXPECT_THAT(ids({.status = booking_status::PENDING}), ElementsAre(pending.id));
}

TEST_F(Booking, Defect29_APendingBookingCanBeResumed) {
  const auto schedule = odeon.add_schedule();
  const auto made = odeon.hold(ann, schedule, {1});
  const auto found = odeon.ask(ann, list_bookings{.status = booking_status::PENDING}).value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().expires_at, made.expires_at);
  EXPECT_EQ(odeon.settle(found.front(), 900), settlement::CONFIRMED);
}

TEST_F(Booking, SomebodyElsesBookingDoesNotExist) {
  const auto booking = odeon.hold(ann, odeon.add_schedule(), {1});
  EXPECT_EQ(code_of(odeon.ask(bob, get_booking{booking.id})), "BOOKING_NOT_FOUND");
  EXPECT_EQ(code_of(odeon.ask(bob, cancel_booking{booking.id})), "BOOKING_NOT_FOUND");
  EXPECT_EQ(state_of(booking), "PENDING");
}

TEST_F(Booking, TheSeatMapsTagFollowsItsContentAcrossProcesses) {
  const auto schedule = odeon.add_schedule(3);
  const auto before = odeon.ask(0, get_seat_map{schedule}).value();
  EXPECT_EQ(odeon.ask(ann, get_seat_map{schedule}).value().json, before.json) << "nothing changed: the same bytes";
  odeon.hold(ann, schedule, {2});
  const auto after = odeon.ask(0, get_seat_map{schedule}).value();
  EXPECT_NE(after.etag, before.etag);
  auto& second = odeon.start_process(cinema::quick());
  auto read = odeon.run(second.booking.handle(cinema::call_of(0), get_seat_map{schedule})).value();
  EXPECT_EQ(read.etag, after.etag);
  EXPECT_EQ(*read.json, *after.json);
}

TEST_F(Booking, ManyReadersOfANewShowingCauseOneFetch) {
  const auto schedule = odeon.add_schedule();
  std::vector<rt::task<contract::result<get_seat_map::response>>> readers;
  for (int i = 0; i < 50; ++i) {
    readers.push_back(odeon.first().booking.handle(cinema::call_of(0), get_seat_map{schedule}));
  }
  for (auto& each : odeon.run_all(std::move(readers))) EXPECT_TRUE(each);
  EXPECT_EQ(odeon.catalog.calls, 1);
}

TEST_F(Booking, AnUnreachableCatalogIsNotRemembered) {
  const auto schedule = odeon.add_schedule();
  odeon.catalog.broken = true;
  EXPECT_THROW(std::ignore = odeon.ask(ann, get_seat_map{schedule}), rt::unavailable);
  odeon.catalog.broken = false;
  odeon.hold(ann, schedule, {1});
}

// ---- cancelling

TEST_F(Booking, CancellingFreesTheSeatsAtOnceAndRepeatsItsAnswer) {
  const auto schedule = odeon.add_schedule(2);
  const auto booking = odeon.hold(ann, schedule, {1, 2});
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(odeon.ask(ann, cancel_booking{booking.id}).value().status, booking_status::CANCELLED);
  }
  EXPECT_EQ(odeon.seat_map(schedule), "free free");
  odeon.hold(bob, schedule, {1, 2});
  EXPECT_EQ(odeon.sql("SELECT count(*) FROM booking.refund_request"), "0") << "nothing was paid";
}

TEST_F(Booking, CancellingWhatWasPaidTellsPaymentAndTheCustomerOnce) {
  odeon.bus.away = true;
  const auto booking = odeon.hold(ann, odeon.add_schedule(), {1});
  odeon.settle(booking, 900);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(odeon.ask(ann, cancel_booking{booking.id}).value().status, booking_status::CANCELLED);
  }
  odeon.bus.away = false;
  odeon.wait_until([&] { return odeon.bus.published.size() >= 2; });
  const auto refunds = odeon.bus.of<refund_initiated>();
  ASSERT_EQ(refunds.size(), 1U);
  EXPECT_EQ(refunds.front().booking_id, booking.id);
  EXPECT_EQ(refunds.front().amount, booking.total_amount);
  EXPECT_EQ(refunds.front().initiated_by, initiator::USER);
  const auto notices = odeon.bus.of<refund_notice>();
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices.front().booking.show_name, "The Long Wait");
  EXPECT_EQ(notices.front().booking.seat_labels.size(), 1U);
}

TEST_F(Booking, Defect21_CancellingWhatWasNotPaidTellsNobodyOfARefund) {
  const auto booking = odeon.hold(ann, odeon.add_schedule(), {1});
  EXPECT_EQ(odeon.ask(ann, cancel_booking{booking.id}).value().status, booking_status::CANCELLED);
  EXPECT_EQ(odeon.sql("SELECT count(*) FROM booking.outbox"), "0");
}

TEST_F(Booking, Defect24_ABookingIsNotCancelledOnceTheShowHasBegun) {
  const auto schedule = odeon.add_schedule();
  const auto booking = odeon.hold(ann, schedule, {1});
  odeon.settle(booking, 900);
  odeon.begin_show(schedule);
  EXPECT_EQ(code_of(odeon.ask(ann, cancel_booking{booking.id})), "NOT_CANCELLABLE");
  EXPECT_EQ(state_of(booking), "CONFIRMED");
}

}  // namespace
}  // namespace ticketshow::booking::testing
