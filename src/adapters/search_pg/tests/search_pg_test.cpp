#include "adapters/search_pg/search_pg.hpp"

#include "adapters/search_pg/queries.hpp"
#include "tests/support/database.hpp"
#include "tests/support/search_conformance.hpp"

namespace ticketshow::search_pg {
namespace {

class search_pg_test : public test::search_conformance {
 protected:
  void SetUp() override { rt::run(context_, pool.start()); }
  void TearDown() override { rt::run(context_, pool.stop(soon())); }

  ports::search_index& tested() override { return made; }

  test::scratch_database database{{schema_name, migrations()}};
  pg::pool pool{io(), {.name = "search_index", .conninfo = database.service(schema_name)}};
  index made{pool};
};

TICKETSHOW_SEARCH_CONFORMANCE(search_pg_test)

TEST_F(search_pg_test, every_statement_holds_against_the_schema) {
  EXPECT_THAT(test::prepare_all(database.service(schema_name), queries::all_statements), testing::IsEmpty());
}

TEST_F(search_pg_test, nothing_is_left_of_an_index_that_was_replaced) {
  rebuild(catalogue());
  rebuild({show(1, "Alone")});
  const auto count = [&](const std::string& table) {
    return test::execute(database.owner(), {"SELECT count(*) FROM search_index." + table}).at(0);
  };
  EXPECT_EQ(count("generation"), "1");
  EXPECT_EQ(count("document"), "1");
  EXPECT_EQ(count("word"), "1");
}

}  // namespace
}  // namespace ticketshow::search_pg
