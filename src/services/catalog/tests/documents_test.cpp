#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/catalog/tests/circuit.hpp"
#include "tests/support/seed.hpp"

/// What search hears of shows and venues.
namespace ticketshow::catalog::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class documents : public ::testing::Test {
 protected:
  /// What was published of a kind, once there are `count` events of it.
  template <class E>
  std::vector<E> published(std::size_t count) {
    c.wait_until([&] { return c.bus.of<E>().size() >= count; });
    return c.bus.of<E>();
  }
  std::vector<show_document> listed_shows(std::int64_t after = 0, std::int64_t limit = 500) {
    return c.ask(list_show_documents{after, limit}).value();
  }
  /// The document that the highest version of the events gives.
  show_document newest(std::int64_t show) {
    show_document best{};
    for (const auto& each : c.bus.of<show_changed>()) {
      if (each.show.id == show && each.show.version > best.version) best = each.show;
    }
    return best;
  }
  static std::vector<std::string> cities_of(const show_document& show) {
    std::vector<std::string> cities;
    for (const auto& each : show.plays_in) cities.push_back(each.city);
    return cities;
  }
  /// Waits until what was published of a show says the same as the catalogue itself.
  void expect_told(std::int64_t show) {
    const auto true_one = listed_shows(show - 1, 1).at(0);
    c.wait_until([&] { return newest(show).version == true_one.version; });
    EXPECT_EQ(contract::write_event(show_changed{change::updated, newest(show)}),
              contract::write_event(show_changed{change::updated, true_one}));
  }

  circuit c;
};

TEST_F(documents, of_a_show_tell_its_whole_life) {
  const auto id = c.ask(create_show{"Monsoon Express", 142, money{280'00}, "Rain.", "Hindi", {}}).value().id;
  c.ask(update_show{.id = id, .title = "Monsoon Local"}).value();
  c.ask(cancel_show{id}).value();
  const auto events = published<show_changed>(3);
  EXPECT_EQ(events[0].action, change::created);
  EXPECT_EQ(events[0].show.title, "Monsoon Express");
  EXPECT_EQ(events[0].show.language, "Hindi");
  EXPECT_EQ(events[0].show.currency, "INR");
  EXPECT_EQ(events[1].action, change::updated);
  EXPECT_EQ(events[1].show.title, "Monsoon Local");
  EXPECT_EQ(events[2].action, change::deleted);
  EXPECT_EQ(events[2].show.status, show_status::CANCELLED);
  EXPECT_LT(events[0].show.version, events[1].show.version);
  EXPECT_LT(events[1].show.version, events[2].show.version);
  EXPECT_EQ(c.bus.published.front().correlation_id, circuit::call_of().correlation_id);
}

TEST_F(documents, of_a_venue_tell_its_whole_life) {
  const auto id = c.add_venue("Regal");
  c.ask(update_venue{.id = id, .location = "Elsewhere"}).value();
  c.ask(deactivate_venue{id}).value();
  const auto events = published<venue_changed>(3);
  EXPECT_EQ(events[0].action, change::created);
  EXPECT_EQ(events[0].venue.city, "Pune");
  EXPECT_EQ(events[1].venue.location, "Elsewhere");
  EXPECT_EQ(events[2].action, change::deleted);
  EXPECT_EQ(events[2].venue.status, venue_status::INACTIVE);
  EXPECT_LT(events[0].venue.version, events[1].venue.version);
  EXPECT_LT(events[1].venue.version, events[2].venue.version);
}

TEST_F(documents, say_where_a_show_plays_and_until_when) {
  const auto show = c.add_show();
  const auto pune = c.add_screen(c.add_venue("Odeon"));
  const auto venue_in_goa = c.add_venue("Beach", "Asia/Kolkata", "00:00", "00:00", "Goa");
  const auto goa = c.add_screen(venue_in_goa);
  c.add_schedule(show, pune, hours_from_now(30));
  const auto last = c.add_schedule(show, pune, hours_from_now(60));
  c.add_schedule(show, goa, hours_from_now(40));
  expect_told(show);
  EXPECT_THAT(cities_of(newest(show)), ElementsAre("Goa", "Pune"));
  EXPECT_EQ(newest(show).plays_in[1].until, hours_from_now(60));

  c.ask(update_schedule{last, hours_from_now(50), {}}).value();
  expect_told(show);
  EXPECT_EQ(newest(show).plays_in[1].until, hours_from_now(50));

  c.ask(cancel_schedule{last}).value();
  expect_told(show);
  EXPECT_EQ(newest(show).plays_in[1].until, hours_from_now(30));

  c.ask(update_venue{.id = venue_in_goa, .city = "Panjim"}).value();
  expect_told(show);
  EXPECT_THAT(cities_of(newest(show)), ElementsAre("Panjim", "Pune"));

  c.ask(deactivate_venue{venue_in_goa}).value();
  expect_told(show);
  EXPECT_THAT(cities_of(newest(show)), ElementsAre("Pune"));
}

TEST_F(documents, are_told_of_what_was_committed_alone) {
  const auto p = c.add_place();
  c.add_schedule(p.show, p.screen, hours_from_now(30));
  expect_told(p.show);
  const auto before = c.bus.published.size();
  EXPECT_EQ(code_of(c.ask(create_schedule{p.show, p.screen, hours_from_now(30)})), "SCHEDULE_OVERLAPS");
  EXPECT_EQ(code_of(c.ask(create_venue{"Odeon", "x", "Pune", "00:00", "00:00", {}})), "NAME_TAKEN");
  EXPECT_EQ(code_of(c.ask(update_show{.id = 999, .title = "x"})), "SHOW_NOT_FOUND");
  EXPECT_EQ(c.sql("SELECT count(*) FROM catalog.outbox WHERE published_at IS NULL"), "0");
  EXPECT_EQ(c.bus.published.size(), before);
}

TEST_F(documents, leave_when_the_bus_is_back) {
  c.bus.away = true;
  const auto show = c.add_show();
  EXPECT_THAT(c.bus.published, IsEmpty());
  c.bus.away = false;
  expect_told(show);
}

TEST_F(documents, are_listed_in_pages_with_those_that_are_gone) {
  for (int i = 0; i < 5; ++i) c.add_show(fmt::format("Show {}", i));
  c.ask(cancel_show{2}).value();
  const auto first = listed_shows(0, 3);
  ASSERT_THAT(first, SizeIs(3));
  EXPECT_EQ(first[1].status, show_status::CANCELLED);
  EXPECT_THAT(listed_shows(first.back().id, 3), SizeIs(2));
  EXPECT_THAT(listed_shows(5), IsEmpty());
  c.add_venue("One");
  c.add_venue("Two");
  EXPECT_THAT(c.ask(list_venue_documents{0, 500}).value(), SizeIs(2));
  EXPECT_THAT(c.ask(list_venue_documents{1, 500}).value(), SizeIs(1));
}

/// Many change the showings of the same shows at once: the highest version says what is true in the end.
TEST_F(documents, of_the_highest_version_are_true_whatever_happens_at_once) {
  TICKETSHOW_SEEDED(random);
  std::vector<std::int64_t> shows;
  for (int i = 0; i < 3; ++i) shows.push_back(c.add_show(fmt::format("Show {}", i)));
  std::vector<std::int64_t> screens;
  for (const auto* city : {"Pune", "Goa", "Delhi"}) {
    screens.push_back(c.add_screen(c.add_venue(city, "Asia/Kolkata", "00:00", "00:00", city)));
  }
  const auto any_of = [&](const std::vector<std::int64_t>& ids) {
    return ids[static_cast<std::size_t>(random.between(0, std::ssize(ids) - 1))];
  };
  std::vector<std::int64_t> schedules;
  for (int round = 0; round < 6; ++round) {
    std::vector<rt::task<contract::result<schedule_view>>> work;
    for (int i = 0; i < 6; ++i) {
      const auto start = hours_from_now(30 + 3 * random.between(0, 100));
      if (schedules.empty() || random.one_in(2)) {
        work.push_back(
            c.endpoints().handle(circuit::call_of(), create_schedule{any_of(shows), any_of(screens), start}));
      } else if (random.one_in(2)) {
        work.push_back(c.endpoints().handle(circuit::call_of(), update_schedule{any_of(schedules), start, {}}));
      } else {
        work.push_back(c.endpoints().handle(circuit::call_of(), cancel_schedule{any_of(schedules)}));
      }
    }
    for (const auto& each : c.run_all(std::move(work))) {
      if (each) schedules.push_back(each->id);
    }
  }
  for (const auto show : shows) expect_told(show);
}

}  // namespace
}  // namespace ticketshow::catalog::testing
