#include "services/booking/seat_streams.hpp"

#include <algorithm>
#include <list>

#include <boost/asio/redirect_error.hpp>

#include "rt/bell.hpp"
#include "rt/log.hpp"
#include "rt/metrics.hpp"
#include "services/booking/seat_feed.hpp"

namespace ticketshow::booking {
namespace {

namespace asio = rt::asio;
using namespace std::chrono_literals;

constexpr auto pace = 100ms;        // between two messages of one showing
constexpr auto linger = 30s;        // a showing is followed for so long after its last reader, who may come back
constexpr auto longest_wait = 10s;  // then it is looked at though nobody said anything: what was said may be lost
constexpr auto retry = 1s;          // after a look that failed
constexpr auto silence = 20s;       // then a reader gets a heartbeat

prometheus::Gauge& streams_gauge() {
  static auto& gauge = rt::metrics::gauge("ticketshow_booking_seat_streams", "Readers of live seat maps.");
  return gauge;
}

prometheus::Gauge& channels_gauge() {
  static auto& gauge = rt::metrics::gauge("ticketshow_booking_watched_schedules",
                                          "Showings that are followed for the readers of their seat maps.");
  return gauge;
}

std::unexpected<contract::problem> busy() {
  contract::problem later{&contract::service_unavailable, "Too many seat maps are being watched right now."};
  later.retry_after_s = 5;
  return std::unexpected(std::move(later));
}

}  // namespace

/// One showing that is followed.
struct seat_streams::channel {
  channel(rt::executor io, std::string stem) : feed(std::move(stem)), changed(io) {}
  void wake();

  seat_feed feed;
  rt::bell changed;
  std::list<reader*> readers;
  rt::steady_clock::time_point left_at = rt::steady_clock::now();  // by the last reader, or made
  bool ended = false;
  bool failing = false;
};

class seat_streams::reader final : public contract::message_source {
 public:
  reader(rt::executor io, std::shared_ptr<channel> which, std::uint64_t at, std::shared_ptr<std::size_t> count)
      : channel_(std::move(which)),
        place_(channel_->readers.insert(channel_->readers.end(), this)),
        at_(at),
        alarm_(io),
        count_(std::move(count)) {
    ++*count_;
    streams_gauge().Increment();
  }
  ~reader() override {
    channel_->readers.erase(place_);
    channel_->left_at = rt::steady_clock::now();
    --*count_;
    streams_gauge().Decrement();
  }
  reader(const reader&) = delete;
  reader& operator=(const reader&) = delete;

  rt::task<contract::piece> next() override {
    static const auto beat = std::make_shared<const std::string>(contract::heartbeat);
    while (!closed_ && !channel_->ended) {
      if (auto message = channel_->feed.next(at_)) co_return message;
      boost::system::error_code woken;
      alarm_.expires_after(silence);
      co_await alarm_.async_wait(asio::redirect_error(rt::use_task, woken));
      if (!woken) co_return beat;
    }
    co_return nullptr;
  }
  void close() override {
    closed_ = true;
    wake();
  }
  void wake() { alarm_.cancel(); }

 private:
  std::shared_ptr<channel> channel_;
  std::list<reader*>::iterator place_;
  std::uint64_t at_;
  rt::timer alarm_;
  std::shared_ptr<std::size_t> count_;
  bool closed_ = false;
};

/// A place among the channels while one is followed.
struct seat_streams::registration {
  registration(channels& among, std::int64_t schedule_id, std::shared_ptr<channel> which)
      : all(among), id(schedule_id) {
    all.insert_or_assign(id, std::move(which));
    channels_gauge().Increment();
  }
  ~registration() {
    all.erase(id);
    channels_gauge().Decrement();
  }
  registration(const registration&) = delete;
  registration& operator=(const registration&) = delete;
  channels& all;
  std::int64_t id;
};

void seat_streams::channel::wake() {
  for (auto* each : readers) each->wake();
}

seat_streams::seat_streams(rt::executor io, schedules& memory, const clock_source& clock, random_source& random,
                           rt::gate& background, std::size_t max_streams)
    : io_(io), memory_(memory), clock_(clock), random_(random), background_(background), max_streams_(max_streams) {}

rt::task<contract::result<watch_seats::response>> seat_streams::open(watch_seats request) {
  const auto id = request.schedule_id;
  const auto book = co_await memory_.get(id);
  if (!book) co_return contract::fail(schedule_not_found);
  if (closed_ || *open_ >= max_streams_) co_return busy();
  const auto known = channels_.find(id);
  auto which = known == channels_.end() ? nullptr : known->second;
  if (!which) {
    which = std::make_shared<channel>(io_, random_hex(random_, 8));
    which->feed.publish(book->shown(clock_.now()));
    background_.spawn(follow(id, which));
  }
  const auto at = which->feed.number_of(request.last_event_id.value);
  co_return watch_seats::response{std::make_shared<reader>(io_, std::move(which), at, open_)};
}

void seat_streams::changed(std::int64_t schedule_id) {
  const auto found = channels_.find(schedule_id);
  if (found != channels_.end()) found->second->changed.ring();
}

void seat_streams::changed_elsewhere(const std::function<void(std::int64_t)>& look) {
  for (auto& [id, each] : channels_) {
    look(id);
    each->changed.ring();
  }
}

void seat_streams::close() {
  closed_ = true;
  for (auto& [id, each] : channels_) {
    each->ended = true;
    each->wake();
    each->changed.ring();
  }
}

bool seat_streams::is_followed(const channel& which) const {
  return !which.ended && !background_.closing() &&
         (!which.readers.empty() || rt::steady_clock::now() - which.left_at < linger);
}

rt::task<> seat_streams::follow(std::int64_t id, std::shared_ptr<channel> which) {
  const registration known(channels_, id, which);
  while (is_followed(*which)) {
    const auto wait = co_await look(id, *which);
    co_await rt::sleep_for(pace);
    co_await which->changed.wait(wait);
  }
}

rt::task<rt::steady_clock::duration> seat_streams::look(std::int64_t id, channel& which) {
  try {
    const auto book = co_await memory_.get(id);
    which.failing = false;
    which.ended = which.ended || !book;
    if (which.ended) {
      which.wake();
      co_return 0s;
    }
    const auto now = clock_.now();
    auto shown = book->shown(now);
    const rt::steady_clock::duration good_for =
        std::clamp<timestamp::duration>(shown.good_until - now, 0s, longest_wait);
    const bool news = which.feed.publish(std::move(shown));
    if (news) which.wake();
    co_return good_for;
  } catch (const std::exception& failure) {
    if (!std::exchange(which.failing, true) && !background_.closing()) {
      rt::log::warning("a seat map cannot be followed; it is tried again",
                       {{"schedule", id}, {"error", failure.what()}});
    }
    co_return retry;
  }
}

}  // namespace ticketshow::booking
