#include "adapters/mail_smtp/session.hpp"

#include <charconv>
#include <new>
#include <stdexcept>

#include <fmt/format.h>

#include "adapters/mail_smtp/headers.hpp"
#include "adapters/mail_smtp/message.hpp"

namespace ticketshow::mail_smtp {
namespace {

using namespace std::chrono_literals;
using outcome = ports::delivery::outcome;

// A server may close a connection that nobody uses: an older one is not tried.
constexpr long most_idle_s = 20;
constexpr std::size_t longest_reply = 500;

long use_ssl_of(encryption wanted) {
  switch (wanted) {
    case encryption::none:
      return CURLUSESSL_NONE;
    case encryption::opportunistic:
      return CURLUSESSL_TRY;
    case encryption::required:
      return CURLUSESSL_ALL;
  }
  std::unreachable();
}

/// The code of "550 no such user" and "550-first line".
int code_of(std::string_view line) {
  int code = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), code);
  return error == std::errc{} && end == line.data() + 3 ? code : 0;
}

/// Whether a no is about this sender: its account or the missing encryption (RFC 4954, RFC 3207), not about the mail.
bool is_about_us(int code) { return code == 530 || code == 534 || code == 535 || code == 538; }

}  // namespace

session::session(const options& settings, const std::atomic<bool>& give_up)
    : settings_(settings), give_up_(give_up), handle_(curl_easy_init()) {
  if (!handle_) throw std::bad_alloc();
}

template <class T>
void session::set(CURLoption option, T value) {
  const auto done = curl_easy_setopt(handle_.get(), option, value);
  if (done != CURLE_OK) throw std::runtime_error(curl_easy_strerror(done));
}

void session::prepare(rt::deadline until, const ports::mail& what) {
  using in_ms = std::chrono::milliseconds;
  curl_easy_reset(handle_.get());  // keeps the connection
  set(CURLOPT_URL, settings_.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(CURLOPT_NOPROXY, "*");
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_USE_SSL, use_ssl_of(settings_.tls));
  if (!settings_.ca_file.empty()) set(CURLOPT_CAINFO, settings_.ca_file.c_str());
  if (!settings_.user.empty()) {
    set(CURLOPT_USERNAME, settings_.user.c_str());
    set(CURLOPT_PASSWORD, settings_.password.c_str());
  }
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::chrono::duration_cast<in_ms>(settings_.connect_time).count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::max(in_ms(1), std::chrono::ceil<in_ms>(until.left())).count()));
  set(CURLOPT_MAXAGE_CONN, most_idle_s);

  set(CURLOPT_ERRORBUFFER, trouble_);
  set(CURLOPT_VERBOSE, 1L);  // makes libcurl tell what it says and hears; it goes to follow() and nowhere else
  set(
      CURLOPT_DEBUGFUNCTION, +[](CURL*, curl_infotype kind, char* text, std::size_t size, void* self) {
        static_cast<session*>(self)->follow(kind, {text, size});
        return 0;
      });
  set(CURLOPT_DEBUGDATA, static_cast<void*>(this));
  set(CURLOPT_NOPROGRESS, 0L);
  set(
      CURLOPT_XFERINFOFUNCTION, +[](void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
        return static_cast<session*>(self)->give_up_.load() ? 1 : 0;
      });
  set(CURLOPT_XFERINFODATA, static_cast<void*>(this));
  set(CURLOPT_MAIL_FROM, fmt::format("<{}>", what.from.address).c_str());

  trouble_[0] = '\0';
  about_the_mail_ = false;
  refused_the_mail_ = false;
  code_ = 0;
  reply_.clear();
}

ports::delivery session::send(rt::deadline until, const ports::mail& what) {
  for (const auto* each : {&what.from.address, &what.to.address}) {
    if (!is_address(*each)) return {outcome::refused, fmt::format("\"{}\" is not a mail address", header_text(*each))};
  }
  prepare(until, what);
  const line_list recipient(curl_slist_append(nullptr, fmt::format("<{}>", what.to.address).c_str()));
  const auto lines = header_lines(what);
  const auto parts = mime_parts(handle_.get(), what);
  set(CURLOPT_MAIL_RCPT, recipient.get());
  set(CURLOPT_HTTPHEADER, lines.get());
  set(CURLOPT_MIMEPOST, parts.get());
  return judge(curl_easy_perform(handle_.get()));
}

void session::follow(curl_infotype kind, std::string_view line) {
  if (kind == CURLINFO_HEADER_OUT) {
    about_the_mail_ = line.starts_with("MAIL ") || line.starts_with("RCPT ") || line.starts_with("DATA");
  } else if (kind == CURLINFO_HEADER_IN) {
    const auto code = code_of(line);
    const auto text = line.substr(0, line.find_last_not_of("\r\n") + 1);
    if (code_ == 0) {
      reply_ = text;
    } else if (code == code_ && reply_.size() < longest_reply) {
      reply_ += ' ';  // further lines of the same no
      reply_ += text.substr(std::min<std::size_t>(4, text.size()));
    }
    if (code_ == 0 && code >= 400) {
      code_ = code;
      refused_the_mail_ = about_the_mail_ && code >= 500 && !is_about_us(code);
    }
  }
}

ports::delivery session::judge(CURLcode done) const {
  if (done == CURLE_OK) return {outcome::accepted, reply_};
  if (refused_the_mail_) return {outcome::refused, reply_};
  if (code_ != 0) return {outcome::try_again, reply_};
  return {outcome::try_again, trouble_[0] != '\0' ? trouble_ : curl_easy_strerror(done)};
}

}  // namespace ticketshow::mail_smtp
