#include "app/card_gateway.hpp"

#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "adapters/card_dodo/card_dodo.hpp"

namespace ticketshow::app {
namespace {

bool takes_cards(const settings& configured) {
  const auto& adapter = configured.text("cards.adapter");
  if (adapter == "none") return false;
  if (adapter == "dodo") return true;
  throw std::runtime_error(fmt::format("The setting cards.adapter must be none or dodo, not \"{}\".", adapter));
}

void expect_all_of_dodo(const settings& configured) {
  constexpr std::pair<std::string_view, std::string_view> needed[] = {
      {"dodo.api_key", "a key of its API"},
      {"dodo.webhook_secrets", "the secret of its webhooks"},
      {"dodo.product_id", "the product under which bookings are sold"},
  };
  for (const auto& [key, what] : needed) {
    if (!configured.text(key).empty()) continue;
    throw std::runtime_error(fmt::format("cards.adapter is dodo; the setting {} must hold {}.", key, what));
  }
}

money least_amount_of(const settings& configured) {
  const auto& text = configured.text("dodo.least_amount");
  const auto amount = parse_money(text);
  if (amount && *amount > money{0}) return *amount;
  throw std::runtime_error(fmt::format("The setting dodo.least_amount must be like 1.00, not \"{}\".", text));
}

}  // namespace

std::unique_ptr<ports::card_gateway> make_card_gateway(rt::executor io, const settings& configured) {
  if (!takes_cards(configured)) return nullptr;
  expect_all_of_dodo(configured);
  return std::make_unique<card_dodo::gateway>(
      io, card_dodo::options{.url = configured.text("dodo.url"),
                             .api_key = configured.text("dodo.api_key"),
                             .webhook_secrets = configured.list("dodo.webhook_secrets"),
                             .product_id = configured.text("dodo.product_id"),
                             .currency = configured.text("currency"),
                             .least_amount = least_amount_of(configured)});
}

void refuse_card_tryouts(const settings& configured) {
  if (!takes_cards(configured)) return;
  const auto& url = configured.text("dodo.url");
  if (url.contains("//test.")) {
    throw std::runtime_error(
        fmt::format("dodo.url is {}, where no money moves: in production it is https://live.dodopayments.com.", url));
  }
  if (!url.starts_with("https://")) {
    throw std::runtime_error("dodo.url must be https:// in production: the API key travels with every call.");
  }
  if (!configured.text("web.public_url").starts_with("https://")) {
    throw std::runtime_error(
        "web.public_url must be the https:// address of the web app in production: who has paid by card comes back to "
        "it.");
  }
}

}  // namespace ticketshow::app
