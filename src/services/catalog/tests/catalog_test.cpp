#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/catalog/document_queries.hpp"
#include "services/catalog/tests/circuit.hpp"

/// Shows, venues and screens.
namespace ticketshow::catalog::testing {
namespace {

using namespace std::chrono_literals;
using enum http::method;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// One member of every element, for lists.
template <class T, class M>
std::vector<M> each(const std::vector<T>& of, M T::* member) {
  std::vector<M> values;
  for (const auto& one : of) values.push_back(one.*member);
  return values;
}

/// The show list is kept as bytes.
std::vector<std::string> titles(const list_shows::response& listed) {
  const auto document = contract::parse_document(*listed.json);
  std::vector<show_view> shows;
  contract::problems found;
  contract::read_json(document.root, shows, "", found);
  EXPECT_TRUE(document.ok && found.empty()) << *listed.json;
  return each(shows, &show_view::title);
}

TEST(catalog, every_statement_holds_against_the_migrated_schema) {
  circuit c;
  EXPECT_THAT(test::prepare_all(c.database.service("catalog"), queries::all_statements), IsEmpty());
  EXPECT_THAT(test::prepare_all(c.database.service("catalog"), queries::document_statements), IsEmpty());
}

// ---- shows

TEST(catalog, a_show_is_made_read_changed_and_cancelled) {
  circuit c;
  const auto made = c.ask(create_show{"Été – रात", 120, money{350'50}, "Quiet.", "Hindi", {}}).value();
  EXPECT_EQ(made.title, "Été – रात");
  EXPECT_EQ(made.status, show_status::ACTIVE);
  EXPECT_EQ(made.price, money{350'50});
  EXPECT_EQ(made.currency, "INR");
  EXPECT_FALSE(made.rating);
  EXPECT_EQ(c.ask(get_show{made.id})->title, made.title);

  const auto changed = c.ask(update_show{.id = made.id, .price = money{400'00}, .rating = "UA"}).value();
  EXPECT_EQ(changed.price, money{400'00});
  EXPECT_EQ(changed.rating, "UA");
  EXPECT_EQ(changed.title, made.title);
  EXPECT_EQ(changed.description, "Quiet.");
  EXPECT_EQ(changed.language, "Hindi");

  EXPECT_EQ(c.ask(cancel_show{made.id})->status, show_status::CANCELLED);
  EXPECT_EQ(c.ask(cancel_show{made.id})->status, show_status::CANCELLED) << "again";
  EXPECT_EQ(c.ask(get_show{made.id})->status, show_status::CANCELLED);
  EXPECT_EQ(code_of(c.ask(update_show{.id = made.id, .title = "Back again"})), "SHOW_CANCELLED");
}

TEST(catalog, what_is_not_there_is_not_found) {
  circuit c;
  const auto p = c.add_place();
  EXPECT_EQ(code_of(c.ask(get_show{99})), "SHOW_NOT_FOUND");
  EXPECT_EQ(code_of(c.ask(update_show{.id = 99})), "SHOW_NOT_FOUND");
  EXPECT_EQ(code_of(c.ask(cancel_show{99})), "SHOW_NOT_FOUND");
  EXPECT_EQ(code_of(c.ask(list_show_venues{99, {}})), "SHOW_NOT_FOUND");
  EXPECT_EQ(code_of(c.ask(get_venue{99})), "VENUE_NOT_FOUND");
  EXPECT_EQ(code_of(c.ask(update_venue{.id = 99})), "VENUE_NOT_FOUND");
  EXPECT_EQ(code_of(c.ask(deactivate_venue{99})), "VENUE_NOT_FOUND");
  EXPECT_EQ(code_of(c.ask(create_screen{99, "One", 10, {}})), "VENUE_NOT_FOUND");
  EXPECT_EQ(code_of(c.ask(list_venue_schedules{.venue_id = 99})), "VENUE_NOT_FOUND");
  EXPECT_EQ(code_of(c.ask(update_screen{.id = 99, .capacity = 10})), "SCREEN_NOT_FOUND");
  EXPECT_EQ(code_of(c.ask(create_schedule{99, p.screen, hours_from_now(2)})), "SHOW_NOT_FOUND");
  EXPECT_EQ(code_of(c.ask(create_schedule{p.show, 99, hours_from_now(2)})), "SCREEN_NOT_FOUND");
  EXPECT_EQ(code_of(c.ask(get_schedule{99})), "SCHEDULE_NOT_FOUND");
  EXPECT_EQ(code_of(c.ask(update_schedule{.id = 99, .start_time = hours_from_now(2)})), "SCHEDULE_NOT_FOUND");
  EXPECT_EQ(code_of(c.ask(cancel_schedule{99})), "SCHEDULE_NOT_FOUND");
  EXPECT_EQ(code_of(c.ask(get_schedule_for_sale{99})), "SCHEDULE_NOT_FOUND");
}

TEST(catalog, shows_are_listed_newest_first_page_by_page) {
  circuit c;
  for (int i = 1; i <= 25; ++i) c.add_show(fmt::format("{}", i));
  EXPECT_EQ(titles(*c.ask(list_shows{})).size(), 20U);
  EXPECT_THAT(titles(*c.ask(list_shows{.limit = 3})), ElementsAre("25", "24", "23"));
  EXPECT_THAT(titles(*c.ask(list_shows{.skip = 3, .limit = 2})), ElementsAre("22", "21"));
  EXPECT_THAT(titles(*c.ask(list_shows{.skip = 23, .limit = 100})), ElementsAre("2", "1"));
  EXPECT_THAT(titles(*c.ask(list_shows{.skip = 25})), IsEmpty());
}

TEST(catalog, the_show_list_follows_every_change_made_here_at_once) {
  circuit c;
  const auto first = c.add_show("First");
  EXPECT_THAT(titles(*c.ask(list_shows{})), ElementsAre("First"));
  const auto second = c.add_show("Second");
  EXPECT_THAT(titles(*c.ask(list_shows{})), ElementsAre("Second", "First"));
  c.ask(update_show{.id = first, .title = "Premiere"}).value();
  EXPECT_THAT(titles(*c.ask(list_shows{})), ElementsAre("Second", "Premiere"));
  c.ask(cancel_show{second}).value();
  EXPECT_THAT(titles(*c.ask(list_shows{})), ElementsAre("Premiere"));
  EXPECT_THAT(titles(*c.ask(list_shows{.include_cancelled = true})), ElementsAre("Second", "Premiere"));
}

TEST(catalog, the_show_list_follows_a_change_by_another_process_though_its_version_was_taken_early) {
  circuit c;
  const auto early = c.add_show("Early");
  const auto late = c.add_show("Late");
  EXPECT_THAT(titles(*c.ask(list_shows{})), ElementsAre("Late", "Early"));
  const auto change = [](int title, std::int64_t id) {
    return fmt::format("UPDATE catalog.show SET title = '{}' WHERE id = {}", title, id);
  };
  // The first transaction takes its version before the second one, and commits after it was seen.
  const auto [first, second] = std::pair(change(1, early), change(2, late));
  const pg::statement first_change{"first_change", first.c_str()};
  auto slow = c.run(c.here().pool.begin(rt::deadline::after(20s)));
  c.run(slow.run(first_change));
  c.sql(second);
  c.wait_until([&] { return titles(*c.ask(list_shows{})).front() == "2"; });
  c.run(slow.commit());
  c.wait_until([&] { return titles(*c.ask(list_shows{})).back() == "1"; });
}

TEST(catalog, the_show_list_has_an_etag_that_changes_with_its_content_alone) {
  circuit c;
  const auto show = c.add_show();
  const auto first = c.ask(GET, "/shows", {});
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.header("Cache-Control"), "no-cache");
  const std::string etag(first.header("ETag"));
  ASSERT_THAT(etag, ::testing::MatchesRegex("\"[0-9a-f]+\""));

  const auto again = c.ask(GET, "/shows/?skip=0", {}, {}, etag);
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.header("ETag"), etag);
  EXPECT_THAT(again.bytes(), IsEmpty());
  c.restart();
  EXPECT_EQ(c.ask(GET, "/shows", {}, {}, etag).status, 304) << "after a restart";

  c.ask(update_show{.id = show, .price = money{1}}).value();
  const auto changed = c.ask(GET, "/shows", {}, {}, etag);
  EXPECT_EQ(changed.status, 200);
  EXPECT_NE(changed.header("ETag"), etag);
  EXPECT_THAT(std::string(changed.bytes()), HasSubstr("\"price\":0.01"));
}

TEST(catalog, a_show_names_the_active_venues_where_it_is_still_to_come) {
  circuit c;
  const auto show = c.add_show();
  const auto other_show = c.add_show("Another");
  const auto showing = [&](std::string name, std::string city, std::int64_t of, std::int64_t hours) {
    const auto venue = c.add_venue(std::move(name), "Asia/Kolkata", "00:00", "00:00", std::move(city));
    return std::pair(venue, c.add_schedule(of, c.add_screen(venue), hours_from_now(hours)));
  };
  showing("Regal", "Pune", show, 3);
  showing("Odeon", "Delhi", show, 3);
  showing("Other", "Delhi", other_show, 3);
  const auto closed = showing("Closed", "Delhi", show, 3);
  const auto called_off = showing("Called off", "Delhi", show, 3);
  const auto over = showing("Over", "Delhi", show, 3);
  c.ask(deactivate_venue{closed.first}).value();
  c.ask(cancel_schedule{called_off.second}).value();
  c.sql(fmt::format("UPDATE catalog.schedule SET starts_at = now() - interval '1 hour' WHERE id = {}", over.second));

  EXPECT_THAT(each(*c.ask(list_show_venues{show, {}}), &venue_view::name), ElementsAre("Odeon", "Regal"));
  EXPECT_THAT(each(*c.ask(list_show_venues{show, "dELHI"}), &venue_view::name), ElementsAre("Odeon"));
  EXPECT_THAT(*c.ask(list_show_venues{show, "Mumbai"}), IsEmpty());
}

// ---- venues

TEST(catalog, a_venue_is_made_read_changed_and_deactivated) {
  circuit c;
  const auto made = c.ask(create_venue{"Odeon", "1 High Street", "Pune", "09:30", "01:00", {}}).value();
  EXPECT_EQ(made.time_zone, "Asia/Kolkata") << "the deployment's";
  EXPECT_EQ(made.opening_time, "09:30");
  EXPECT_EQ(made.closing_time, "01:00");
  EXPECT_EQ(made.status, venue_status::ACTIVE);
  EXPECT_EQ(c.ask(get_venue{made.id})->name, "Odeon");
  const auto changed = c.ask(update_venue{.id = made.id, .name = "Regal", .closing_time = "23:45:00"}).value();
  EXPECT_EQ(changed.name, "Regal");
  EXPECT_EQ(changed.closing_time, "23:45");
  EXPECT_EQ(changed.opening_time, "09:30");
  EXPECT_EQ(changed.location, "1 High Street");
  EXPECT_EQ(c.ask(deactivate_venue{made.id})->status, venue_status::INACTIVE);
  EXPECT_EQ(c.ask(deactivate_venue{made.id})->status, venue_status::INACTIVE) << "again";
  EXPECT_EQ(code_of(c.ask(update_venue{.id = made.id, .name = "Odeon"})), "VENUE_INACTIVE");
  EXPECT_EQ(code_of(c.ask(create_screen{made.id, "One", 10, {}})), "VENUE_INACTIVE");
}

TEST(catalog, a_venue_whose_status_is_set_to_inactive_is_closed_as_if_it_had_been_deleted) {
  circuit c;
  const auto p = c.add_place();
  const auto open = c.ask(update_venue{.id = p.venue, .status = venue_status::ACTIVE}).value();
  EXPECT_EQ(open.status, venue_status::ACTIVE);
  const auto closed = c.ask(update_venue{.id = p.venue, .name = "Was", .status = venue_status::INACTIVE}).value();
  EXPECT_EQ(closed.status, venue_status::INACTIVE);
  EXPECT_EQ(closed.name, "Was");
  EXPECT_EQ(code_of(c.ask(update_venue{.id = p.venue, .status = venue_status::ACTIVE})), "VENUE_INACTIVE");
}

TEST(catalog, venues_are_listed_by_city_and_name_and_filtered_by_city) {
  circuit c;
  for (const auto* name : {"beta", "Alpha", "Gamma"}) {
    for (const auto* city : {"Pune", "delhi"}) c.add_venue(name, "Asia/Kolkata", "00:00", "00:00", city);
  }
  const auto gone = c.add_venue("Gone", "Asia/Kolkata", "00:00", "00:00", "Pune");
  c.ask(deactivate_venue{gone}).value();
  const auto names = [&](list_venues wanted) { return each(*c.ask(wanted), &venue_view::name); };
  EXPECT_THAT(names({}), ElementsAre("Alpha", "beta", "Gamma", "Alpha", "beta", "Gamma"));
  EXPECT_EQ(c.ask(list_venues{})->front().city, "delhi");
  EXPECT_THAT(names({.city = "PUNE"}), ElementsAre("Alpha", "beta", "Gamma"));
  EXPECT_THAT(names({.city = "PUNE", .include_inactive = true}), ElementsAre("Alpha", "beta", "Gamma", "Gone"));
  EXPECT_THAT(names({.skip = 2, .limit = 2}), ElementsAre("Gamma", "Alpha"));
  EXPECT_THAT(names({.city = "Pun"}), IsEmpty()) << "no part of a name";
  EXPECT_THAT(names({.city = "%"}), IsEmpty()) << "no pattern";
}

TEST(catalog, names_are_taken_without_regard_to_case_within_a_city_and_a_venue) {
  circuit c;
  const auto odeon = c.add_venue("Odeon");
  const auto regal = c.add_venue("Regal");
  EXPECT_EQ(code_of(c.ask(create_venue{"ODEON", "2 Road", "pune", "09:00", "23:00", {}})), "NAME_TAKEN");
  EXPECT_EQ(code_of(c.ask(update_venue{.id = regal, .name = "odeon"})), "NAME_TAKEN");
  const auto delhi = c.add_venue("Odeon", "Asia/Kolkata", "00:00", "00:00", "Delhi");
  EXPECT_EQ(code_of(c.ask(update_venue{.id = delhi, .city = "Pune"})), "NAME_TAKEN");
  const auto one = c.add_screen(odeon, "One");
  c.add_screen(regal, "One");
  EXPECT_EQ(code_of(c.ask(create_screen{odeon, "ONE", 10, {}})), "NAME_TAKEN");
  const auto two = c.add_screen(odeon, "Two");
  EXPECT_EQ(code_of(c.ask(update_screen{.id = two, .name = "one"})), "NAME_TAKEN");
  EXPECT_EQ(c.ask(update_screen{.id = one, .name = "ONE"})->name, "ONE") << "its own";
}

TEST(catalog, a_time_zone_that_nobody_knows_is_refused_with_its_field) {
  circuit c;
  for (const std::string zone : {"Mars/Olympus", "asia/kolkata", "+05:30", "../../etc/passwd", " "}) {
    const auto answer = c.ask(create_venue{"Odeon", "1 Road", "Pune", "09:00", "23:00", zone});
    ASSERT_EQ(code_of(answer), "UNKNOWN_TIME_ZONE") << zone;
    EXPECT_EQ(answer.error().errors.at(0).pointer, "/time_zone");
  }
  c.stop();
  c.settings.time_zone = "Mars/Olympus";
  EXPECT_THROW(c.restart(), std::runtime_error);
}

// ---- screens

TEST(catalog, screens_are_made_renamed_enlarged_and_listed) {
  circuit c;
  const auto odeon = c.add_venue("Odeon");
  const auto regal = c.add_venue("Regal");
  const auto made = c.ask(create_screen{odeon, "One", 30, {}}).value();
  EXPECT_EQ(made.seats_per_row, 12) << "usually";
  c.add_screen(regal, "Lone");
  c.add_screen(odeon, "Two");
  const auto enlarged = c.ask(update_screen{.id = made.id, .name = "Grand", .capacity = 40}).value();
  EXPECT_EQ(enlarged.name, "Grand");
  EXPECT_EQ(enlarged.capacity, 40);
  EXPECT_EQ(c.ask(update_screen{.id = made.id})->capacity, 40);
  const auto refused = c.ask(update_screen{.id = made.id, .name = "Small", .capacity = 39});
  ASSERT_EQ(code_of(refused), "CAPACITY_MAY_ONLY_GROW");
  EXPECT_THAT(refused.error().detail, HasSubstr("40"));
  const auto names = [&](list_screens wanted) { return each(*c.ask(wanted), &screen_view::name); };
  EXPECT_THAT(names({}), ElementsAre("Grand", "Two", "Lone"));
  EXPECT_THAT(names({.venue_id = odeon}), ElementsAre("Grand", "Two"));
  EXPECT_THAT(names({.venue_id = odeon, .skip = 1, .limit = 5}), ElementsAre("Two"));
  EXPECT_THAT(names({.venue_id = 99}), IsEmpty());
}

TEST(catalog, seats_are_numbered_row_by_row_from_A_to_Z_and_on_with_AA) {
  EXPECT_EQ(row_label(1, 10) + seat_label(1, 10), "A1");
  EXPECT_EQ(row_label(10, 10) + seat_label(10, 10), "A10");
  EXPECT_EQ(row_label(11, 10) + seat_label(11, 10), "B1");
  EXPECT_EQ(row_label(260, 10) + seat_label(260, 10), "Z10");
  EXPECT_EQ(row_label(261, 10) + seat_label(261, 10), "AA1");
  EXPECT_EQ(row_label(521, 10), "BA");
  EXPECT_EQ(row_label(26L * 27, 1), "ZZ");
  EXPECT_EQ(row_label(26 * 27 + 1, 1), "AAA");
  EXPECT_EQ(row_label(max_capacity, 1), "BXX");
  for (const std::int64_t per_row : {1, 7, 60}) {
    std::set<std::string> seen;
    for (std::int64_t seat = 1; seat <= max_capacity; ++seat) {
      seen.insert(row_label(seat, per_row) + '-' + seat_label(seat, per_row));
      ASSERT_EQ(position_of_seat(seat_id_of(4711, seat)), seat);
      ASSERT_EQ(screen_of_seat(seat_id_of(4711, seat)), 4711);
    }
    EXPECT_EQ(std::ssize(seen), max_capacity) << "each seat has a name of its own";
  }
}

TEST(catalog, the_database_keeps_seats_and_cancellations_whatever_the_code_does) {
  circuit c;
  const auto p = c.add_place();
  const auto schedule = c.add_schedule(p.show, p.screen, hours_from_now(2));
  c.ask(cancel_schedule{schedule}).value();
  c.ask(cancel_show{p.show}).value();
  for (const std::string statement :
       {"UPDATE catalog.screen SET capacity = capacity - 1", "UPDATE catalog.screen SET seats_per_row = 11",
        "UPDATE catalog.screen SET capacity = 2001", "UPDATE catalog.show SET status = 'ACTIVE'",
        "UPDATE catalog.schedule SET status = 'ACTIVE'", "UPDATE catalog.schedule SET ends_at = starts_at",
        "DELETE FROM catalog.show", "DELETE FROM catalog.venue", "DELETE FROM catalog.screen",
        "DELETE FROM catalog.schedule", "TRUNCATE catalog.schedule CASCADE", "CREATE TABLE catalog.more (id bigint)"}) {
    EXPECT_THROW(test::execute(c.database.service("catalog"), {statement}), std::exception) << statement;
  }
}

}  // namespace
}  // namespace ticketshow::catalog::testing
