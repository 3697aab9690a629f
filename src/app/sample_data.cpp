#include "app/sample_data.hpp"

#include <set>
#include <stdexcept>

#include "app/sample_catalogue.hpp"
#include "services/catalog/venue_hours.hpp"

namespace ticketshow::app {
namespace {

using namespace std::chrono_literals;

constexpr const char* zone = "Asia/Kolkata";

constexpr int days_ahead = 7;
constexpr std::chrono::minutes first_starts[] = {10h + 15min, 14h + 30min, 19h};

template <class T>
T value_of(contract::result<T> answer) {
  if (!answer) {
    throw std::runtime_error("The sample data could not be loaded: " + contract::sentence_of(answer.error()));
  }
  return std::move(*answer);
}

std::string screen_name(std::size_t index) { return fmt::format("Screen {}", index + 1); }

/// The thing of a list that `is_it` knows, or nothing.
template <class T, class F>
std::optional<std::int64_t> find_id(const std::vector<T>& in, F is_it) {
  const auto found = std::ranges::find_if(in, is_it);
  return found == in.end() ? std::nullopt : std::optional(found->id);
}

rt::task<std::vector<catalog::show_view>> list_shows(catalog::port& catalogue, const rt::call& call) {
  const catalog::list_shows newest{.limit = 100, .include_cancelled = true};
  const auto listed = value_of(co_await catalogue.handle(call, newest));
  std::vector<catalog::show_view> present;
  contract::problems found;
  const auto document = contract::parse_document(*listed.json);
  contract::read_json(document.root, present, "", found);
  co_return present;
}

rt::task<std::optional<std::int64_t>> find_venue(catalog::port& catalogue, const rt::call& call,
                                                 const sample_venue& venue) {
  const catalog::list_venues in_city{.limit = 100, .city = venue.city, .include_inactive = true};
  const auto listed = value_of(co_await catalogue.handle(call, in_city));
  co_return find_id(listed, [&](const auto& each) { return each.name == venue.name; });
}

rt::task<std::vector<std::int64_t>> add_shows(catalog::port& catalogue, const rt::call& call) {
  const auto present = co_await list_shows(catalogue, call);
  std::vector<std::int64_t> ids;
  for (const auto& show : sample_shows) {
    auto id = find_id(present, [&](const auto& each) { return each.title == show.title; });
    if (!id) {
      const catalog::create_show wanted{show.title,       show.minutes,  money{show.price} * 100,
                                        show.description, show.language, show.rating};
      id = value_of(co_await catalogue.handle(call, wanted)).id;
    }
    ids.push_back(*id);
  }
  co_return ids;
}

/// Adds a venue with its screens and gives those.
rt::task<std::vector<std::int64_t>> add_venue(catalog::port& catalogue, const rt::call& call,
                                              const sample_venue& venue) {
  auto id = co_await find_venue(catalogue, call, venue);
  if (!id) {
    const catalog::create_venue wanted{venue.name, venue.location, venue.city, "09:00", "01:00", zone};
    id = value_of(co_await catalogue.handle(call, wanted)).id;
  }
  const auto present = value_of(co_await catalogue.handle(call, catalog::list_screens{.venue_id = id}));
  std::vector<std::int64_t> ids;
  for (std::size_t i = 0; i < venue.capacities.size(); ++i) {
    const catalog::create_screen wanted{*id, screen_name(i), venue.capacities[i], venue.capacities[i] >= 200 ? 20 : 12};
    auto screen = find_id(present, [&](const auto& each) { return each.name == wanted.name; });
    if (!screen) screen = value_of(co_await catalogue.handle(call, wanted)).id;
    ids.push_back(*screen);
  }
  co_return ids;
}

/// The day's showings of a screen that still lie ahead; `number` is the screen's among all. The screens' times lie a
/// little apart, and the shows go round. Gives how many were made; `must` says that a refusal is a mistake, else it is
/// somebody's will.
rt::task<int> add_day(catalog::port& catalogue, rt::call call, timestamp soon, std::chrono::sys_days day,
                      std::vector<std::int64_t> show_ids, std::int64_t screen_id, std::size_t number, bool must) {
  const auto midnight = catalog::day_begins(day, zone);
  const auto days = static_cast<std::size_t>(day.time_since_epoch().count());
  int added = 0;
  for (std::size_t slot = 0; slot < std::size(first_starts); ++slot) {
    const auto start = midnight + first_starts[slot] + std::chrono::minutes(5 * (number % 12));
    if (start < soon) continue;
    const auto show = (number * 5 + slot * 3 + days) % show_ids.size();
    const catalog::create_schedule wanted{show_ids[show], screen_id, start};
    auto made = co_await catalogue.handle(call, wanted);
    const bool there_already = !made && *made.error().kind == catalog::schedule_overlaps;
    if (must && !there_already) value_of(made);
    if (made) ++added;
  }
  co_return added;
}

/// Everything before was made when the last screen has its showings of the last day.
rt::task<bool> is_complete(catalog::port& catalogue, const rt::call& call) {
  const auto venue = co_await find_venue(catalogue, call, *std::rbegin(sample_venues));
  if (!venue) co_return false;
  const catalog::list_venue_schedules ever{
      .venue_id = *venue, .from_date = 1970y / 1 / 1, .to_date = 2999y / 12 / 31, .include_cancelled = true};
  const auto showings = value_of(co_await catalogue.handle(call, ever));
  const auto on_last_screen = std::ranges::count_if(
      showings, [](const auto& each) { return each.screen_name == screen_name(sample_venues->capacities.size() - 1); });
  co_return on_last_screen >= (days_ahead - 1) * std::ssize(first_starts);
}

/// Loads everything, as far as it is not there.
rt::task<int> load_all(catalog::port& catalogue, rt::call call, timestamp soon, std::chrono::sys_days today) {
  const auto show_ids = co_await add_shows(catalogue, call);
  std::vector<std::int64_t> screen_ids;
  for (const auto& venue : sample_venues) {
    const auto added = co_await add_venue(catalogue, call, venue);
    screen_ids.insert(screen_ids.end(), added.begin(), added.end());
  }
  int added = 0;
  for (std::size_t screen = 0; screen < screen_ids.size(); ++screen) {
    for (int day = 0; day < days_ahead; ++day) {
      added += co_await add_day(catalogue, call, soon, today + std::chrono::days(day), show_ids, screen_ids[screen],
                                screen, true);
    }
  }
  co_return added;
}

/// The shows of the sample that still run.
rt::task<std::vector<std::int64_t>> running_shows(catalog::port& catalogue, rt::call call) {
  const auto present = co_await list_shows(catalogue, call);
  std::vector<std::int64_t> ids;
  for (const auto& show : sample_shows) {
    const auto id = find_id(present, [&](const auto& each) {
      return each.title == show.title && each.status == catalog::show_status::ACTIVE;
    });
    if (id) ids.push_back(*id);
  }
  co_return ids;
}

/// Adds showings for the coming days on which one of the sample's screens has had none. What was renamed, closed or
/// cancelled meanwhile stays as it is.
rt::task<int> top_up(catalog::port& catalogue, rt::call call, timestamp soon, std::chrono::sys_days today) {
  const auto show_ids = co_await running_shows(catalogue, call);
  if (show_ids.empty()) co_return 0;
  int added = 0;
  for (std::size_t venue = 0; venue < std::size(sample_venues); ++venue) {
    const auto id = co_await find_venue(catalogue, call, sample_venues[venue]);
    if (!id) continue;
    const auto screens = value_of(co_await catalogue.handle(call, catalog::list_screens{.venue_id = id}));
    const catalog::list_venue_schedules coming{.venue_id = *id,
                                               .from_date = today,
                                               .to_date = today + std::chrono::days(days_ahead - 1),
                                               .include_cancelled = true};
    const auto present = value_of(co_await catalogue.handle(call, coming));
    std::set<std::pair<std::int64_t, std::chrono::sys_days>> planned;
    for (const auto& each : present) planned.emplace(each.screen_id, catalog::day_of(each.start_time, zone));
    for (std::size_t i = 0; i < sample_venues->capacities.size(); ++i) {
      const auto screen = find_id(screens, [&](const auto& each) { return each.name == screen_name(i); });
      for (int day = 0; screen && day < days_ahead; ++day) {
        const auto date = today + std::chrono::days(day);
        if (planned.contains({*screen, date})) continue;
        const auto number = venue * sample_venues->capacities.size() + i;
        added += co_await add_day(catalogue, call, soon, date, show_ids, *screen, number, false);
      }
    }
  }
  co_return added;
}

}  // namespace

rt::task<int> load_sample_catalogue(catalog::port& catalogue, rt::call by_admin, const clock_source& clock) {
  const auto soon = clock.now() + 15min;
  const std::chrono::sys_days today{catalog::day_of(clock.now(), zone)};
  const bool complete = co_await is_complete(catalogue, by_admin);
  co_return complete ? co_await top_up(catalogue, by_admin, soon, today)
                     : co_await load_all(catalogue, by_admin, soon, today);
}

rt::task<std::optional<std::int64_t>> sample_venue_id(catalog::port& catalogue, rt::call by_admin) {
  co_return co_await find_venue(catalogue, by_admin, *std::begin(sample_venues));
}

}  // namespace ticketshow::app
