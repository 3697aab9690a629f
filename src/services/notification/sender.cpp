#include "services/notification/sender.hpp"

#include <new>

#include <fmt/format.h>

#include "rt/fault_point.hpp"
#include "rt/log.hpp"

namespace ticketshow::notification {
namespace {

using namespace std::chrono_literals;
using outcome = ports::delivery::outcome;

constexpr auto record_time = 5s;  // for a statement
constexpr auto ask_time = 5s;     // for the address of an account
constexpr auto measure_pause = 2s;
constexpr auto forget_pause = 10min;
constexpr std::int64_t forgotten_at_once = 1'000;
constexpr int telling_troubles = 5;  // one in a row may be a recipient's

}  // namespace

sender::sender(const dependencies& needs, sender_options chosen)
    : io_(needs.io),
      store_(needs.mails),
      clock_(needs.clock),
      random_(needs.random),
      accounts_(needs.accounts),
      mailer_(needs.mailer),
      options_(std::move(chosen)),
      due_(io_),
      looking_(io_, "mails"),
      deliveries_(io_, "mail deliveries"),
      paper_makers_(options_.paper_threads, options_.at_once, rt::worker_pool::haste::in_background),
      sent_(rt::metrics::counter("ticketshow_mails_sent_total", "Mails that a mail server took.")),
      refused_(rt::metrics::counter("ticketshow_mails_refused_total", "Mails refused for good or given up.")),
      retries_(rt::metrics::counter("ticketshow_mails_retries_total", "Attempts after which a mail is sent again.")),
      incomplete_(rt::metrics::counter("ticketshow_mails_incomplete_total",
                                       "Mails that went without papers, because these could not be made.")),
      queued_(rt::metrics::gauge("ticketshow_mails_queued", "Mails that are still to be sent.")),
      oldest_s_(rt::metrics::gauge("ticketshow_mails_oldest_seconds", "Age of the oldest of them.")),
      delay_(rt::metrics::latency("ticketshow_mail_delay_seconds",
                                  "From what happened to a mail server's having the mail about it.")) {}

void sender::start() {
  looking_.spawn(look());
  looking_.repeat(measure_pause, [this] { return measure(); });
  looking_.repeat(forget_pause, [this] { return forget(); });
}

rt::task<> sender::stop(rt::deadline until) {
  co_await looking_.close(until);
  const bool finished = co_await deliveries_.drain(until);
  if (!finished) co_await deliveries_.close(rt::deadline::after(1s));
}

rt::task<> sender::look() {
  while (!looking_.closing()) {
    bool more = false;
    try {
      more = co_await take_some();
    } catch (const std::exception& error) {
      if (looking_.closing()) co_return;
      rt::log::warning("mails cannot be looked for", {{"error", error.what()}});
    }
    if (!more) co_await due_.wait(std::chrono::milliseconds(options_.look_anyway_ms));
  }
}

/// Whether there may be more, and room for it.
rt::task<bool> sender::take_some() {
  if (in_flight_ >= options_.at_once) co_return false;  // who ends rings
  const auto room = static_cast<std::int64_t>(options_.at_once - in_flight_);
  auto taken = co_await store_.take_due(rt::deadline::after(record_time), room);
  for (auto& each : taken.mails) deliveries_.spawn(deliver(std::move(each)));
  co_return taken.more;
}

rt::task<> sender::deliver(queued_mail what) {
  struct place {
    explicit place(sender& s) : of(s) { ++of.in_flight_; }
    ~place() {
      --of.in_flight_;
      of.due_.ring();
    }
    sender& of;
  };
  const place taken(*this);
  auto done = co_await attempt(what);
  co_await note(std::move(what), std::move(done));
}

/// Whose address it is, is asked when the mail goes out: never an address of the event, nor one of a default.
rt::task<ports::delivery> sender::attempt(queued_mail what) {
  const rt::call call{.until = rt::deadline::after(ask_time), .correlation_id = what.correlation_id};
  const auth::get_contact whose{what.user_id};
  std::string away;
  try {
    auto reader = co_await accounts_.handle(call.as_service("notification"), whose);
    if (reader) co_return co_await send(std::move(what), std::move(*reader));
    if (*reader.error().kind == auth::account_not_found) {
      co_return ports::delivery{outcome::refused, std::string(auth::account_not_found.title)};
    }
    away = reader.error().kind->title;
  } catch (const rt::unavailable& error) {
    away = error.what();
  }
  co_return ports::delivery{outcome::try_again, "the address cannot be asked for: " + away};
}

rt::task<ports::delivery> sender::send(queued_mail what, auth::contact_view reader) {
  auto with = co_await make_papers(what, reader.language);
  if (!with) co_return ports::delivery{outcome::try_again, "its papers cannot be made now"};
  letter written;
  std::string fault;
  try {
    written = write_letter(what.about, what.facts, reader, *with, options_.public_url);
  } catch (const std::exception& error) {
    fault = error.what();
  }
  if (!fault.empty()) co_return ports::delivery{outcome::refused, "it cannot be written: " + fault};
  ports::mail mail{.from = options_.from,
                   .to = {std::move(reader.username), std::move(reader.email)},
                   .subject = std::move(written.subject),
                   .text = std::move(written.text),
                   .html = std::move(written.html),
                   .message_id = what.message_id,
                   .date = clock_.now(),
                   .attachments = std::move(with->files)};
  const auto until = rt::deadline::after(std::chrono::seconds(options_.send_time_s));
  auto done = co_await mailer_.send(until, std::move(mail));
  note_server(done);
  if (done.what == outcome::accepted) reached("mail.accepted");
  co_return done;
}

/// A mail without its tickets is better than none: it says where they are. An operator hears why.
rt::task<std::optional<papers>> sender::make_papers(queued_mail what, auth::language language) {
  const auto id = what.id;
  const auto correlation_id = what.correlation_id;
  const documents::issuer by{options_.from.name, options_.from.address, options_.public_url};
  auto made = co_await paper_makers_.run([what = std::move(what), by, language]() -> std::optional<papers> {
    try {
      return papers_of(what.about, what.facts, language, by, what.message_id, what.happened_at);
    } catch (const std::bad_alloc&) {
      return std::nullopt;
    }
  });
  if (!made || !*made) co_return std::nullopt;
  auto& all = **made;
  if (!all.fault.empty()) {
    incomplete_.Increment();
    rt::log::error("a mail goes without papers that could not be made",
                   {{"mail", id}, {"correlation_id", correlation_id}, {"error", all.fault}});
  }
  co_return std::move(all);
}

rt::task<> sender::note(queued_mail what, ports::delivery done) {
  const auto until = rt::deadline::after(record_time);
  switch (done.what) {
    case outcome::accepted: {
      delay_.Observe(std::chrono::duration<double>(clock_.now() - what.happened_at).count());
      sent_.Increment();
      co_await store_.record_sent(until, std::move(what), std::move(done.words));
      reached("mail.recorded");
      co_return;
    }
    case outcome::refused:
      co_await note_refusal(std::move(what), std::move(done.words));
      co_return;
    case outcome::try_again: {
      const bool old = clock_.now() - what.queued_at > std::chrono::seconds(options_.oldest_s);
      if (old || what.attempts >= options_.most_attempts) {
        auto words = fmt::format("given up after {} attempts: {}", what.attempts, done.words);
        co_await note_refusal(std::move(what), std::move(words));
        co_return;
      }
      retries_.Increment();
      const auto pause = with_jitter(options_.pauses.after(what.attempts), random_);
      rt::log::info("a mail is sent again later", {{"mail", what.id},
                                                   {"attempts", what.attempts},
                                                   {"pause_ms", pause.count()},
                                                   {"correlation_id", what.correlation_id},
                                                   {"reason", done.words}});
      co_await store_.put_off(until, std::move(what), pause, std::move(done.words));
      co_return;
    }
  }
}

rt::task<> sender::note_refusal(queued_mail what, std::string words) {
  refused_.Increment();
  rt::log::warning("a mail was refused; its event is a dead letter", {{"mail", what.id},
                                                                      {"kind", contract::enum_name(what.about)},
                                                                      {"booking", what.booking_id},
                                                                      {"event_id", what.event_id},
                                                                      {"correlation_id", what.correlation_id},
                                                                      {"reason", words}});
  co_await store_.refuse(rt::deadline::after(record_time), std::move(what), std::move(words));
}

/// An operator hears once that the mail server takes nothing, and once that it does again.
void sender::note_server(const ports::delivery& done) {
  if (done.what == outcome::try_again) {
    if (++troubles_in_a_row_ != telling_troubles) return;
    rt::log::warning("the mail server does not take mail; it is sent later", {{"reason", done.words}});
  } else {
    const auto before = std::exchange(troubles_in_a_row_, 0);
    if (before >= telling_troubles) rt::log::info("the mail server takes mail again");
  }
}

rt::task<> sender::measure() {
  const auto waiting = co_await store_.measure(rt::deadline::after(record_time));
  queued_.Set(static_cast<double>(waiting.count));
  oldest_s_.Set(static_cast<double>(waiting.oldest_s));
}

rt::task<> sender::forget() {
  while (!looking_.closing()) {
    const auto gone = co_await store_.forget_sent(rt::deadline::after(record_time), options_.kept, forgotten_at_once);
    if (gone < forgotten_at_once) co_return;
  }
}

void sender::reached(std::string_view point) const {
  rt::fault_point(point);
  if (options_.at_step) options_.at_step(point);
}

}  // namespace ticketshow::notification
