// What PostgreSQL is told and what it answers, for every type that to_parameter() and row::get() know.
#include <gtest/gtest.h>

#include "pg/pool.hpp"
#include "rt/task.hpp"
#include "tests/support/database.hpp"
#include "tests/support/seed.hpp"

namespace ticketshow::pg {
namespace {

enum class flavour { SWEET, SALTY };
BOOST_DESCRIBE_ENUM(flavour, SWEET, SALTY)

using namespace std::chrono_literals;
using strings = std::vector<std::string>;

class values : public ::testing::Test {
 protected:
  result_set ask(const bound_statement& what) { return rt::run(io_, pool_.run(rt::deadline::after(5s), what)); }
  template <class T>
  T echo(const statement& what, const T& value) {
    return ask(pg::bind(what, value)).front().template get<T>(0);
  }

  test::scratch_database database_;
  rt::asio::io_context io_;
  pool pool_{io_.get_executor(), {.name = "values", .conninfo = database_.owner(), .max_connections = 1}};
};

const statement echo_bigint{"echo_bigint", "SELECT $1::bigint"};
const statement echo_int{"echo_int", "SELECT $1::integer"};
const statement echo_bool{"echo_bool", "SELECT $1::boolean"};
const statement echo_text{"echo_text", "SELECT $1::text"};
const statement echo_time{"echo_time", "SELECT $1::timestamptz"};
const statement echo_date{"echo_date", "SELECT $1::date"};
const statement echo_texts{"echo_texts", "SELECT $1::text[]"};
const statement echo_bigints{"echo_bigints", "SELECT $1::bigint[]"};
const statement echo_bools{"echo_bools", "SELECT $1::boolean[]"};
const statement echo_times{"echo_times", "SELECT $1::timestamptz[]"};

TEST_F(values, scalars_come_back_as_they_were_sent) {
  for (const std::int64_t each : {std::int64_t{0}, std::int64_t{-1}, INT64_MAX, INT64_MIN}) {
    EXPECT_EQ(echo(echo_bigint, each), each);
    EXPECT_EQ(echo(echo_bigint, money{each}), money{each});
  }
  EXPECT_EQ(echo(echo_int, -7), -7);
  EXPECT_EQ(echo(echo_bool, true), true);
  EXPECT_EQ(echo(echo_bool, false), false);
  using std::chrono::year_month_day;
  const year_month_day date{std::chrono::year{2028}, std::chrono::February, std::chrono::day{29}};
  EXPECT_EQ(echo(echo_date, date), date);
}

TEST_F(values, enums_are_read_by_their_names_and_an_unknown_one_is_a_mistake) {
  const auto named = [&](std::optional<std::string> name) { return ask(pg::bind(echo_text, name)); };
  EXPECT_EQ(named("SALTY").front().get<flavour>(0), flavour::SALTY);
  EXPECT_EQ(named({}).front().get<std::optional<flavour>>(0), std::nullopt);
  for (const auto* unknown : {"SOUR", "sweet", ""}) {
    EXPECT_THROW((void)named(unknown).front().get<flavour>(0), std::logic_error) << unknown;
  }
}

TEST_F(values, times_keep_their_microseconds) {
  for (const auto* text : {"2026-11-23T18:30:00Z", "2026-11-23T18:30:00.000001Z", "1999-12-31T23:59:59.999999Z"}) {
    const auto time = parse_rfc3339(text).value();
    EXPECT_EQ(echo(echo_time, time), time);
  }
}

TEST_F(values, text_is_never_interpreted) {
  const strings texts{"",        "NULL",  "it's",    R"(back\slash "quote")", "'; DROP TABLE x; --",
                      "टिकट 🎟", "{a,b}", "\n\t\x01"};
  for (const auto& each : texts) EXPECT_EQ(echo(echo_text, each), each);
}

TEST_F(values, nothing_is_null_in_both_directions) {
  using maybe = std::optional<std::string>;
  EXPECT_EQ(echo(echo_text, maybe{}), maybe{});
  EXPECT_EQ(echo(echo_text, maybe{"x"}), maybe{"x"});
  const auto rows = ask(pg::bind(echo_text, maybe{}));
  EXPECT_TRUE(rows.front().is_null(0));
  EXPECT_THROW((void)rows.front().get<std::string>(0), std::logic_error);
}

TEST_F(values, arrays_keep_quotes_backslashes_nulls_and_unicode) {
  const strings texts{"", "NULL", "null", R"(a"b\c)", "{}", ",", " ", "ü🎬", "}\",\"{"};
  EXPECT_EQ(echo(echo_texts, texts), texts);
  EXPECT_EQ(echo(echo_texts, strings{}), strings{});
  const std::vector<std::optional<std::string>> with_nulls{std::nullopt, "NULL", "", std::nullopt};
  EXPECT_EQ(echo(echo_texts, with_nulls), with_nulls);
  const std::vector<std::int64_t> numbers{1, -2, INT64_MAX};
  EXPECT_EQ(echo(echo_bigints, numbers), numbers);
  const std::vector<money> amounts{{350'00}, {-1}};
  EXPECT_EQ(echo(echo_bigints, amounts), amounts);
  const std::vector<bool> flags{true, false, true};
  EXPECT_EQ(echo(echo_bools, flags), flags);
  const std::vector<timestamp> times{parse_rfc3339("2026-11-23T18:30:00.25Z").value()};
  EXPECT_EQ(echo(echo_times, times), times);
}

TEST_F(values, random_arrays_of_awkward_text_come_back) {
  TICKETSHOW_SEEDED(random);
  const strings pieces{"\"", "\\", ",", "{", "}", "NULL", " ", "'", "é", "🎟", "x", "\n"};
  for (int round = 0; round < 200; ++round) {
    std::vector<std::optional<std::string>> sent(static_cast<std::size_t>(random.between(0, 6)));
    for (auto& each : sent) {
      if (random.one_in(5)) continue;
      each.emplace();
      for (auto left = random.between(0, 5); left > 0; --left) {
        *each += pieces[static_cast<std::size_t>(random.between(0, std::ssize(pieces) - 1))];
      }
    }
    ASSERT_EQ(echo(echo_texts, sent), sent);
  }
}

TEST_F(values, malformed_arrays_are_refused_not_guessed) {
  for (const auto* text : {"", "{", "}", "a", "{a", R"({"a})", R"({"a\})", R"({"a"b})", "{{a}}", "[0:0]={a}"}) {
    EXPECT_THROW((void)detail::parse_array(text), std::logic_error) << text;
  }
}

TEST_F(values, a_zero_byte_is_refused_instead_of_cutting_the_text) {
  const std::string text("a\0b", 3);
  try {
    ask(pg::bind(echo_text, text));
    FAIL() << "a parameter with a zero byte was taken";
  } catch (const sql_error& error) {
    EXPECT_EQ(error.sqlstate, "22021");
  }
  EXPECT_EQ(echo(echo_text, std::string("next")), "next");
}

TEST_F(values, rows_read_as_tuples_and_columns_are_checked) {
  const statement two{"two", "SELECT n, 'row ' || n FROM generate_series(1, 3) AS n ORDER BY n"};
  const auto rows = ask(pg::bind(two));
  ASSERT_EQ(rows.size(), 3);
  int next = 1;
  for (const auto row : rows) {
    const auto [number, text] = row.as<int, std::string>();
    EXPECT_EQ(number, next);
    EXPECT_EQ(text, "row " + std::to_string(next++));
  }
  EXPECT_THROW((void)rows[3].get<int>(0), std::logic_error);
  EXPECT_THROW((void)rows[0].get<int>(2), std::logic_error);
  EXPECT_THROW((void)rows[0].get<int>(1), std::logic_error);
}

}  // namespace
}  // namespace ticketshow::pg
