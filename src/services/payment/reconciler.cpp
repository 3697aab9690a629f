#include "services/payment/reconciler.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/time.hpp"
#include "rt/unavailable.hpp"
#include "services/payment/card_listing.hpp"
#include "services/payment/card_store.hpp"

namespace ticketshow::payment {
namespace {

using namespace std::chrono_literals;

constexpr auto record_time = 30s;
constexpr auto call_time = 90s;  // the provider's limit of calls may make a call wait for a minute
constexpr std::int64_t pages_at_once = 100;
constexpr std::int64_t attempts_at_once = 100;  // of one page
constexpr auto list_at_once = std::chrono::hours(24);

class comparison {
 public:
  comparison(pg::pool& database, ports::card_gateway& gateway)
      : rows_(database, 0s),
        gateway_(gateway),
        intake_(rows_.captures, gateway, call_time),
        listing_(rows_.charges, intake_, gateway) {}

  rt::task<reconciliation> run(std::chrono::seconds back) {
    const auto now = system_clock_source().now();
    for (auto from = now - back; from < now; from += list_at_once) {
      co_await read_list({.from = from, .to = std::min<timestamp>(now, from + list_at_once)});
    }
    timestamp opened_at = now - back;
    std::int64_t behind = 0;
    while (true) {
      const auto pages =
          co_await rows_.pages.recent(rt::deadline::after(record_time), opened_at, behind, pages_at_once);
      for (const auto& each : pages) co_await compare(each);
      if (pages.empty()) break;
      opened_at = pages.back().opened_at;
      behind = pages.back().payment_id;
    }
    const auto stuck = co_await rows_.refunds.list_owed(rt::deadline::after(record_time), false);
    for (const auto& each : stuck) {
      if (each.state == "KEPT") continue;  // told of when it was compared
      left(each.payment_id, each.provider_payment_id,
           fmt::format("its refund of {} {} needs an operator: {}", to_string(each.amount), each.currency, each.words));
    }
    co_return std::move(found_);
  }

 private:
  rt::task<> read_list(list_window window) {
    std::string trouble;
    try {
      for (std::int64_t part = 0;; ++part) {
        const auto news = co_await listing_.read(window, part);
        if (!news) break;
        for (const auto& each : *news) {
          if (each.trouble.empty()) {
            report(*each.what.payment_id, each.provider_payment_id, each.what);
          } else {
            left(0, each.provider_payment_id, "it could not be taken in: " + each.trouble);
          }
        }
      }
    } catch (const rt::unavailable& away) {
      trouble = away.what();
    } catch (const ports::card_refused& refused) {
      trouble = refused.what();
    }
    if (!trouble.empty()) left(0, {}, "the provider's list could not be read: " + trouble);
  }

  rt::task<> compare(page_due page) {
    ++found_.looked_at;
    const auto id = page.payment_id;
    std::string trouble;
    try {
      co_await compare_page(std::move(page));
    } catch (const rt::unavailable& away) {
      trouble = away.what();
    } catch (const ports::card_refused& refused) {
      trouble = refused.what();
    }
    if (!trouble.empty()) left(id, {}, "the provider could not be asked: " + trouble);
  }

  rt::task<> compare_page(page_due page) {
    const auto id = page.payment_id;
    auto known = co_await rows_.captures.of_payment(rt::deadline::after(record_time), id);
    const auto until = intake_.call_deadline();
    const auto seen = co_await gateway_.find_checkout(until, page.session_id);
    if (!seen) left(id, {}, fmt::format("the provider does not know its page {}", page.session_id));
    auto others = co_await rows_.charges.uncharged_of(rt::deadline::after(record_time), id, true, attempts_at_once);
    if (seen && seen->payment_id) others.push_back(*seen->payment_id);
    for (auto& each : others) {
      if (std::ranges::find(known, each, &known_capture::provider_payment_id) != known.end()) continue;
      known.push_back(
          {.provider_payment_id = std::move(each), .amount = {}, .currency = {}, .kept = false, .recorded = false});
    }
    for (auto& each : known) {
      const auto provider_payment_id = each.provider_payment_id;
      std::string trouble;
      try {
        co_await compare_payment(id, std::move(each));
      } catch (const std::exception& error) {  // of this one: the others need not wait for it
        trouble = error.what();
      }
      if (!trouble.empty()) left(id, provider_payment_id, "it could not be taken in: " + trouble);
    }
  }

  rt::task<> compare_payment(std::int64_t id, known_capture ours) {
    const auto until = intake_.call_deadline();
    auto seen = co_await gateway_.find_payment(until, ours.provider_payment_id, ports::haste::watch);
    if (!seen) {
      left(id, ours.provider_payment_id, "the provider does not know it");
      co_return;
    }
    if (ours.recorded) judge(id, ours, *seen);
    const bool partial = seen->status == ports::card_status::partial;
    const auto taken = co_await intake_.take(std::move(*seen));
    if (partial) left(id, ours.provider_payment_id, "the provider has a part of its money, which pays for nothing");
    report(id, ours.provider_payment_id, taken);
  }

  void report(std::int64_t id, const std::string& provider_payment_id, const taken_in& taken) {
    if (taken.captured) repaired(id, provider_payment_id, "its capture had been missed");
    if (taken.refused) {
      repaired(id, provider_payment_id,
               fmt::format("a capture had been missed; it goes back: {}", taken.refused->sentence));
    }
    if (taken.refunds > 0) repaired(id, provider_payment_id, "news of its refund had been missed");
  }

  /// What the provider says of a capture that we have, where that is no news which can be taken in.
  void judge(std::int64_t id, const known_capture& ours, const ports::card_payment& seen) {
    if (seen.status != ports::card_status::succeeded) {
      left(id, ours.provider_payment_id, "captured here, but the provider does not say so any more");
    } else if (seen.amount != ours.amount || seen.currency != ours.currency) {
      left(id, ours.provider_payment_id,
           fmt::format("captured {} {} here, {} {} at the provider", to_string(ours.amount), ours.currency,
                       to_string(seen.amount), seen.currency));
    }
    const bool sent_back = std::ranges::any_of(
        seen.refunds, [](const ports::card_refund& each) { return each.state != ports::card_refund::status::failed; });
    if (ours.kept && sent_back) {
      left(id, ours.provider_payment_id, "kept here, but somebody sent money of it back at the provider");
    }
  }

  void repaired(std::int64_t id, std::string provider_payment_id, std::string what) {
    found_.differences.push_back({id, std::move(provider_payment_id), true, std::move(what)});
  }
  void left(std::int64_t id, std::string provider_payment_id, std::string what) {
    found_.differences.push_back({id, std::move(provider_payment_id), false, std::move(what)});
  }

  card_store rows_;
  ports::card_gateway& gateway_;
  card_intake intake_;
  card_listing listing_;
  reconciliation found_;
};

}  // namespace

bool reconciliation::all_repaired() const { return std::ranges::all_of(differences, &difference::repaired); }

rt::task<reconciliation> reconcile(pg::pool& database, ports::card_gateway& gateway, std::chrono::seconds back) {
  comparison work(database, gateway);
  co_return co_await work.run(back);
}

rt::task<std::vector<owed_row>> list_owed_refunds(pg::pool& database, bool all) {
  card_refund_store rows(database, 0s);
  co_return co_await rows.list_owed(rt::deadline::after(record_time), all);
}

rt::task<std::vector<dispute_row>> list_disputes(pg::pool& database) {
  notice_store rows(database);
  co_return co_await rows.list_disputes(rt::deadline::after(record_time));
}

rt::task<bool> retry_refund(pg::pool& database, std::int64_t capture_id) {
  card_refund_store rows(database, 0s);
  co_return co_await rows.retry(rt::deadline::after(record_time), capture_id);
}

}  // namespace ticketshow::payment
