#include "app/sample_data.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/catalog/tests/circuit.hpp"
#include "services/catalog/venue_hours.hpp"

namespace ticketshow::app {
namespace {

using namespace std::chrono_literals;
using catalog::testing::circuit;
using ::testing::Ge;

/// A catalogue that stops answering after so many calls, as when the loading is interrupted.
class failing_catalogue final : public contract::forwarding<failing_catalogue, catalog::port> {
 public:
  failing_catalogue(catalog::port& target, int calls) : target_(target), left_(calls) {}

  template <class E>
  rt::task<contract::result<typename E::response>> forward(rt::call call, E request) {
    if (left_-- == 0) throw rt::unavailable("interrupted");
    co_return co_await target_.handle(std::move(call), std::move(request));
  }

 private:
  catalog::port& target_;
  int left_;
};

class SampleData : public ::testing::Test {
 protected:
  /// Gives the number of showings added.
  int load(catalog::port& into) {
    auto call = circuit::call_of();
    call.until = rt::deadline::after(60s);
    return c.run(load_sample_catalogue(into, call, c.clock));
  }
  int load() { return load(c.endpoints()); }
  [[nodiscard]] std::int64_t count(const std::string& what) const { return std::stoll(c.sql("SELECT count" + what)); }
  /// All rows of the catalogue, with their versions.
  [[nodiscard]] std::string everything() const {
    std::string all;
    for (const auto* table : {"show", "venue", "screen", "schedule"}) {
      all += c.sql(fmt::format("SELECT string_agg(x::text, ' ' ORDER BY id) FROM catalog.{} x", table));
    }
    return all;
  }
  /// Active showings on that day from now.
  [[nodiscard]] std::int64_t showings_in(int days) const {
    const auto day = catalog::day_of(c.clock.now() + std::chrono::days(days), "Asia/Kolkata");
    const auto begin = catalog::day_begins(day, "Asia/Kolkata");
    return count(
        fmt::format("(*) FROM catalog.schedule WHERE status = 'ACTIVE' AND starts_at >= '{0}' "
                    "AND starts_at < '{0}'::timestamptz + interval '1 day'",
                    to_rfc3339(begin)));
  }
  void expect_a_city_worth_of_cinema() const {
    EXPECT_EQ(count("(*) FROM catalog.show"), 14);
    EXPECT_EQ(count("(DISTINCT title) FROM catalog.show"), 14);
    EXPECT_EQ(count("(*) FROM catalog.venue"), 8);
    EXPECT_EQ(count("(DISTINCT city) FROM catalog.venue"), 4);
    EXPECT_EQ(count("(*) FROM catalog.screen"), 24);
    EXPECT_THAT(count("(*) FROM catalog.schedule WHERE status = 'ACTIVE' AND starts_at > now()"), Ge(400));
    EXPECT_EQ(count("(DISTINCT screen_id) FROM catalog.schedule"), 24);
    EXPECT_EQ(count("(DISTINCT show_id) FROM catalog.schedule"), 14);
    EXPECT_THAT(
        c.sql("SELECT max(starts_at) < now() + interval '7 days' AND max(starts_at) > now() + interval '5 days' "
              "FROM catalog.schedule"),
        "t");
  }

  circuit c;
};

TEST_F(SampleData, is_a_city_worth_of_cinema_for_a_week) {
  EXPECT_GT(load(), 0);
  expect_a_city_worth_of_cinema();
}

TEST_F(SampleData, loaded_again_changes_nothing) {
  ASSERT_GT(load(), 0);
  const auto before = everything();
  EXPECT_EQ(load(), 0);
  EXPECT_EQ(everything(), before);
  // Nor when somebody has worked with it.
  c.ask(catalog::cancel_show{1}).value();
  c.ask(catalog::deactivate_venue{8}).value();
  c.ask(catalog::update_venue{.id = 1, .name = "Renamed"}).value();
  const auto worked_with = everything();
  EXPECT_EQ(load(), 0);
  EXPECT_EQ(everything(), worked_with);
}

TEST_F(SampleData, loaded_on_later_days_it_reaches_seven_days_ahead_again) {
  ASSERT_GT(load(), 0);
  for (const auto later : {24h, 72h, 24h * 30}) {
    c.clock.advance(later);
    EXPECT_GT(load(), 0);
    EXPECT_EQ(load(), 0);
    for (int day = 1; day < 7; ++day) EXPECT_EQ(showings_in(day), 3 * 24) << "day " << day;
  }
}

TEST_F(SampleData, what_was_closed_renamed_or_cancelled_gets_no_further_showings) {
  ASSERT_GT(load(), 0);
  c.ask(catalog::cancel_show{1}).value();
  c.ask(catalog::deactivate_venue{8}).value();
  c.ask(catalog::update_venue{.id = 1, .name = "Renamed"}).value();
  c.clock.advance(24h * 10);
  EXPECT_GT(load(), 0);
  EXPECT_EQ(load(), 0);
  EXPECT_EQ(showings_in(3), 3 * 18) << "six venues are left";
  EXPECT_EQ(count("(*) FROM catalog.venue"), 8);
  EXPECT_EQ(count("(*) FROM catalog.show"), 14);
  EXPECT_EQ(count("(*) FROM catalog.schedule WHERE show_id = 1 AND status = 'ACTIVE'"), 0);
}

TEST_F(SampleData, interrupted_anywhere_it_is_completed_by_the_next_load) {
  for (const int calls : {3, 16, 21, 60, 300}) {
    failing_catalogue interrupted(c.endpoints(), calls);
    EXPECT_THROW(load(interrupted), rt::unavailable) << calls;
  }
  EXPECT_GT(load(), 0);
  expect_a_city_worth_of_cinema();
  EXPECT_EQ(load(), 0);
}

TEST_F(SampleData, says_what_is_in_its_way) {
  c.add_venue("Regal Talkies", "Asia/Kolkata", "00:00", "00:10", "Mumbai");  // somebody's own, hardly ever open
  try {
    load();
    FAIL() << "loaded";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), ::testing::StartsWith("The sample data could not be loaded: "));
  }
}

}  // namespace
}  // namespace ticketshow::app
