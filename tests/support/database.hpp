#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "pg/migrations.hpp"
#include "pg/statement.hpp"

namespace ticketshow::test {

/// A database of its own on the test server, owned by the role ticketshow_owner and dropped at the end. Throws
/// std::runtime_error with a sentence how to run the tests when TICKETSHOW_TEST_DATABASE_URL is not set: a test that
/// needs PostgreSQL fails without one, it is not skipped.
class scratch_database {
 public:
  /// An empty one.
  scratch_database() : scratch_database(std::span<const pg::schema>{}) {}
  /// One with these schemas up to date, as a start of the platform leaves them. Their steps run once for all tests: the
  /// database is a copy of a template, which stays on the server under a name that follows from the steps' text.
  scratch_database(std::initializer_list<pg::schema> schemas)
      : scratch_database(std::span(schemas.begin(), schemas.size())) {}
  explicit scratch_database(std::span<const pg::schema> schemas);
  ~scratch_database();
  scratch_database(const scratch_database&) = delete;
  scratch_database& operator=(const scratch_database&) = delete;

  /// Brings a service's schema up to date, as a start of the platform would; returns how many steps ran.
  int migrate(const pg::schema& what) const;

  /// Connection string of the database with the role that owns it.
  [[nodiscard]] std::string owner() const;
  /// The same with a service's role, ticketshow_<schema>, which migrate() makes.
  [[nodiscard]] std::string service(std::string_view schema) const;
  /// The same with the server's superuser: to end other connections, say.
  [[nodiscard]] std::string superuser() const;
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  [[nodiscard]] std::string with(std::string_view user) const;
  std::string name_;
};

/// Runs statements one after another on a connection of its own and returns the first column of the last one's rows.
std::vector<std::string> execute(const std::string& conninfo, const std::vector<std::string>& statements);

/// PREPAREs each statement and returns one line "name: PostgreSQL's message" for each that is refused: a service's
/// queries hold against its migrated schema, with its own role, when this is empty.
std::vector<std::string> prepare_all(const std::string& conninfo, std::span<const pg::statement* const> statements);

}  // namespace ticketshow::test
