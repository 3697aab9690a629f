#include "app/reach.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ticketshow::app {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

using given = std::map<std::string, std::string>;

const std::set<target> all(std::begin(all_targets), std::end(all_targets));

std::string refusal_of(const std::set<target>& here, const given& flags) {
  try {
    refuse_short_reach(settings::load("", flags), here);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

TEST(Reach, OneProcessOfAllServicesReachesEverything) {
  EXPECT_EQ(refusal_of(all, {}), "");
  EXPECT_EQ(refusal_of(all, {{"database.booking_url", "postgresql:///b"}}), "");
}

TEST(Reach, AServiceThatIsCalledIsSomewhere) {
  EXPECT_THAT(refusal_of({target::notification}, {}), HasSubstr("auth.url"));
  EXPECT_EQ(refusal_of({target::notification}, {{"auth.url", "http://a:1"}}), "");
  EXPECT_EQ(refusal_of({target::notification, target::auth}, {}), "");
}

TEST(Reach, SeveralBookingProcessesDoNotTrustTheirMemoryForGood) {
  const given several{{"booking.url", "http://a:1, http://b:1"}, {"auth.url", "http://c:1"}};
  EXPECT_THAT(refusal_of({target::payment}, several),
              AllOf(HasSubstr("booking.url names 2 processes"), HasSubstr("booking.map_max_age_ms is 0")));
  auto shared = several;
  shared["booking.map_max_age_ms"] = "500";
  EXPECT_EQ(refusal_of({target::payment}, shared), "");
  EXPECT_EQ(refusal_of({target::payment}, {{"booking.url", "http://a:1"}, {"auth.url", "http://c:1"}}), "");
}

TEST(Reach, TheBusInPostgresqlIsWhereAllServicesFindIt) {
  const given own{{"database.notification_url", "postgresql:///n"}, {"auth.url", "http://a:1"}};
  EXPECT_THAT(refusal_of({target::notification}, own),
              AllOf(HasSubstr("bus.adapter is pg"), HasSubstr("notification"), HasSubstr("database.bus_url")));
  auto named = own;
  named["database.bus_url"] = "postgresql:///bus";
  EXPECT_EQ(refusal_of({target::notification}, named), "");
  auto kafka = own;
  kafka["bus.adapter"] = "kafka";
  EXPECT_EQ(refusal_of({target::notification}, kafka), "");
  EXPECT_EQ(refusal_of({target::notification}, {{"auth.url", "http://a:1"}}), "") << "one database for all";
}

}  // namespace
}  // namespace ticketshow::app
