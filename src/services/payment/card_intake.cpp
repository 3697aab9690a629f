#include "services/payment/card_intake.hpp"

#include "rt/fault_point.hpp"
#include "rt/log.hpp"
#include "rt/metrics.hpp"

namespace ticketshow::payment {
namespace {

using namespace std::chrono_literals;

constexpr auto record_time = 5s;

void count_refusal(std::string_view code) {
  rt::metrics::counter("ticketshow_payment_captures_refused_total",
                       "Captures of cards that pay for nothing and go back, by the reason.",
                       {{"reason", std::string(code)}})
      .Increment();
}

void call(const std::function<void()>& listener) {
  if (listener) listener();
}

}  // namespace

std::chrono::seconds card_intake::lease_of(int calls, std::chrono::milliseconds call_time) {
  return calls * (std::chrono::ceil<std::chrono::seconds>(call_time) + record_time) + record_time;
}

rt::task<std::optional<taken_in>> card_intake::look(std::string provider_payment_id, ports::haste how) {
  const auto until = call_deadline();
  auto seen = co_await gateway_.find_payment(until, std::move(provider_payment_id), how);
  if (!seen) co_return std::nullopt;
  co_return co_await take(std::move(*seen));
}

rt::task<taken_in> card_intake::take(ports::card_payment seen) {
  const auto taken = co_await captures_.take_in(rt::deadline::after(record_time), seen);
  if (taken.partial) {
    rt::log::error("the card provider has a part of a payment's money: see to it there; nothing is booked for it",
                   {{"payment", *taken.payment_id},
                    {"provider_payment", seen.id},
                    {"amount", to_string(seen.amount)},
                    {"currency", seen.currency}});
  }
  if (taken.refunded_outside) {
    rt::metrics::counter("ticketshow_payment_refunds_outside_total",
                         "Payments whose money somebody sent back at the card provider while their bookings stand.")
        .Increment();
    rt::log::error("the money of a booking that stands was sent back at the card provider: payments failed-refunds",
                   {{"payment", *taken.payment_id},
                    {"provider_payment", seen.id},
                    {"amount", to_string(seen.amount)},
                    {"currency", seen.currency}});
  }
  if (!taken.news()) co_return taken;
  rt::fault_point("payment.card_capture_recorded");
  if (who_.reached) who_.reached("payment.card_capture_recorded");
  if (taken.refused) {
    count_refusal(taken.refused->code);
    const bool wrong = rules::is_wrong_amount(*taken.refused);
    rt::log::write(wrong ? rt::log::level::error : rt::log::level::warning, "a capture pays for nothing and goes back",
                   {{"payment", *taken.payment_id},
                    {"provider_payment", seen.id},
                    {"amount", to_string(seen.amount)},
                    {"currency", seen.currency},
                    {"reason", std::string(taken.refused->code)}});
    call(who_.owed);
  }
  if (taken.captured) call(who_.captured);
  call(who_.told);
  co_return taken;
}

}  // namespace ticketshow::payment
