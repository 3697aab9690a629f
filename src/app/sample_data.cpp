#include "app/sample_data.hpp"

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
    throw std::runtime_error("The sample data could not be loaded: " + (answer.error().detail.empty()
                                                                            ? std::string(answer.error().kind->title)
                                                                            : answer.error().detail));
  }
  return std::move(*answer);
}

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
    const catalog::create_screen wanted{*id, fmt::format("Screen {}", i + 1), venue.capacities[i],
                                        venue.capacities[i] >= 200 ? 20 : 12};
    auto screen = find_id(present, [&](const auto& each) { return each.name == wanted.name; });
    if (!screen) screen = value_of(co_await catalogue.handle(call, wanted)).id;
    ids.push_back(*screen);
  }
  co_return ids;
}

/// Three showings a day on each screen; the screens' times lie a little apart, and the shows go round. What is there
/// already stays.
rt::task<> add_schedules(catalog::port& catalogue, const rt::call& call, const clock_source& clock,
                         const std::vector<std::int64_t>& show_ids, const std::vector<std::int64_t>& screen_ids) {
  const auto soon = clock.now() + 15min;
  const std::chrono::sys_days today{catalog::day_of(clock.now(), zone)};
  for (std::size_t screen = 0; screen < screen_ids.size(); ++screen) {
    for (int day = 0; day < days_ahead; ++day) {
      const auto midnight = catalog::day_begins(today + std::chrono::days(day), zone);
      for (std::size_t slot = 0; slot < std::size(first_starts); ++slot) {
        const auto start = midnight + first_starts[slot] + std::chrono::minutes(5 * (screen % 12));
        if (start < soon) continue;
        const auto show = (screen * 5 + slot * 3 + static_cast<std::size_t>(day)) % show_ids.size();
        const catalog::create_schedule wanted{show_ids[show], screen_ids[screen], start};
        auto made = co_await catalogue.handle(call, wanted);
        if (!made && *made.error().kind == catalog::schedule_overlaps) continue;
        value_of(std::move(made));
      }
    }
  }
}

/// Everything before was made when the last screen has its showings of the last day.
rt::task<bool> is_complete(catalog::port& catalogue, const rt::call& call) {
  const auto venue = co_await find_venue(catalogue, call, *std::rbegin(sample_venues));
  if (!venue) co_return false;
  const catalog::list_venue_schedules ever{
      .venue_id = *venue, .from_date = 1970y / 1 / 1, .to_date = 2999y / 12 / 31, .include_cancelled = true};
  const auto showings = value_of(co_await catalogue.handle(call, ever));
  const auto on_last_screen = std::ranges::count_if(showings, [](const auto& each) {
    return each.screen_name == fmt::format("Screen {}", sample_venues->capacities.size());
  });
  co_return on_last_screen >= (days_ahead - 1) * std::ssize(first_starts);
}

}  // namespace

rt::task<bool> load_sample_catalogue(catalog::port& catalogue, rt::call by_admin, const clock_source& clock) {
  if (co_await is_complete(catalogue, by_admin)) co_return false;
  const auto show_ids = co_await add_shows(catalogue, by_admin);
  std::vector<std::int64_t> screen_ids;
  for (const auto& venue : sample_venues) {
    const auto added = co_await add_venue(catalogue, by_admin, venue);
    screen_ids.insert(screen_ids.end(), added.begin(), added.end());
  }
  co_await add_schedules(catalogue, by_admin, clock, show_ids, screen_ids);
  co_return true;
}

}  // namespace ticketshow::app
