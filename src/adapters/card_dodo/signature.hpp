#pragma once

#include <span>
#include <string>
#include <vector>

#include "ports/card_gateway.hpp"

/// Who signed a webhook, after the Standard Webhooks specification. Pure.
namespace ticketshow::card_dodo {

/// The keys in secrets as Dodo's dashboard shows them: base64, with or without "whsec_" before it. Throws
/// std::runtime_error with a sentence, which does not repeat the secret, when one is none or has under 16 bytes.
std::vector<std::string> keys_of(const std::vector<std::string>& secrets);

/// Throws ports::card_forgery unless the message was signed with one of the keys and, by its own timestamp, within five
/// minutes of `now`. Takes the same time whatever of a signature is wrong.
void verify(const ports::card_gateway::delivery& what, std::span<const std::string> keys, timestamp now);

}  // namespace ticketshow::card_dodo
