#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "api/auth.hpp"
#include "base/backoff.hpp"
#include "base/random.hpp"
#include "ports/mailer.hpp"
#include "rt/bell.hpp"
#include "rt/gate.hpp"
#include "rt/metrics.hpp"
#include "rt/worker_pool.hpp"
#include "services/notification/store.hpp"

namespace ticketshow::notification {

struct sender_options {
  ports::mail_address from;
  std::string public_url;         ///< where the platform is reached, for the mails' readers
  std::size_t paper_threads = 1;  ///< which make tickets
  std::size_t at_once = 8;
  std::int64_t send_time_s = 20;     ///< for one attempt
  std::int64_t lease_s = 60;         ///< how long an attempt has a mail to itself: longer than it takes
  std::int64_t most_attempts = 100;  ///< afterwards it is given up, about a day with these pauses
  std::int64_t oldest_s = 86'400;    ///< and when it is older than this
  backoff<std::chrono::milliseconds> pauses{.first = std::chrono::seconds(1),
                                            .last = std::chrono::minutes(15)};  ///< between attempts, with jitter
  std::int64_t look_anyway_ms = 500;                                            ///< for what nobody rang about
  std::int64_t notice_wait_ms =
      15'000;                  ///< how long "money is back" waits for "on its way": money paid too late has none
  std::chrono::days kept{90};  ///< how long sent mails stay
  /// Called with the name of each step reached: tests throw from it. See sender.cpp and rt/fault_point.hpp.
  std::function<void(std::string_view)> at_step = {};
};

/// Sends what is queued, some at a time. A crash leaves a mail queued, and it is sent again under the same Message-ID.
/// I/O thread only.
class sender {
 public:
  struct dependencies {
    rt::executor io;
    store& mails;
    const clock_source& clock;
    random_source& random;
    auth::port& accounts;
    ports::mailer& mailer;
  };

  sender(const dependencies& needs, sender_options chosen);

  void start();
  /// Lets what is being sent come to an end until `until`, then breaks it off.
  rt::task<> stop(rt::deadline until);

  /// Rung when mails were queued: they leave at once.
  rt::bell& due() { return due_; }

 private:
  rt::task<> look();
  rt::task<bool> take_some();
  rt::task<> deliver(queued_mail what);
  rt::task<ports::delivery> attempt(queued_mail what);
  rt::task<ports::delivery> send(queued_mail what, auth::contact_view reader);
  /// Nothing when there is no memory or no room for it now.
  rt::task<std::optional<papers>> make_papers(queued_mail what, auth::language language);
  rt::task<> note(queued_mail what, ports::delivery done);
  rt::task<> note_refusal(queued_mail what, std::string words);
  void note_server(const ports::delivery& done);
  rt::task<> measure();
  rt::task<> forget();
  void reached(std::string_view point) const;

  rt::executor io_;
  store& store_;
  const clock_source& clock_;
  random_source& random_;
  auth::port& accounts_;
  ports::mailer& mailer_;
  sender_options options_;
  rt::bell due_;
  rt::gate looking_;
  rt::gate deliveries_;
  rt::worker_pool paper_makers_;
  std::size_t in_flight_ = 0;
  int troubles_in_a_row_ = 0;
  prometheus::Counter& sent_;
  prometheus::Counter& refused_;
  prometheus::Counter& retries_;
  prometheus::Counter& incomplete_;
  prometheus::Gauge& queued_;
  prometheus::Gauge& oldest_s_;
  prometheus::Histogram& delay_;
};

}  // namespace ticketshow::notification
