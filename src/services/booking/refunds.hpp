#pragma once

#include "api/payment.hpp"
#include "base/random.hpp"
#include "rt/bell.hpp"
#include "rt/gate.hpp"
#include "services/booking/store.hpp"

namespace ticketshow::booking {

/// Asks payment to give back what was paid for cancelled bookings, until it has answered each request. Requests are
/// rows written with the cancellation, so none is lost; payment gives back once however often it is asked.
class refunds {
 public:
  struct options {
    std::int64_t first_retry_s;
    std::int64_t last_retry_s;
    std::size_t at_once;
  };

  refunds(rt::executor io, store& tables, payment::port& payments, random_source& random, options chosen);

  /// Begins its work in `background`, which must be closed before this is destroyed.
  void start(rt::gate& background);
  /// Rung when a request was written.
  rt::bell& due() { return due_; }

 private:
  rt::task<> step();
  rt::task<> ask(const refund_request& request, std::vector<refund_answer>& answers);

  store& store_;
  payment::port& payments_;
  random_source& random_;
  options options_;
  rt::gate* background_ = nullptr;
  rt::bell due_;
};

}  // namespace ticketshow::booking
