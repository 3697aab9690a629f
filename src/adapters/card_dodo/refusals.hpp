#pragma once

#include <string_view>

/// What Dodo's errors mean. Pure.
namespace ticketshow::card_dodo {

/// Throws for the answer to a call that was not done: ports::card_refused when `body` carries a code of Dodo's and says
/// thereby that the same call will never be done, key_refused for 401 and 403, rt::unavailable for all the rest (5xx,
/// what a proxy on the way may have said).
[[noreturn]] void throw_refusal(int status, std::string_view body);

}  // namespace ticketshow::card_dodo
