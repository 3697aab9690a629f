#include "services/payment/rules.hpp"

#include <fmt/format.h>

#include "base/bytes.hpp"

namespace ticketshow::payment::rules {
namespace {

constexpr std::size_t max_description = 200;  // characters, as auth takes them; counted here in bytes, which are more

}  // namespace

action next_action(step now, course kind) {
  switch (now) {
    case step::INTENT:
      return kind == course::wallet ? action::DEBIT : action::OPEN;
    case step::CAPTURED:
      return kind == course::top_up ? action::TOP_UP : action::SETTLE;
    case step::GIVING_BACK:
      return kind == course::wallet ? action::CREDIT : action::NONE;  // cards: see card_refunds.hpp
    case step::CHECKOUT:
    case step::COMPLETED:
    case step::FAILED:
    case step::REFUNDED:
      return action::NONE;
  }
  std::unreachable();
}

payment_status status_of(step now) {
  switch (now) {
    case step::INTENT:
    case step::CHECKOUT:
    case step::CAPTURED:
      return payment_status::PENDING;
    case step::COMPLETED:
      return payment_status::COMPLETED;
    case step::FAILED:
      return payment_status::FAILED;
    case step::GIVING_BACK:
      return payment_status::REFUND_INITIATED;
    case step::REFUNDED:
      return payment_status::REFUNDED;
  }
  std::unreachable();
}

std::optional<contract::problem> refusal(const booking::booking_to_settle& what, std::int64_t payer,
                                         const std::optional<money>& amount, timestamp now) {
  // Somebody else's booking is answered like one that does not exist: ids tell nothing.
  if (what.user_id != payer) return contract::problem{&booking_not_found, {}};
  if (amount && *amount != what.total_amount) {
    contract::problem wrong{&amount_mismatch,
                            fmt::format("The booking costs {} {}.", to_string(what.total_amount), what.currency)};
    wrong.errors.push_back({"/amount", "is not the booking's total"});
    return wrong;
  }
  switch (what.status) {
    case booking::booking_status::PENDING:
    case booking::booking_status::CONFIRMED:
      return {};
    case booking::booking_status::EXPIRED:
      // The seats may be free still; whether they are is decided when the money is there.
      if (what.show_time > now) return {};
      return contract::problem{&booking_not_payable, "The hold of the seats has ended, and the show has begun."};
    case booking::booking_status::CANCELLED:
      return contract::problem{&booking_not_payable, "This booking was cancelled."};
    case booking::booking_status::FAILED:
      return contract::problem{&booking_not_payable, "This booking has failed."};
  }
  std::unreachable();
}

std::optional<reason> reason_to_give_back(booking::settlement outcome) {
  switch (outcome) {
    case booking::settlement::CONFIRMED:
      return {};
    case booking::settlement::SURPLUS:
      return reason{"SURPLUS", "The booking had been paid already; the money was given back."};
    case booking::settlement::SEATS_GONE:
      return reason{"SEATS_GONE", "The hold had ended and the seats went to somebody else; the money was given back."};
    case booking::settlement::CANCELLED:
      return reason{"BOOKING_CANCELLED", "The booking had been cancelled; the money was given back."};
    case booking::settlement::SALES_CLOSED:
      return reason{"SALES_CLOSED",
                    "The hold had ended and the showing is no longer on sale; the money was given back."};
    case booking::settlement::AMOUNT_MISMATCH:
      return reason{"AMOUNT_MISMATCH", "The amount was not the booking's; the money was given back."};
  }
  std::unreachable();
}

std::string describe(std::int64_t booking_id, std::string_view show_name) {
  auto text = fmt::format("Booking {}: {}", booking_id, show_name);
  text.resize(utf8_prefix(text, max_description).size());
  return text;
}

}  // namespace ticketshow::payment::rules
