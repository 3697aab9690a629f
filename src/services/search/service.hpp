#pragma once

#include <span>

#include "api/catalog.hpp"
#include "api/search.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "events/consumer.hpp"
#include "pg/migrations.hpp"
#include "pg/pool.hpp"
#include "ports/event_bus.hpp"
#include "ports/search_index.hpp"
#include "rt/gate.hpp"
#include "rt/module.hpp"

namespace ticketshow::search {

/// The steps of schema `search`: what it remembers of events. The index is the adapter's.
std::span<const pg::migration> migrations();

struct options {
  std::int64_t look_pause_ms = 5'000;  ///< between two looks whether there is an index at all
};

struct dependencies {
  rt::executor io;
  pg::pool& database;
  const clock_source& clock;
  random_source& random;
  options settings;
  catalog::port& catalogue;
  ports::event_bus& bus;
  ports::search_index& index;
  bool calls_only = false;  ///< it only answers calls, beside others that keep the index
};

/// Search's endpoints, as api/search.hpp promises them. It keeps the index as catalog's events say, and fills it where
/// there is none: at the first start, or when the engine lost it. The catalogue is called from start() on. While the
/// engine is away only search is: the module stays ready. I/O thread only.
class service final : public port, public rt::module {
 public:
  explicit service(const dependencies& needs);

  [[nodiscard]] std::string name() const override { return "search"; }
  rt::task<> start() override;
  rt::task<> stop(rt::deadline until) override;

  rt::task<contract::result<search_result>> handle(rt::call call, find request) override;
  rt::task<contract::result<std::vector<std::string>>> handle(rt::call call, list_cities request) override;
  rt::task<contract::result<rebuild_outcome>> handle(rt::call call, rebuild_index request) override;

 private:
  rt::task<> take_shows(pg::transaction& in, std::vector<events::received<catalog::show_changed>> changes);
  rt::task<> take_venues(pg::transaction& in, std::vector<events::received<catalog::venue_changed>> changes);
  /// The answer while the engine is away; the log tells it once.
  std::unexpected<contract::problem> unavailable(const rt::call& call, const std::string& why);
  /// Fills the index where there is none.
  rt::task<> look();
  /// The right to rebuild, until the transaction ends; nothing while another process has it.
  rt::task<std::optional<pg::transaction>> claim_rebuild(rt::deadline until);
  /// The same once nobody else has it. Throws rt::unavailable when that takes longer than `until`.
  rt::task<pg::transaction> await_rebuild(rt::deadline until);
  rt::task<rebuild_outcome> rebuild(rt::call call);
  template <class List>
  rt::task<std::int64_t> fill_from(rt::call call, std::string index);

  bool calls_only_;
  options settings_;
  pg::pool& database_;
  const clock_source& clock_;
  random_source& random_;
  catalog::port& catalogue_;
  ports::search_index& index_;
  events::consumer inbox_;
  rt::gate background_;
  bool away_ = false;  // as the last search has it
};

}  // namespace ticketshow::search
