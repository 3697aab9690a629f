#include "services/payment/tests/card_house.hpp"

#include <ranges>

#include <fmt/format.h>

#include "rt/unavailable.hpp"

namespace ticketshow::payment::testing {

using status = ports::card_refund::status;

namespace {
constexpr std::int64_t listed_at_once = 3;
}

rt::task<bool> card_house::began() {
  ++calls;
  const auto trouble = plan ? plan() : mishap::none;
  co_await rt::asio::post(co_await rt::asio::this_coro::executor, rt::use_task);
  if (trouble == mishap::before) throw rt::unavailable("the card house is away");
  if (trouble == mishap::unsent) throw ports::card_not_sent("the card house is asked too often");
  co_return trouble == mishap::after;
}

rt::task<ports::checkout> card_house::open_checkout(rt::deadline, ports::checkout_order order) {
  const bool lost = co_await began();
  if (refuses) throw ports::card_refused(*refuses, "no such orders here");
  const auto id = fmt::format("cks_{}", next_id_++);
  pages[id] = {.order = std::move(order)};
  if (lost) throw rt::unavailable("the card house's answer is lost");
  co_return ports::checkout{.id = id, .url = "https://cards.example/" + id};
}

rt::task<std::optional<ports::checkout_state>> card_house::find_checkout(rt::deadline, std::string id) {
  const bool lost = co_await began();
  if (lost) throw rt::unavailable("the card house's answer is lost");
  const auto found = pages.find(id);
  if (found == pages.end()) co_return std::nullopt;
  ports::checkout_state state{.id = id, .payment_id = {}};
  if (!found->second.payments.empty()) {
    state.payment_id = found->second.payments.back();
    state.status = payments.at(*state.payment_id).status;
  }
  co_return state;
}

rt::task<std::optional<ports::card_payment>> card_house::find_payment(rt::deadline, std::string id, ports::haste) {
  const bool lost = co_await began();
  if (lost) throw rt::unavailable("the card house's answer is lost");
  if (id == unreadable) throw rt::unavailable("the card house's answer makes no sense");
  const auto found = payments.find(id);
  if (found == payments.end()) co_return std::nullopt;
  co_return found->second;
}

rt::task<ports::payment_list> card_house::list_payments(rt::deadline, timestamp from, timestamp to, std::int64_t part) {
  const bool lost = co_await began();
  if (lost) throw rt::unavailable("the card house's answer is lost");
  std::vector<ports::listed_payment> all;
  for (const auto& [id, payment] : payments) {
    if (made_at.at(id) < from || made_at.at(id) > to) continue;
    all.push_back({.id = id, .reference = payment.reference, .status = payment.status});
  }
  ports::payment_list list;
  for (const auto& each : all | std::views::drop(part * listed_at_once) | std::views::take(listed_at_once)) {
    list.payments.push_back(each);
  }
  list.more = !list.payments.empty();
  co_return list;
}

rt::task<ports::card_refund> card_house::refund(rt::deadline, std::string payment_id, std::string reference,
                                                std::string) {
  ++refunds_asked;
  const bool lost = co_await began();
  if (refuses) throw ports::card_refused(*refuses, "no refunds here");
  auto& payment = payments.at(payment_id);
  if (sent_back(payment_id) > 0) {
    throw ports::card_refused(ports::card_refused::why::already_refunded, "PAYMENT_ALREADY_REFUNDED");
  }
  ports::card_refund made{.id = fmt::format("ref_{}", next_id_++),
                          .payment_id = payment_id,
                          .reference = std::move(reference),
                          .state = refund_outcome ? refund_outcome() : status::succeeded,
                          .amount = payment.amount,
                          .reason = {}};
  if (made.state == status::failed) made.reason = "the bank said no";
  payment.refunds.push_back(made);
  if (lost) throw rt::unavailable("the card house's answer is lost");
  co_return made;
}

rt::task<std::optional<ports::card_refund>> card_house::find_refund(rt::deadline, std::string id) {
  const bool lost = co_await began();
  if (lost) throw rt::unavailable("the card house's answer is lost");
  for (const auto& [payment_id, payment] : payments) {
    const auto found = std::ranges::find(payment.refunds, id, &ports::card_refund::id);
    if (found != payment.refunds.end()) co_return *found;
  }
  co_return std::nullopt;
}

ports::card_notice card_house::read_notice(const delivery& what, timestamp) const {
  if (what.signature != fmt::format("signed {} {}", what.id, what.body)) throw ports::card_forgery("not signed by us");
  const auto blank = what.body.find(' ');
  const auto type = what.body.substr(0, blank);
  const auto about = what.body.substr(blank + 1);
  ports::card_notice told{.id = std::string(what.id), .type = std::string(type), .payment_id = {}, .refund_id = {}};
  if (type.starts_with("payment.")) {
    told.what = ports::card_notice::about::payment;
    told.payment_id = about;
  } else if (type.starts_with("dispute.")) {
    told.what = ports::card_notice::about::dispute;
    told.payment_id = about;
  } else if (type.starts_with("refund.")) {
    told.what = ports::card_notice::about::refund;
    told.refund_id = about;
  }
  return told;
}

card_house::page& card_house::page_at(const std::string& url) { return pages.at(url.substr(url.rfind('/') + 1)); }

std::string card_house::attempt(const std::string& url, ports::card_status outcome, std::optional<money> amount,
                                std::string currency) {
  auto& where = page_at(url);
  auto id = fmt::format("pay_{}", next_id_++);
  payments[id] = {.id = id,
                  .reference = where.order.reference,
                  .checkout_id = url.substr(url.rfind('/') + 1),
                  .status = outcome,
                  .amount = amount.value_or(where.order.amount),
                  .currency = currency.empty() ? where.order.currency : std::move(currency),
                  .failure = outcome == ports::card_status::failed ? "The card was declined." : "",
                  .refunds = {}};
  made_at[id] = system_clock_source().now();
  where.payments.push_back(id);
  return id;
}

payment_webhook card_house::message(std::string type, std::string about, std::string id) {
  if (id.empty()) id = fmt::format("msg_{}", next_id_++);
  auto body = fmt::format("{} {}", type, about);
  auto signature = fmt::format("signed {} {}", id, body);
  return {.message = {.type = "application/json", .bytes = std::move(body)},
          .webhook_id = {std::move(id)},
          .webhook_timestamp = {"1"},
          .webhook_signature = {std::move(signature)}};
}

std::int64_t card_house::sent_back(const std::string& payment_id) const {
  return std::ranges::count_if(payments.at(payment_id).refunds,
                               [](const auto& each) { return each.state != status::failed; });
}

}  // namespace ticketshow::payment::testing
