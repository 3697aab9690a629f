#include "adapters/card_dodo/card_dodo.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "adapters/card_dodo/signature.hpp"
#include "http/url.hpp"
#include "rt/log.hpp"

namespace ticketshow::card_dodo {
namespace {

using http::method;

http::client_options server_of(const options& chosen) {
  auto server = http::options_for(chosen.url);
  if (!server) {
    throw std::runtime_error(
        fmt::format("Dodo's address must be like https://test.dodopayments.com, not \"{}\".", chosen.url));
  }
  server->connect_timeout = std::chrono::seconds(5);  // across the internet, with TLS
  return *server;
}

/// Amounts are in minor units here and there, so both must count the same decimals; we count two (base/money.hpp).
bool has_two_decimals(std::string_view currency) {
  // ISO 4217's others.
  constexpr std::string_view others[] = {"BHD", "BIF", "CLF", "CLP", "DJF", "GNF", "IQD", "ISK", "JOD",
                                         "JPY", "KMF", "KRW", "KWD", "LYD", "OMR", "PYG", "RWF", "TND",
                                         "UGX", "UYI", "UYW", "VND", "VUV", "XAF", "XOF", "XPF"};
  return std::ranges::find(others, currency) == std::end(others);
}

options checked(options chosen) {
  if (chosen.api_key.empty()) throw std::runtime_error("Dodo's API key is missing.");
  if (chosen.webhook_secrets.empty()) throw std::runtime_error("The secret of Dodo's webhooks is missing.");
  if (!is_id(chosen.product_id)) throw std::runtime_error("The product under which Dodo sells payments is missing.");
  if (!has_two_decimals(chosen.currency)) {
    throw std::runtime_error(
        fmt::format("Card payments in {} are not possible: it has not two decimals.", chosen.currency));
  }
  return chosen;
}

}  // namespace

std::optional<std::string> unfit(const product& found, const std::string& product_id, const std::string& currency,
                                 money least) {
  const auto change = [&](std::string_view what) { return fmt::format("Dodo's product {} {}.", product_id, what); };
  if (!found.one_time) return change("is a subscription or billed by usage: name one with a one-time price");
  if (!found.pay_what_you_want) {
    return change("has a fixed price: switch on \"pay what you want\", so that each booking can say its own amount");
  }
  if (found.currency != currency) {
    return change(fmt::format("is sold in {}, but this platform in {}: give it a price in {}", found.currency, currency,
                              currency));
  }
  if (found.minimum > least) {
    return change(fmt::format("costs at least {}, but amounts from {} on must be payable: lower its minimum price",
                              to_string(found.minimum), to_string(least)));
  }
  if (!found.tax_inclusive) {
    return change("adds taxes to its price: make the price include them, so that customers pay what the booking costs");
  }
  return {};
}

gateway::gateway(rt::executor io, options chosen)
    : options_(checked(std::move(chosen))),
      keys_(keys_of(options_.webhook_secrets)),
      api_(io, server_of(options_), options_.api_key, options_.rate),
      work_(io, "cards") {}

// ---- start and stop

rt::task<> gateway::start() {
  std::string away;
  try {
    co_await check();
  } catch (const rt::unavailable& error) {
    away = error.what();
  }
  if (fit_) co_return;
  rt::log::warning("no card payments yet: Dodo cannot be asked", {{"error", away}});
  work_.spawn(check_until_fit());
}

rt::task<> gateway::check() {
  const auto until = rt::deadline::after(options_.check_time);
  api::question asked{.path = "/products/" + options_.product_id};
  try {
    const auto answer = co_await api_.find(until, std::move(asked));
    const auto problem =
        answer ? unfit(read_product(*answer), options_.product_id, options_.currency, options_.least_amount)
               : fmt::format("Dodo has no product {} at {}.", options_.product_id, options_.url);
    if (problem) throw std::runtime_error(*problem);
  } catch (const key_refused& error) {
    throw std::runtime_error(fmt::format("Dodo at {} does not accept the API key: {}.", options_.url, error.what()));
  }
  fit_ = true;
}

rt::task<> gateway::check_until_fit() {
  while (!fit_ && !work_.closing()) {
    co_await rt::sleep_for(options_.check_pause);
    try {
      co_await check();
      rt::log::info("card payments are possible now");
    } catch (const rt::unavailable& error) {
      rt::log::warning("no card payments yet: Dodo cannot be asked", {{"error", error.what()}});
    } catch (const std::runtime_error& error) {
      rt::log::error("no card payments until this is changed", {{"error", error.what()}});
    }
  }
}

rt::task<> gateway::stop(rt::deadline until) { co_await work_.close(until); }

// ---- calls

rt::task<ports::checkout> gateway::open_checkout(rt::deadline until, ports::checkout_order order) {
  if (!fit_) throw rt::unavailable("nobody knows yet whether Dodo can sell our payments");
  api::question asked{.verb = method::POST,
                      .path = "/checkouts",
                      .body = checkout_request(order, options_.product_id),
                      .how = haste::customer};
  const auto answer = co_await api_.ask(until, std::move(asked));
  co_return read_checkout(answer);
}

rt::task<std::optional<ports::checkout_state>> gateway::find_checkout(rt::deadline until, std::string id) {
  if (!is_id(id)) co_return std::nullopt;
  api::question asked{.path = "/checkouts/" + id, .how = haste::watch};
  const auto answer = co_await api_.find(until, std::move(asked));
  if (!answer) co_return std::nullopt;
  co_return read_checkout_state(*answer);
}

rt::task<std::optional<ports::card_payment>> gateway::find_payment(rt::deadline until, std::string id, haste how) {
  if (!is_id(id)) co_return std::nullopt;
  api::question asked{.path = "/payments/" + id, .how = how};
  const auto answer = co_await api_.find(until, std::move(asked));
  if (!answer) co_return std::nullopt;
  auto payment = read_payment(*answer);
  // The list of a payment need not say whose its refunds are; each of them alone does.
  for (auto& each : payment.refunds) {
    if (!each.reference.empty()) continue;
    auto alone = co_await find_refund(until, each.id, how);
    if (!alone) throw rt::unavailable("Dodo lists a refund that it does not know");
    each = std::move(*alone);
  }
  co_return payment;
}

rt::task<ports::payment_list> gateway::list_payments(rt::deadline until, timestamp from, timestamp to,
                                                     std::int64_t part) {
  api::question asked{.path = fmt::format("/payments?created_at_gte={}&created_at_lte={}&page_size={}&page_number={}",
                                          to_rfc3339(from), to_rfc3339(to), most_listed, part),
                      .how = haste::watch};
  const auto answer = co_await api_.ask(until, std::move(asked));
  co_return read_payment_list(answer);
}

rt::task<ports::card_refund> gateway::refund(rt::deadline until, std::string payment_id, std::string reference,
                                             std::string reason) {
  if (!is_id(payment_id)) throw ports::card_refused(ports::card_refused::why::unknown, "this is no payment of Dodo's");
  api::question asked{.verb = method::POST, .path = "/refunds", .body = refund_request(payment_id, reference, reason)};
  const auto answer = co_await api_.ask(until, std::move(asked));
  co_return read_refund(answer);
}

rt::task<std::optional<ports::card_refund>> gateway::find_refund(rt::deadline until, std::string id) {
  return find_refund(until, std::move(id), haste::work);
}

rt::task<std::optional<ports::card_refund>> gateway::find_refund(rt::deadline until, std::string id, haste how) {
  if (!is_id(id)) co_return std::nullopt;
  api::question asked{.path = "/refunds/" + id, .how = how};
  const auto answer = co_await api_.find(until, std::move(asked));
  if (!answer) co_return std::nullopt;
  co_return read_refund(*answer);
}

ports::card_notice gateway::read_notice(const delivery& what, timestamp now) const {
  verify(what, keys_, now);
  return card_dodo::read_notice(what.id, what.body);
}

}  // namespace ticketshow::card_dodo
