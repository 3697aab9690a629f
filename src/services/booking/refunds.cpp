#include "services/booking/refunds.hpp"

#include "rt/in_parallel.hpp"
#include "rt/log.hpp"
#include "rt/metrics.hpp"

namespace ticketshow::booking {
namespace {

using namespace std::chrono_literals;

constexpr auto look_again = 1s;
constexpr auto step_time = 10s;
constexpr auto ask_time = 5s;
constexpr std::int64_t chunk = 256;
constexpr std::int64_t patience = 3;  // attempts before an operator hears of it

}  // namespace

refunds::refunds(rt::executor io, store& tables, payment::port& payments, random_source& random, options chosen)
    : store_(tables), payments_(payments), random_(random), options_(chosen), due_(io) {}

void refunds::start(rt::gate& background) {
  background_ = &background;
  due_.ring();
  background.repeat(1ms, [this] { return step(); });
}

rt::task<> refunds::step() {
  co_await due_.wait(look_again);
  while (!background_->closing()) {
    const auto requests = co_await store_.take_refunds(rt::deadline::after(step_time), chunk, options_.first_retry_s,
                                                       options_.last_retry_s);
    if (requests.empty()) co_return;
    std::vector<refund_answer> answers;
    co_await rt::in_parallel(requests.size(), options_.at_once,
                             [&](std::size_t i) { return ask(requests[i], answers); });
    if (!answers.empty()) co_await store_.answer_refunds(rt::deadline::after(step_time), std::move(answers));
  }
}

rt::task<> refunds::ask(const refund_request& request, std::vector<refund_answer>& answers) {
  if (background_->closing()) co_return;  // asked again after the next start
  std::string why;
  try {
    rt::call call{.until = rt::deadline::after(ask_time), .correlation_id = random_hex(random_, 16)};
    payment::refund_booking wanted{request.booking_id, request.reason, request.initiated_by};
    auto answer = co_await payments_.handle(call.as_service("booking"), std::move(wanted));
    if (answer) {
      answers.push_back({request.booking_id, answer->status});
      co_return;
    }
    why = answer.error().kind->code;
  } catch (const std::exception& error) {
    why = error.what();
  }
  if (request.attempts >= patience) {
    rt::log::warning("a refund is not answered",
                     {{"booking", request.booking_id}, {"attempts", request.attempts}, {"reason", why}});
  }
}

}  // namespace ticketshow::booking
