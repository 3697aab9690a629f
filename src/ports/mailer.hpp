#pragma once

#include <string>
#include <vector>

#include "base/time.hpp"
#include "rt/call.hpp"
#include "rt/module.hpp"
#include "rt/task.hpp"

namespace ticketshow::ports {

/// Somebody who sends or gets mail. Any UTF-8 may be in the name: what has no place in a header is taken out of it.
struct mail_address {
  std::string name;     ///< as people see it; may be empty
  std::string address;  ///< local@domain
};

/// A file that goes with a mail.
struct attachment {
  std::string name;          ///< "ticket.pdf": ASCII; other characters become underscores
  std::string content_type;  ///< "application/pdf"
  std::string content;       ///< any bytes
  /// "local@domain", for an image that the HTML text shows where it says cid:<this>; empty for a file beside the texts.
  std::string content_id = {};
};

/// A mail to one person, all text in UTF-8. The same text in two forms: programs that cannot show HTML show the other.
struct mail {
  mail_address from;
  mail_address to;
  std::string subject;
  std::string text;
  std::string html;
  std::string message_id;  ///< "local@domain", without brackets; mails with the same one are the same mail
  timestamp date{};        ///< when it was written
  std::vector<attachment> attachments = {};
};

/// What became of a mail, with the words of whoever decided it: the server's reply, or what went wrong on the way.
struct delivery {
  enum class outcome {
    accepted,   ///< the server has it and answers for it from now on
    refused,    ///< it will never be taken: sending the same again is of no use
    try_again,  ///< not now. The server may even have it: send it again under the same Message-ID, never another
  };

  outcome what;
  std::string words;
};

/// Hands mail to a server that delivers it.
class mailer : public rt::module {
 public:
  /// Ends at the latest at `until`, plus what a thread needs to notice, and never throws for a mail's or a server's
  /// fault. Several at a time are welcome; how many go out at once is the adapter's matter.
  virtual rt::task<delivery> send(rt::deadline until, mail what) = 0;
};

}  // namespace ticketshow::ports
