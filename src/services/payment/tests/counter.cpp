#include "services/payment/tests/counter.hpp"

#include <gtest/gtest.h>

#include "tests/support/wait_until.hpp"

namespace ticketshow::payment::testing {

using namespace std::chrono_literals;

counter::counter(options settings, bool takes_cards) : takes_cards_(takes_cards) { restart(std::move(settings)); }

counter::~counter() { stop(); }

void counter::stop() {
  if (!process_) return;
  run(process_->payment.stop(rt::deadline::after(10s)));
  run(process_->pool.stop(rt::deadline::after(10s)));
  process_.reset();
}

void counter::restart(options settings) {
  stop();
  process_ = std::make_unique<process>(*this, settings);
  run(process_->pool.start());
  run(process_->payment.start());
}

std::int64_t counter::book(std::int64_t user_id, booking::booking_status status, money wallet) {
  const auto id = next_booking_++;
  const auto now = clock.now();
  bookings.bookings[id] = {.shown = {.id = id,
                                     .user_id = user_id,
                                     .total_amount = {350'00},
                                     .currency = "INR",
                                     .status = status,
                                     .expires_at = now + 10min,
                                     .show_time = now + 2h,
                                     .show_name = "The Long Wait"}};
  accounts.balances.try_emplace(user_id, wallet.minor);
  return id;
}

rt::call counter::call_of(std::int64_t user_id) {
  return {.until = rt::deadline::after(20s),
          .correlation_id = "0123456789abcdef0123456789abcdef",
          .caller = {.type = rt::principal::kind::user, .user_id = user_id, .email = "somebody@example.com"}};
}

std::string counter::status_of(std::int64_t booking_id) {
  return outcome_of(ask(booked(booking_id).shown.user_id, get_booking_payment{booking_id}));
}

void counter::wait_until(const std::function<bool()>& done) { test::wait_until(io, done); }

std::string outcome_of(const contract::result<payment_view>& answer) {
  if (!answer) return std::string(answer.error().kind->code);
  return boost::describe::enum_to_string(answer->status, "");
}

std::string url_of(const contract::result<payment_view>& answer) {
  EXPECT_TRUE(answer && answer->checkout_url);
  return answer && answer->checkout_url ? *answer->checkout_url : "";
}

}  // namespace ticketshow::payment::testing
