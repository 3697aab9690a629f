#include "tickets/ticket.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/booking/administration.hpp"
#include "services/booking/tests/cinema.hpp"
#include "services/booking/ticket_keys.hpp"
#include "services/booking/ticket_queries.hpp"

namespace ticketshow::booking::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace std::chrono_literals;

constexpr std::int64_t ann = 11;
constexpr std::int64_t bob = 12;

class Tickets : public ::testing::Test {
 protected:
  void TearDown() override { EXPECT_THAT(odeon.broken_invariants(), IsEmpty()); }

  booking_view bought(std::vector<std::int64_t> positions = {1, 2}) {
    if (schedule == 0) schedule = odeon.add_schedule();
    const auto booking = odeon.hold(ann, schedule, std::move(positions));
    EXPECT_EQ(odeon.settle(booking, next_payment++), settlement::CONFIRMED);
    return odeon.ask(ann, get_booking{booking.id}).value();
  }
  void rotate() {
    odeon.run(rotate_ticket_key(odeon.first().pool, rt::deadline::after(10s), odeon.random));
    odeon.sql("UPDATE booking.ticket_key SET starts_at = now() WHERE starts_at > now()");  // its minute is over
    odeon.stop(odeon.first());  // nobody waits for twenty seconds until what a process knows is too old
    odeon.processes().clear();
    odeon.start_process(cinema::quick());
  }
  static std::string key_of(const ticket_view& shown) { return tickets::read(shown.code)->key; }

  cinema odeon;
  std::int64_t schedule = 0;
  std::int64_t next_payment = 900;
};

TEST_F(Tickets, EveryStatementIsPreparedByTheServicesRole) {
  EXPECT_THAT(test::prepare_all(odeon.database.service("booking"), queries::ticket_statements), IsEmpty());
}

TEST_F(Tickets, AConfirmedBookingHasOneForEachSeat) {
  const auto booking = bought({12, 3});
  ASSERT_THAT(booking.tickets, SizeIs(2));
  const auto& second = booking.tickets.at(1);
  EXPECT_EQ(second.seat_id, booking.seat_ids.at(1));
  EXPECT_EQ(second.label, "B2");
  EXPECT_EQ(second.state, ticket_state::VALID);
  EXPECT_EQ(tickets::read(second.code)->what,
            (tickets::ticket{booking.id, schedule, 12, tickets::seconds_of(booking.show_time)}));
  EXPECT_EQ(booking.ticket_qr_urls.at(1),
            fmt::format("/api/v1/bookings/{}/tickets/{}.svg", booking.id, second.seat_id));
}

TEST_F(Tickets, TheCaptureThatConfirmsTellsOfThem) {
  schedule = odeon.add_schedule();
  const auto held = odeon.hold(ann, schedule, {1, 2});
  const auto told = odeon.ask_as_service(settle_booking{held.id, 900, held.total_amount}).value().booking.value();
  const auto shown = odeon.ask(ann, get_booking{held.id}).value();
  ASSERT_THAT(told.tickets.value(), SizeIs(2));
  EXPECT_EQ(told.tickets->at(1).code, shown.tickets.at(1).code);
  EXPECT_EQ(told.tickets->at(1).label, "A2");
}

TEST_F(Tickets, TheirPapersSayWhereTheVenueIsWhenThatIsKnown) {
  const auto place_of = [&](std::int64_t id) {
    const auto entry = odeon.ask(ann, get_calendar_entry{id, {}}).value().bytes;
    const auto begin = entry.find("LOCATION:");
    return entry.substr(begin, entry.find("\r\n", begin) - begin);
  };
  const auto booking = bought();
  EXPECT_EQ(booking.venue_address, "1 Station Road, Pune");
  EXPECT_EQ(place_of(booking.id), "LOCATION:Odeon\\, Screen\\, 1 Station Road\\, Pune");
  odeon.sql("UPDATE booking.schedule SET venue_address = NULL");  // as copies of old are
  EXPECT_FALSE(odeon.ask(ann, get_booking{booking.id})->venue_address);
  EXPECT_EQ(place_of(booking.id), "LOCATION:Odeon\\, Screen");
}

TEST_F(Tickets, OnlyAConfirmedBookingHasThem) {
  const auto booking = bought();
  const auto held = odeon.hold(bob, schedule, {5});
  EXPECT_THAT(odeon.ask(bob, get_booking{held.id})->tickets, IsEmpty());
  odeon.ask(ann, cancel_booking{booking.id}).value();
  const auto cancelled = odeon.ask(ann, get_booking{booking.id}).value();
  EXPECT_THAT(cancelled.tickets, IsEmpty());
  EXPECT_THAT(cancelled.ticket_qr_urls, IsEmpty());
}

TEST_F(Tickets, AListNamesTheirAddressesButMakesNoCodes) {
  bought();
  const auto listed = odeon.ask(ann, list_bookings{}).value();
  EXPECT_THAT(listed.at(0).tickets, IsEmpty());
  EXPECT_THAT(listed.at(0).ticket_qr_urls, SizeIs(2));
}

TEST_F(Tickets, ANewKeySignsNewBookingsAndChangesNoCode) {
  const auto before = bought({1});
  rotate();
  const auto after = bought({2});
  EXPECT_EQ(odeon.ask(ann, get_booking{before.id})->tickets.at(0).code, before.tickets.at(0).code);
  EXPECT_NE(key_of(after.tickets.at(0)), key_of(before.tickets.at(0)));
  const auto keys = odeon.ask(0, get_ticket_keys{}).value().keys;
  ASSERT_THAT(keys, SizeIs(2));
  EXPECT_EQ(keys.at(0).kid, key_of(after.tickets.at(0)));
  EXPECT_EQ(keys.at(1).kid, key_of(before.tickets.at(0)));
}

TEST_F(Tickets, ANewKeySignsNothingBeforeEveryProcessCanKnowIt) {
  odeon.run(rotate_ticket_key(odeon.first().pool, rt::deadline::after(10s), odeon.random));
  EXPECT_EQ(
      odeon.sql(fmt::format("SELECT count(*) FROM booking.ticket_key WHERE starts_at > now() + interval '{} seconds'",
                            2 * ticket_keys_max_age.count())),
      "1");
  EXPECT_GT(ticket_key_warm_up, 2 * ticket_keys_max_age);
}

TEST_F(Tickets, TheServicesRoleRewritesNoKeyAndNoAdmission) {
  for (const auto* forbidden :
       {"DELETE FROM booking.ticket_key", "UPDATE booking.ticket_key SET seed = seed", "DELETE FROM booking.admission",
        "UPDATE booking.admission SET device = 'x'", "DELETE FROM booking.scan_conflict",
        "UPDATE booking.scan_conflict SET kind = 'ADMITTED_TWICE'",
        "INSERT INTO booking.admission (booking_id, recorded_at) VALUES (1, now())"}) {
    EXPECT_ANY_THROW(test::execute(odeon.database.service("booking"), {forbidden})) << forbidden;
  }
}

}  // namespace
}  // namespace ticketshow::booking::testing
