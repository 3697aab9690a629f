#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/check/poster_queries.hpp"
#include "app/check/tests/records.hpp"
#include "tests/support/blob_stand_in.hpp"

/// I11: the posters of shows against the store.
namespace ticketshow::check::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class check_posters : public ::testing::Test {
 protected:
  /// Shows 1 and 2 have a poster in two widths, nobody has another.
  void SetUp() override {
    records_.take(
        {"INSERT INTO catalog.poster (name, widths, height) VALUES (repeat('a', 32), '{320,640}', 900), "
         "(repeat('b', 32), '{50}', 60)",
         "INSERT INTO catalog.show (title, duration_minutes, price, description, poster) "
         "SELECT 'Show', 100, 1, '', repeat('a', 32) FROM generate_series(1, 2)"});
    for (const auto* file : {"320.webp", "320.jpg", "640.webp", "640.jpg"}) store_.kept[key(file)] = "a picture";
  }
  static std::string key(std::string_view file) { return fmt::format("posters/{}/{}", std::string(32, 'a'), file); }
  std::vector<finding> check() {
    auto chosen = records_.where(0);
    chosen.posters = &store_;
    return records::check(chosen);
  }

  records records_;
  test::blob_stand_in store_;
};

TEST_F(check_posters, every_statement_holds_against_the_migrated_schema) {
  EXPECT_THAT(test::prepare_all(records_.where(0).catalog_url, queries::poster_statements), IsEmpty());
}

TEST_F(check_posters, a_store_that_has_them_all_is_kept_and_what_nobody_has_is_noted) {
  const auto seen = check();
  EXPECT_THAT(rows(seen), IsEmpty());
  EXPECT_EQ(of(seen, "I11").looked_at, 1);
  EXPECT_THAT(of(seen, "I11").notes, ElementsAre("1 posters are no show's any more; their files go in a while"));
}

TEST_F(check_posters, a_file_that_is_missing_is_named_with_its_shows) {
  store_.kept.erase(key("640.jpg"));
  EXPECT_THAT(rows(check()),
              ElementsAre(fmt::format("I11: the store has no {}, which the shows 1, 2 show", key("640.jpg"))));
}

TEST_F(check_posters, a_poster_without_a_row_is_named) {
  records_.drop_constraints();
  records_.force({"DELETE FROM catalog.poster"});
  EXPECT_THAT(rows(check()),
              ElementsAre(fmt::format("I11: the poster {} of the shows 1, 2 has no row", std::string(32, 'a'))));
}

}  // namespace
}  // namespace ticketshow::check::testing
