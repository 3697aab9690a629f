#include "adapters/card_dodo/pace.hpp"

#include <gtest/gtest.h>

#include "rt/unavailable.hpp"
#include "tests/support/run_all.hpp"
#include "tests/support/seed.hpp"

namespace ticketshow::card_dodo {
namespace {

using namespace std::chrono_literals;
using time = allowance::time;

constexpr time start{1h};

/// Calls as fast as they may go, from `now` on, until `end`; gives when.
std::vector<time> calls_until(allowance& allowed, haste how, time now, time end) {
  std::vector<time> made;
  for (now = allowed.next(how, now); now < end; now = allowed.next(how, now)) {
    allowed.use(now);
    made.push_back(now);
  }
  return made;
}

std::int64_t most_within(const std::vector<time>& calls, rt::steady_clock::duration window) {
  std::int64_t most = 0;
  for (const auto& first : calls) {
    most =
        std::max(most, std::ranges::count_if(calls, [&](time each) { return each >= first && each < first + window; }));
  }
  return most;
}

TEST(Allowance, no_second_and_no_minute_ever_sees_more_than_their_limit) {
  TICKETSHOW_SEEDED(random);
  allowance allowed({});
  std::vector<time> made;
  auto now = start;
  for (int burst = 0; burst < 30; ++burst) {
    const auto how = random.one_in(2) ? haste::customer : haste::work;
    const auto calls = calls_until(allowed, how, now, now + std::chrono::milliseconds(random.between(1, 9'000)));
    made.insert(made.end(), calls.begin(), calls.end());
    if (!calls.empty()) now = calls.back();
    now += std::chrono::milliseconds(random.between(0, 20'000));
  }
  EXPECT_LE(most_within(made, 1s), 10);
  EXPECT_LE(most_within(made, 60s), 100);
}

TEST(Allowance, all_of_it_is_used_when_there_is_need) {
  allowance allowed({});
  EXPECT_EQ(calls_until(allowed, haste::customer, start, start + 1s).size(), 10);
  EXPECT_EQ(calls_until(allowed, haste::customer, start + 1s, start + 60s).size(), 90);
}

TEST(Allowance, work_leaves_room_for_customers) {
  allowance allowed({});
  EXPECT_EQ(calls_until(allowed, haste::work, start, start + 1s).size(), 8);
  EXPECT_EQ(allowed.next(haste::customer, start + 900ms), start + 900ms);
  EXPECT_EQ(calls_until(allowed, haste::work, start + 1s, start + 60s).size(), 72);
  EXPECT_EQ(calls_until(allowed, haste::customer, start + 50s, start + 60s).size(), 20);
}

TEST(Allowance, what_the_provider_says_goes_before_our_own_count) {
  allowance allowed({});
  allowed.told_remaining(99, start);
  EXPECT_EQ(allowed.next(haste::work, start), start);
  allowed.told_remaining(15, start);
  EXPECT_EQ(allowed.next(haste::customer, start), start);
  EXPECT_EQ(allowed.next(haste::work, start), start + 1s);
  allowed.told_remaining(0, start);
  EXPECT_EQ(allowed.next(haste::customer, start), start + 1s);
}

TEST(Allowance, a_refusal_closes_for_as_long_as_it_says_or_for_ever_longer) {
  allowance said({});
  said.refused(7s, start);
  EXPECT_EQ(said.next(haste::customer, start), start + 7s);
  EXPECT_EQ(said.next(haste::work, start), start + 7s);
  allowance silent({});
  auto now = start;
  for (const auto wait : {1s, 2s, 4s, 8s, 16s, 32s, 64s, 64s}) {
    silent.refused(0s, now);
    silent.refused(0s, now + 1ms);  // one that left together with it
    EXPECT_EQ(silent.next(haste::work, now), now + wait);
    now += wait;
  }
  silent.accepted();
  silent.refused(0s, now);
  EXPECT_EQ(silent.next(haste::work, now), now + 1s);
  said.refused(std::chrono::hours(1'000'000), start);
  EXPECT_EQ(said.next(haste::work, start), start + 10min);
}

rt::task<int> take(pace& from, rt::deadline until, haste how, int& order) {
  try {
    co_await from.turn(until, how);
  } catch (const rt::unavailable&) {
    co_return -1;
  }
  co_return order++;
}

TEST(Pace, turns_come_in_order_and_customers_before_the_work_that_waits) {
  rt::asio::io_context io;
  pace tested(io.get_executor(), {.per_second = 4, .per_minute = 100, .kept_of_a_second = 2, .kept_of_a_minute = 0});
  int order = 0;
  const auto until = rt::deadline::after(10s);
  std::vector<rt::task<int>> work;
  for (int i = 0; i < 4; ++i) work.push_back(take(tested, until, haste::work, order));
  for (int i = 0; i < 2; ++i) work.push_back(take(tested, until, haste::customer, order));
  EXPECT_EQ(test::run_all(io, std::move(work)), (std::vector<int>{0, 1, 4, 5, 2, 3}));
}

TEST(Pace, who_cannot_be_served_in_time_hears_it_at_once) {
  rt::asio::io_context io;
  pace tested(io.get_executor(), {.per_second = 1, .per_minute = 100, .kept_of_a_second = 0, .kept_of_a_minute = 0});
  int order = 0;
  const auto began = rt::steady_clock::now();
  std::vector<rt::task<int>> work;
  for (int i = 0; i < 3; ++i) work.push_back(take(tested, rt::deadline::after(500ms), haste::work, order));
  EXPECT_EQ(test::run_all(io, std::move(work)), (std::vector<int>{0, -1, -1}));
  EXPECT_LT(rt::steady_clock::now() - began, 400ms);
}

TEST(Pace, who_waits_in_vain_behind_others_gives_up_at_the_deadline_and_leaves_the_line) {
  rt::asio::io_context io;
  pace tested(io.get_executor(), {.per_second = 1, .per_minute = 100, .kept_of_a_second = 0, .kept_of_a_minute = 0});
  int order = 0;
  std::vector<rt::task<int>> work;
  work.push_back(take(tested, rt::deadline::after(10s), haste::work, order));
  work.push_back(take(tested, rt::deadline::after(10s), haste::work, order));
  work.push_back(take(tested, rt::deadline::after(1300ms), haste::work, order));
  work.push_back(take(tested, rt::deadline::after(10s), haste::work, order));
  EXPECT_EQ(test::run_all(io, std::move(work)), (std::vector<int>{0, 1, -1, 2}));
}

}  // namespace
}  // namespace ticketshow::card_dodo
