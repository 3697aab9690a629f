#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/search_pg/search_pg.hpp"
#include "app/check/tests/records.hpp"
#include "pg/conninfo.hpp"
#include "pg/pool.hpp"
#include "services/catalog/service.hpp"

/// I6: the search index against the catalogue.
namespace ticketshow::check::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// A catalogue of `size` shows and venues, and an index in PostgreSQL that holds them.
class check_index : public ::testing::Test {
 protected:
  void SetUp() override { rt::run(context_, database_.start()); }
  void TearDown() override { rt::run(context_, database_.stop(soon())); }

  static rt::deadline soon() { return rt::deadline::after(std::chrono::seconds(20)); }

  void make_catalogue(std::int64_t size) const {
    take({fmt::format("INSERT INTO catalog.show (title, duration_minutes, price, description) "
                      "SELECT 'Show ' || n, 100, 1, '' FROM generate_series(1, {}) n",
                      size),
          "INSERT INTO catalog.show_document (show_id) SELECT id FROM catalog.show ORDER BY id",
          fmt::format(
              "INSERT INTO catalog.venue (name, location, city, time_zone, opening_time, closing_time) "
              "SELECT 'Venue ' || n, 'x', 'Pune', 'Asia/Kolkata', '00:00', '00:00' FROM generate_series(1, {}) n",
              size)});
  }
  /// As a rebuild does.
  void make_index() const {
    take({"DELETE FROM search_index.generation", "INSERT INTO search_index.generation (state) VALUES ('SEARCHED')",
          hold("show",
               "SELECT w.id, d.version, w.status = 'ACTIVE' AS listed FROM catalog.show w JOIN catalog.show_document d "
               "ON d.show_id = w.id"),
          hold("venue", "SELECT id, version, status = 'ACTIVE' AS listed FROM catalog.venue")});
  }
  static std::string hold(std::string_view kind, std::string_view documents) {
    return fmt::format(
        "INSERT INTO search_index.document (generation, kind, id, version, listed, title, body, title_length, "
        "title_words, all_words, cities, cities_shown, until, payload) SELECT g.number, '{}', d.id, d.version, "
        "d.listed, "
        "'', '', 0, '', '', '{{}}', '{{}}', '{{}}', '' FROM search_index.generation g, ({}) d",
        kind, documents);
  }
  /// As catalog records a change.
  static std::string changed(std::string_view kind, std::int64_t id, std::int64_t age_s) {
    return fmt::format(
        "INSERT INTO catalog.outbox (topic, key, schema_version, happened_at, correlation_id, payload) "
        "VALUES ('search.{}_changed', '{}', 1, now() - interval '{} seconds', 'c', '{{}}')",
        kind, id, age_s);
  }
  void take(const std::vector<std::string>& statements) const { test::execute(place_.owner(), statements); }

  std::vector<finding> check(std::int64_t settle_seconds, std::int64_t examples = 20) {
    auto chosen = records_.where(settle_seconds);
    chosen.catalog_url = place_.owner();
    chosen.index = &index_;
    chosen.examples = examples;
    return rt::run(context_, run_checks(context_.get_executor(), chosen));
  }

  records records_;
  test::scratch_database place_{{"catalog", catalog::migrations()}, {search_pg::schema_name, search_pg::migrations()}};
  boost::asio::io_context context_{1};
  pg::pool database_{context_.get_executor(), {.name = "index", .conninfo = place_.owner()}};
  search_pg::index index_{database_};
};

TEST_F(check_index, an_index_that_holds_the_catalogue_is_kept) {
  make_catalogue(12'000);  // pages
  take({"UPDATE catalog.show SET status = 'CANCELLED' WHERE id = 7",
        "UPDATE catalog.venue SET status = 'INACTIVE' WHERE id = 8"});
  make_index();
  const auto seen = check(0);
  EXPECT_THAT(rows(seen), IsEmpty());
  EXPECT_EQ(of(seen, "I6").looked_at, 24'000);
}

TEST_F(check_index, every_difference_is_named) {
  make_catalogue(5);
  make_index();
  const auto version = [&](const std::string& of) { return test::execute(place_.owner(), {of}).at(0); };
  const auto first = version("SELECT version FROM catalog.show_document WHERE show_id = 1");
  const auto second = version("SELECT version FROM catalog.show_document WHERE show_id = 2");
  const auto third = version("SELECT version FROM catalog.show_document WHERE show_id = 3");
  const auto fifth = version("SELECT version FROM catalog.venue WHERE id = 5");
  take({"UPDATE search_index.document SET version = version - 1 WHERE kind = 'show' AND id = 1",
        "UPDATE search_index.document SET version = 1000 WHERE kind = 'show' AND id = 2",
        "UPDATE search_index.document SET listed = false WHERE kind = 'show' AND id = 3",
        "UPDATE search_index.document SET id = 6, version = 9 WHERE kind = 'venue' AND id = 5", changed("show", 1, 31),
        changed("show", 2, 5), changed("show", 3, 5)});
  EXPECT_THAT(
      rows(check(60)),
      ElementsAre(
          fmt::format("I6: show 1: the catalogue has version {}, the index version {}", first, std::stoll(first) - 1),
          fmt::format("I6: show 2: the catalogue has version {}, the index version 1000", second),
          fmt::format("I6: show 3: the catalogue has version {0}, the index version {0}, not listed", third),
          fmt::format("I6: venue 5: the catalogue has version {}, the index none", fifth),
          "I6: venue 6: the catalogue has none, the index version 9"));
}

TEST_F(check_index, what_changed_within_half_a_minute_is_in_flight) {
  make_catalogue(2);
  make_index();
  take({"UPDATE catalog.show_document SET version = nextval('catalog.version') WHERE show_id = 1",
        "DELETE FROM search_index.document WHERE kind = 'venue' AND id = 2", changed("show", 1, 90),
        changed("show", 1, 20), changed("venue", 2, 20)});
  const auto seen = check(60);
  EXPECT_THAT(rows(seen), IsEmpty());
  EXPECT_EQ(of(seen, "I6").in_flight, 2);
  EXPECT_EQ(of(check(10), "I6").broken, 2);
  EXPECT_EQ(of(check(0), "I6").broken, 2);
  take({"UPDATE catalog.outbox SET happened_at = happened_at - interval '11 seconds'"});
  EXPECT_EQ(of(check(60), "I6").broken, 2) << "longer ago than the promise allows";
}

TEST_F(check_index, an_index_that_was_never_filled_lacks_everything) {
  make_catalogue(300);
  const auto seen = check(60, 3);
  EXPECT_EQ(of(seen, "I6").broken, 600);
  EXPECT_EQ(rows(seen).size(), 3U);
}

TEST_F(check_index, an_index_that_cannot_be_read_is_an_error_and_not_a_finding) {
  pg::pool nowhere(context_.get_executor(),
                   {.name = "index", .conninfo = pg::with_words(place_.owner(), {{"dbname", "there_is_no_such"}})});
  search_pg::index away(nowhere);
  auto chosen = records_.where(60);
  chosen.catalog_url = place_.owner();
  chosen.index = &away;
  EXPECT_THROW(rt::run(context_, run_checks(context_.get_executor(), chosen)), std::runtime_error);
  rt::run(context_, nowhere.stop(soon()));
}

}  // namespace
}  // namespace ticketshow::check::testing
