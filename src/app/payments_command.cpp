#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "app/card_gateway.hpp"
#include "app/commands.hpp"
#include "app/process.hpp"
#include "services/payment/reconciler.hpp"

namespace ticketshow::app {
namespace {

constexpr auto start_time = std::chrono::seconds(10);

/// Runs `work` (pool&, gateway* → task of the exit code) on payment's database, beside the service.
template <class Work>
int with_payments(const settings& configured, bool with_cards, Work work) {
  rt::asio::io_context context(1);
  pg::pool database(context.get_executor(),
                    {.name = "payment", .conninfo = database_url_of(configured, "payment"), .max_connections = 2});
  const auto gateway = with_cards ? make_card_gateway(context.get_executor(), configured) : nullptr;
  if (with_cards && !gateway) throw std::runtime_error("cards.adapter is none: there is nothing to compare with.");
  rt::run(context, database.start());
  if (gateway) rt::run(context, gateway->start());
  const int code = rt::run(context, work(database, gateway.get()));
  if (gateway) rt::run(context, gateway->stop(rt::deadline::after(start_time)));
  rt::run(context, database.stop(rt::deadline::after(start_time)));
  return code;
}

rt::task<int> compare(pg::pool& database, ports::card_gateway* gateway, std::int64_t days) {
  const auto back = std::chrono::hours(24 * days);
  const auto done = co_await payment::reconcile(database, *gateway, back);
  std::string table;
  if (!done.differences.empty())
    table += fmt::format("{:>10}  {:<30}  {:<8}  {}\n", "payment", "provider's", "", "what");
  for (const auto& each : done.differences) {
    table += fmt::format("{:>10}  {:<30}  {:<8}  {}\n", each.payment_id, each.provider_payment_id,
                         each.repaired ? "repaired" : "LEFT", each.what);
  }
  const auto left = std::ranges::count(done.differences, false, &payment::difference::repaired);
  table += fmt::format("{} pages of the last {} days compared: {} repaired, {} left.\n", done.looked_at, days,
                       std::ssize(done.differences) - left, left);
  std::fputs(table.c_str(), stdout);
  co_return done.all_repaired() ? 0 : 1;
}

rt::task<int> list(pg::pool& database, bool all) {
  const auto owed = co_await payment::list_owed_refunds(database, all);
  std::string table;
  for (const auto& each : owed) {
    table += fmt::format("{}\t{}\tpayment {}\t{}\t{} {}\t{}\tattempts: {}\tsince {}\t{}\n", each.capture_id, each.state,
                         each.payment_id, each.provider_payment_id, to_string(each.amount), each.currency, each.code,
                         each.attempts, to_rfc3339(each.since), each.words);
  }
  std::fputs(table.empty() ? "None.\n" : table.c_str(), stdout);
  co_return 0;
}

rt::task<int> show_disputes(pg::pool& database) {
  const auto disputes = co_await payment::list_disputes(database);
  std::string table;
  for (const auto& each : disputes) {
    table += fmt::format("{}\t{}\t{}", to_rfc3339(each.received_at), each.type, each.provider_payment_id);
    if (each.payment_id) {
      table += fmt::format("\tpayment {}\t{} {}", *each.payment_id, to_string(each.amount.value_or(money{})),
                           each.currency.value_or(""));
    }
    if (each.booking_id) table += fmt::format("\tbooking {}", *each.booking_id);
    table += "\n";
  }
  std::fputs(table.empty() ? "None.\n" : table.c_str(), stdout);
  co_return 0;
}

rt::task<int> retry(pg::pool& database, std::int64_t capture_id) {
  const bool given = co_await payment::retry_refund(database, capture_id);
  if (!given) throw std::runtime_error(fmt::format("Refund {} does not wait for an operator.", capture_id));
  std::printf("%s", fmt::format("Refund {} is tried again.\n", capture_id).c_str());
  co_return 0;
}

}  // namespace

int reconcile_payments(const settings& configured, const command_options& options) {
  return with_payments(configured, true, [&](pg::pool& database, ports::card_gateway* gateway) {
    return compare(database, gateway, options.days);
  });
}

int list_failed_refunds(const settings& configured, const command_options& options) {
  return with_payments(configured, false,
                       [&](pg::pool& database, ports::card_gateway*) { return list(database, options.all); });
}

int list_disputes(const settings& configured, const command_options&) {
  return with_payments(configured, false,
                       [](pg::pool& database, ports::card_gateway*) { return show_disputes(database); });
}

int retry_failed_refund(const settings& configured, const command_options& options) {
  return with_payments(configured, false,
                       [&](pg::pool& database, ports::card_gateway*) { return retry(database, options.refund_id); });
}

}  // namespace ticketshow::app
