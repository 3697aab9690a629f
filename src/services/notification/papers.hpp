#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/auth.hpp"
#include "documents/visit.hpp"
#include "ports/mailer.hpp"
#include "services/notification/kinds.hpp"

namespace ticketshow::notification {

/// A code that the mail shows.
struct shown_code {
  std::string seat;        ///< "C7"
  std::string content_id;  ///< of its image among the files
};

/// What goes with a mail.
struct papers {
  std::vector<ports::attachment> files;
  std::vector<shown_code> codes;  ///< one a ticket; empty when no tickets go with it
  std::string fault;              ///< why some could not be made; empty when nothing is missing
};

/// The papers of a mail about an event, whose payload is `facts`: with a confirmation the tickets, their codes and the
/// entry for a calendar; with a cancellation that entry's; with others none. Pure, and takes some milliseconds: not for
/// the I/O thread. What cannot be made is left out, so that the mail goes all the same. Throws std::bad_alloc.
papers papers_of(kind about, std::string_view facts, auth::language language, const documents::issuer& by,
                 std::string_view message_id, timestamp happened_at);

}  // namespace ticketshow::notification
