#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include "app/check/check.hpp"

namespace ticketshow::check {
namespace {

std::vector<finding> one_kept_one_broken() {
  return {{.invariant = "I1", .promise = "No seat twice.", .looked_at = 1'200, .in_flight = 3, .notes = {"3 wait"}},
          {.invariant = "I10",
           .promise = "Once.",
           .looked_at = 7,
           .broken = 5,
           .rows = {"booking 1 \"x\"", "payment 2 → 3"}}};
}

TEST(check_report, the_table_has_a_line_an_invariant_and_the_rows_below) {
  EXPECT_EQ(to_table(one_kept_one_broken()), R"(                looked at  in flight   broken  promise
I1   kept            1200          3        0  No seat twice.
       * 3 wait
I10  BROKEN             7          0        5  Once.
       - booking 1 "x"
       - payment 2 → 3
       - and 3 more
)");
}

TEST(check_report, the_json_says_the_same) {
  const auto report = boost::json::parse(to_json(one_kept_one_broken()));
  EXPECT_EQ(report, boost::json::parse(R"({"kept": false, "invariants": [
    {"invariant": "I1", "promise": "No seat twice.", "kept": true, "looked_at": 1200, "in_flight": 3, "broken": 0,
     "rows": [], "notes": ["3 wait"]},
    {"invariant": "I10", "promise": "Once.", "kept": false, "looked_at": 7, "in_flight": 0, "broken": 5,
     "rows": ["booking 1 \"x\"", "payment 2 → 3"], "notes": []}]})"));
}

TEST(check_report, all_is_kept_when_nothing_is_broken) {
  auto findings = one_kept_one_broken();
  EXPECT_FALSE(all_kept(findings));
  findings.pop_back();
  EXPECT_TRUE(all_kept(findings));
  EXPECT_TRUE(boost::json::parse(to_json(findings)).at("kept").as_bool());
}

}  // namespace
}  // namespace ticketshow::check
