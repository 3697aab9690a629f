#pragma once

#include <memory>

#include "app/settings.hpp"
#include "ports/card_gateway.hpp"

namespace ticketshow::app {

/// What takes card payments as the settings name it; nullptr for nothing. Throws std::runtime_error with a sentence
/// when the settings do not fit together.
std::unique_ptr<ports::card_gateway> make_card_gateway(rt::executor io, const settings& configured);

/// Throws std::runtime_error with a sentence when cards are to be taken where no money moves, or in the clear: for
/// production.
void refuse_card_tryouts(const settings& configured);

}  // namespace ticketshow::app
