#include "pg/pool.hpp"

#include <boost/asio/detached.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "rt/gate.hpp"
#include "rt/log.hpp"
#include "tests/support/database.hpp"
#include "tests/support/wait_until.hpp"

namespace ticketshow::pg {
namespace {

using namespace std::chrono_literals;

rt::deadline soon() { return rt::deadline::after(10s); }

const statement number{"number", "SELECT $1::bigint"};
const statement backend{"backend", "SELECT pg_backend_pid()"};
const statement divide{"divide", "SELECT 1 / $1::integer"};
const statement insert_seat{"insert_seat", "INSERT INTO seat (n) VALUES ($1)"};
const statement count_seats{"count_seats", "SELECT count(*) FROM seat"};
const statement pause_for{"pause_for", "SELECT pg_sleep($1::integer / 1000.0)", 30s};
const statement impatient{"impatient", "SELECT pg_sleep(20)", 100ms};
const statement count_prepared{"count_prepared", "SELECT count(*) FROM pg_prepared_statements WHERE name = $1"};
const statement show{"show", "SELECT current_setting($1)"};

class pool_test : public ::testing::Test {
 protected:
  pool_test() { test::execute(database_.owner(), {"CREATE TABLE public.seat (n integer CONSTRAINT one_seat UNIQUE)"}); }

  template <class T>
  T run(rt::task<T> work) {
    return rt::run(io_, std::move(work));
  }
  template <class... T>
  result_set ask(const statement& what, const T&... values) {
    return run(pool_.run(soon(), what, values...));
  }
  std::int64_t seats() { return ask(count_seats).front().get<std::int64_t>(0); }
  std::int64_t pid() { return ask(backend).front().get<std::int64_t>(0); }
  void end(std::int64_t backend_pid) {
    const auto sql = fmt::format("SELECT pg_terminate_backend({}, 5000)", backend_pid);
    EXPECT_EQ(test::execute(database_.superuser(), {sql}), std::vector<std::string>{"t"});
  }
  pool_options options(std::size_t connections, std::size_t waiting = 1024) const {
    return {.name = "pool_test", .conninfo = database_.owner(), .max_connections = connections, .max_waiting = waiting};
  }

  test::scratch_database database_;
  rt::asio::io_context io_;
  pool pool_{io_.get_executor(), options(1)};
};

TEST_F(pool_test, sessions_are_set_up_as_the_services_expect) {
  const auto setting = [&](const char* name) { return ask(show, std::string(name)).front().get<std::string>(0); };
  EXPECT_EQ(setting("TimeZone"), "UTC");
  EXPECT_EQ(setting("DateStyle").substr(0, 3), "ISO");
  EXPECT_EQ(setting("client_encoding"), "UTF8");
  EXPECT_EQ(setting("plan_cache_mode"), "force_generic_plan");
  EXPECT_EQ(setting("statement_timeout"), "1min");
  EXPECT_EQ(setting("lock_timeout"), "5s");
  EXPECT_EQ(setting("idle_in_transaction_session_timeout"), "30s");
  EXPECT_EQ(setting("application_name"), "ticketshow_pool_test");
}

TEST_F(pool_test, a_statement_is_prepared_once_on_a_connection) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask(number, i).front().get<int>(0), i);
  EXPECT_EQ(ask(count_prepared, std::string("number")).front().get<int>(0), 1);
}

TEST_F(pool_test, two_statements_of_one_name_are_a_mistake_that_is_told) {
  const statement other{"number", "SELECT $1::bigint + 1"};
  ask(number, 1);
  EXPECT_THROW(ask(other, 1), std::logic_error);
  EXPECT_EQ(ask(other, 1).front().get<int>(0), 2);  // the first connection was closed
}

TEST_F(pool_test, an_error_names_statement_state_and_constraint_and_the_connection_goes_on) {
  const auto before = pid();
  ask(insert_seat, 1);
  try {
    ask(insert_seat, 1);
    FAIL() << "a duplicate was taken";
  } catch (const sql_error& error) {
    EXPECT_TRUE(error.unique_violation());
    EXPECT_EQ(error.constraint, "one_seat");
    EXPECT_NE(std::string_view(error.what()).find("insert_seat"), std::string_view::npos);
  }
  EXPECT_EQ(seats(), 1);
  EXPECT_EQ(pid(), before);
}

TEST_F(pool_test, a_statement_that_cannot_be_prepared_is_prepared_anew_the_next_time) {
  const statement later{"later", "SELECT count(*) FROM later_table"};
  const auto before = pid();
  EXPECT_THROW(ask(later), sql_error);
  EXPECT_THROW(ask(later), sql_error);
  test::execute(database_.owner(), {"CREATE TABLE public.later_table ()"});
  EXPECT_EQ(ask(later).front().get<int>(0), 0);
  EXPECT_EQ(pid(), before);
}

TEST_F(pool_test, run_all_takes_effect_as_a_whole) {
  const auto results =
      run(pool_.run_all(soon(), {pg::bind(insert_seat, 1), pg::bind(insert_seat, 2), pg::bind(count_seats)}));
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[0].affected(), 1);
  EXPECT_EQ(results[2].front().get<int>(0), 2);
  const auto before = pid();
  EXPECT_THROW(
      run(pool_.run_all(soon(), {pg::bind(insert_seat, 3), pg::bind(insert_seat, 1), pg::bind(insert_seat, 4)})),
      sql_error);
  EXPECT_EQ(seats(), 2);
  // Prepared first in a pipeline that failed before them: not remembered as prepared.
  const statement fresh{"fresh", "SELECT 7"};
  EXPECT_THROW(run(pool_.run_all(soon(), {pg::bind(divide, 0), pg::bind(fresh)})), sql_error);
  EXPECT_EQ(ask(fresh).front().get<int>(0), 7);
  EXPECT_EQ(pid(), before);
}

TEST_F(pool_test, a_constraint_checked_at_the_end_of_the_pipeline_is_an_error_too) {
  test::execute(database_.owner(), {"CREATE TABLE public.late (n integer UNIQUE DEFERRABLE INITIALLY DEFERRED)"});
  const statement twice{"twice", "INSERT INTO late (n) VALUES (1), (1)"};
  EXPECT_THROW(ask(twice), sql_error);
  EXPECT_EQ(seats(), 0);
}

TEST_F(pool_test, more_text_than_a_socket_holds_flows_both_ways) {
  const statement length{"length", "SELECT $1::text, length($1::text)", 20s};
  const std::string big(3'000'000, 'x');
  std::vector<bound_statement> many;
  for (int i = 0; i < 8; ++i) many.push_back(pg::bind(length, big));
  const auto results = run(pool_.run_all(soon(), many));
  ASSERT_EQ(results.size(), 8U);
  for (const auto& each : results) EXPECT_EQ(each.front().text(0), big);
}

rt::task<> commit_two(pool& on) {
  const auto until = soon();
  auto t = co_await on.begin(until);
  co_await t.run(insert_seat, 1);
  std::vector<bound_statement> more;
  more.push_back(pg::bind(insert_seat, 2));
  more.push_back(pg::bind(count_seats));
  const auto results = co_await t.run_all(std::move(more));
  EXPECT_EQ(results[1].front().get<int>(0), 2);
  co_await t.commit();
}

rt::task<> drop_one(pool& on, bool after_an_error) {
  const auto until = soon();
  auto t = co_await on.begin(until);
  co_await t.run(insert_seat, 3);
  if (after_an_error) co_await t.run(divide, 0);
}

TEST_F(pool_test, a_transaction_is_kept_by_commit_and_rolled_back_otherwise) {
  run(commit_two(pool_));
  const auto before = pid();
  run(drop_one(pool_, false));
  EXPECT_EQ(seats(), 2);
  EXPECT_THROW(run(drop_one(pool_, true)), sql_error);
  EXPECT_EQ(seats(), 2);
  EXPECT_EQ(pid(), before);
}

rt::task<> commit_after_error(pool& on) {
  const auto until = soon();
  auto t = co_await on.begin(until);
  bool failed = false;
  try {
    co_await t.run(divide, 0);
  } catch (const sql_error&) {
    failed = true;
  }
  EXPECT_TRUE(failed);
  co_await t.commit();
}

TEST_F(pool_test, committing_a_failed_transaction_is_never_taken_for_success) {
  EXPECT_THROW(run(commit_after_error(pool_)), sql_error);
  EXPECT_EQ(seats(), 0);
}

TEST_F(pool_test, a_statement_that_takes_too_long_ends_with_its_connection) {
  const auto before = pid();
  for (const bool by_caller : {true, false}) {
    const auto began = rt::steady_clock::now();
    try {
      run(by_caller ? pool_.run(rt::deadline::after(100ms), pause_for, 20000) : pool_.run(soon(), impatient));
      FAIL() << "the deadline did not end it";
    } catch (const unavailable& error) {
      EXPECT_TRUE(error.may_have_happened);
    }
    EXPECT_LT(rt::steady_clock::now() - began, 2s);
  }
  EXPECT_NE(pid(), before);
  // The server stops working for someone who has gone.
  const auto* sleepers =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep%' AND pid <> "
      "pg_backend_pid()";
  const auto give_up = rt::steady_clock::now() + test::patience;
  while (test::execute(database_.superuser(), {sleepers})[0] != "0" && rt::steady_clock::now() < give_up) {
  }
  EXPECT_LT(rt::steady_clock::now(), give_up);
}

TEST_F(pool_test, a_caller_without_time_changes_nothing) {
  EXPECT_THROW(run(pool_.run(rt::deadline::after(-1s), insert_seat, 1)), unavailable);
  pid();
  EXPECT_THROW(run(pool_.run(rt::deadline::after(-1s), insert_seat, 1)), unavailable);
  EXPECT_EQ(seats(), 0);
}

rt::task<> note(pool& on, bound_statement what, rt::deadline until, std::string name, std::vector<std::string>& log) {
  try {
    co_await on.run(until, std::move(what));
    log.push_back(name + " done");
  } catch (const unavailable& error) {
    log.push_back(name + (error.may_have_happened ? " cut" : " refused"));
  }
}

TEST_F(pool_test, waiting_is_first_come_first_served_and_bounded) {
  pool narrow(io_.get_executor(), options(1, 3));
  std::vector<std::string> log;
  const auto start = [&](bound_statement what, rt::deadline until, std::string name) {
    rt::asio::co_spawn(io_, note(narrow, std::move(what), until, std::move(name), log), rt::asio::detached);
  };
  start(pg::bind(pause_for, 300), soon(), "first");
  start(pg::bind(number, 1), soon(), "second");
  start(pg::bind(number, 1), rt::deadline::after(50ms), "hasty");
  start(pg::bind(number, 1), soon(), "third");
  start(pg::bind(number, 1), soon(), "surplus");
  io_.restart();
  while (log.size() < 5 && io_.run_one() != 0) {
  }
  const std::vector<std::string> expected{"surplus refused", "hasty refused", "first done", "second done",
                                          "third done"};
  EXPECT_EQ(log, expected);
}

TEST_F(pool_test, cancelled_tasks_leave_the_queue_and_the_connection_to_others) {
  rt::gate background(io_.get_executor(), "cancelled");
  std::vector<std::string> log;
  background.spawn(note(pool_, pg::bind(pause_for, 20000), soon(), "running", log));
  background.spawn(note(pool_, pg::bind(number, 1), soon(), "waiting", log));
  run(rt::sleep_for(50ms));
  EXPECT_EQ(background.size(), 2U);
  EXPECT_TRUE(run(background.close(soon())));
  EXPECT_TRUE(log.empty());
  EXPECT_EQ(ask(number, 5).front().get<int>(0), 5);
}

TEST_F(pool_test, a_connection_that_the_server_ended_is_replaced_without_a_failure) {
  const auto before = pid();
  end(before);
  EXPECT_NE(pid(), before);
  EXPECT_TRUE(pool_.ready());
}

rt::task<> lose_connection(pool& on, std::string superuser) {
  const auto until = soon();
  auto t = co_await on.begin(until);
  const auto rows = co_await t.run(backend);
  test::execute(superuser, {fmt::format("SELECT pg_terminate_backend({}, 5000)", rows.front().get<int>(0))});
  co_await t.run(insert_seat, 1);
}

TEST_F(pool_test, a_transaction_cut_by_the_server_is_unavailable_and_the_pool_goes_on) {
  EXPECT_THROW(run(lose_connection(pool_, database_.superuser())), unavailable);
  EXPECT_EQ(seats(), 0);
}

rt::task<> ask_often(pool& on, int times, int& answered) {
  for (int i = 0; i < times; ++i) {
    const auto until = soon();
    const auto rows = co_await on.run(until, number, i);
    EXPECT_EQ(rows.front().get<int>(0), i);
    ++answered;
  }
}

TEST_F(pool_test, many_tasks_share_few_connections) {
  pool shared(io_.get_executor(), options(4));
  rt::gate tasks(io_.get_executor(), "tasks");
  int answered = 0;
  for (int i = 0; i < 64; ++i) tasks.spawn(ask_often(shared, 50, answered));
  EXPECT_TRUE(run(tasks.drain(rt::deadline::after(60s))));
  EXPECT_EQ(answered, 64 * 50);
  const auto connections = test::execute(
      database_.superuser(),
      {"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'ticket%' "
       "AND pid <> pg_backend_pid()"});
  EXPECT_LE(std::stoi(connections[0]), 4);
  run(shared.stop(soon()));
}

TEST_F(pool_test, stopping_waits_for_rollbacks_and_refuses_later_work) {
  run(pool_.start());
  run(drop_one(pool_, false));
  run(pool_.stop(soon()));
  EXPECT_THROW(ask(number, 1), unavailable);
}

TEST_F(pool_test, a_database_that_is_not_there_is_told_at_the_start) {
  pool lost(io_.get_executor(), {.name = "lost", .conninfo = "host=/nonexistent dbname=x user=y"});
  try {
    run(lost.start());
    FAIL() << "it started";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string_view(error.what()).find("database of lost"), std::string_view::npos);
  }
  EXPECT_FALSE(lost.ready());
}

rt::task<> until_ready(const pool& on) {
  const auto until = soon();
  while (!on.ready() && !until.passed()) co_await rt::sleep_for(20ms);
}

TEST_F(pool_test, readiness_follows_the_database_also_without_traffic) {
  pid();
  const auto block = [&](const char* allowed) {
    test::execute(database_.superuser().replace(database_.superuser().find(database_.name()), database_.name().size(),
                                                "postgres"),
                  {fmt::format("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}", database_.name(), allowed)});
  };
  const auto before = pid();
  block("false");
  test::execute(
      database_.superuser().replace(database_.superuser().find(database_.name()), database_.name().size(), "postgres"),
      {fmt::format("SELECT pg_terminate_backend({}, 5000)", before)});
  EXPECT_THROW(ask(number, 1), unavailable);
  EXPECT_FALSE(pool_.ready());
  block("true");
  run(until_ready(pool_));
  EXPECT_TRUE(pool_.ready());
  EXPECT_EQ(ask(number, 1).front().get<int>(0), 1);
}

}  // namespace
}  // namespace ticketshow::pg
