#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/check/crossing.hpp"
#include "app/check/queries.hpp"
#include "pg/pool.hpp"

namespace ticketshow::check {

/// One schema as it was at one moment.
class snapshot {
 public:
  snapshot(rt::executor io, std::string conninfo)
      : pool_(io, {.name = "check", .conninfo = std::move(conninfo), .max_connections = 1}) {}

  rt::task<> open(rt::deadline until) {
    co_await pool_.start();
    transaction_ = std::make_unique<pg::transaction>(co_await pool_.begin(until));
    co_await transaction_->run(queries::one_snapshot);
    co_await transaction_->run(queries::take_snapshot);
  }
  rt::task<> close() {
    transaction_.reset();
    co_await pool_.stop(rt::deadline::after(std::chrono::seconds(5)));
  }

  rt::task<std::int64_t> count(const pg::statement& what) {
    const auto rows = co_await transaction_->run(what);
    co_return rows.front().get<std::int64_t>(0);
  }
  /// Runs a query for violations.
  rt::task<> look_for(const pg::statement& what, const options& chosen, tally& into) {
    const auto at_least_one = std::max<std::int64_t>(chosen.examples, 1);  // the number comes with the rows
    const auto rows = co_await transaction_->run(what, at_least_one);
    if (rows.empty()) co_return;
    std::vector<std::string> sentences;
    for (const auto& row : rows) sentences.push_back(row.get<std::string>(1));
    into.broken(rows.front().get<std::int64_t>(0), std::move(sentences));
  }
  rt::task<pg::result_set> run(const pg::statement& what) { return transaction_->run(what); }
  rt::task<pg::result_set> run(pg::bound_statement what) { return transaction_->run(std::move(what)); }

 private:
  pg::pool pool_;
  std::unique_ptr<pg::transaction> transaction_;
};

}  // namespace ticketshow::check
