#include "pg/migrations.hpp"

#include <boost/asio/redirect_error.hpp>
#include <fmt/format.h>

#include "pg/connection.hpp"
#include "rt/log.hpp"

namespace ticketshow::pg {
namespace {

/// One lock for all schemas of a database: they share its grants. The number is "tickshow" in ASCII.
constexpr auto* lock_sql = "SELECT pg_advisory_lock(8388080861250253687)";

constexpr auto* settings =
    "-c statement_timeout=0 -c lock_timeout=0 -c client_connection_check_interval=1s -c TimeZone=UTC -c DateStyle=ISO";

/// Names become part of SQL text: only what needs no quoting is taken.
void check_name(std::string_view name) {
  const bool fine =
      !name.empty() && name.size() <= 40 && name.front() >= 'a' && name.front() <= 'z' &&
      std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
  if (!fine) throw std::runtime_error(fmt::format("'{}' cannot be the name of a schema", name));
}

void check_steps(const schema& what) {
  int next = 1;
  for (const auto& each : what.migrations) {
    if (each.version != next++) {
      throw std::runtime_error(fmt::format("the migrations of {} have a gap before {}", what.name, each.name));
    }
  }
}

rt::task<result_set> ask(connection& on, const char* sql, std::vector<parameter> parameters, rt::deadline until) {
  on.queue_once(sql, parameters);
  co_await on.exchange(until);
  co_return on.take_result();
}

rt::task<> run_script(connection& on, std::string sql, rt::deadline until) {
  on.queue_script(sql.c_str());
  co_await on.exchange(until);
}

/// Roles belong to the whole cluster, so another database's migration may make the same one at this moment.
rt::task<> make_role(connection& on, std::string role, rt::deadline until) {
  const std::vector<parameter> name{role};
  const auto found = co_await ask(on, "SELECT 1 FROM pg_roles WHERE rolname = $1", name, until);
  if (!found.empty()) co_return;
  auto sql = fmt::format("CREATE ROLE {} LOGIN", role);
  try {
    co_await run_script(on, std::move(sql), until);
  } catch (const sql_error& error) {
    if (error.sqlstate != "42710" && !error.unique_violation()) throw;
  }
}

/// Makes the schema when it is missing. What a dump or a copy of the database leaves behind is made each time: the
/// grants on the database, and what the service's names without a schema mean in it.
rt::task<> make_schema(connection& on, std::string name, std::string role, rt::deadline until) {
  const std::vector<parameter> as_parameter{name};
  const auto found =
      co_await ask(on, "SELECT current_database() FROM pg_namespace WHERE nspname = $1", as_parameter, until);
  const auto database = co_await ask(on, "SELECT quote_ident(current_database())", {}, until);
  if (found.empty()) co_await run_script(on, fmt::format("CREATE SCHEMA {}", name), until);
  auto script = fmt::format(
      "BEGIN;"
      "REVOKE ALL ON DATABASE {1} FROM PUBLIC;"
      "REVOKE ALL ON SCHEMA public FROM PUBLIC;"
      "REVOKE ALL ON SCHEMA {0} FROM PUBLIC;"
      "GRANT CONNECT ON DATABASE {1} TO {2};"
      "ALTER ROLE {2} IN DATABASE {1} SET search_path = {0};"
      "GRANT USAGE ON SCHEMA {0} TO {2};"
      "CREATE TABLE IF NOT EXISTS {0}.schema_migration ("
      "  version integer PRIMARY KEY,"
      "  name text NOT NULL,"
      "  sha256 text NOT NULL,"
      "  applied_at timestamptz NOT NULL DEFAULT now());"
      "COMMIT",
      name, database.front().text(0), role);
  co_await run_script(on, std::move(script), until);
}

/// Which steps have run; throws when they are not the ones of this binary.
rt::task<std::size_t> count_applied(connection& on, schema what, rt::deadline until) {
  std::vector<int> versions;
  std::vector<std::string> texts;
  for (const auto& each : what.migrations) {
    versions.push_back(each.version);
    texts.emplace_back(each.sql);
  }
  const auto sql = fmt::format(
      "SELECT done.version, done.name, here.version IS NOT NULL,"
      "       coalesce(done.sha256 = encode(sha256(convert_to(here.text, 'UTF8')), 'hex'), false)"
      "  FROM {}.schema_migration AS done"
      "  LEFT JOIN unnest($1::integer[], $2::text[]) AS here (version, text) USING (version)"
      " ORDER BY done.version",
      what.name);
  const std::vector<parameter> parameters{to_parameter(versions), to_parameter(texts)};
  const auto rows = co_await ask(on, sql.c_str(), parameters, until);
  for (const auto row : rows) {
    const auto [version, name, known, same] = row.as<int, std::string, bool, bool>();
    if (!known) {
      throw std::runtime_error(fmt::format(
          "the schema {} has step {} ({}), which this program does not know: the database is newer than the program",
          what.name, version, name));
    }
    if (!same) {
      throw std::runtime_error(
          fmt::format("the migration {} of {} was changed after it ran: restore its text and add a new step instead",
                      name, what.name));
    }
  }
  co_return static_cast<std::size_t>(rows.size());
}

rt::task<> apply(connection& on, std::string schema_name, migration step, rt::deadline until) {
  auto text = fmt::format("BEGIN; SET LOCAL search_path = {}, public", schema_name);
  co_await run_script(on, std::move(text), until);
  co_await run_script(on, std::string(step.sql), until);
  if (!on.in_transaction()) {
    throw std::runtime_error(fmt::format("the migration {} of {} ends its transaction itself", step.name, schema_name));
  }
  const auto record = fmt::format(
      "INSERT INTO {}.schema_migration (version, name, sha256)"
      " VALUES ($1::integer, $2, encode(sha256(convert_to($3, 'UTF8')), 'hex'))",
      schema_name);
  const std::vector<parameter> parameters{to_parameter(step.version), std::string(step.name), std::string(step.sql)};
  co_await ask(on, record.c_str(), parameters, until);
  co_await run_script(on, "COMMIT", until);
  if (on.last_tag() != "COMMIT") {
    throw std::runtime_error(fmt::format("the migration {} of {} could not be committed", step.name, schema_name));
  }
}

rt::task<int> migrate_on(connection& on, schema what, rt::deadline until) {
  const auto role = role_of(what.name);
  const std::string name(what.name);
  co_await ask(on, lock_sql, {}, until);  // released with the connection
  co_await make_role(on, role, until);
  co_await make_schema(on, name, role, until);
  const auto applied = co_await count_applied(on, what, until);
  int ran = 0;
  for (const auto& step : what.migrations.subspan(applied)) {
    std::string failure;
    try {
      co_await apply(on, name, step, until);
    } catch (const sql_error& error) {
      failure = error.what();
    }
    if (!failure.empty()) {
      throw std::runtime_error(fmt::format("the migration {} of {} failed: {}", step.name, name, failure));
    }
    rt::log::info("migration applied", {{"schema", name}, {"step", step.name}});
    ++ran;
  }
  co_return ran;
}

}  // namespace

std::string role_of(std::string_view schema_name) { return fmt::format("ticketshow_{}", schema_name); }

rt::task<int> migrate(std::string conninfo, schema what, rt::deadline until) {
  check_name(what.name);
  check_steps(what);
  const auto io = co_await rt::asio::this_coro::executor;
  const auto on = std::make_shared<connection>(io);
  rt::timer alarm(io);
  alarm.expires_at(until.at());
  alarm.async_wait([weak = std::weak_ptr(on)](boost::system::error_code error) {
    if (const auto still_there = weak.lock(); still_there && !error) still_there->interrupt();
  });
  const session how{
      .application_name = fmt::format("ticketshow migrate {}", what.name), .settings = settings, .pipelined = false};
  co_await on->connect(std::move(conninfo), how, until);
  co_return co_await migrate_on(*on, what, until);
}

}  // namespace ticketshow::pg
