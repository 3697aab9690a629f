#include "services/payment/card_listing.hpp"

#include <algorithm>

#include "rt/log.hpp"
#include "rt/unavailable.hpp"

namespace ticketshow::payment {
namespace {

using namespace std::chrono_literals;

constexpr auto record_time = 5s;
constexpr std::int64_t most_parts = 1'000;  // of a window; a provider that gives more gives the same again and again
constexpr int most_calls = 101;             // for a part: the list, and each payment on it

/// What the clocks may differ by, and how late a payment may appear in the list.
constexpr auto overlap = 30min;
/// After a long rest the list is read a day at a time, so that what was read needs not be read again.
constexpr auto longest = 24h;

}  // namespace

rt::task<std::optional<std::vector<listed_news>>> card_listing::read(list_window window, std::int64_t part) {
  if (part >= most_parts) throw rt::unavailable("the provider's list of payments has no end");
  const auto until = intake_.call_deadline();
  auto list = co_await gateway_.list_payments(until, window.from, window.to, part);
  if (list.payments.empty() && !list.more) co_return std::nullopt;
  const auto ids = co_await charges_.news_in(rt::deadline::after(record_time), list.payments);
  std::vector<listed_news> news;
  for (const auto& id : ids) {
    std::optional<taken_in> taken;
    std::string trouble;
    try {
      taken = co_await intake_.look(id, ports::haste::watch);
    } catch (const std::exception& error) {  // of this one: the others need not wait for it
      trouble = error.what();
    }
    if (!trouble.empty()) {
      auto listed = *std::ranges::find(list.payments, id, &ports::listed_payment::id);
      co_await charges_.note_unseen(rt::deadline::after(record_time), std::move(listed));
      news.push_back({.provider_payment_id = id, .what = {}, .trouble = std::move(trouble)});
    } else if (taken && taken->news()) {
      news.push_back({.provider_payment_id = id, .what = *taken, .trouble = {}});
    }
  }
  co_return news;
}

void card_sweep::start(std::chrono::milliseconds pause) {
  working_.repeat(pause, [this, pause] { return sweep(pause); });
}

rt::task<> card_sweep::sweep(std::chrono::milliseconds pause) {
  while (!working_.closing()) {
    const auto window =
        co_await charges_.take_sweep(rt::deadline::after(record_time), intake_.lease_of(most_calls), overlap, longest);
    if (!window) co_return;
    std::optional<timestamp> read_until = window->to;
    try {
      co_await read(*window);
    } catch (const std::exception& error) {
      rt::log::warning("the card provider's list of payments could not be read", {{"reason", error.what()}});
      read_until.reset();
    }
    co_await charges_.finish_sweep(rt::deadline::after(record_time), read_until, pause);
  }
}

rt::task<> card_sweep::read(list_window window) {
  for (std::int64_t part = 0;; ++part) {
    const auto news = co_await listing_.read(window, part);
    if (!news) co_return;
    for (const auto& each : *news) {
      if (!each.trouble.empty()) {
        rt::log::warning("a payment on the card provider's list could not be looked at; its page is looked at again",
                         {{"provider_payment", each.provider_payment_id}, {"reason", each.trouble}});
        continue;
      }
      rt::log::warning("the card provider's list shows what no message told and no page showed",
                       {{"payment", each.what.payment_id.value_or(0)}, {"provider_payment", each.provider_payment_id}});
    }
    co_await charges_.hold_sweep(rt::deadline::after(record_time), intake_.lease_of(most_calls));
  }
}

}  // namespace ticketshow::payment
