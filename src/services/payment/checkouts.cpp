#include "services/payment/checkouts.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "rt/fault_point.hpp"
#include "rt/log.hpp"
#include "rt/unavailable.hpp"

namespace ticketshow::payment {
namespace {

using namespace std::chrono_literals;

constexpr auto record_time = 5s;
constexpr std::int64_t most_attempts = 4;      // that are asked about at one look, beside the latest
constexpr int most_calls = most_attempts + 3;  // with the page, the latest, and booking
constexpr auto first_look = 20s;

}  // namespace

checkouts::checkouts(dependencies needs) : needs_(std::move(needs)), watching_(needs_.io, "card pages") {}

void checkouts::start(std::chrono::milliseconds pause) {
  watching_.repeat(pause, [this] { return watch(); });
}

// ---- opening

rt::task<ports::checkout_order> checkouts::order_for(record payment) {
  const auto pages = co_await needs_.pages.views_of(rt::deadline::after(record_time), {payment.id});
  if (pages.empty()) throw rt::unavailable("a payment by card without a page");
  const auto back = payment.booking_id ? fmt::format("{}/checkout/{}", needs_.public_url, *payment.booking_id)
                                       : fmt::format("{}/wallet/top-ups/{}", needs_.public_url, payment.id);
  ports::checkout_order order{.reference = pages.front().reference,
                              .amount = payment.amount,
                              .currency = payment.currency,
                              .description = payment.description,
                              .email = payment.payer_email.value_or(""),
                              .name = {},
                              .success_url = back,
                              .cancel_url = back};
  // The name is a courtesy: without it the page asks for one.
  const rt::call call{.until = rt::deadline::after(needs_.call_time), .correlation_id = payment.correlation_id};
  try {
    const auto payer = co_await needs_.accounts.handle(call.as_service("payment"), auth::get_contact{payment.user_id});
    if (payer) {
      order.name = payer->username;
      if (order.email.empty()) order.email = payer->email;
    }
  } catch (const rt::unavailable&) {
    rt::log::info("a payer's name could not be had", {{"payment", payment.id}});
  }
  co_return order;
}

rt::task<std::optional<rules::closing>> checkouts::reason_not_to_open(record payment) {
  const auto now = needs_.clock.now();
  if (!payment.booking_id) {
    co_return rules::reason_not_to_open(std::chrono::duration_cast<std::chrono::seconds>(now - payment.created_at));
  }
  const rt::call call{.until = rt::deadline::after(needs_.call_time), .correlation_id = payment.correlation_id};
  const booking::get_booking_to_settle wanted{*payment.booking_id};
  const auto booked = co_await needs_.bookings.handle(call.as_service("payment"), wanted);
  if (booked) co_return rules::reason_not_to_open(*booked, now);
  if (*booked.error().kind == booking::booking_not_found) co_return rules::no_booking;
  throw rt::unavailable(std::string(booked.error().kind->code));
}

rt::task<std::optional<record>> checkouts::give_up(std::int64_t payment_id, rules::closing why) {
  return needs_.payments.close(rt::deadline::after(record_time), payment_id, std::string(why.why.code),
                               std::string(why.why.sentence), why.told);
}

rt::task<std::optional<record>> checkouts::open(record from) {
  const auto too_late = co_await reason_not_to_open(from);
  if (too_late) co_return co_await give_up(from.id, *too_late);
  auto order = co_await order_for(from);
  const auto until = needs_.intake.call_deadline();
  std::optional<ports::checkout> page;
  std::string refusal;
  try {
    page = co_await needs_.gateway.open_checkout(until, std::move(order));
  } catch (const ports::card_refused& refused) {
    refusal = refused.what();
  }
  rt::fault_point("payment.checkout_opened");
  if (!page) {
    rt::log::warning("the card provider opens no page", {{"payment", from.id}, {"reason", refusal}});
    co_return co_await give_up(from.id, {rules::page_not_opened, true});
  }
  auto opened = co_await needs_.payments.open_page(rt::deadline::after(record_time), std::move(from), std::move(*page),
                                                   first_look);
  rt::fault_point("payment.checkout_recorded");
  co_return opened;
}

// ---- watching

rt::task<> checkouts::watch() {
  const auto lease = needs_.intake.lease_of(most_calls);
  auto due = co_await needs_.pages.take_due(rt::deadline::after(record_time), lease, 1);
  for (auto& each : due) co_await look_and_close(std::move(each));
}

rt::task<> checkouts::look_and_close(page_due page) {
  const auto id = page.payment_id;
  const auto age = page.age;
  const bool somebody_waits = page.now == step::INTENT || page.now == step::CHECKOUT;
  std::optional next = rules::look_after_failure(age);  // also when it was the last time
  try {
    const bool unfinished = co_await look(std::move(page));
    next = rules::next_look(age, somebody_waits, unfinished);
  } catch (const std::exception& error) {
    rt::log::info("a card page could not be looked at", {{"payment", id}, {"reason", error.what()}});
  }
  co_await needs_.pages.look_again(rt::deadline::after(record_time), id, next);
}

rt::task<bool> checkouts::look(page_due page) {
  const auto until = needs_.intake.call_deadline();
  const auto seen = co_await needs_.gateway.find_checkout(until, page.session_id);
  // The page shows its latest attempt alone. Others are asked about until they have ended; those that came to nothing
  // may have succeeded after all, under the same id, and are asked once more when the page cannot be paid any more.
  const bool is_over = page.age >= rules::page_life;
  auto ids =
      co_await needs_.charges.uncharged_of(rt::deadline::after(record_time), page.payment_id, is_over, most_attempts);
  bool unfinished = std::ssize(ids) == most_attempts;  // there may be more
  if (seen && seen->payment_id && std::ranges::find(ids, *seen->payment_id) == ids.end())
    ids.push_back(*seen->payment_id);
  bool captured = false;
  std::string trouble;
  for (const auto& id : ids) {
    try {
      const auto looked = co_await needs_.intake.look(id, ports::haste::watch);
      if (looked && looked->open) unfinished = true;
      if (looked && looked->captured) captured = true;
    } catch (const std::exception& error) {  // of this one: the others need not wait for it
      trouble = fmt::format("{}: {}", id, error.what());
    }
  }
  const bool is_told_enough = trouble.empty() || is_over;  // to give the payment up
  if (!captured && is_told_enough && page.now == step::CHECKOUT &&
      !(seen && seen->status == ports::card_status::succeeded)) {
    co_await close(std::move(page), seen.has_value());
  }
  if (!trouble.empty()) throw rt::unavailable(trouble);
  co_return unfinished;
}

rt::task<> checkouts::close(page_due page, bool is_known) {
  std::optional<rules::closing> why;
  if (!is_known || page.age >= rules::page_life) {
    why = rules::closing{{"CHECKOUT_ENDED", "The card provider's page was closed before it was paid."}, true};
  } else if (page.booking_id) {
    const rt::call call{.until = rt::deadline::after(needs_.call_time), .correlation_id = "card page"};
    const auto booked =
        co_await needs_.bookings.handle(call.as_service("payment"), booking::get_booking_to_settle{*page.booking_id});
    if (booked) why = rules::reason_to_close(*booked, needs_.clock.now());
  }
  if (why) co_await give_up(page.payment_id, *why);
}

}  // namespace ticketshow::payment
