#pragma once

#include <atomic>
#include <curl/curl.h>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/mail_smtp/mail_smtp.hpp"

namespace ticketshow::mail_smtp {

/// A conversation with the server that goes on from mail to mail: a libcurl handle with its connection. Used by one
/// thread at a time, which send() blocks.
class session {
 public:
  /// Both outlive it; once `give_up` is set, what is being sent ends within about a second.
  session(const options& settings, const std::atomic<bool>& give_up);

  ports::delivery send(rt::deadline until, const ports::mail& what);

 private:
  struct end_handle {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };

  template <class T>
  void set(CURLoption option, T value);
  void prepare(rt::deadline until, const ports::mail& what);
  void follow(curl_infotype kind, std::string_view line);
  [[nodiscard]] ports::delivery judge(CURLcode done) const;

  const options& settings_;
  const std::atomic<bool>& give_up_;
  std::unique_ptr<CURL, end_handle> handle_;
  // Of the mail that is being sent:
  char trouble_[CURL_ERROR_SIZE] = {};  // libcurl's words
  bool about_the_mail_ = false;         // the last command was of this mail, not of the connection
  bool refused_the_mail_ = false;       // `code_` is the answer to such a command
  int code_ = 0;                        // of the first reply that was a no
  std::string reply_;                   // its words; until there is one, the last reply
};

}  // namespace ticketshow::mail_smtp
