#pragma once

#include <memory>

#include "app/settings.hpp"
#include "documents/visit.hpp"
#include "ports/mailer.hpp"
#include "services/notification/service.hpp"

/// What the settings say of mail and of the papers that go with it. Each throws std::runtime_error with a sentence for
/// the operator when it makes no sense.
namespace ticketshow::app {

std::unique_ptr<ports::mailer> make_mailer(const settings& configured);

/// Who issues tickets and calendar entries, in mails and for downloads.
documents::issuer issuer_of(const settings& configured);
/// The threads that make them, in each service that does.
std::size_t paper_threads_of(const settings& configured);

notification::sender_options mail_options_of(const settings& configured);

}  // namespace ticketshow::app
