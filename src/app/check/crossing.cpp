#include "app/check/crossing.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ticketshow::check {
namespace {

const payment_row* find(std::span<const payment_row> payments, std::int64_t id) {
  const auto found = std::ranges::find(payments, id, &payment_row::id);
  return found == payments.end() ? nullptr : &*found;
}

std::string wrong_amount(const payment_row& payment, const booking_row& booking) {
  return fmt::format("booking {} costs {} to user {}, its payment {} is {} by user {}", booking.id,
                     to_string(booking.amount), booking.user_id, payment.id, to_string(payment.amount),
                     payment.user_id);
}

/// I3 for a confirmed booking: its payment.
void compare_settlement(const booking_row& booking, const payment_row* payment, tally& settled) {
  if (payment == nullptr) {
    settled.broken(fmt::format("booking {} is confirmed by payment {}, which is none of its payments", booking.id,
                               booking.payment_id ? std::to_string(*booking.payment_id) : "none"));
    return;
  }
  if (payment->amount != booking.amount || payment->user_id != booking.user_id) {
    settled.broken(wrong_amount(*payment, booking));
  }
  const auto& step = payment->step;
  if (step == "COMPLETED") return;
  const auto row = fmt::format("booking {} is confirmed, its payment {} is {}", booking.id, payment->id, step);
  if (step == "CAPTURED") {
    settled.unfinished(payment->age_ms, row);
  } else if (step == "GIVING_BACK" || step == "REFUNDED") {
    settled.ahead(payment->age_ms, row);  // cancelled since
  } else {
    settled.broken(row);
  }
}

/// I4 for a cancelled booking that was paid. A payment on its way back says itself how far it is.
void compare_refund(const booking_row& booking, const payment_row* payment, tally& refunded) {
  refunded.looked_at(1);
  if (payment == nullptr) {
    refunded.broken(fmt::format("cancelled booking {} was paid by payment {}, which is none of its payments",
                                booking.id, *booking.payment_id));
    return;
  }
  if (payment->amount != booking.amount || payment->user_id != booking.user_id) {
    refunded.broken(wrong_amount(*payment, booking));
  }
  const auto& step = payment->step;
  if (step == "GIVING_BACK" || step == "REFUNDED") return;
  const auto row = fmt::format("booking {} is cancelled, its payment {} is {}{}", booking.id, payment->id, step,
                               booking.refund_asked_ms ? "" : " and nobody asked for the refund");
  const bool under_way = booking.refund_asked_ms && (step == "CAPTURED" || step == "COMPLETED");
  under_way ? refunded.unfinished(*booking.refund_asked_ms, row) : refunded.broken(row);
}

/// What a payment's own row says about its way back.
void compare_own_refund(const payment_row& payment, tally& refunded) {
  if (payment.step == "GIVING_BACK" || payment.step == "REFUNDED") {
    refunded.looked_at(1);
    if (payment.refund_amount != payment.amount) {
      refunded.broken(fmt::format("payment {} of {} is {}, to give back: {}", payment.id, to_string(payment.amount),
                                  payment.step, payment.refund_amount ? to_string(*payment.refund_amount) : "nothing"));
    }
  } else if (payment.refund_amount) {
    refunded.broken(fmt::format("payment {} is {} and has a refund", payment.id, payment.step));
  }
  if (payment.step == "GIVING_BACK" && payment.course == "wallet") {  // of cards, their captures tell
    refunded.unfinished(payment.age_ms, fmt::format("payment {} is not given back yet", payment.id));
  }
}

/// What one movement says against its payment.
void compare_movement(const payment_row& payment, const movement_row& moved, tally& into) {
  if (moved.amount == payment.amount && moved.user_id == payment.user_id) return;
  into.broken(fmt::format("payment {} is {} by user {}, its {} {} is {} of user {}", payment.id,
                          to_string(payment.amount), payment.user_id, moved.what, moved.id, to_string(moved.amount),
                          moved.user_id));
}

/// A payment by card moves nothing in the ledger, a top-up puts into the wallet what its capture took.
void compare_card_movements(const payment_row& payment, std::span<const movement_row> movements, tally& conserved) {
  const bool tops_up = payment.course == "top-up";
  const movement_row* credit = nullptr;
  for (const auto& each : movements) {
    if (!tops_up || each.what != "credit") {
      conserved.broken(
          fmt::format("transaction {} is a {} for payment {}, which is by card", each.id, each.what, payment.id));
      continue;
    }
    if (credit != nullptr) conserved.broken(fmt::format("top-up {} has two credits", payment.id));
    credit = &each;
    compare_movement(payment, each, conserved);
  }
  if (!tops_up) return;
  const auto& step = payment.step;
  const auto credited = credit != nullptr ? std::to_string(credit->id) : "none";
  if (step == "COMPLETED" && (credit == nullptr || credit->id != payment.debit_id)) {
    conserved.broken(fmt::format("top-up {} is COMPLETED by credit {}, the ledger's is {}", payment.id,
                                 payment.debit_id.value_or(0), credited));
  } else if (step == "CAPTURED" || step == "INTENT") {
    conserved.unfinished(payment.age_ms, fmt::format("top-up {} is still {}", payment.id, step));
  }
  if (credit != nullptr && step != "COMPLETED" && step != "CAPTURED") {
    conserved.ahead(credit->age_ms,
                    fmt::format("top-up {} is {}, but transaction {} filled the wallet", payment.id, step, credit->id));
  }
}

}  // namespace

void tally::broken(std::string row) {
  ++where_.broken;
  if (std::ssize(where_.rows) < options_.examples) where_.rows.push_back(std::move(row));
}

void tally::broken(std::int64_t count, std::vector<std::string> rows) {
  where_.broken += count;
  for (auto& row : rows) {
    if (std::ssize(where_.rows) < options_.examples) where_.rows.push_back(std::move(row));
  }
}

// With 0 to settle nothing may be under way: the question is then whether the system came to rest.
void tally::unfinished(std::int64_t age_ms, std::string row) {
  if (options_.settle_seconds > 0 && age_ms / 1000 <= options_.settle_seconds) {
    ++where_.in_flight;
  } else {
    broken(std::move(row));
  }
}

void tally::ahead(std::int64_t age_ms, std::string row) {
  if (options_.settle_seconds > 0 && age_ms <= reading_ms_) {
    ++where_.in_flight;
  } else {
    broken(std::move(row));
  }
}

void compare_booking(const booking_row* booking, std::span<const payment_row> payments, tally& settled,
                     tally& refunded) {
  const auto settled_by = booking != nullptr ? booking->payment_id : std::nullopt;
  if (booking != nullptr) {
    const auto* payment = settled_by ? find(payments, *settled_by) : nullptr;
    if (booking->state == "CONFIRMED") {
      settled.looked_at(1);
      compare_settlement(*booking, payment, settled);
    } else {
      compare_refund(*booking, payment, refunded);
    }
  }
  for (const auto& each : payments) {
    settled.looked_at(1);
    compare_own_refund(each, refunded);
    if (each.id == settled_by) continue;
    if (each.step == "COMPLETED") {
      settled.ahead(each.age_ms,
                    fmt::format("payment {} is kept, but did not settle booking {}", each.id, each.booking_id));
    } else if (each.step == "INTENT" || each.step == "CAPTURED") {
      settled.unfinished(each.age_ms,
                         fmt::format("payment {} of booking {} is still {}", each.id, each.booking_id, each.step));
    }
  }
}

void compare_movements(std::int64_t payment_id, const payment_row* payment, std::span<const movement_row> movements,
                       tally& conserved, tally& refunded) {
  if (payment != nullptr && payment->course != "wallet") {
    compare_card_movements(*payment, movements, conserved);
    return;
  }
  const movement_row* debit = nullptr;
  const movement_row* credit = nullptr;
  for (const auto& each : movements) {
    if (each.what == "credit") {
      if (payment != nullptr) {
        conserved.broken(
            fmt::format("transaction {} fills a wallet for payment {}, which is none that does", each.id, payment_id));
      }
      continue;
    }
    const bool is_debit = each.what == "debit";
    auto*& place = is_debit ? debit : credit;
    auto& into = is_debit ? conserved : refunded;
    if (place != nullptr) into.broken(fmt::format("payment {} has two movements \"{}\"", payment_id, each.what));
    place = &each;
    if (each.kind != (is_debit ? "DEBIT" : "REFUND")) {
      conserved.broken(
          fmt::format("transaction {} is a {} and named payment:{}:{}", each.id, each.kind, payment_id, each.what));
    }
    if (payment != nullptr) compare_movement(*payment, each, into);
  }
  if (payment == nullptr) {
    const auto oldest = std::ranges::max(movements, {}, &movement_row::age_ms).age_ms;
    conserved.ahead(oldest, fmt::format("the ledger moved money for payment {}, which does not exist", payment_id));
    return;
  }
  const auto& step = payment->step;
  if (step == "FAILED" && debit != nullptr) {
    conserved.broken(fmt::format("payment {} failed, but transaction {} took its money", payment_id, debit->id));
  }
  if (step != "INTENT" && step != "FAILED" && (debit == nullptr || debit->id != payment->debit_id)) {
    conserved.broken(fmt::format("payment {} is {} by debit {}, the ledger's is {}", payment_id, step,
                                 payment->debit_id.value_or(0), debit != nullptr ? std::to_string(debit->id) : "none"));
  }
  if (step == "REFUNDED" && (credit == nullptr || credit->id != payment->credit_id)) {
    refunded.broken(fmt::format("payment {} is REFUNDED by credit {}, the ledger's is {}", payment_id,
                                payment->credit_id.value_or(0),
                                credit != nullptr ? std::to_string(credit->id) : "none"));
  }
  if (step != "REFUNDED" && step != "GIVING_BACK" && credit != nullptr) {
    conserved.ahead(credit->age_ms, fmt::format("payment {} is {}, but transaction {} gave its money back", payment_id,
                                                step, credit->id));
  }
}

}  // namespace ticketshow::check
