#pragma once

#include "rt/task.hpp"

namespace ticketshow::rt {

/// Lets one loop sleep until somebody rings or time has passed. A ring while nobody sleeps is kept for the next wait.
/// I/O thread only.
class bell {
 public:
  explicit bell(executor io) : alarm_(io) {}

  void ring() {
    rung_ = true;
    alarm_.cancel();
  }
  task<> wait(steady_clock::duration at_most);

 private:
  timer alarm_;
  bool rung_ = false;
};

}  // namespace ticketshow::rt
