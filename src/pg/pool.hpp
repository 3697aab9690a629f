#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pg/result.hpp"
#include "pg/statement.hpp"
#include "rt/call.hpp"
#include "rt/module.hpp"
#include "rt/task.hpp"

namespace ticketshow::pg {

struct pool_options {
  std::string name;      ///< for logs, metrics and application_name: the service
  std::string conninfo;  ///< what libpq takes: a URL or key=value words, with the service's own role
  std::size_t max_connections = 8;
  std::size_t max_waiting = 1024;  ///< further callers are refused at once with `unavailable`
};

class connection;  // one libpq connection in pipeline mode; internal to pg

/// A transaction on a connection of its own. If it is destroyed without commit(), it is rolled back and the connection
/// goes back to the pool once that is done (or is closed when it is not in a known state).
class transaction {
 public:
  transaction(transaction&&) noexcept;
  transaction& operator=(transaction&&) = delete;
  ~transaction();

  /// Runs one statement in the transaction; throws sql_error or unavailable, after which only destruction is allowed.
  rt::task<result_set> run(bound_statement what);
  template <class... T>
  rt::task<result_set> run(const statement& what, const T&... values) {
    return run(pg::bind(what, values...));  // bound before the first suspension: references to values end here
  }
  /// Sends all in one round trip and gives their results in order.
  rt::task<std::vector<result_set>> run_all(std::vector<bound_statement> statements);

  rt::task<> commit();

 private:
  friend class pool;
  struct state;
  explicit transaction(std::unique_ptr<state> s);
  std::unique_ptr<state> state_;
};

/// A bounded set of connections to one database with one role. Connections are made when needed, up to the maximum, and
/// replaced when they break. I/O thread only. Never keep a transaction open across a call to another service.
class pool final : public rt::module {
 public:
  pool(rt::executor io, pool_options options);
  ~pool() override;

  [[nodiscard]] std::string name() const override;
  /// Makes the first connection, to fail early with a sentence for the operator.
  rt::task<> start() override;
  /// Waits for connections in use, then closes all.
  rt::task<> stop(rt::deadline until) override;
  /// False while the last attempt to reach the database failed.
  [[nodiscard]] bool ready() const override;

  /// Runs one statement in a transaction of its own, one round trip. Throws sql_error or unavailable.
  rt::task<result_set> run(rt::deadline until, bound_statement what);
  template <class... T>
  rt::task<result_set> run(rt::deadline until, const statement& what, const T&... values) {
    return run(until, pg::bind(what, values...));
  }

  /// Runs all in one transaction and one round trip (an implicit transaction of the pipeline): either all take effect
  /// or none.
  rt::task<std::vector<result_set>> run_all(rt::deadline until, std::vector<bound_statement> statements);

  /// Waits for a free connection and begins a transaction (READ COMMITTED). BEGIN goes out with the first statement.
  rt::task<transaction> begin(rt::deadline until);

 private:
  friend class transaction;
  class impl;
  std::shared_ptr<impl> impl_;
};

}  // namespace ticketshow::pg
