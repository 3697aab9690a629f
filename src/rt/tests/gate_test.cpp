#include "rt/gate.hpp"

#include <gtest/gtest.h>

namespace ticketshow::rt {
namespace {

using namespace std::chrono_literals;

task<> sleep_long(bool& left) {
  struct note {
    ~note() { flag = true; }
    bool& flag;
  };
  const note at_end{left};
  co_await sleep_for(1h);
}

task<> sleep_then_count(steady_clock::duration time, int& count) {
  co_await sleep_for(time);
  ++count;
}

task<> fail(std::string why) {
  co_await sleep_for(1ms);
  throw std::runtime_error(why);
}

class gate_test : public ::testing::Test {
 protected:
  template <class T>
  T run(task<T> work) {
    return rt::run(io_, std::move(work));
  }

  asio::io_context io_;
  gate gate_{io_.get_executor(), "gate_test"};
};

TEST_F(gate_test, closing_cancels_and_waits_for_what_runs) {
  bool first = false;
  bool second = false;
  gate_.spawn(sleep_long(first));
  gate_.spawn(sleep_long(second));
  run(sleep_for(1ms));
  EXPECT_EQ(gate_.size(), 2U);
  EXPECT_TRUE(run(gate_.close(deadline::after(5s))));
  EXPECT_TRUE(first);
  EXPECT_TRUE(second);
  EXPECT_EQ(gate_.size(), 0U);
}

TEST_F(gate_test, closing_before_the_work_began_leaves_nothing_behind) {
  bool left = false;
  gate_.spawn(sleep_long(left));
  EXPECT_TRUE(run(gate_.close(deadline::after(5s))));
  EXPECT_EQ(gate_.size(), 0U);
}

TEST_F(gate_test, work_that_fails_is_repeated_ever_more_slowly_until_it_succeeds) {
  int steps = 0;
  bool broken = true;
  gate_.repeat(1ms, [&] {
    ++steps;
    return broken ? fail("not now") : sleep_for(1ms);
  });
  run(sleep_for(450ms));
  EXPECT_GE(steps, 2);
  EXPECT_LE(steps, 4);
  broken = false;
  run(sleep_for(600ms));
  EXPECT_GT(steps, 20);
  EXPECT_TRUE(run(gate_.close(deadline::after(5s))));
}

TEST_F(gate_test, draining_lets_the_work_finish) {
  int count = 0;
  gate_.spawn(sleep_then_count(20ms, count));
  EXPECT_TRUE(run(gate_.drain(deadline::after(5s))));
  EXPECT_EQ(count, 1);
}

TEST_F(gate_test, draining_gives_up_at_the_deadline) {
  bool left = false;
  gate_.spawn(sleep_long(left));
  EXPECT_FALSE(run(gate_.drain(deadline::after(20ms))));
  EXPECT_FALSE(left);
  EXPECT_TRUE(run(gate_.close(deadline::after(5s))));
}

TEST_F(gate_test, work_after_closing_is_dropped) {
  EXPECT_TRUE(run(gate_.close(deadline::after(5s))));
  int count = 0;
  gate_.spawn(sleep_then_count(0ms, count));
  EXPECT_EQ(gate_.size(), 0U);
  run(sleep_for(5ms));
  EXPECT_EQ(count, 0);
}

TEST_F(gate_test, an_exception_is_logged_and_ends_only_its_own_work) {
  int count = 0;
  ::testing::internal::CaptureStderr();
  gate_.spawn(fail("the cellar is flooded"));
  gate_.spawn(sleep_then_count(10ms, count));
  EXPECT_TRUE(run(gate_.drain(deadline::after(5s))));
  const auto log = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(count, 1);
  EXPECT_NE(log.find("the cellar is flooded"), std::string::npos) << log;
  EXPECT_NE(log.find("gate_test"), std::string::npos) << log;
}

TEST_F(gate_test, being_cancelled_is_not_logged_as_a_failure) {
  bool left = false;
  ::testing::internal::CaptureStderr();
  gate_.spawn(sleep_long(left));
  run(gate_.close(deadline::after(5s)));
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

task<> count_and_fail_once(int& count) {
  co_await sleep_for(0ms);
  if (++count == 1) throw std::runtime_error("the first step fails");
}

task<> wait_until_counted(const int& count, int wanted) {
  const auto until = deadline::after(5s);
  while (count < wanted && !until.passed()) co_await sleep_for(1ms);
}

TEST_F(gate_test, repeating_goes_on_after_a_failure_until_closed) {
  int count = 0;
  ::testing::internal::CaptureStderr();
  gate_.repeat(1ms, [&count] { return count_and_fail_once(count); });
  run(wait_until_counted(count, 4));
  EXPECT_GE(count, 4);
  EXPECT_TRUE(run(gate_.close(deadline::after(5s))));
  EXPECT_NE(::testing::internal::GetCapturedStderr().find("the first step fails"), std::string::npos);
  const int at_the_end = count;
  run(sleep_for(10ms));
  EXPECT_EQ(count, at_the_end);
}

TEST_F(gate_test, repeating_ends_at_once_though_its_pause_is_long) {
  int count = 1;
  gate_.repeat(1h, [&count] { return count_and_fail_once(count); });
  run(wait_until_counted(count, 2));
  const auto began = steady_clock::now();
  EXPECT_TRUE(run(gate_.close(deadline::after(5s))));
  EXPECT_LT(steady_clock::now() - began, 1s);
}

}  // namespace
}  // namespace ticketshow::rt
