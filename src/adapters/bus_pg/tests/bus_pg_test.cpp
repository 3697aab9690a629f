#include "adapters/bus_pg/bus_pg.hpp"

#include "adapters/bus_pg/queries.hpp"
#include "tests/support/database.hpp"
#include "tests/support/event_bus_conformance.hpp"

namespace ticketshow::bus_pg {
namespace {

using namespace std::chrono_literals;

/// A bus with the pool it needs, as the process would own them.
class bus_with_pool final : public ports::event_bus {
 public:
  bus_with_pool(rt::executor io, random_source& random, options chosen)
      : pool_(io, {.name = "bus", .conninfo = chosen.conninfo, .max_connections = 4}),
        bus_(io, pool_, random, std::move(chosen)) {}

  [[nodiscard]] std::string name() const override { return bus_.name(); }
  rt::task<> start() override {
    co_await pool_.start();
    co_await bus_.start();
  }
  rt::task<> stop(rt::deadline until) override {
    co_await bus_.stop(until);
    co_await pool_.stop(until);
  }
  [[nodiscard]] bool ready() const override { return bus_.ready(); }
  void subscribe(subscription wanted) override { bus_.subscribe(std::move(wanted)); }
  rt::task<> publish(rt::deadline until, std::vector<ports::event> events) override {
    return bus_.publish(until, std::move(events));
  }

 private:
  pg::pool pool_;
  bus bus_;
};

rt::task<> forget_old(pg::pool& pool) { co_await pool.run(rt::deadline::after(5s), queries::forget, 7 * 86'400, 1000); }

class bus_pg_test : public test::event_bus_conformance {
 protected:
  std::unique_ptr<ports::event_bus> make(rt::executor io) override {
    options chosen{.conninfo = database.service(schema_name), .topics = {{topic, 4}, {other_topic, 4}}};
    chosen.lease_s = lease_s;
    chosen.stuck_ms = stuck_ms;
    return std::make_unique<bus_with_pool>(io, random, std::move(chosen));
  }

  /// All partitions of the consumer "mail" belong to a process that is no more, which did not say so.
  void leave_a_dead_holder() {
    log ignored;
    boost::asio::io_context dying{1};
    const auto one = make(dying.get_executor());
    listen(*one, "mail", ignored);
    rt::run(dying, one->start());
    test::execute(database.owner(),
                  {"UPDATE bus.member SET holder = 'dead'", "UPDATE bus.progress SET holder = 'dead'"});
    rt::run(dying, one->stop(rt::deadline::after(5s)));
  }

  std::int64_t lease_s = 2;
  test::scratch_database database{{schema_name, migrations()}};
  system_random_source random;
};

TICKETSHOW_EVENT_BUS_CONFORMANCE(bus_pg_test)

TEST_F(bus_pg_test, every_statement_holds_against_the_schema) {
  using namespace queries;
  const pg::statement* all[] = {
      &make_partitions, &count_partitions, &lock_partitions, &append, &notify,   &join,
      &leave_topics,    &be_seen,          &hold_share,      &let_go, &leave,    &fetch,
      &advance,         &backlog,          &forget_members,  &forget, &is_there, &forget_consumers};
  EXPECT_THAT(test::prepare_all(database.service(schema_name), all), testing::IsEmpty());
}

TEST_F(bus_pg_test, a_process_that_died_is_replaced_before_its_lease_ends) {
  lease_s = 3600;
  leave_a_dead_holder();
  log second;
  const auto sent = some(40, 40);
  const auto two = make(io());
  listen(*two, "mail", second);
  start(*two);
  publish(*two, sent);
  wait_until([&] { return second.events.size() >= sent.size(); });
  EXPECT_EQ(by_key(second.events), by_key(sent));
  stop(*two);
}

TEST_F(bus_pg_test, a_process_that_hangs_is_replaced_when_its_lease_ends) {
  leave_a_dead_holder();
  rt::gate background(io(), "hanging");
  pg::listener hanging(io(), database.service(schema_name), "nothing", "ticketshow bus dead", [](const auto&) {});
  hanging.start(background);
  wait_until([&] { return hanging.listening(); });
  log second;
  const auto sent = some(40, 40);
  const auto two = make(io());
  listen(*two, "mail", second);
  start(*two);
  publish(*two, sent);
  linger();
  EXPECT_LT(second.events.size(), sent.size()) << "its partitions were taken too early";
  wait_until([&] { return second.events.size() >= sent.size(); });
  EXPECT_EQ(by_key(second.events), by_key(sent));
  stop(*two);
  run(background.close(rt::deadline::after(5s)));
}

TEST_F(bus_pg_test, who_takes_a_topic_no_longer_keeps_no_events_of_it) {
  log mail;
  const auto before = make(io());
  listen(*before, "mail", mail, {topic, other_topic});
  start(*before);
  stop(*before);
  test::execute(database.owner(), {"INSERT INTO bus.member VALUES ('gone', 'gone', now() - interval '2 days')"});
  const auto count = [&](const std::string& of) {
    return test::execute(database.owner(), {"SELECT count(*) FROM bus." + of}).at(0);
  };
  EXPECT_EQ(count("progress"), "8");
  const auto after = start_listening(mail);
  EXPECT_EQ(count("progress"), "4");
  wait_until([&] { return count("member WHERE holder = 'gone'") == "0"; });
  stop(*after);
}

TEST_F(bus_pg_test, old_events_go_however_many_they_are) {
  const auto bus = make(io());
  start(*bus);
  stop(*bus);
  test::execute(
      database.owner(),
      {"INSERT INTO bus.event SELECT '" + topic +
       "', 0, n, n::text, 'k', 1, now(), 'c', '{}', now() - interval '8 days' FROM generate_series(1, 12000) n"});
  const auto next = make(io());
  start(*next);
  wait_until([&] { return test::execute(database.owner(), {"SELECT count(*) FROM bus.event"}).at(0) == "0"; });
  stop(*next);
}

TEST_F(bus_pg_test, a_consumer_that_never_came_back_keeps_no_events_any_more) {
  const auto first = make(io());
  log mail;
  log other;
  listen(*first, "mail", mail);
  listen(*first, "gone", other);
  listen(*first, "away", other);
  start(*first);
  stop(*first);
  const auto owner = [&](const std::string& statement) { return test::execute(database.owner(), {statement}); };
  owner("UPDATE bus.progress SET seen_at = now() - interval '31 days' WHERE consumer NOT LIKE 'away%'");
  owner("UPDATE bus.progress SET seen_at = now() - interval '29 days' WHERE consumer LIKE 'away%'");
  const auto next = start_listening(mail);  // it came back in time, whoever looks first
  const auto consumers = [&] {
    return owner("SELECT string_agg(DISTINCT split_part(consumer, '.', 1), ' ') FROM bus.progress").at(0);
  };
  wait_until([&] { return consumers() == "away mail"; });
  EXPECT_EQ(consumers(), "away mail");
  stop(*next);
}

TEST_F(bus_pg_test, old_events_go_once_every_consumer_is_past_them) {
  const auto bus = make(io());
  log mail;
  listen(*bus, "mail", mail);
  start(*bus);
  publish(*bus, some(10, 2));
  publish(*bus, some(5, 2, other_topic));
  const auto count = [&] { return test::execute(database.owner(), {"SELECT count(*) FROM bus.event"}).at(0); };
  wait_until([&] {
    return test::execute(database.owner(), {"SELECT coalesce(sum(next_position), 0) FROM bus.progress"}).at(0) == "10";
  });
  pg::pool pool(io(), {.name = "forgetting", .conninfo = database.service(schema_name)});
  run(pool.start());
  run(forget_old(pool));
  EXPECT_EQ(count(), "15") << "they are young";
  test::execute(database.owner(),
                {"UPDATE bus.event SET appended_at = now() - interval '8 days'",
                 "UPDATE bus.progress SET next_position = next_position - 1 WHERE next_position > 0"});
  const auto waiting =
      test::execute(database.owner(), {"SELECT count(*) FROM bus.progress WHERE next_position > 0 OR EXISTS "
                                       "(SELECT FROM bus.event e WHERE e.topic = progress.topic AND "
                                       "e.partition = progress.partition)"})
          .at(0);
  ASSERT_NE(waiting, "0");
  run(forget_old(pool));
  EXPECT_EQ(count(), waiting) << "those that have still to be handled stay";
  run(pool.stop(rt::deadline::after(5s)));
  stop(*bus);
}

}  // namespace
}  // namespace ticketshow::bus_pg
