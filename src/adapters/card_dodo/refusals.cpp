#include "adapters/card_dodo/refusals.hpp"

#include <fmt/format.h>

#include "adapters/card_dodo/api.hpp"
#include "adapters/card_dodo/messages.hpp"

namespace ticketshow::card_dodo {
namespace {

using why = ports::card_refused::why;

why reason_of(int status, std::string_view code) {
  if (code == "PAYMENT_ALREADY_REFUNDED") return why::already_refunded;
  if (code == "REFUND_WINDOW_EXPIRED") return why::too_late;
  for (const auto* each :
       {"REQUEST_AMOUNT_BELOW_MINIMUM", "REFUND_AMOUNT_EXCEEDS_PAID_AMOUNT", "PAY_AS_YOU_WANT_AMOUNT_REQUIRED"}) {
    if (code == each) return why::amount;
  }
  if (code == "NOT_FOUND" || status == 404) return why::unknown;
  return why::other;
}

/// The statuses that say "not now", whatever their code.
bool may_pass(int status) { return status == 408 || status == 425 || status == 429; }

}  // namespace

void throw_refusal(int status, std::string_view body) {
  const auto said = read_error(body);
  const auto words = said ? fmt::format("Dodo answered {} {}: {}", status, said->code, said->message)
                          : fmt::format("Dodo, or something on the way to it, answered {}", status);
  if (status == 401 || status == 403) throw key_refused(words);
  const bool certain = said && status >= 400 && status < 500 && !may_pass(status);
  if (certain) throw ports::card_refused(reason_of(status, said->code), words);
  throw rt::unavailable(words);
}

}  // namespace ticketshow::card_dodo
