#include "services/operations/desk.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pg/migrations.hpp"
#include "services/operations/letter_box.hpp"
#include "tests/support/code_of.hpp"
#include "tests/support/database.hpp"

namespace ticketshow::probe {
std::span<const pg::migration> migrations();
}

/// The dead letters of two services, each in a database of its own, as an administrator sees them together.
namespace ticketshow::operations {
namespace {

using namespace std::chrono_literals;
using test::code_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A service that cannot be reached.
class away final : public contract::forwarding<away, letters_port> {
 public:
  template <class E>
  rt::task<contract::result<typename E::response>> forward(rt::call, E) {
    throw rt::unavailable("away");
    co_return contract::fail(contract::internal_error);  // makes it a coroutine
  }
};

class operations : public testing::Test {
 public:
  ~operations() override {
    run(first.pool.stop(rt::deadline::after(5s)));
    run(second.pool.stop(rt::deadline::after(5s)));
  }

 protected:
  /// The schema `probe` stands for any service's.
  struct service {
    explicit service(operations& in)
        : pool(in.context.get_executor(), {.name = "probe", .conninfo = database.service("probe")}) {
      in.run(pool.start());
    }

    std::string sql(const std::string& statement) const {
      const auto rows = test::execute(database.owner(), {statement});
      return rows.empty() ? "" : rows.front();
    }
    /// Makes a dead letter, `minutes` old.
    void set_aside(const std::string& id, int minutes, int attempts = 8) const {
      sql(fmt::format(R"(INSERT INTO probe.set_aside (event_id, topic, key, schema_version, happened_at, correlation_id,
                                                      payload, set_aside_at, attempts, error)
                         VALUES ('{}', 'probe.thing_changed', '7', 1, now(), 'c', '{{}}',
                                 now() - interval '{} minutes', {}, 'cannot stomach it'))",
                      id, minutes, attempts));
    }

    test::scratch_database database{{"probe", probe::migrations()}};
    pg::pool pool;
    letter_box box{pool};
  };

  template <class T>
  T run(rt::task<T> work) {
    return rt::run(context, std::move(work));
  }

  /// As an administrator.
  template <class E>
  auto ask(E request) {
    const rt::call call{.until = rt::deadline::after(10s),
                        .correlation_id = "test",
                        .caller = {.type = rt::principal::kind::user, .user_id = 1, .user_role = rt::role::ADMIN}};
    return run(all.handle(call, std::move(request)));
  }

  std::vector<std::string> ids(list_dead_letters wish = {}) {
    std::vector<std::string> found;
    for (const auto& each : ask(wish).value()) found.push_back(each.service + ' ' + each.id);
    return found;
  }

  rt::asio::io_context context{1};
  service first{*this};
  service second{*this};
  desk all{{{"first", first.box}, {"second", second.box}}};
};

TEST_F(operations, dead_letters_of_all_services_come_together_the_oldest_first) {
  first.set_aside("b", 10);
  second.set_aside("a", 20);
  first.set_aside("c", 5, 0);
  EXPECT_THAT(ids(), ElementsAre("second a", "first b", "first c"));
  const auto letter = ask(list_dead_letters{})->at(0);
  EXPECT_EQ(letter.topic, "probe.thing_changed");
  EXPECT_EQ(letter.type, "thing_changed");
  EXPECT_EQ(letter.key, "7");
  EXPECT_EQ(letter.attempts, 8);
  EXPECT_EQ(letter.reason, "cannot stomach it");
}

TEST_F(operations, what_still_waits_for_an_attempt_is_no_dead_letter) {
  first.set_aside("a", 1);
  first.sql("UPDATE probe.set_aside SET next_attempt_at = now() + interval '1 hour'");
  EXPECT_THAT(ids(), IsEmpty());
  EXPECT_EQ(code_of(ask(replay_dead_letter{"first", "a"})), "DEAD_LETTER_NOT_FOUND");
  EXPECT_EQ(code_of(ask(drop_dead_letter{"first", "a"})), "DEAD_LETTER_NOT_FOUND");
  EXPECT_EQ(first.sql("SELECT count(*) FROM probe.set_aside"), "1");
}

TEST_F(operations, pages_run_over_all_services) {
  for (int i = 0; i < 6; ++i) (i % 2 == 0 ? first : second).set_aside(fmt::format("{}", i), 60 - i);
  EXPECT_THAT(ids({.limit = 2}), ElementsAre("first 0", "second 1"));
  EXPECT_THAT(ids({.skip = 2, .limit = 3}), ElementsAre("first 2", "second 3", "first 4"));
  EXPECT_THAT(ids({.skip = 5}), ElementsAre("second 5"));
  EXPECT_THAT(ids({.skip = 6}), IsEmpty());
}

TEST_F(operations, a_replayed_letter_waits_for_its_service_again_and_others_stay) {
  first.set_aside("a", 10);
  second.set_aside("a", 5);
  EXPECT_EQ(code_of(ask(replay_dead_letter{"first", "a"})), "OK");
  EXPECT_EQ(first.sql("SELECT attempts FROM probe.set_aside WHERE next_attempt_at <= now()"), "0");
  EXPECT_THAT(ids(), ElementsAre("second a"));
}

TEST_F(operations, a_dropped_letter_is_gone_and_counts_as_handled) {
  second.set_aside("a", 10);
  EXPECT_EQ(code_of(ask(drop_dead_letter{"second", "a"})), "OK");
  EXPECT_EQ(second.sql("SELECT count(*) FROM probe.set_aside"), "0");
  EXPECT_EQ(second.sql("SELECT event_id FROM probe.inbox"), "a");
  EXPECT_EQ(code_of(ask(drop_dead_letter{"second", "a"})), "DEAD_LETTER_NOT_FOUND");
}

TEST_F(operations, a_service_without_events_has_no_letters) {
  EXPECT_EQ(code_of(ask(replay_dead_letter{"gateway", "a"})), "SERVICE_NOT_FOUND");
  EXPECT_EQ(code_of(ask(drop_dead_letter{"gateway", "a"})), "SERVICE_NOT_FOUND");
}

TEST_F(operations, a_list_that_would_lack_a_services_letters_is_none_and_says_whose) {
  away nobody;
  desk lacking({{"first", first.box}, {"search", nobody}});
  first.set_aside("a", 10);
  const auto answer = run(lacking.handle({.until = rt::deadline::after(10s)}, list_dead_letters{}));
  EXPECT_EQ(code_of(answer), "SERVICE_UNAVAILABLE");
  EXPECT_THAT(answer.error().detail, HasSubstr("search"));
}

}  // namespace
}  // namespace ticketshow::operations
