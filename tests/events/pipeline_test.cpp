#include <functional>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/bus_pg/bus_pg.hpp"
#include "events/consumer.hpp"
#include "events/dead_letters.hpp"
#include "events/outbox.hpp"
#include "events/queries.hpp"
#include "tests/support/database.hpp"
#include "tests/support/wait_until.hpp"

namespace ticketshow::probe {
std::span<const pg::migration> migrations();
}

/// From a change to its effect elsewhere: outbox, bus, inbox. The schema `probe` stands for any service's.
namespace ticketshow::events {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct thing_changed {
  std::int64_t thing;
  std::string what;
  std::optional<std::string> since_version_two;

  static constexpr contract::event_spec spec{.topic = "probe.thing_changed", .version = 2, .summary = "for tests"};
  [[nodiscard]] std::string key() const { return std::to_string(thing); }
};
BOOST_DESCRIBE_STRUCT(thing_changed, (), (thing, what, since_version_two))

class pipeline : public testing::Test {
 protected:
  pipeline() {
    run(service_pool.start());
    run(bus_pool.start());
  }

  /// A process with a publisher and a consumer, whose handler is `effect`.
  struct process {
    process(pipeline& in, consumer::handler<thing_changed> effect)
        : owner(in),
          bus(in.io(), in.bus_pool, in.random,
              {.conninfo = in.database.service("bus"), .topics = {{std::string(thing_changed::spec.topic), 4}}}),
          out(in.io(), in.service_pool, bus, "probe"),
          inbox({in.io(), in.service_pool, bus, in.random}, "probe",
                {.attempts = 3, .pauses = {.first = 10ms, .last = 40ms}}) {
      inbox.on<thing_changed>(std::move(effect));
    }
    void start() {
      out.start();
      inbox.start();
      owner.run(bus.start());
    }
    void stop() {
      owner.run(bus.stop(rt::deadline::after(5s)));
      owner.run(inbox.stop(rt::deadline::after(5s)));
      owner.run(out.stop(rt::deadline::after(5s)));
    }
    pipeline& owner;
    bus_pg::bus bus;
    outbox out;
    consumer inbox;
  };

  rt::executor io() { return context.get_executor(); }
  template <class T>
  T run(rt::task<T> work) {
    return rt::run(context, std::move(work));
  }
  void wait_until(const std::function<bool()>& true_now) { test::wait_until(context, true_now); }
  void linger() { run(rt::sleep_for(300ms)); }

  void happen(process& in, const std::vector<thing_changed>& changes) {
    run(service_pool.run(rt::deadline::after(5s), record_all(changes, "c")));
    in.out.due().ring();
  }

  /// The handler that writes down what it gets, and fails for those named in `poison`.
  rt::task<> note(pg::transaction&, std::vector<received<thing_changed>> events) {
    for (const auto& each : events) {
      if (poison.contains(each.what.what)) throw std::runtime_error("cannot stomach " + each.what.what);
    }
    for (const auto& each : events) seen.push_back(each.what.what);
    co_return;
  }
  consumer::handler<thing_changed> noting() {
    return [this](pg::transaction& in, std::vector<received<thing_changed>> events) {
      return note(in, std::move(events));
    };
  }

  /// The handler whose effect is one more event; so many calls fail after they made it.
  rt::task<> follow_up(pg::transaction& in, std::vector<received<thing_changed>> events) {
    if (events.front().what.thing == 1) {
      co_await in.run(record(thing_changed{2, "follows", {}}, "c"));
      if (failures_to_come-- > 0) throw std::runtime_error("not yet");
    }
    co_await note(in, std::move(events));
  }

  std::string count(const std::string& of) {
    return test::execute(database.owner(), {"SELECT count(*) FROM probe." + of}).front();
  }

  rt::asio::io_context context{1};
  test::scratch_database database{{"probe", probe::migrations()}, {bus_pg::schema_name, bus_pg::migrations()}};
  system_random_source random;
  pg::pool service_pool{io(), {.name = "probe", .conninfo = database.service("probe"), .max_connections = 4}};
  pg::pool bus_pool{io(), {.name = "bus", .conninfo = database.service("bus"), .max_connections = 4}};
  std::vector<std::string> seen;
  std::set<std::string> poison;
  int failures_to_come = 0;
};

TEST_F(pipeline, every_statement_holds_against_the_tables) {
  EXPECT_THAT(test::prepare_all(database.service("probe"), queries::all_statements), IsEmpty());
}

TEST_F(pipeline, a_paused_outbox_keeps_its_events_until_it_goes_on) {
  process here(*this, noting());
  here.start();
  here.out.pause(1h);
  happen(here, {{1, "a", {}}});
  linger();
  EXPECT_THAT(seen, IsEmpty());
  here.out.resume();
  wait_until([&] { return !seen.empty(); });
  here.out.pause(50ms);  // nobody resumes it
  happen(here, {{1, "b", {}}});
  wait_until([&] { return seen.size() == 2; });
  here.stop();
}

TEST_F(pipeline, what_is_committed_has_its_effect_once_and_in_order) {
  process here(*this, noting());
  here.start();
  happen(here, {{1, "a", {}}, {1, "b", {}}, {1, "c", {}}});
  wait_until([&] { return seen.size() >= 3; });
  linger();
  EXPECT_THAT(seen, ElementsAre("a", "b", "c"));
  EXPECT_EQ(count("inbox"), "3");
  EXPECT_EQ(count("outbox WHERE published_at IS NULL"), "0");
  here.stop();
}

TEST_F(pipeline, what_is_rolled_back_is_never_published) {
  process here(*this, noting());
  here.start();
  {
    auto change = run(service_pool.begin(rt::deadline::after(5s)));
    run(change.run(record(thing_changed{1, "never", {}}, "c")));
  }
  happen(here, {{1, "after", {}}});
  wait_until([&] { return !seen.empty(); });
  EXPECT_THAT(seen, ElementsAre("after"));
  here.stop();
}

TEST_F(pipeline, an_event_published_twice_has_one_effect) {
  process here(*this, noting());
  here.start();
  happen(here, {{1, "a", {}}});
  wait_until([&] { return seen.size() == 1; });
  linger();
  test::execute(database.owner(), {"UPDATE probe.outbox SET published_at = NULL"});  // as after a crash
  here.out.due().ring();
  happen(here, {{1, "b", {}}});
  wait_until([&] { return seen.size() >= 2; });
  EXPECT_THAT(seen, ElementsAre("a", "b"));
  here.stop();
}

TEST_F(pipeline, an_effect_that_fails_leaves_nothing_behind) {
  process here(*this, [this](pg::transaction& in, std::vector<received<thing_changed>> events) {
    return follow_up(in, std::move(events));
  });
  failures_to_come = 2;
  here.start();
  happen(here, {{1, "a", {}}});
  wait_until([&] { return seen.size() == 2; });
  EXPECT_THAT(seen, ElementsAre("a", "follows"));
  EXPECT_EQ(count("outbox WHERE key = '2'"), "1") << "of the attempts that failed nothing is there";
  here.stop();
}

TEST_F(pipeline, poison_stops_nobody_else_and_keeps_the_order_of_its_key) {
  poison = {"bad"};
  process here(*this, noting());
  here.start();
  happen(here, {{1, "bad", {}}, {1, "behind it", {}}, {2, "other", {}}});
  wait_until([&] { return !seen.empty(); });
  EXPECT_EQ(seen.front(), "other");
  // After its attempts it is a dead letter, and what waited behind it goes on.
  wait_until([&] { return seen.size() == 2; });
  EXPECT_EQ(seen.back(), "behind it");
  dead_letters letters(service_pool);
  const auto dead = run(letters.list(rt::deadline::after(5s), {}, 10));
  ASSERT_EQ(dead.size(), 1U);
  EXPECT_EQ(dead.front().what.key, "1");
  EXPECT_EQ(dead.front().attempts, 3);
  EXPECT_THAT(dead.front().error, HasSubstr("cannot stomach bad"));
  EXPECT_TRUE(here.bus.ready()) << "one bad event is no stuck consumer";
  here.stop();
}

TEST_F(pipeline, a_dead_letter_is_replayed_after_a_fix) {
  poison = {"bad"};
  process here(*this, noting());
  here.start();
  happen(here, {{1, "bad", {}}});
  dead_letters letters(service_pool);
  wait_until([&] { return run(letters.list(rt::deadline::after(5s), {}, 10)).size() == 1; });
  poison.clear();
  EXPECT_EQ(run(letters.replay(rt::deadline::after(5s), {})), 1);
  wait_until([&] { return !seen.empty(); });
  EXPECT_THAT(seen, ElementsAre("bad"));
  EXPECT_THAT(run(letters.list(rt::deadline::after(5s), {}, 10)), IsEmpty());
  EXPECT_EQ(count("set_aside"), "0");
  here.stop();
}

TEST_F(pipeline, a_dropped_dead_letter_never_comes_again) {
  poison = {"bad"};
  process here(*this, noting());
  here.start();
  happen(here, {{1, "bad", {}}});
  dead_letters letters(service_pool);
  wait_until([&] { return run(letters.list(rt::deadline::after(5s), {}, 10)).size() == 1; });
  const auto id = run(letters.list(rt::deadline::after(5s), {}, 10)).front().what.id;
  EXPECT_TRUE(run(letters.drop(rt::deadline::after(5s), id)));
  EXPECT_FALSE(run(letters.drop(rt::deadline::after(5s), id)));
  poison.clear();
  test::execute(database.owner(), {"UPDATE probe.outbox SET published_at = NULL"});
  happen(here, {{2, "later", {}}});
  wait_until([&] { return !seen.empty(); });
  EXPECT_THAT(seen, ElementsAre("later"));
  here.stop();
}

TEST_F(pipeline, what_only_time_mends_comes_again_and_is_no_dead_letter) {
  int failures = 5;
  process here(*this, [&](pg::transaction& in, std::vector<received<thing_changed>> events) {
    if (failures-- > 0) throw rt::unavailable("the engine is away");
    return note(in, std::move(events));
  });
  here.start();
  happen(here, {{1, "a", {}}, {2, "b", {}}});
  wait_until([&] { return seen.size() == 2; });
  EXPECT_EQ(count("set_aside"), "0");
  here.stop();
}

TEST_F(pipeline, newer_versions_and_unknown_fields_are_read_and_unreadable_ones_are_set_aside) {
  process here(*this, noting());
  here.start();
  test::execute(database.owner(),
                {R"(INSERT INTO probe.outbox (topic, key, schema_version, correlation_id, payload) VALUES
      ('probe.thing_changed', '1', 9, 'c', '{"thing":1,"what":"newer","since_version_nine":{"deep":[1]}}'),
      ('probe.thing_changed', '2', 1, 'c', '{"thing":"two"}'),
      ('probe.thing_changed', '3', 1, 'c', 'no json'),
      ('probe.thing_changed', '4', 1, 'c', '{"thing":4,"what":"older"}'))"});
  here.out.due().ring();
  wait_until([&] { return seen.size() == 2 && count("set_aside WHERE next_attempt_at IS NULL") == "2"; });
  EXPECT_THAT(seen, testing::UnorderedElementsAre("newer", "older"));
  dead_letters letters(service_pool);
  const auto dead = run(letters.list(rt::deadline::after(5s), {}, 10));
  EXPECT_THAT(dead.front().error, HasSubstr("/thing must be a number"));
  here.stop();
}

TEST_F(pipeline, an_event_that_the_bus_refuses_is_a_dead_letter_and_stops_no_other) {
  process here(*this, noting());
  happen(here, {{1, "a", {}}, {1, "b", {}}});
  test::execute(database.owner(), {"UPDATE probe.outbox SET topic = 'unknown' WHERE payload LIKE '%\"a\"%'"});
  happen(here, {{1, "c", {}}});
  here.start();
  wait_until([&] { return seen.size() == 2; });
  EXPECT_THAT(seen, ElementsAre("b", "c"));
  dead_letters letters(service_pool);
  wait_until([&] { return run(letters.count(rt::deadline::after(5s))) == 1; });
  const auto dead = run(letters.list(rt::deadline::after(5s), {}, 10));
  EXPECT_EQ(dead.front().attempts, 0);
  EXPECT_THAT(dead.front().error, HasSubstr("not told of the topic unknown"));

  test::execute(database.owner(), {"UPDATE probe.outbox SET topic = 'probe.thing_changed' WHERE topic = 'unknown'"});
  EXPECT_EQ(run(letters.replay(rt::deadline::after(5s), dead.front().what.id)), 1);
  wait_until([&] { return seen.size() == 3; });
  EXPECT_EQ(seen.back(), "a") << "a replay publishes it";
  EXPECT_EQ(count("set_aside"), "0");
  here.stop();
}

TEST_F(pipeline, what_the_bus_refused_can_be_replayed_after_published_events_were_forgotten) {
  process here(*this, noting());
  happen(here, {{1, "a", {}}, {1, "b", {}}});
  test::execute(database.owner(), {"UPDATE probe.outbox SET topic = 'unknown' WHERE payload LIKE '%\"a\"%'"});
  here.start();
  dead_letters letters(service_pool);
  wait_until([&] { return seen.size() == 1 && run(letters.count(rt::deadline::after(5s))) == 1; });
  test::execute(database.owner(), {"UPDATE probe.outbox SET published_at = now() - interval '4 days'"});
  run(service_pool.run(rt::deadline::after(5s), queries::forget_published, outbox::options{}.kept_s,
                       std::int64_t{100}));
  EXPECT_EQ(count("outbox"), "1") << "the other one was published";

  test::execute(database.owner(), {"UPDATE probe.outbox SET topic = 'probe.thing_changed'"});
  EXPECT_EQ(run(letters.replay(rt::deadline::after(5s), {})), 1);
  wait_until([&] { return seen.size() == 2; });
  EXPECT_EQ(seen.back(), "a");
  here.stop();
}

TEST_F(pipeline, a_refused_event_that_is_in_no_outbox_any_more_stays_a_dead_letter) {
  process here(*this, noting());
  happen(here, {{1, "a", {}}});
  test::execute(database.owner(), {"UPDATE probe.outbox SET topic = 'unknown'"});
  here.start();
  dead_letters letters(service_pool);
  wait_until([&] { return run(letters.count(rt::deadline::after(5s))) == 1; });
  test::execute(database.owner(), {"DELETE FROM probe.outbox"});
  EXPECT_EQ(run(letters.replay(rt::deadline::after(5s), {})), 0);
  EXPECT_EQ(run(letters.count(rt::deadline::after(5s))), 1);
  here.stop();
}

TEST_F(pipeline, what_another_process_has_handled_is_not_set_aside) {
  const ports::event what{.id = "x", .topic = "t", .key = "k", .time = {}, .correlation_id = "c", .payload = "{}"};
  run(service_pool.run(rt::deadline::after(5s), set_aside(what, "bad", 60'000)));
  EXPECT_EQ(count("set_aside"), "1");
  test::execute(database.owner(), {"DELETE FROM probe.set_aside"});  // as its attempt that succeeded
  run(service_pool.run(rt::deadline::after(5s), set_aside(what, "bad", 60'000)));
  EXPECT_EQ(count("set_aside"), "0");
}

TEST_F(pipeline, what_is_old_goes_however_much_of_it_there_is) {
  test::execute(
      database.owner(),
      {R"(INSERT INTO probe.outbox (topic, key, schema_version, correlation_id, payload, published_at)
                    SELECT 'old', '1', 1, 'c', '{}', now() - interval '4 days' FROM generate_series(1, 12000))",
       "INSERT INTO probe.inbox SELECT n::text, now() - interval '15 days' FROM generate_series(1, 12000) n"});
  process here(*this, noting());
  here.start();
  wait_until([&] { return count("outbox") == "0" && count("inbox") == "0"; });
  here.stop();
}

/// Two processes relay and consume; each event has one effect, and those of a key keep their order.
TEST_F(pipeline, replicas_share_the_work) {
  process one(*this, noting());
  process two(*this, noting());
  one.start();
  two.start();
  for (int round = 0; round < 40; ++round) {
    std::vector<thing_changed> some;
    for (int key = 0; key < 5; ++key) some.push_back({key, fmt::format("{}:{}", key, round), {}});
    happen(round % 2 == 0 ? one : two, some);
  }
  wait_until([&] { return seen.size() >= 200; });
  linger();
  EXPECT_EQ(seen.size(), 200U);
  std::map<char, int> last;
  for (const auto& each : seen) {
    const int round = std::stoi(each.substr(2));
    const auto [place, first] = last.try_emplace(each[0], round);
    if (!first) EXPECT_LT(std::exchange(place->second, round), round) << each;
  }
  one.stop();
  two.stop();
}

}  // namespace
}  // namespace ticketshow::events
