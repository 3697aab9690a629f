#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/check/tests/records.hpp"

/// I7: what is recorded is handled, set aside, or on its way.
namespace ticketshow::check::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// An event in booking's outbox, on the bus for `published_s` seconds, or not yet recorded for as long.
std::string recorded(std::string_view id, bool published, std::int64_t age_s, std::string_view topic) {
  return fmt::format(R"(
INSERT INTO booking.outbox (event_id, topic, key, schema_version, happened_at, correlation_id, payload, published_at)
VALUES ('{0}', '{3}', '7', 1, now() - interval '{2} seconds', 'c', '{{}}',
        CASE WHEN {1} THEN now() - interval '{2} seconds' END))",
                     id, published, age_s, topic);
}

TEST(check_events, an_event_that_is_lost_on_its_way_is_named) {
  const records r;
  const std::string_view refund = "payment.refund_initiated";
  const std::string set_aside = R"(
INSERT INTO payment.set_aside (event_id, topic, key, schema_version, happened_at, correlation_id, payload, attempts, error)
VALUES ('aside', 'payment.refund_initiated', '7', 1, now(), 'c', '{}', 8, 'bad'))";
  r.take({recorded("handled", true, 90, refund), "INSERT INTO payment.inbox (event_id) VALUES ('handled')",
          recorded("aside", true, 90, refund), set_aside,
          recorded("for others", true, 90, "notification.refund_initiated"), recorded("young", true, 5, refund),
          recorded("unpublished and young", false, 5, refund)});
  const auto seen = r.check(60);
  EXPECT_THAT(rows(seen), IsEmpty());
  EXPECT_EQ(of(seen, "I7").looked_at, 5);
  EXPECT_EQ(of(seen, "I7").in_flight, 2);

  r.take({recorded("lost", true, 90, refund), recorded("stuck", false, 90, refund)});
  EXPECT_THAT(rows(r.check(60)),
              ElementsAre("I7: booking's event payment.refund_initiated of 7 (event stuck) is not on the bus",
                          "I7: payment has not handled payment.refund_initiated of 7 (event lost)"));
}

}  // namespace
}  // namespace ticketshow::check::testing
