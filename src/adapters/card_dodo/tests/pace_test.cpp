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
    allowed.count(how, now);
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
    const auto how = all_haste.at(static_cast<std::size_t>(random.between(0, 2)));
    const auto calls = calls_until(allowed, how, now, now + std::chrono::milliseconds(random.between(1, 9'000)));
    made.insert(made.end(), calls.begin(), calls.end());
    if (!calls.empty()) now = calls.back();
    now += std::chrono::milliseconds(random.between(0, 20'000));
  }
  EXPECT_LE(most_within(made, 1s), 10);
  EXPECT_LE(most_within(made, 60s), 100);
}

TEST(Allowance, each_haste_leaves_what_is_kept_for_the_others_and_no_more) {
  const std::array most_of_a_second{7, 7, 6};
  const std::array most_of_a_minute{70, 70, 60};
  for (std::size_t i = 0; i < all_haste.size(); ++i) {
    allowance allowed({});
    EXPECT_EQ(calls_until(allowed, all_haste.at(i), start, start + 1s).size(), most_of_a_second.at(i));
    EXPECT_EQ(calls_until(allowed, all_haste.at(i), start + 1s, start + 60s).size(),
              most_of_a_minute.at(i) - most_of_a_second.at(i));
  }
}

TEST(Allowance, all_of_it_is_used_when_all_have_need) {
  allowance allowed({});
  std::size_t made = 0;
  for (const auto how : all_haste) made += calls_until(allowed, how, start, start + 60s).size();
  EXPECT_EQ(made, 100);
}

TEST(Allowance, a_rush_for_pages_never_keeps_a_refund_waiting_nor_the_watch_for_ever) {
  TICKETSHOW_SEEDED(random);
  allowance allowed({});
  auto next_refund = start;
  auto next_look = start;
  for (auto now = start; now < start + 10min; now += 100ms) {
    while (allowed.next(haste::customer, now) <= now) allowed.count(haste::customer, now);
    if (now >= next_refund) {
      EXPECT_EQ(allowed.next(haste::work, now), now);
      allowed.count(haste::work, now);
      next_refund = now + std::chrono::milliseconds(random.between(3'100, 6'000));  // below 20 a minute
    }
    if (now >= next_look) {
      EXPECT_EQ(allowed.next(haste::watch, now), now);
      allowed.count(haste::watch, now);
      next_look = now + std::chrono::milliseconds(random.between(6'200, 9'000));  // below 10 a minute
    }
  }
}

TEST(Allowance, work_leaves_room_for_customers) {
  allowance allowed({});
  calls_until(allowed, haste::work, start, start + 1s);
  EXPECT_EQ(allowed.next(haste::customer, start + 900ms), start + 900ms);
  calls_until(allowed, haste::work, start + 1s, start + 60s);
  EXPECT_EQ(calls_until(allowed, haste::customer, start + 50s, start + 60s).size(), 20);
}

TEST(Allowance, what_the_provider_says_goes_before_our_own_count) {
  allowance allowed({});
  allowed.told_remaining(99, start);
  EXPECT_EQ(allowed.next(haste::work, start), start);
  allowed.told_remaining(30, start);
  EXPECT_EQ(allowed.next(haste::work, start), start);
  EXPECT_EQ(allowed.next(haste::watch, start), start + 1s);
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

/// One window of that many calls a second, nothing of it kept.
limits seconds_of(std::size_t most) { return {.second = {most, {}}, .minute = {100, {}}}; }

TEST(Pace, turns_come_in_order_and_customers_before_work_and_work_before_the_watch) {
  rt::asio::io_context io;
  pace tested(io.get_executor(), seconds_of(2));
  int order = 0;
  const auto until = rt::deadline::after(10s);
  std::vector<rt::task<int>> turns;
  for (const auto how : {haste::work, haste::work, haste::watch, haste::watch, haste::work, haste::customer}) {
    turns.push_back(take(tested, until, how, order));
  }
  EXPECT_EQ(test::run_all(io, std::move(turns)), (std::vector<int>{0, 1, 4, 5, 3, 2}));
}

TEST(Pace, customers_go_first_only_within_their_share) {
  rt::asio::io_context io;
  pace tested(io.get_executor(), {.second = {3, {0, 1, 0}}, .minute = {100, {}}});
  int order = 0;
  const auto until = rt::deadline::after(10s);
  std::vector<rt::task<int>> turns;
  for (const auto how : {haste::customer, haste::customer, haste::customer, haste::work}) {
    turns.push_back(take(tested, until, how, order));
  }
  EXPECT_EQ(test::run_all(io, std::move(turns)), (std::vector<int>{0, 1, 3, 2}));
}

TEST(Pace, who_cannot_be_served_in_time_hears_it_at_once) {
  rt::asio::io_context io;
  pace tested(io.get_executor(), seconds_of(1));
  int order = 0;
  const auto began = rt::steady_clock::now();
  std::vector<rt::task<int>> work;
  for (int i = 0; i < 3; ++i) work.push_back(take(tested, rt::deadline::after(500ms), haste::work, order));
  EXPECT_EQ(test::run_all(io, std::move(work)), (std::vector<int>{0, -1, -1}));
  EXPECT_LT(rt::steady_clock::now() - began, 400ms);
}

TEST(Pace, who_waits_in_vain_behind_others_gives_up_at_the_deadline_and_leaves_the_line) {
  rt::asio::io_context io;
  pace tested(io.get_executor(), seconds_of(1));
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
