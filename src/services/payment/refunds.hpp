#pragma once

#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <vector>

#include "api/auth.hpp"
#include "base/random.hpp"
#include "rt/bell.hpp"
#include "rt/gate.hpp"
#include "services/payment/store.hpp"

namespace ticketshow::payment {

/// Puts money back into wallets, many at a time: it collects what arrives while the last batch is in flight, so that a
/// single refund waits for nobody and a hundred thousand cost little each. What keeps a batch from its end is found by
/// taking its refunds one by one. Every step may be repeated: the wallets' by reference, the record's by its step. I/O
/// thread only.
class refunds {
 public:
  refunds(rt::executor io, store& payments, auth::port& accounts, random_source& random,
          std::chrono::milliseconds call_time, std::function<void(std::string_view)> reached);

  void start() { working_.spawn(run()); }
  rt::task<> stop(rt::deadline until) { co_await working_.close(until); }

  /// Credits the wallet with a payment in the step GIVING_BACK and records that. Nothing when the payment was
  /// elsewhere. Throws when it could not be done; it may have been.
  rt::task<std::optional<record>> give(record payment);

 private:
  struct waiting {
    waiting(rt::executor io, record what) : payment(std::move(what)), done(io) {}
    record payment;
    rt::timer done;  // cancelled at the end
    std::optional<record> outcome;
    std::exception_ptr failure;
  };
  using batch = std::vector<std::shared_ptr<waiting>>;

  rt::task<> run();
  rt::task<> make(batch refunds);
  /// Why it failed, if it did.
  rt::task<std::exception_ptr> attempt(batch refunds);

  rt::executor io_;
  store& store_;
  auth::port& accounts_;
  random_source& random_;
  std::chrono::milliseconds call_time_;
  std::function<void(std::string_view)> reached_;
  std::deque<std::shared_ptr<waiting>> queue_;
  rt::bell arrived_;
  rt::gate working_;
};

}  // namespace ticketshow::payment
