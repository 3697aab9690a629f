#pragma once

#include <functional>
#include <map>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "rt/bell.hpp"
#include "rt/gate.hpp"
#include "services/payment/steps.hpp"

namespace ticketshow::payment {

/// Brings payments to their end, step by step (steps.hpp): debit or card page, capture, settlement, and the way back
/// into the wallet. What is certain is recorded after each step and each call can be repeated (the wallet's by
/// reference, booking's by payment), so a run that is cut off anywhere is taken up again from the record by any
/// process. I/O thread only.
class saga {
 public:
  struct options {
    std::chrono::milliseconds call_time;  ///< for one call to another service
    std::size_t at_once;                  ///< runs that the sweeper keeps going
    std::function<void(std::string_view)> at_step;
    std::function<void()> told;  ///< a payment came to rest: others hear of it
    /// Opens the page of a payment by card; empty where none is taken.
    std::function<rt::task<std::optional<record>>(record)> open_page;
    std::function<void()> owed;  ///< a payment by card must go back
  };

  saga(rt::executor io, store& payments, booking::port& bookings, auth::port& accounts, random_source& random,
       options chosen);

  /// Makes due at once what an earlier life of the process left. Before start(): this life has no leases of its own
  /// yet.
  rt::task<> end_leases(rt::deadline until);
  /// From now on goes on with whatever is due.
  void start(std::chrono::milliseconds pause);
  /// Lets runs come to an end until `until`, then cuts them off.
  rt::task<> stop(rt::deadline until);

  /// Goes on with a payment that was just taken (store::take, record_intent, give_back), apart from the caller, who may
  /// go away. Throws rt::unavailable when stopping.
  void go_on(record taken);

  /// Waits until the payment rests, which it takes up itself if nobody else does; at most until `until`, or until the
  /// run that is under way has failed. Gives the payment as it is then. `last_known` may be outdated.
  rt::task<record> bring_to_end(record last_known, rt::deadline until);

  /// Rung when payments became due: they are looked for at once.
  rt::bell& due() { return due_; }

  /// Marks a step between which and the next a test may cut the work off: rt::fault_point, options::at_step.
  void reached(std::string_view point) const;

  /// Runs under way here.
  [[nodiscard]] std::size_t running() const { return running_.size(); }

 private:
  struct wake_up;

  rt::task<> run(record taken);
  rt::task<> advance(record& known);
  rt::task<bool> wait_for_run(std::int64_t id, rt::deadline until);
  rt::task<> sweep_after(std::chrono::milliseconds pause);
  /// One look for payments that are due; those found go on by themselves.
  rt::task<> sweep();

  rt::executor io_;
  store& store_;
  random_source& random_;
  options options_;
  refunds refunds_;
  steps steps_;
  rt::bell due_;
  bool more_due_ = false;  // the last look found as many as there was room for
  rt::gate runs_;
  rt::gate sweeping_;
  struct under_way {
    std::vector<rt::timer*> waiting;  // who waits for the run
    std::optional<record> next;       // taken for another run while this one was leaving
  };
  std::map<std::int64_t, under_way> running_;  // by payment
};

}  // namespace ticketshow::payment
