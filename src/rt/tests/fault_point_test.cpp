#include "rt/fault_point.hpp"

#include <gtest/gtest.h>

using namespace ticketshow;

// The variable is read once a process: each death test forks a process that has not asked before.

TEST(fault_point, ends_the_process_as_kill_9_would_at_the_chosen_point_only) {
  EXPECT_EXIT(
      {
        ::setenv("TICKETSHOW_FAULT_POINT", "payment.debited", 1);
        rt::fault_point("payment.settled");
        rt::fault_point("payment.debited");
      },
      testing::KilledBySignal(SIGKILL), "");
}

TEST(fault_point, is_passed_when_none_is_chosen) {
  EXPECT_EXIT(
      {
        ::unsetenv("TICKETSHOW_FAULT_POINT");
        rt::fault_point("payment.debited");
        rt::fault_point("");
        ::_exit(rt::fault_points_armed() ? 1 : 0);
      },
      testing::ExitedWithCode(0), "");
}
