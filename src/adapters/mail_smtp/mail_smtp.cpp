#include "adapters/mail_smtp/mail_smtp.hpp"

#include <atomic>
#include <csignal>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

#include "adapters/mail_smtp/session.hpp"
#include "rt/worker_pool.hpp"

namespace ticketshow::mail_smtp {
namespace {

/// A program whose threads use libcurl must not end by SIGPIPE when a server has gone (CURLOPT_NOSIGNAL).
CURLcode start_libcurl() {
  std::signal(SIGPIPE, SIG_IGN);
  return curl_global_init(CURL_GLOBAL_DEFAULT);
}

void start_libcurl_once() {
  static const auto started = start_libcurl();
  if (started != CURLE_OK) throw std::runtime_error("libcurl cannot be used here");
}

void check(const options& settings) {
  const bool encrypted_at_once = settings.url.starts_with("smtps://");
  if (!encrypted_at_once && !settings.url.starts_with("smtp://")) {
    throw std::runtime_error("The mail server's address must be smtp://host:port or smtps://host:port.");
  }
  if (!settings.password.empty() && !encrypted_at_once && settings.tls != encryption::required) {
    throw std::runtime_error("The mail server's password would travel in the clear: TLS must be required with it.");
  }
}

}  // namespace

/// What the threads share. They are joined before the rest goes.
struct mailer::desk {
  explicit desk(options chosen)
      : settings(std::move(chosen)), threads(settings.at_once, settings.at_once + settings.waiting) {}

  std::unique_ptr<session> take() {
    const std::scoped_lock locked(mutex);
    if (idle.empty()) return std::make_unique<session>(settings, give_up);
    auto last = std::move(idle.back());
    idle.pop_back();
    return last;
  }
  void put_back(std::unique_ptr<session> used) {
    const std::scoped_lock locked(mutex);
    idle.push_back(std::move(used));
  }

  ports::delivery send(rt::deadline until, const ports::mail& what) {
    if (give_up) return {ports::delivery::outcome::try_again, "the mailer is stopping"};
    auto conversation = take();
    auto done = conversation->send(until, what);
    // libcurl keeps the connection of a mail whose answer did not come in time, and would take it for the next mail's.
    if (done.what == ports::delivery::outcome::accepted) put_back(std::move(conversation));
    return done;
  }

  const options settings;
  std::atomic<bool> give_up = false;
  std::mutex mutex;
  std::vector<std::unique_ptr<session>> idle;  // the one used last is taken first, so that the others may grow old
  rt::worker_pool threads;
};

mailer::mailer(options settings) {
  start_libcurl_once();
  check(settings);
  desk_ = std::make_unique<desk>(std::move(settings));
}

mailer::~mailer() { desk_->give_up = true; }

rt::task<> mailer::start() { co_return; }

rt::task<> mailer::stop(rt::deadline) {
  desk_->give_up = true;
  co_return;
}

rt::task<ports::delivery> mailer::send(rt::deadline until, ports::mail what) {
  auto work = [at = desk_.get(), until, mail = std::move(what)] { return at->send(until, mail); };
  auto done = co_await desk_->threads.run(std::move(work));
  if (!done) co_return ports::delivery{ports::delivery::outcome::try_again, "too many mails wait to be sent"};
  co_return std::move(*done);
}

}  // namespace ticketshow::mail_smtp
