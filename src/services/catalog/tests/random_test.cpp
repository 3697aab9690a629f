#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/catalog/tests/circuit.hpp"
#include "services/catalog/venue_hours.hpp"
#include "tests/support/seed.hpp"

namespace ticketshow::catalog::testing {
namespace {

using namespace std::chrono_literals;
using std::chrono::minutes;

// ---- showings against a model

/// What should be true, in minutes since the first day began in UTC.
struct model_venue {
  std::int64_t id;
  std::int64_t offset;  ///< of its clock from UTC; no clock changes in that week
  std::int64_t opens;
  std::int64_t closes;
  bool active = true;
};
struct model_show {
  std::int64_t id;
  std::int64_t length;
  bool active = true;
};
struct model_showing {
  std::int64_t id;
  std::size_t show;
  std::size_t screen;
  std::int64_t start;
  std::int64_t end;
  bool active = true;
};

constexpr std::int64_t a_day = 24L * 60;
constexpr std::int64_t days = 4;

class RandomSchedules : public ::testing::Test {
 protected:
  RandomSchedules() : random(__FILE__, __LINE__) {
    const auto zone = [&](const char* name, std::int64_t offset, const char* opens, const char* closes) {
      const auto clock = [](const char* text) { return parse_clock(text).count(); };
      const auto id = c.add_venue(name, name, opens, closes);
      venues.push_back({id, offset, clock(opens), clock(closes)});
      for (const auto* screen : {"One", "Two"}) {
        screens.push_back({c.add_screen(id, screen), venues.size() - 1});
      }
    };
    zone("Asia/Kolkata", 330, "10:00", "23:30");
    zone("America/New_York", -240, "17:00", "03:00");
    zone("Pacific/Kiritimati", 840, "00:00", "00:00");
    for (int i = 0; i < 3; ++i) add_show();
  }

  void add_show() {
    const auto length = random.between(30, 240);
    shows.push_back({c.add_show(fmt::format("Show {}", shows.size()), length), length});
  }

  template <class T>
  std::size_t any(const std::vector<T>& of) {
    return static_cast<std::size_t>(random.between(0, std::ssize(of) - 1));
  }
  /// Coarse, so that showings often touch.
  std::int64_t any_time() { return 15 * random.between(0, days * a_day / 15 - 1); }
  [[nodiscard]] timestamp time_of(std::int64_t minute) const { return first_day + minutes(minute); }
  model_venue& venue_of_screen(std::size_t screen) { return venues[screens[screen].second]; }

  [[nodiscard]] static bool inside_hours(const model_venue& venue, std::int64_t start, std::int64_t end) {
    if (venue.opens == venue.closes) return true;
    const auto length = (venue.closes - venue.opens + a_day) % a_day;
    for (std::int64_t day = -2; day <= days + 1; ++day) {
      const auto opens = day * a_day + venue.opens - venue.offset;
      if (opens <= start && end <= opens + length) return true;
    }
    return false;
  }

  [[nodiscard]] bool overlaps(std::size_t screen, std::int64_t start, std::int64_t end, std::int64_t except = 0) const {
    return std::ranges::any_of(showings, [&](const auto& each) {
      return each.active && each.screen == screen && each.id != except && each.start < end && start < each.end;
    });
  }

  std::string expected_place(std::size_t screen, std::int64_t start, std::int64_t end, std::int64_t except = 0) {
    if (!venue_of_screen(screen).active) return "VENUE_INACTIVE";
    if (!inside_hours(venue_of_screen(screen), start, end)) return "OUTSIDE_VENUE_HOURS";
    return overlaps(screen, start, end, except) ? "SCHEDULE_OVERLAPS" : "OK";
  }

  void create() {
    const auto show = any(shows);
    const auto screen = any(screens);
    const auto start = any_time();
    const auto end = start + shows[show].length;
    const auto expected = shows[show].active ? expected_place(screen, start, end) : "SHOW_CANCELLED";
    const auto answer = c.ask(create_schedule{shows[show].id, screens[screen].first, time_of(start)});
    ASSERT_EQ(code_of(answer), expected);
    if (!answer) return;
    EXPECT_EQ(answer->end_time, time_of(end));
    showings.push_back({answer->id, show, screen, start, end});
  }

  /// Many want the same screen at about the same time: whoever is refused is so because of one who was not.
  void create_at_once() {
    const auto show = any(shows);
    const auto screen = any(screens);
    const auto around = any_time();
    std::vector<std::int64_t> starts;
    std::vector<rt::task<contract::result<schedule_view>>> work;
    for (int i = 0; i < 6; ++i) {
      starts.push_back(around + 15 * random.between(0, 12));
      const create_schedule wanted{shows[show].id, screens[screen].first, time_of(starts.back())};
      work.push_back(c.endpoints().handle(circuit::call_of(), wanted));
    }
    const auto answers = c.run_all(std::move(work));
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (!answers[i]) continue;
      const auto end = starts[i] + shows[show].length;
      ASSERT_EQ(expected_place(screen, starts[i], end), "OK");
      showings.push_back({answers[i]->id, show, screen, starts[i], end});
    }
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (answers[i]) continue;
      const auto expected =
          shows[show].active ? expected_place(screen, starts[i], starts[i] + shows[show].length) : "SHOW_CANCELLED";
      ASSERT_EQ(code_of(answers[i]), expected);
    }
  }

  void move() {
    if (showings.empty()) return;
    auto& what = showings[any(showings)];
    const bool to_screen = random.one_in(2);
    const bool to_time = !to_screen || random.one_in(2);
    const auto screen = to_screen ? any(screens) : what.screen;
    const auto start = to_time ? any_time() : what.start;
    const auto end = start + (what.end - what.start);
    c.bookings.live_bookings = random.one_in(5) ? 1 : 0;
    const auto expected = [&]() -> std::string {
      if (!what.active) return "SCHEDULE_CANCELLED";
      if (screen == what.screen && start == what.start) return "OK";
      if (c.bookings.live_bookings > 0) return "HAS_LIVE_BOOKINGS";
      return expected_place(screen, start, end, what.id);
    }();
    update_schedule request{.id = what.id};
    if (to_screen) request.screen_id = screens[screen].first;
    if (to_time) request.start_time = time_of(start);
    const auto before = c.bookings.suspended.size();
    const auto answer = c.ask(request);
    ASSERT_EQ(code_of(answer), expected);
    if (!answer) {
      EXPECT_EQ(c.bookings.suspended.size(), before) << "refused, it is on sale again";
      return;
    }
    what.screen = screen;
    what.start = start;
    what.end = end;
  }

  void cancel() {
    if (showings.empty()) return;
    auto& what = showings[any(showings)];
    ASSERT_EQ(code_of(c.ask(cancel_schedule{what.id})), "OK");
    what.active = false;
  }

  void cancel_a_show() {
    const auto which = any(shows);
    ASSERT_EQ(code_of(c.ask(cancel_show{shows[which].id})), "OK");
    shows[which].active = false;
    for (auto& each : showings) each.active = each.active && each.show != which;
    add_show();
  }

  void close_a_venue() {
    auto& venue = venues[any(venues)];
    ASSERT_EQ(code_of(c.ask(deactivate_venue{venue.id})), "OK");
    venue.active = false;
    for (auto& each : showings) each.active = each.active && &venue_of_screen(each.screen) != &venue;
  }

  void change_hours() {
    auto& venue = venues[any(venues)];
    const auto opens = minutes(15 * random.between(0, 95));
    const auto closes = minutes(15 * random.between(0, 95));
    const auto expected = venue.active ? "OK" : "VENUE_INACTIVE";
    ASSERT_EQ(code_of(c.ask(update_venue{
                  .id = venue.id, .opening_time = print_clock(opens), .closing_time = print_clock(closes)})),
              expected);
    if (!venue.active) return;
    venue.opens = opens.count();
    venue.closes = closes.count();
  }

  /// A venue's showings on some of its days, as listed and as the model has them.
  void compare_a_list() {
    const auto which = any(venues);
    const auto& venue = venues[which];
    const auto from = random.between(-1, days);
    const auto to = from + random.between(0, 2);
    const bool all = random.one_in(2);
    const auto date = [&](std::int64_t day) { return std::chrono::year_month_day{first_day + std::chrono::days(day)}; };
    const auto listed = value_of(c.ask(list_venue_schedules{
        .venue_id = venue.id, .from_date = date(from), .to_date = date(to), .include_cancelled = all}));
    std::set<std::string> seen;
    for (const auto& each : listed) {
      seen.insert(
          fmt::format("{} {} {}", each.id, to_rfc3339(each.start_time), each.status == schedule_status::ACTIVE));
    }
    std::set<std::string> expected;
    for (const auto& each : showings) {
      const auto local = each.start + venue.offset;
      if (screens[each.screen].second == which && from * a_day <= local && local < (to + 1) * a_day &&
          (each.active || all)) {
        expected.insert(fmt::format("{} {} {}", each.id, to_rfc3339(time_of(each.start)), each.active));
      }
    }
    ASSERT_EQ(seen, expected);
  }

  test::seeded random;
  circuit c;
  std::chrono::sys_days first_day{std::chrono::year{2030} / 6 / 3};
  std::vector<model_venue> venues;
  std::vector<std::pair<std::int64_t, std::size_t>> screens;  // and the place of their venue
  std::vector<model_show> shows;
  std::vector<model_showing> showings;
};

TEST_F(RandomSchedules, agree_with_a_model_of_overlaps_and_hours) {
  for (int step = 0; step < 300; ++step) {
    const auto dice = random.between(1, 100);
    if (dice <= 40) {
      create();
    } else if (dice <= 46) {
      create_at_once();
    } else if (dice <= 75) {
      move();
    } else if (dice <= 83) {
      cancel();
    } else if (dice <= 85) {
      cancel_a_show();
    } else if (dice <= 89) {
      change_hours();
    } else if (dice <= 99) {
      compare_a_list();
    } else if (step > 200) {
      close_a_venue();
    }
    if (HasFatalFailure()) return;
  }
  for (std::size_t i = 0; i < 10; ++i) compare_a_list();
  for (const auto& each : showings) {
    const auto copy = value_of(c.ask(get_schedule_for_sale{each.id}));
    EXPECT_EQ(copy.status == schedule_status::ACTIVE, each.active);
    EXPECT_EQ(copy.start_time, time_of(each.start));
    EXPECT_EQ(copy.screen_id, screens[each.screen].first);
  }
  // Of each showing the last news are what it is.
  std::map<std::int64_t, schedule_for_sale> last;
  for (auto& each : c.news()) last.insert_or_assign(each.schedule.id, std::move(each.schedule));
  for (const auto& each : showings) {
    EXPECT_EQ(last.at(each.id).status == schedule_status::ACTIVE, each.active);
    EXPECT_EQ(last.at(each.id).start_time, time_of(each.start));
  }
}

// ---- hours against PostgreSQL's time zones

TEST(random_hours, agree_with_postgresql_about_every_night) {
  TICKETSHOW_SEEDED(random);
  struct one {
    std::string zone, opens, closes;
    timestamp start, end;
  };
  std::vector<one> cases;
  std::string values;
  for (int i = 0; i < 3000; ++i) {
    static constexpr const char* zones[] = {"America/New_York", "Asia/Kolkata",        "Europe/London",   "UTC",
                                            "Australia/Sydney", "Australia/Lord_Howe", "America/Santiago"};
    // Not in the hours in which some clock is changed: there the two have rules of their own.
    const auto clock = [&] { return print_clock(minutes(10 * random.between(4L * 6, 23L * 6))); };
    const auto start = at("2030-01-01T00:00:00Z") + minutes(10 * random.between(0, 365L * 144));
    one each{zones[random.between(0, 6)], clock(), clock(), start, start + minutes(10 * random.between(1, 60))};
    if (each.opens == each.closes) continue;
    values += fmt::format("{}({}, '{}', time '{}', time '{}', timestamptz '{}', timestamptz '{}')",
                          values.empty() ? "" : ", ", cases.size(), each.zone, each.opens, each.closes,
                          to_rfc3339(each.start), to_rfc3339(each.end));
    cases.push_back(each);
  }
  const test::scratch_database database;
  const auto expected = test::execute(database.owner(), {fmt::format(R"(
    SELECT bool_or((day + opens) AT TIME ZONE zone <= starts
                   AND ends <= (day + CASE WHEN closes <= opens THEN 1 ELSE 0 END + closes) AT TIME ZONE zone)::text
    FROM (VALUES {}) AS wanted (n, zone, opens, closes, starts, ends),
         LATERAL (SELECT (starts AT TIME ZONE zone)::date + shift FROM generate_series(-1, 0) shift) AS d (day)
    GROUP BY n ORDER BY n)",
                                                                     values)});
  ASSERT_EQ(expected.size(), cases.size());
  int open = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto& each = cases[i];
    const bool answer =
        is_open_throughout({parse_clock(each.opens), parse_clock(each.closes)}, each.zone, each.start, each.end);
    open += answer ? 1 : 0;
    EXPECT_EQ(answer ? "true" : "false", expected[i])
        << each.zone << ' ' << each.opens << '-' << each.closes << ' ' << to_rfc3339(each.start);
  }
  EXPECT_GT(open, 100);
}

}  // namespace
}  // namespace ticketshow::catalog::testing
