// The search service on each of its engines: the real PostgreSQL and the real OpenSearch.
#include <functional>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/search_pg/search_pg.hpp"
#include "services/search/queries.hpp"
#include "services/search/service.hpp"
#include "tests/support/bus_stand_in.hpp"
#include "tests/support/code_of.hpp"
#include "tests/support/database.hpp"
#include "tests/support/opensearch.hpp"
#include "tests/support/run_all.hpp"
#include "tests/support/wait_until.hpp"

namespace ticketshow::search {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Catalog as search sees it: gives its documents page by page.
class catalog_stand_in final : public contract::forwarding<catalog_stand_in, catalog::port> {
 public:
  template <class E>
  rt::task<contract::result<typename E::response>> forward(rt::call call, E request) {
    if constexpr (std::same_as<E, catalog::list_show_documents>) {
      co_return page_of(shows, call, request.after, request.limit);
    } else if constexpr (std::same_as<E, catalog::list_venue_documents>) {
      co_return page_of(venues, call, request.after, request.limit);
    } else {
      co_return contract::fail(contract::not_found);
    }
  }

  std::map<std::int64_t, catalog::show_document> shows;
  std::map<std::int64_t, catalog::venue_document> venues;
  std::function<void()> when_listed;
  int pages = 0;

 private:
  template <class T>
  contract::result<std::vector<T>> page_of(const std::map<std::int64_t, T>& all, const rt::call& call,
                                           std::int64_t after, std::int64_t limit) {
    if (!call.caller.is_service()) return contract::fail(contract::not_allowed);
    ++pages;
    std::vector<T> page;
    for (auto next = all.upper_bound(after); next != all.end() && std::ssize(page) < limit; ++next) {
      page.push_back(next->second);
    }
    if (when_listed) when_listed();
    return page;
  }
};

/// An engine that can go away and come back.
class engine_line final : public ports::search_index {
 public:
  explicit engine_line(ports::search_index& target) : target_(target) {}

  rt::task<ports::search_hits> search(rt::deadline until, ports::search_query what) override {
    return line().search(until, std::move(what));
  }
  rt::task<std::vector<std::string>> cities(rt::deadline until, std::int64_t most) override {
    return line().cities(until, most);
  }
  rt::task<std::vector<ports::held_document>> list(rt::deadline until, ports::searched kind, std::int64_t after,
                                                   std::int64_t most) override {
    return line().list(until, kind, after, most);
  }
  rt::task<> put(rt::deadline until, std::vector<ports::search_document> documents) override {
    return line().put(until, std::move(documents));
  }
  rt::task<bool> is_filled(rt::deadline until) override { return line().is_filled(until); }
  rt::task<std::string> begin_rebuild(rt::deadline until) override { return line().begin_rebuild(until); }
  rt::task<> fill(rt::deadline until, std::string name, std::vector<ports::search_document> documents) override {
    return line().fill(until, std::move(name), std::move(documents));
  }
  rt::task<> finish_rebuild(rt::deadline until, std::string name) override {
    return line().finish_rebuild(until, std::move(name));
  }

  bool away = false;

 private:
  ports::search_index& line() const {
    if (away) throw rt::unavailable("the engine is away");
    return target_;
  }
  ports::search_index& target_;
};

/// The index in PostgreSQL.
struct pg_side {
  explicit pg_side(rt::asio::io_context& context)
      : context_(context),
        pool(context.get_executor(), {.name = "search_index", .conninfo = database.service(search_pg::schema_name)}) {
    rt::run(context_, pool.start());
  }
  ~pg_side() { rt::run(context_, pool.stop(rt::deadline::after(5s))); }
  void lose_everything() const { test::execute(database.owner(), {"DELETE FROM search_index.generation"}); }

  rt::asio::io_context& context_;
  test::scratch_database database{{search_pg::schema_name, search_pg::migrations()}};
  pg::pool pool;
  search_pg::index index{pool};
};

/// The index in OpenSearch.
struct elastic_side {
  explicit elastic_side(rt::asio::io_context& context)
      : alias(context), index(context.get_executor(), alias.options()) {}
  void lose_everything() { alias.drop_all(); }

  test::scratch_alias alias;
  search_elastic::index index;
};

template <class Side>
class search_service : public testing::Test {
 protected:
  void TearDown() override { stop(); }

  /// One process of the service.
  struct process {
    process(search_service& of, rt::executor io)
        : pool(io, {.name = "search", .conninfo = of.database.service("search")}),
          search({.io = io,
                  .database = pool,
                  .clock = of.clock,
                  .random = of.random,
                  .settings = {.look_pause_ms = 50},
                  .catalogue = of.catalogue,
                  .bus = of.bus,
                  .index = of.engine}) {}
    pg::pool pool;
    service search;
  };

  void start() {
    here = std::make_unique<process>(*this, context.get_executor());
    rt::run(context, here->pool.start());
    rt::run(context, here->search.start());
  }
  void stop() {
    if (!here) return;
    rt::run(context, here->search.stop(rt::deadline::after(10s)));
    rt::run(context, here->pool.stop(rt::deadline::after(10s)));
    here.reset();
  }

  template <class E>
  auto ask(E request) {
    const rt::call call{.until = rt::deadline::after(20s),
                        .correlation_id = "0123456789abcdef0123456789abcdef",
                        .caller = {.type = rt::principal::kind::service, .service = "test"}};
    return rt::run(context, here->search.handle(call, std::move(request)));
  }
  std::vector<std::string> titles(const std::string& query, std::optional<std::string> city = {}) {
    const auto found = ask(find{query, std::move(city), {}});
    std::vector<std::string> all;
    if (found) {
      for (const auto& each : found->shows) all.push_back(each.title);
    }
    return all;
  }
  template <class E>
  void deliver(E what, std::string id = {}) {
    rt::run(context, bus.deliver(std::move(what), std::move(id)));
  }
  void wait_until(const std::function<bool()>& done) { test::wait_until(context, done); }
  void wait_until_filled() {
    wait_until([&] { return rt::run(context, side.index.is_filled(rt::deadline::after(5s))); });
  }

  catalog::show_document show(std::int64_t id, std::string title, std::int64_t version = 1) {
    return {.id = id,
            .version = version,
            .status = catalog::show_status::ACTIVE,
            .title = std::move(title),
            .duration_minutes = 120,
            .price = money{280'50},
            .currency = "INR",
            .description = "Rain & <b>thunder</b>.",
            .language = "Hindi",
            .rating = {},
            .poster_url = {},
            .plays_in = {{"Pune", clock.now() + 24h}}};
  }
  static catalog::venue_document venue(std::int64_t id, std::string name, std::string city, std::int64_t version = 1) {
    return {.id = id,
            .version = version,
            .status = catalog::venue_status::ACTIVE,
            .name = std::move(name),
            .location = "1 High Street",
            .city = std::move(city)};
  }
  /// A change as catalog makes it: in its own tables, and told.
  void change_show(catalog::show_document what, std::string event_id = {}) {
    catalogue.shows[what.id] = what;
    deliver(catalog::show_changed{catalog::change::updated, what}, std::move(event_id));
  }

  rt::task<int> rebuild_twice() {
    for (int round = 0; round < 2; ++round) {
      const rt::call call{.until = rt::deadline::after(20s)};
      const rebuild_index wanted{};
      const auto built = co_await here->search.handle(call, wanted);
      EXPECT_EQ(built.value().shows, std::ssize(catalogue.shows));
    }
    catalogue.when_listed = nullptr;
    rebuilt = true;
    co_return 0;
  }
  /// Delivers the changes as they come and searches all the while; how often.
  rt::task<int> search_until_rebuilt(std::vector<catalog::show_changed>& changes) {
    int searches = 0;
    while (!rebuilt || !changes.empty()) {
      if (!changes.empty()) {
        auto next = std::move(changes.back());
        changes.pop_back();
        co_await bus.deliver(std::move(next));
      }
      const rt::call call{.until = rt::deadline::after(5s)};
      const find wanted{"monsoon 5", {}, {}};
      const auto found = co_await here->search.handle(call, wanted);
      EXPECT_FALSE(found.value().shows.empty());
      ++searches;
    }
    co_return searches;
  }

  rt::asio::io_context context{1};
  test::scratch_database database{{"search", migrations()}};
  manual_clock clock{std::chrono::sys_days{2026y / 11 / 24}};
  system_random_source random;
  test::bus_stand_in bus;
  catalog_stand_in catalogue;
  Side side{context};
  engine_line engine{side.index};
  std::unique_ptr<process> here;
  bool rebuilt = false;
};

using sides = testing::Types<pg_side, elastic_side>;
struct side_names {
  template <class Side>
  static std::string GetName(int) {
    return std::same_as<Side, pg_side> ? "pg" : "elastic";
  }
};
TYPED_TEST_SUITE(search_service, sides, side_names);

TYPED_TEST(search_service, an_empty_index_fills_itself_at_the_first_start) {
  for (int id = 1; id <= 450; ++id) this->catalogue.shows[id] = this->show(id, fmt::format("Show {}", id));
  this->catalogue.shows[451] = this->show(451, "Monsoon Express");
  this->catalogue.venues[1] = this->venue(1, "Regal", "Pune");
  this->start();
  this->wait_until_filled();
  EXPECT_THAT(this->titles("monsoon"), ElementsAre("Monsoon Express"));
  EXPECT_THAT(this->ask(list_cities{}).value(), ElementsAre("Pune"));
}

TYPED_TEST(search_service, of_two_processes_that_start_one_fills_the_index) {
  for (int id = 1; id <= 450; ++id) this->catalogue.shows[id] = this->show(id, fmt::format("Show {}", id));
  typename TestFixture::process other(*this, this->context.get_executor());
  rt::run(this->context, other.pool.start());
  rt::run(this->context, other.search.start());
  this->start();
  this->wait_until_filled();
  rt::run(this->context, rt::sleep_for(300ms));
  EXPECT_EQ(this->catalogue.pages, 4 + 1) << "of shows and venues, each read once";
  rt::run(this->context, other.search.stop(rt::deadline::after(10s)));
  rt::run(this->context, other.pool.stop(rt::deadline::after(10s)));
}

TEST(search_statements, hold_against_the_schema) {
  const test::scratch_database database{{"search", migrations()}};
  EXPECT_THAT(test::prepare_all(database.service("search"), queries::all_statements), IsEmpty());
}

TYPED_TEST(search_service, defect_28_a_restart_keeps_the_index_and_a_city_counts) {
  this->catalogue.shows[1] = this->show(1, "Monsoon Express");
  this->start();
  this->wait_until_filled();
  this->stop();
  const auto pages = this->catalogue.pages;
  this->start();
  EXPECT_THAT(this->titles("monsoon", "PUNE"), ElementsAre("Monsoon Express"));
  EXPECT_THAT(this->titles("monsoon", "Goa"), IsEmpty());
  this->clock.advance(25h);
  EXPECT_THAT(this->titles("monsoon", "Pune"), IsEmpty()) << "its last showing there has begun";
  EXPECT_THAT(this->titles("monsoon"), ElementsAre("Monsoon Express"));
  EXPECT_EQ(this->catalogue.pages, pages) << "nothing was read anew";
}

TYPED_TEST(search_service, says_all_there_is_to_say_about_a_hit) {
  this->catalogue.shows[1] = this->show(1, "Monsoon Express");
  this->catalogue.venues[7] = this->venue(7, "Monsoon Hall", "Pune");
  this->start();
  this->wait_until_filled();
  const auto found = this->ask(find{"monsun", "pune", 3}).value();
  EXPECT_EQ(found.query, "monsun");
  EXPECT_EQ(found.city, "pune");
  EXPECT_EQ(found.did_you_mean, "monsoon");
  ASSERT_EQ(found.shows.size(), 1U);
  EXPECT_EQ(found.shows[0].id, 1);
  EXPECT_EQ(found.shows[0].price, money{280'50});
  EXPECT_EQ(found.shows[0].language, "Hindi");
  EXPECT_EQ(found.shows[0].highlight->title, "<mark>Monsoon</mark> Express");
  EXPECT_EQ(found.shows[0].highlight->text, "Rain &amp; &lt;b&gt;thunder&lt;/b&gt;.");
  ASSERT_EQ(found.venues.size(), 1U);
  EXPECT_EQ(found.venues[0].id, 7);
  EXPECT_EQ(found.venues[0].city, "Pune");
  EXPECT_EQ(found.venues[0].highlight->text, "1 High Street, Pune");
  EXPECT_EQ(this->ask(find{"monsoon", {}, {}})->did_you_mean, std::nullopt);
}

TYPED_TEST(search_service, follows_the_events_of_the_catalogue) {
  this->start();
  this->wait_until_filled();
  this->change_show(this->show(1, "Monsoon Express"));
  this->wait_until([&] { return this->titles("monsoon").size() == 1; });
  this->change_show(this->show(1, "Monsoon Local", 2));
  this->wait_until([&] { return this->titles("local").size() == 1; });
  this->deliver(catalog::venue_changed{catalog::change::created, this->venue(1, "Regal", "Goa")});
  this->wait_until([&] { return this->ask(list_cities{}).value() == std::vector<std::string>{"Goa"}; });
  auto cancelled = this->show(1, "Monsoon Local", 3);
  cancelled.status = catalog::show_status::CANCELLED;
  this->deliver(catalog::show_changed{catalog::change::deleted, cancelled});
  auto closed = this->venue(1, "Regal", "Goa", 2);
  closed.status = catalog::venue_status::INACTIVE;
  this->deliver(catalog::venue_changed{catalog::change::deleted, closed});
  this->wait_until([&] { return this->titles("local").empty() && this->ask(list_cities{}).value().empty(); });
  EXPECT_THAT(this->ask(find{"regal", {}, {}})->venues, IsEmpty());
}

TYPED_TEST(search_service, events_twice_and_out_of_order_leave_the_newest) {
  this->start();
  this->wait_until_filled();
  this->change_show(this->show(1, "Third title", 3), "c");
  this->change_show(this->show(1, "First title", 1), "a");
  this->change_show(this->show(1, "Third title", 3), "c");
  this->change_show(this->show(1, "Second title", 2), "b");
  this->change_show(this->show(2, "Marked", 1));
  this->wait_until([&] { return !this->titles("marked").empty(); });
  EXPECT_THAT(this->titles("title"), ElementsAre("Third title"));
}

TYPED_TEST(search_service, answers_503_while_the_engine_is_away_and_catches_up_after) {
  this->catalogue.shows[1] = this->show(1, "Monsoon Express");
  this->start();
  this->wait_until_filled();
  this->engine.away = true;
  const auto refused = this->ask(find{"monsoon", {}, {}});
  ASSERT_EQ(test::code_of(refused), "SEARCH_UNAVAILABLE");
  EXPECT_EQ(refused.error().kind->status, 503);
  EXPECT_EQ(test::code_of(this->ask(list_cities{})), "SEARCH_UNAVAILABLE");
  EXPECT_EQ(test::code_of(this->ask(rebuild_index{})), "SEARCH_UNAVAILABLE");
  EXPECT_TRUE(this->here->search.ready()) << "nothing else is kept from working";
  const auto change = this->show(1, "Monsoon Local", 2);
  EXPECT_THROW(this->change_show(change, "e"), rt::unavailable) << "the bus brings it again";
  this->engine.away = false;
  this->change_show(change, "e");
  this->wait_until([&] { return this->titles("monsoon") == std::vector<std::string>{"Monsoon Local"}; });
}

TYPED_TEST(search_service, an_engine_that_lost_everything_is_filled_again) {
  this->catalogue.shows[1] = this->show(1, "Monsoon Express");
  this->start();
  this->wait_until_filled();
  this->side.lose_everything();
  this->wait_until([&] { return this->titles("monsoon").size() == 1; });
}

TYPED_TEST(search_service, a_rebuild_under_search_misses_no_change) {
  for (int id = 1; id <= 650; ++id) this->catalogue.shows[id] = this->show(id, fmt::format("Monsoon {}", id));
  this->start();
  this->wait_until_filled();
  // The index has what catalog has not any more.
  rt::run(this->context, this->side.index.put(rt::deadline::after(5s), {{.kind = ports::searched::show,
                                                                         .id = 9'999,
                                                                         .version = 1,
                                                                         .listed = true,
                                                                         .title = "Stray",
                                                                         .text = "",
                                                                         .places = {},
                                                                         .payload = "{}"}}));
  // While page after page is read, shows change that were read already and shows that were not.
  std::vector<catalog::show_changed> changes;
  this->catalogue.when_listed = [&] {
    const auto id = this->catalogue.pages % 2 == 0 ? 3 : 640;
    auto changed = this->catalogue.shows.at(id);
    changed.version += 1;
    changed.title = fmt::format("Changed {} to {}", id, changed.version);
    changes.push_back({catalog::change::updated, changed});
    this->catalogue.shows[id] = changed;
  };
  this->catalogue.pages = 0;
  std::vector<rt::task<int>> both;
  both.push_back(this->rebuild_twice());
  both.push_back(this->search_until_rebuilt(changes));
  EXPECT_GT(test::run_all(this->context, std::move(both))[1], 0);
  this->wait_until([&] {
    return this->titles("changed 3") == std::vector{this->catalogue.shows.at(3).title} &&
           this->titles("changed 640") == std::vector{this->catalogue.shows.at(640).title};
  });
  EXPECT_THAT(this->titles("stray"), IsEmpty());
}

}  // namespace
}  // namespace ticketshow::search
