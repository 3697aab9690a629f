#include "services/booking/seat_news.hpp"

#include <charconv>

#include "services/booking/queries.hpp"

namespace ticketshow::booking {
namespace {

using namespace std::chrono_literals;

constexpr auto pause = 50ms;  // between two notifications: for holds that come one after another, one is enough
constexpr std::ptrdiff_t at_once = 300;  // a payload has less than 8000 bytes
constexpr auto send_time = 2s;

}  // namespace

seat_news::seat_news(rt::executor io, pg::pool& database, std::string conninfo, random_source& random, listeners who)
    : database_(database),
      alone_(conninfo.empty()),
      name_(random_hex(random, 8)),
      who_(std::move(who)),
      listener_(io, std::move(conninfo), "booking_seats", "ticketshow booking seats",
                [this](const std::vector<std::string>& said) {
                  if (said.empty()) who_.missed();
                  for (const auto& each : said) read(each);
                }),
      news_(io) {}

void seat_news::tell(std::int64_t schedule_id) {
  if (alone_) return;
  untold_.insert(schedule_id);
  news_.ring();
}

void seat_news::start(rt::gate& background) {
  if (alone_) return;
  listener_.start(background);
  background.repeat(pause, [this] { return send(); });
}

rt::task<> seat_news::send() {
  if (untold_.empty()) co_await news_.wait(1h);
  if (untold_.empty()) co_return;
  const auto end = std::next(untold_.begin(), std::ssize(untold_) < at_once ? std::ssize(untold_) : at_once);
  const std::vector telling(untold_.begin(), end);
  untold_.erase(untold_.begin(), end);
  std::string payload = name_;
  for (const auto id : telling) payload += ' ' + std::to_string(id);
  try {
    co_await database_.run(rt::deadline::after(send_time), queries::tell_of_seats, payload);
  } catch (...) {
    untold_.insert(telling.begin(), telling.end());
    throw;
  }
}

/// Anybody in the database may notify: what is not ours to read is passed over.
void seat_news::read(std::string_view payload) {
  const auto end_of_name = payload.find(' ');
  if (end_of_name == std::string_view::npos || payload.substr(0, end_of_name) == name_) return;
  payload.remove_prefix(end_of_name + 1);
  while (!payload.empty()) {
    const auto word = payload.substr(0, payload.find(' '));
    payload.remove_prefix(std::min(payload.size(), word.size() + 1));
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), id);
    if (error == std::errc{} && end == word.data() + word.size()) who_.heard(id);
  }
}

}  // namespace ticketshow::booking
