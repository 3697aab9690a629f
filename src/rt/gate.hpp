#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include <boost/asio/cancellation_signal.hpp>

#include "rt/call.hpp"
#include "rt/task.hpp"

namespace ticketshow::rt {

/// Owns the background work of a module. Work enters with spawn(); close() cancels it and waits until all of it has
/// left, after which what the work refers to may be destroyed. I/O thread only.
class gate {
 public:
  gate(executor io, std::string name);
  /// The gate must be empty: close() it first.
  ~gate();
  gate(const gate&) = delete;
  gate& operator=(const gate&) = delete;

  /// Starts `work`. An exception that leaves it is logged, and ends that work alone. After close() began, work is
  /// dropped.
  void spawn(task<> work);

  /// Calls `step` again and again, `pause` apart, until the gate closes. After an exception the next step comes later,
  /// up to 5 s, twice as late with each one in a row; the log has the first and that it is over. For sweepers.
  void repeat(steady_clock::duration pause, std::function<task<>()> step);

  /// Asks all work to end (its pending operations are cancelled) and waits for it, at most until `until`; then true if
  /// empty.
  task<bool> close(deadline until);

  /// Waits for the work without cancelling it, at most until `until`; then true if empty. New work is refused.
  task<bool> drain(deadline until);

  [[nodiscard]] std::size_t size() const { return running_.size(); }
  [[nodiscard]] bool closing() const { return closing_; }

 private:
  task<bool> wait_until_empty(deadline until);

  executor io_;
  std::string name_;
  std::list<std::unique_ptr<asio::cancellation_signal>> running_;
  timer emptied_;
  bool closing_ = false;
};

}  // namespace ticketshow::rt
