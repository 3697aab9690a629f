#include "services/booking/schedules.hpp"

#include <map>
#include <set>

#include <boost/asio/redirect_error.hpp>
#include <fmt/format.h>

#include "rt/in_parallel.hpp"
#include "rt/unavailable.hpp"

namespace ticketshow::booking {
namespace {

namespace asio = rt::asio;
using namespace std::chrono_literals;

constexpr auto load_time = 10s;
constexpr auto fetch_time = 5s;
constexpr std::size_t fetches_at_once = 16;
constexpr std::int64_t lapsed_at_once = 256;
constexpr int most_reads = 5;
constexpr auto a_moment = std::chrono::milliseconds(100);

schedule copy_of(catalog::schedule_for_sale&& from) {
  return {.id = from.id,
          .version = from.version,
          .open = from.status == catalog::schedule_status::ACTIVE,
          .show_id = from.show_id,
          .show_name = std::move(from.show_title),
          .venue_id = from.venue_id,
          .venue_name = std::move(from.venue_name),
          .venue_address = std::move(from.venue_address),
          .time_zone = std::move(from.time_zone),
          .screen_id = from.screen_id,
          .screen_name = std::move(from.screen_name),
          .capacity = from.capacity,
          .seats_per_row = from.seats_per_row,
          .start_time = from.start_time,
          .end_time = from.end_time,
          .price = from.price,
          .currency = std::move(from.currency)};
}

}  // namespace

schedules::schedules(rt::executor io, store& tables, catalog::port& catalog, const clock_source& clock,
                     random_source& random, rt::gate& background, limits bounds)
    : io_(io),
      store_(tables),
      catalog_(catalog),
      clock_(clock),
      random_(random),
      background_(background),
      limits_(bounds) {}

// ---- memory

rt::task<std::shared_ptr<seat_book>> schedules::get(std::int64_t id) {
  const auto found = touch(id);
  if (found->book && fresh(*found)) co_return found->book;
  if (!found->loading) start_load(id, found);
  while (found->loading) {
    boost::system::error_code error;
    co_await found->loaded.async_wait(asio::redirect_error(rt::use_task, error));
  }
  if (found->failure) std::rethrow_exception(found->failure);
  co_return found->book;
}

seat_book* schedules::find(std::int64_t id) {
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : found->second->book.get();
}

void schedules::change(std::int64_t schedule_id, std::function<void(seat_book&)> how) {
  changed_(schedule_id);
  const auto found = entries_.find(schedule_id);
  if (found == entries_.end()) return;
  if (found->second->book) how(*found->second->book);
  if (found->second->loading) found->second->since_loading.push_back(std::move(how));
}

void schedules::add(std::int64_t schedule_id, claim made) {
  change(schedule_id, [made = std::move(made)](seat_book& book) { book.add(made); });
}

void schedules::confirm(booking_ref booking) {
  change(booking.schedule_id, [id = booking.booking_id](seat_book& book) { book.confirm(id); });
}

void schedules::release(booking_ref booking) {
  change(booking.schedule_id, [id = booking.booking_id](seat_book& book) { book.release(id); });
}

void schedules::forget(std::int64_t id) {
  changed_elsewhere(id);
  changed_(id);
}

void schedules::changed_elsewhere(std::int64_t id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  if (found->second->loading) {
    found->second->read_again = true;
  } else {
    erase(id);
  }
}

void schedules::outdate(std::int64_t id) {
  const auto found = entries_.find(id);
  if (found != entries_.end()) found->second->outdated = true;
}

bool schedules::fresh(const entry& candidate) const {
  if (limits_.max_age == 0ms) return true;
  const auto most =
      candidate.outdated ? std::min<std::chrono::milliseconds>(a_moment, limits_.max_age) : limits_.max_age;
  return rt::steady_clock::now() - candidate.read_at < most;
}

std::shared_ptr<schedules::entry> schedules::touch(std::int64_t id) {
  auto& place = entries_[id];
  if (place) {
    recently_used_.splice(recently_used_.begin(), recently_used_, place->used);
  } else {
    place = std::make_shared<entry>(io_);
    place->used = recently_used_.insert(recently_used_.begin(), id);
  }
  return place;
}

void schedules::erase(std::int64_t id) {
  const auto found = entries_.find(id);
  seats_ -= found->second->seats;
  recently_used_.erase(found->second->used);
  entries_.erase(found);
}

void schedules::make_room() {
  auto last = recently_used_.end();
  while (seats_ > limits_.max_seats_in_memory && last != recently_used_.begin()) {
    const auto id = *--last;
    if (entries_.at(id)->loading) continue;
    ++last;
    erase(id);
  }
}

// ---- loading

void schedules::start_load(std::int64_t id, std::shared_ptr<entry> into) {
  into->loading = true;
  into->failure = nullptr;
  if (background_.closing()) {
    into->loading = false;
    into->failure = std::make_exception_ptr(rt::unavailable("booking is stopping"));
    return;
  }
  background_.spawn(load(id, std::move(into)));
}

rt::task<> schedules::load(std::int64_t id, std::shared_ptr<entry> into) {
  std::shared_ptr<seat_book> book;
  try {
    book = co_await read(id, *into);
  } catch (...) {
    into->failure = std::current_exception();
  }
  into->loading = false;
  into->loaded.cancel();
  if (into->failure || !book) {
    into->book = nullptr;
    erase(id);
    co_return;
  }
  seats_ -= into->seats;
  into->seats = static_cast<std::size_t>(book->showing().capacity);
  seats_ += into->seats;
  into->book = std::move(book);
  into->read_at = rt::steady_clock::now();
  make_room();
}

rt::task<std::shared_ptr<seat_book>> schedules::read(std::int64_t id, entry& into) {
  const auto until = rt::deadline::after(load_time);
  std::optional<seat_book> book;
  for (int i = 0; i < most_reads && (!book || into.read_again); ++i) {
    into.read_again = false;
    into.outdated = false;
    into.since_loading.clear();
    book = co_await store_.load_seat_book(until, id, clock_);
    if (book) continue;
    const bool exists = co_await copy_from_catalog(id);
    if (!exists) co_return nullptr;
  }
  if (!book) throw rt::unavailable(fmt::format("the copy of schedule {} cannot be read", id));
  for (const auto& change : into.since_loading) change(*book);
  into.since_loading.clear();
  co_return std::make_shared<seat_book>(std::move(*book));
}

// ---- catalog

rt::task<bool> schedules::copy_from_catalog(std::int64_t id) {
  // A change that catalog makes meanwhile comes as news, and makes a copy if it is faster.
  const auto until = rt::deadline::after(load_time);
  auto fetched = co_await fetch(until, id);
  if (!fetched) co_return false;
  std::vector<schedule> one;
  one.push_back(std::move(*fetched));
  co_await store_.record_schedules(until, std::move(one));
  co_return true;
}

rt::task<std::optional<schedule>> schedules::fetch(rt::deadline until, std::int64_t id) {
  rt::call call{.until = until.no_later_than(fetch_time), .correlation_id = random_hex(random_, 16)};
  auto answer = co_await catalog_.handle(call.as_service("booking"), catalog::get_schedule_for_sale{.id = id});
  if (answer) co_return copy_of(std::move(*answer));
  if (*answer.error().kind == catalog::schedule_not_found) co_return std::nullopt;
  throw rt::unavailable(fmt::format("catalog did not give schedule {}: {}", id, answer.error().kind->code));
}

rt::task<> schedules::take_news(pg::transaction& in, std::vector<events::received<catalog::schedule_changed>> news) {
  std::map<std::int64_t, schedule> newest;
  std::vector<suspension> ended;
  for (auto& each : news) {
    auto& what = each.what;
    if (what.ticket) ended.push_back({what.schedule.id, std::move(*what.ticket)});
    const auto known = newest.find(what.schedule.id);
    if (known != newest.end() && known->second.version >= what.schedule.version) continue;
    const auto id = what.schedule.id;
    newest.insert_or_assign(id, copy_of(std::move(what.schedule)));
  }
  std::vector<schedule> copies;
  for (auto& [id, copy] : newest) copies.push_back(std::move(copy));
  news_.insert(news_.end(), copies.begin(), copies.end());
  co_await store::take_news(in, std::move(copies), std::move(ended));
}

void schedules::news_taken() {
  // Some may be of a transaction that failed or is still under way: memory that is ahead of the database is found out
  // by the next hold, as memory that is behind.
  for (auto& each : std::exchange(news_, {})) {
    const auto id = each.id;
    change(id, [copy = std::move(each)](seat_book& book) { book.update(copy); });
  }
}

rt::task<bool> schedules::end_lapsed_suspensions(rt::deadline until) {
  auto lapsed = co_await store_.lapsed_suspensions(until, lapsed_at_once);
  if (lapsed.empty()) co_return false;
  std::vector<schedule> fetched;
  const auto fetch_one = [](schedules& self, rt::deadline limit, std::int64_t id,
                            std::vector<schedule>& into) -> rt::task<> {
    auto copy = co_await self.fetch(limit, id);
    if (copy) into.push_back(std::move(*copy));
  };
  std::set<std::int64_t> named;
  for (const auto& each : lapsed) named.insert(each.schedule_id);
  const std::vector ids(named.begin(), named.end());
  co_await rt::in_parallel(ids.size(), fetches_at_once,
                           [&](std::size_t i) { return fetch_one(*this, until, ids[i], fetched); });
  co_await store_.record_schedules(until, fetched);
  co_await store_.end_suspensions(until, std::move(lapsed));
  news_.insert(news_.end(), std::move_iterator(fetched.begin()), std::move_iterator(fetched.end()));
  news_taken();
  co_return true;
}

}  // namespace ticketshow::booking
