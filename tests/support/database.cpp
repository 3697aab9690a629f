#include "tests/support/database.hpp"

#include <cstdlib>
#include <unistd.h>

#include <fmt/format.h>

#include "base/random.hpp"
#include "pg/conninfo.hpp"
#include "pg/pool.hpp"
#include "rt/task.hpp"

namespace ticketshow::test {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 60s;

std::string server() {
  const char* url = std::getenv("TICKETSHOW_TEST_DATABASE_URL");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  if (url == nullptr || *url == '\0') {
    throw std::runtime_error(
        "This test needs PostgreSQL: run it through ./test, or set TICKETSHOW_TEST_DATABASE_URL to a superuser's "
        "connection string.");
  }
  return url;
}

rt::task<std::vector<std::string>> execute_all(pg::pool& on, std::vector<std::string> statements) {
  std::vector<std::string> first_column;
  int number = 0;
  for (const auto& sql : statements) {
    const auto name = fmt::format("execute_{}", number++);
    const pg::statement what{name.c_str(), sql.c_str(), patience};
    const auto until = rt::deadline::after(patience);
    const auto rows = co_await on.run(until, what);
    first_column.clear();
    for (const auto row : rows) first_column.emplace_back(row.is_null(0) ? "" : row.text(0));
  }
  const auto until = rt::deadline::after(patience);
  co_await on.stop(until);
  co_return first_column;
}

}  // namespace

std::vector<std::string> execute(const std::string& conninfo, const std::vector<std::string>& statements) {
  rt::asio::io_context io;
  pg::pool on(io.get_executor(), {.name = "test_support", .conninfo = conninfo, .max_connections = 1});
  return rt::run(io, execute_all(on, statements));
}

namespace {

std::string owner_of(std::string_view database) {
  return pg::with_words(server(), {{"dbname", std::string(database)}, {"user", "ticketshow_owner"}});
}

void migrate_all(std::string_view database, std::span<const pg::schema> schemas) {
  for (const auto& each : schemas) {
    rt::asio::io_context io;
    rt::run(io, pg::migrate(owner_of(database), each, rt::deadline::after(patience)));
  }
}

/// The template of databases with these schemas.
std::string template_of(std::span<const pg::schema> schemas) {
  if (schemas.empty()) return "template0";
  std::string text;
  for (const auto& each : schemas) {
    for (const auto& step : each.migrations) text += fmt::format("{} {} {}\n", each.name, step.name, step.sql);
  }
  return fmt::format("ts_template_{:016x}", std::hash<std::string>{}(text));
}

void create_database(std::string_view name, std::string_view like) {
  execute(server(), {fmt::format("CREATE DATABASE {} OWNER ticketshow_owner TEMPLATE {} ENCODING 'UTF8'", name, like)});
}

void make_owner() {
  try {
    execute(server(), {"CREATE ROLE ticketshow_owner LOGIN CREATEROLE"});
  } catch (const pg::sql_error& error) {
    if (error.sqlstate != "42710" && !error.unique_violation()) throw;  // another test made it at this moment
  }
}

/// It gets its name when it is whole: a test that died while it made one, or makes it at this moment too, spoils
/// nothing.
void make_template(const std::string& name, std::span<const pg::schema> schemas) {
  system_random_source random;
  const auto draft = fmt::format("{}_{}", name, random_hex(random, 4));
  create_database(draft, "template0");
  migrate_all(draft, schemas);
  try {
    execute(server(), {fmt::format("ALTER DATABASE {} RENAME TO {}", draft, name)});
  } catch (const pg::sql_error& error) {
    if (error.sqlstate != "42P04") throw;  // duplicate_database
    execute(server(), {fmt::format("DROP DATABASE {} WITH (FORCE)", draft)});
  }
}

}  // namespace

scratch_database::scratch_database(std::span<const pg::schema> schemas) {
  system_random_source random;
  name_ = fmt::format("ts_test_{}_{}", ::getpid(), random_hex(random, 4));
  const auto like = template_of(schemas);
  for (bool made = false; !made;) {
    try {
      create_database(name_, like);
      made = true;
    } catch (const pg::sql_error& error) {
      if (error.sqlstate == "42704") {  // undefined_object
        make_owner();
      } else if (error.sqlstate == "3D000") {  // invalid_catalog_name
        make_template(like, schemas);
      } else {
        throw;
      }
    }
  }
  migrate_all(name_, schemas);  // for what a copy leaves behind: grants on the database, search paths
}

scratch_database::~scratch_database() {
  try {
    execute(server(), {fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", name_)});
  } catch (const std::exception& error) {
    fmt::print(stderr, "the test database {} was not dropped: {}\n", name_, error.what());
  }
}

int scratch_database::migrate(const pg::schema& what) const {
  rt::asio::io_context io;
  return rt::run(io, pg::migrate(owner(), what, rt::deadline::after(patience)));
}

std::string scratch_database::with(std::string_view user) const {
  return pg::with_words(server(), {{"dbname", name_}, {"user", user}});
}

std::string scratch_database::owner() const { return owner_of(name_); }

std::string scratch_database::service(std::string_view schema) const { return with(pg::role_of(schema)); }

std::string scratch_database::superuser() const { return pg::with_words(server(), {{"dbname", name_}}); }

std::vector<std::string> prepare_all(const std::string& conninfo, std::span<const pg::statement* const> statements) {
  std::vector<std::string> refused;
  for (const auto* each : statements) {
    try {
      execute(conninfo, {fmt::format("PREPARE checked AS {}", each->sql)});
    } catch (const pg::sql_error& error) {
      refused.push_back(fmt::format("{}: {}", each->name, error.what()));
    }
  }
  return refused;
}

}  // namespace ticketshow::test
