#include "services/payment/card_rules.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ticketshow::payment::rules {
namespace {

using namespace std::chrono_literals;

constexpr reason wrong_amount{"AMOUNT_MISMATCH",
                              "The card was charged another amount than the payment's; all of it is given back."};
constexpr reason nothing_taken{"AMOUNT_MISMATCH", "The card provider took nothing from the card; nothing was paid."};
constexpr reason closed{"PAYMENT_CLOSED", "The payment was over when the card was charged; the money is given back."};
constexpr reason no_page_in_time{"HOLD_EXPIRED",
                                 "The hold of the seats ended before the card provider opened its page."};
constexpr reason provider_away{"PROVIDER_AWAY", "The card provider could not be reached; nothing was charged."};
constexpr reason second{"SURPLUS", "The payment had been made already; the second charge is given back."};

contract::problem ask_to_wait(std::string why, std::chrono::seconds wait) {
  const auto minutes = std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::minutes>(wait).count());
  return {.kind = &contract::too_many_requests,
          .detail = fmt::format("{} Please wait for {} min.", why, minutes),
          .retry_after_s = static_cast<int>(std::max<std::int64_t>(1, wait.count()))};
}

}  // namespace

std::optional<contract::problem> too_many_pages(const pages_begun& begun, const page_limits& allowed) {
  if (begun.pages > allowed.in_an_hour) {
    return ask_to_wait(fmt::format("An account may begin {} payments by card within an hour.", allowed.in_an_hour),
                       begun.until_fewer_pages);
  }
  if (begun.unpaid_top_ups > allowed.unpaid_top_ups) {
    return ask_to_wait(fmt::format("{} top-ups wait for their card already; pay one of them.", allowed.unpaid_top_ups),
                       begun.until_fewer_top_ups);
  }
  return {};
}

std::optional<contract::problem> page_refusal(const booking::booking_to_settle& what, timestamp now) {
  using booking::booking_status;
  if (what.status == booking_status::PENDING && what.expires_at - now < least_time_to_pay) {
    return contract::problem{&booking_not_payable,
                             "The hold of the seats ends in less than a minute, too soon to pay by card."};
  }
  if (what.status == booking_status::EXPIRED) {
    return contract::problem{&booking_not_payable, "The hold of the seats has ended; please book again."};
  }
  return {};
}

std::optional<contract::problem> failure_to_begin(step now, const std::optional<std::string>& failure_code,
                                                  std::string_view why) {
  if (now != step::FAILED) return {};
  if (failure_code == page_not_opened.code) return contract::problem{&method_unavailable, std::string(why)};
  if (failure_code == no_page_in_time.code) return contract::problem{&booking_not_payable, std::string(why)};
  return {};
}

std::optional<reason> capture_refusal(step now, money wanted, std::string_view wanted_currency,
                                      const ports::card_payment& taken) {
  if (taken.amount == money{}) return nothing_taken;
  if (taken.amount != wanted || taken.currency != wanted_currency) return wrong_amount;
  switch (now) {
    case step::INTENT:  // paid before we recorded that the page is open
    case step::CHECKOUT:
      return {};
    case step::FAILED:
      return closed;
    case step::CAPTURED:
    case step::COMPLETED:
    case step::GIVING_BACK:
    case step::REFUNDED:
      return second;
  }
  std::unreachable();
}

std::string words_of_decline(const ports::card_payment& attempt) {
  if (!attempt.failure.empty()) return attempt.failure;
  return attempt.status == ports::card_status::cancelled ? "The payment was cancelled on the card provider's page."
                                                         : "The card was not accepted.";
}

bool is_wrong_amount(const reason& why) { return why.code == wrong_amount.code; }

std::optional<closing> reason_to_close(const booking::booking_to_settle& what, timestamp now) {
  switch (what.status) {
    case booking::booking_status::PENDING:
      return {};
    case booking::booking_status::EXPIRED:
      if (now - what.expires_at < late_payment) return {};
      return closing{{"HOLD_EXPIRED", "The hold of the seats ended before the booking was paid."}, true};
    case booking::booking_status::CANCELLED:
      return closing{{"BOOKING_CANCELLED", "The booking was cancelled before it was paid."}, false};
    case booking::booking_status::FAILED:
      return closing{{"BOOKING_FAILED", "The booking failed before it was paid."}, false};
    case booking::booking_status::CONFIRMED:
      return closing{{"ALREADY_PAID", "The booking was paid otherwise."}, false};
  }
  std::unreachable();
}

std::optional<closing> reason_not_to_open(const booking::booking_to_settle& what, timestamp now) {
  if (page_refusal(what, now)) return closing{no_page_in_time, true};
  return reason_to_close(what, now);
}

std::optional<closing> reason_not_to_open(std::chrono::seconds age) {
  if (age < patience_with_provider) return {};
  return closing{provider_away, true};
}

std::optional<std::chrono::seconds> next_look(std::chrono::seconds age, bool somebody_waits, bool unfinished) {
  if (age >= page_life) {
    if (!unfinished) return {};
    return age < 30 * 24h ? std::chrono::seconds(24h) : age;
  }
  if (!somebody_waits) return std::max<std::chrono::seconds>(10min, age);
  if (age < 10min) return 20s;
  return age < 1h ? 60s : std::chrono::seconds(age / 4);
}

std::chrono::seconds look_after_failure(std::chrono::seconds age) {
  return std::max<std::chrono::seconds>(30s, age / 16);
}

refund_move next_refund_move(const std::optional<refund_attempt>& latest, std::int64_t attempts_allowed) {
  if (latest && latest->state != attempt_state::FAILED) return refund_move::LOOK;
  const auto made = latest ? latest->number : 0;
  return made < attempts_allowed ? refund_move::SEND_NEW : refund_move::GIVE_UP;
}

std::optional<ports::card_refund> find_attempt(const refund_attempt& ours, const std::vector<ports::card_refund>& seen,
                                               money whole, const std::vector<refund_attempt>& others) {
  const auto found = std::ranges::find_if(seen, [&](const ports::card_refund& each) {
    return ours.provider_refund_id ? each.id == *ours.provider_refund_id : each.reference == ours.reference;
  });
  if (found != seen.end()) return *found;
  if (ours.state != attempt_state::SENDING) return {};
  const auto other = std::ranges::find_if(seen, [&](const ports::card_refund& each) {
    return each.state != ports::card_refund::status::failed && !each.partial && each.amount.value_or(whole) == whole &&
           std::ranges::find(others, std::optional(each.id), &refund_attempt::provider_refund_id) == others.end();
  });
  return other == seen.end() ? std::nullopt : std::optional(*other);
}

attempt_state state_of(const ports::card_refund& seen) {
  switch (seen.state) {
    case ports::card_refund::status::pending:
      return attempt_state::PENDING;
    case ports::card_refund::status::succeeded:
      return attempt_state::SUCCEEDED;
    case ports::card_refund::status::failed:
      return attempt_state::FAILED;
  }
  std::unreachable();
}

std::chrono::seconds retry_delay(std::int64_t attempt, std::chrono::seconds first) {
  return first * (std::int64_t{1} << (2 * std::clamp<std::int64_t>(attempt - 1, 0, 6)));
}

}  // namespace ticketshow::payment::rules
