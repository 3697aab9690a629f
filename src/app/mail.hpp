#pragma once

#include <memory>

#include "app/settings.hpp"
#include "ports/mailer.hpp"
#include "services/notification/service.hpp"

/// What the settings say of mail. Each throws std::runtime_error with a sentence for the operator when it makes no
/// sense.
namespace ticketshow::app {

std::unique_ptr<ports::mailer> make_mailer(const settings& configured);

notification::sender_options mail_options_of(const settings& configured);

}  // namespace ticketshow::app
