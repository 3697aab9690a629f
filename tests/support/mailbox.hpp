#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// The mailbox of the tests (tests/stack/mailbox.py, maildev) and the relay before it that fails on request
/// (tests/stack/relay.py). Each of these throws std::runtime_error with a sentence when its variable is not set: a test
/// that needs a mail server fails without one, it is not skipped.
namespace ticketshow::test {

/// smtp://host:port of the mailbox: TICKETSHOW_TEST_MAILBOX.
std::string mailbox_url();

/// The relay of TICKETSHOW_TEST_RELAY: plain with STARTTLS offered; STARTTLS and AUTH required; TLS from the first
/// byte.
struct relay_urls {
  std::string open;
  std::string guarded;  ///< user "ticketshow", password "secret"
  std::string encrypted;
  std::string certificate;  ///< file with the relay's own certificate: TICKETSHOW_TEST_RELAY_CERTIFICATE
};
relay_urls relay();

/// A mail as it lies in the mailbox.
struct received_mail {
  std::string subject;
  std::string text;
  std::string html;
  std::map<std::string, std::string> headers;  ///< names in lower case, values decoded
  std::string source;                          ///< all bytes
};

/// The mails to this address, in the order in which they came.
std::vector<received_mail> mails_to(std::string_view address);

/// An address that no other test has used: "<word>.<random>@example.com".
std::string fresh_address(std::string_view word);

}  // namespace ticketshow::test
