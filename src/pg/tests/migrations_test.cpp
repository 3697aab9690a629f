#include "pg/migrations.hpp"

#include <boost/asio/detached.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "pg/pool.hpp"
#include "rt/gate.hpp"
#include "tests/support/database.hpp"

namespace ticketshow::pg {
namespace {

using namespace std::chrono_literals;
using strings = std::vector<std::string>;

const migration first{1, "0001_shelf.sql",
                      "CREATE TABLE shelf (n integer PRIMARY KEY); -- in the schema without being told\n"
                      "GRANT SELECT, INSERT ON library.shelf TO ticketshow_library"};
const migration second{2, "0002_book.sql", "CREATE TABLE library.book (title text); INSERT INTO book VALUES ('é')"};
const migration broken{3, "0003_broken.sql", "CREATE TABLE library.half (n integer); SELECT no_such_function()"};
const migration commits{3, "0003_commits.sql", "CREATE TABLE library.half (n integer); COMMIT"};
const std::vector<migration> one{first};
const std::vector<migration> two{first, second};

class migrations_test : public ::testing::Test {
 protected:
  int migrate(const std::vector<migration>& steps) const { return database_.migrate({"library", steps}); }
  std::string refusal(const std::vector<migration>& steps) const {
    try {
      migrate(steps);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  }
  strings ask(const std::string& sql) const { return test::execute(database_.owner(), {sql}); }

  test::scratch_database database_;
};

TEST_F(migrations_test, every_step_runs_once) {
  EXPECT_EQ(migrate(one), 1);
  EXPECT_EQ(migrate(two), 1);
  EXPECT_EQ(migrate(two), 0);
  EXPECT_EQ(ask("SELECT name FROM library.schema_migration ORDER BY version"),
            (strings{"0001_shelf.sql", "0002_book.sql"}));
  EXPECT_EQ(ask("SELECT title FROM library.book"), strings{"é"});
}

TEST_F(migrations_test, what_a_dump_leaves_behind_is_there_again) {
  migrate(two);
  ask("DO $$ BEGIN EXECUTE format('ALTER ROLE ticketshow_library IN DATABASE %I RESET ALL', current_database());"
      " EXECUTE format('REVOKE ALL ON DATABASE %I FROM ticketshow_library', current_database()); END $$");
  EXPECT_THROW(test::execute(database_.service("library"), {"SELECT 1"}), std::exception);
  EXPECT_EQ(migrate(two), 0);
  EXPECT_EQ(test::execute(database_.service("library"), {"SELECT current_schema()"}), strings{"library"});
}

TEST_F(migrations_test, a_step_changed_after_it_ran_is_refused) {
  migrate(two);
  const std::vector<migration> changed{first, {2, "0002_book.sql", "CREATE TABLE library.book (title text)"}};
  EXPECT_NE(refusal(changed).find("0002_book.sql of library was changed"), std::string::npos);
}

TEST_F(migrations_test, a_database_newer_than_the_program_is_refused) {
  migrate(two);
  EXPECT_NE(refusal(one).find("newer than the program"), std::string::npos);
}

TEST_F(migrations_test, a_gap_between_steps_is_refused) { EXPECT_NE(refusal({second}).find("gap"), std::string::npos); }

TEST_F(migrations_test, a_step_that_fails_leaves_nothing_behind) {
  EXPECT_NE(refusal({first, second, broken}).find("0003_broken.sql"), std::string::npos);
  EXPECT_EQ(ask("SELECT max(version) FROM library.schema_migration"), strings{"2"});
  EXPECT_EQ(ask("SELECT to_regclass('library.half') IS NULL"), strings{"t"});
  EXPECT_EQ(migrate(two), 0);
}

TEST_F(migrations_test, a_step_that_ends_its_own_transaction_is_refused) {
  EXPECT_NE(refusal({first, second, commits}).find("ends its transaction itself"), std::string::npos);
}

TEST_F(migrations_test, the_service_role_reaches_what_it_was_granted_and_no_more) {
  migrate(two);
  const auto service = database_.service("library");
  EXPECT_EQ(test::execute(service, {"INSERT INTO library.shelf VALUES (1)", "SELECT n FROM library.shelf"}),
            strings{"1"});
  for (const auto* forbidden : {"SELECT * FROM library.book", "DELETE FROM library.shelf",
                                "CREATE TABLE library.mine (n integer)", "CREATE TABLE public.mine (n integer)",
                                "SELECT * FROM library.schema_migration", "CREATE TEMP TABLE mine (n integer)"}) {
    try {
      test::execute(service, {forbidden});
      ADD_FAILURE() << forbidden << " was allowed";
    } catch (const sql_error& error) {
      EXPECT_EQ(error.sqlstate, "42501") << forbidden;
    }
  }
}

TEST_F(migrations_test, a_service_does_not_reach_the_schema_of_another) {
  migrate(one);
  const std::vector<migration> none;
  database_.migrate({"kiosk", none});
  EXPECT_THROW(test::execute(database_.service("kiosk"), {"SELECT * FROM library.shelf"}), sql_error);
}

rt::task<> add_steps(std::string conninfo, schema what, int& ran) {
  const auto until = rt::deadline::after(30s);
  ran += co_await pg::migrate(std::move(conninfo), what, until);
}

TEST_F(migrations_test, many_at_once_run_every_step_once) {
  rt::asio::io_context io;
  rt::gate tasks(io.get_executor(), "migrations");
  int ran = 0;
  for (int i = 0; i < 4; ++i) {
    tasks.spawn(add_steps(database_.owner(), {"library", two}, ran));
    tasks.spawn(add_steps(database_.owner(), {"kiosk", {}}, ran));
  }
  EXPECT_TRUE(rt::run(io, tasks.drain(rt::deadline::after(30s))));
  EXPECT_EQ(ran, 2);
}

TEST_F(migrations_test, waiting_for_another_migration_ends_at_the_deadline) {
  rt::asio::io_context io;
  pool holder(io.get_executor(), {.name = "holder", .conninfo = database_.owner(), .max_connections = 1});
  const statement lock{"lock", "SELECT pg_advisory_lock(8388080861250253687)"};
  rt::run(io, holder.run(rt::deadline::after(5s), lock));
  EXPECT_THROW(rt::run(io, pg::migrate(database_.owner(), {"library", one}, rt::deadline::after(200ms))), unavailable);
}

TEST_F(migrations_test, prepare_all_names_what_does_not_fit_the_schema) {
  migrate(one);
  const statement good{"good", "SELECT n FROM library.shelf WHERE n = $1"};
  const statement bad{"bad", "SELECT weight FROM library.shelf"};
  const std::vector<const statement*> all{&good, &bad};
  const auto refused = test::prepare_all(database_.service("library"), all);
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].substr(0, 5), "bad: ");
}

}  // namespace
}  // namespace ticketshow::pg
