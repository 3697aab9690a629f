#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.hpp"
#include "ports/event_bus.hpp"
#include "tests/support/run_all.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/wait_until.hpp"

/// What every adapter of ports::event_bus must do. An adapter's test derives its fixture from event_bus_conformance,
/// makes buses in make(), and instantiates the suite with TICKETSHOW_EVENT_BUS_CONFORMANCE(fixture).
namespace ticketshow::test {

class event_bus_conformance : public testing::Test {
 public:
  ~event_bus_conformance() override = default;

 protected:
  /// Topics and consumers have names of their own in each test: the server may be shared with other tests.
  static std::string unique_suffix() {
    system_random_source random;
    return "." + random_hex(random, 6);
  }
  const std::string suffix = unique_suffix();
  const std::string topic = "conformance.things" + suffix;
  const std::string other_topic = "conformance.others" + suffix;

  /// How long a consumer of the buses that are made fails before its process is not ready.
  std::int64_t stuck_ms = 30'000;

  /// A bus as a process of its own would have it, on the one server of this test, with both topics in four partitions.
  virtual std::unique_ptr<ports::event_bus> make(rt::executor io) = 0;

  rt::executor io() { return context_.get_executor(); }

  template <class T>
  T run(rt::task<T> work) {
    return rt::run(context_, std::move(work));
  }

  std::vector<ports::event> some(int count, int keys) { return some(count, keys, topic); }
  std::vector<ports::event> some(int count, int keys, const std::string& of) {
    std::vector<ports::event> events;
    for (int i = 0; i < count; ++i) {
      events.push_back({.id = fmt::format("{}-{}", of, ++made_),
                        .topic = of,
                        .key = fmt::format("key {}", i % keys),
                        .schema_version = 3,
                        .time = timestamp{std::chrono::microseconds(1'767'225'600'123'456)},
                        .correlation_id = "c",
                        .payload = fmt::format(R"({{"n":{}}})", made_)});
    }
    return events;
  }

  /// A consumer that writes down what it gets.
  struct log {
    std::vector<ports::event> events;
    int failures_to_come = 0;  ///< so many calls throw first
    [[nodiscard]] std::vector<std::string> ids() const {
      std::vector<std::string> found;
      for (const auto& each : events) found.push_back(each.id);
      return found;
    }
  };

  void listen(ports::event_bus& bus, const std::string& consumer, log& to) { listen(bus, consumer, to, {topic}); }
  void listen(ports::event_bus& bus, const std::string& consumer, log& to, std::vector<std::string> topics,
              bool vital = true) const {
    bus.subscribe({consumer + suffix, std::move(topics),
                   [&to](std::vector<ports::event> events) -> rt::task<> {
                     if (to.failures_to_come > 0) {
                       --to.failures_to_come;
                       throw std::runtime_error("not now");
                     }
                     for (auto& each : events) to.events.push_back(std::move(each));
                     co_return;
                   },
                   vital});
  }

  void publish(ports::event_bus& bus, std::vector<ports::event> events) {
    run(bus.publish(rt::deadline::after(std::chrono::seconds(10)), std::move(events)));
  }
  void start(ports::event_bus& bus) { run(bus.start()); }
  void stop(ports::event_bus& bus) { run(bus.stop(rt::deadline::after(std::chrono::seconds(10)))); }

  /// One more process of the consumer "mail".
  std::unique_ptr<ports::event_bus> start_listening(log& to) {
    auto bus = make(io());
    listen(*bus, "mail", to);
    start(*bus);
    return bus;
  }

  void wait_until(const std::function<bool()>& true_now) { test::wait_until(context_, true_now); }
  /// Gives what should not happen time to happen.
  void linger() { run(rt::sleep_for(std::chrono::milliseconds(300))); }

  static std::map<std::string, std::vector<std::string>> by_key(const std::vector<ports::event>& events) {
    std::map<std::string, std::vector<std::string>> found;
    for (const auto& each : events) found[each.key].push_back(each.id);
    return found;
  }

  /// Without what came a second time, which is allowed: what counts is the order in which events came first.
  static std::vector<ports::event> first_deliveries(const std::vector<ports::event>& events) {
    std::vector<ports::event> found;
    std::set<std::string> seen;
    for (const auto& each : events) {
      if (seen.insert(each.id).second) found.push_back(each);
    }
    return found;
  }

  // ---- the suite

  void every_consumer_gets_everything_in_order_of_its_key() {
    const auto bus = make(io());
    log mail;
    log index;
    listen(*bus, "mail", mail);
    listen(*bus, "index", index, {topic, other_topic});
    start(*bus);
    const auto things = some(100, 7);
    const auto others = some(20, 3, other_topic);
    publish(*bus, things);
    publish(*bus, others);
    wait_until([&] { return mail.events.size() >= 100 && index.events.size() >= 120; });
    linger();
    EXPECT_EQ(by_key(mail.events), by_key(things));
    auto both = things;
    both.insert(both.end(), others.begin(), others.end());
    std::map<std::string, std::vector<std::string>> got;
    for (const auto& each : index.events) got[each.topic + each.key].push_back(each.id);
    std::map<std::string, std::vector<std::string>> expected;
    for (const auto& each : both) expected[each.topic + each.key].push_back(each.id);
    EXPECT_EQ(got, expected);
    stop(*bus);
  }

  void an_event_arrives_as_it_was() {
    const auto bus = make(io());
    log mail;
    listen(*bus, "mail", mail);
    start(*bus);
    auto sent = some(2, 1);
    sent[0].key = "";
    sent[0].payload = R"({"title":"La città incantata — \"千と千尋\" \\ \u0007 {,} NULL"})";
    system_random_source random;
    sent[1].payload = "{\"long\":\"" + random_hex(random, 512 * 1024) + "\"}";  // more than 1 MiB
    publish(*bus, sent);
    wait_until([&] { return mail.events.size() == 2; });
    for (const auto& each : sent) {
      const auto got = std::ranges::find(mail.events, each.id, &ports::event::id);
      ASSERT_NE(got, mail.events.end());
      EXPECT_EQ(got->topic, each.topic);
      EXPECT_EQ(got->key, each.key);
      EXPECT_EQ(got->schema_version, 3);
      EXPECT_EQ(got->time, each.time);
      EXPECT_EQ(got->correlation_id, "c");
      EXPECT_EQ(got->payload, each.payload);
    }
    stop(*bus);
  }

  void what_could_not_be_handled_comes_again_in_order() {
    const auto bus = make(io());
    log mail{.events = {}, .failures_to_come = 3};
    log index;
    listen(*bus, "mail", mail);
    listen(*bus, "index", index);
    start(*bus);
    const auto sent = some(30, 4);
    publish(*bus, sent);
    wait_until([&] { return mail.events.size() >= 30 && index.events.size() >= 30; });
    linger();
    EXPECT_EQ(by_key(mail.events), by_key(sent));
    EXPECT_EQ(by_key(index.events), by_key(sent)) << "another consumer's failures are no business of this one";
    stop(*bus);
  }

  void a_process_is_not_ready_while_a_vital_consumer_fails_for_long() {
    stuck_ms = 300;
    const auto bus = make(io());
    log mail{.events = {}, .failures_to_come = 1'000'000};
    log index{.events = {}, .failures_to_come = 1'000'000};
    listen(*bus, "mail", mail);
    listen(*bus, "index", index, {other_topic}, false);
    start(*bus);
    publish(*bus, some(4, 4, other_topic));
    wait_until([&] { return index.failures_to_come < 999'996; });
    EXPECT_TRUE(bus->ready()) << "who is not vital makes nobody unready";
    publish(*bus, some(4, 4));
    wait_until([&] { return !bus->ready(); });
    mail.failures_to_come = 0;
    wait_until([&] { return bus->ready() && mail.events.size() == 4; });
    stop(*bus);
  }

  void a_restart_goes_on_where_the_last_one_stopped() {
    log before;
    log after;
    const auto first_part = some(20, 5);
    const auto second_part = some(20, 5);
    {
      const auto bus = make(io());
      listen(*bus, "mail", before);
      start(*bus);
      publish(*bus, first_part);
      wait_until([&] { return before.events.size() == 20; });
      linger();
      stop(*bus);
    }
    {
      const auto publisher = make(io());
      start(*publisher);
      publish(*publisher, second_part);
      stop(*publisher);
    }
    const auto bus = make(io());
    listen(*bus, "mail", after);
    start(*bus);
    wait_until([&] { return after.events.size() >= 20; });
    linger();
    EXPECT_EQ(by_key(after.events), by_key(second_part));
    stop(*bus);
  }

  void a_process_that_could_not_handle_events_leaves_them_to_the_next() {
    log before{.events = {}, .failures_to_come = 1'000'000};
    log after;
    const auto sent = some(20, 5);
    {
      const auto bus = start_listening(before);
      publish(*bus, sent);
      wait_until([&] { return before.failures_to_come < 999'998; });
      stop(*bus);
    }
    const auto bus = start_listening(after);
    wait_until([&] { return after.events.size() >= 20; });
    EXPECT_EQ(by_key(after.events), by_key(sent));
    EXPECT_TRUE(before.events.empty());
    stop(*bus);
  }

  void a_new_consumer_gets_what_was_published_before_it() {
    const auto sent = some(20, 5);
    {
      const auto publisher = make(io());
      start(*publisher);
      publish(*publisher, sent);
      stop(*publisher);
    }
    log mail;
    const auto bus = start_listening(mail);
    wait_until([&] { return mail.events.size() >= 20; });
    EXPECT_EQ(by_key(mail.events), by_key(sent));
    stop(*bus);
  }

  void a_topic_that_the_bus_was_not_told_of_is_refused() {
    const auto bus = make(io());
    start(*bus);
    EXPECT_THROW(publish(*bus, some(1, 1, "conformance.unknown")), ports::event_refused);
    stop(*bus);
  }

  void processes_of_one_consumer_share_its_events() {
    log first;
    log second;
    const auto one = start_listening(first);
    const auto two = start_listening(second);
    std::vector<ports::event> sent;
    for (int round = 0; round < 200 && (first.events.empty() || second.events.empty()); ++round) {
      auto some_more = some(16, 16);
      sent.insert(sent.end(), some_more.begin(), some_more.end());
      publish(*one, std::move(some_more));
      linger();
    }
    wait_until([&] { return first.events.size() + second.events.size() >= sent.size(); });
    EXPECT_FALSE(first.events.empty());
    EXPECT_FALSE(second.events.empty());
    // While partitions change hands, an event may come twice, but none is left out.
    std::set<std::string> got;
    for (const auto* each : {&first, &second}) {
      for (const auto& id : each->ids()) got.insert(id);
    }
    EXPECT_EQ(got.size(), sent.size());
    stop(*one);
    stop(*two);
  }

  void a_process_that_left_is_replaced() {
    log first;
    log second;
    const auto one = start_listening(first);
    const auto two = start_listening(second);
    stop(*one);
    first.events.clear();
    const auto sent = some(40, 40);
    publish(*two, sent);
    wait_until([&] { return second.events.size() >= 40; });
    EXPECT_EQ(by_key(second.events), by_key(sent));
    EXPECT_TRUE(first.events.empty());
    stop(*two);
  }

  /// Sequences, clocks and commits do not have one order: nobody may be passed over because of it.
  void nothing_is_lost_among_many_publishers() {
    TICKETSHOW_SEEDED(random);
    const auto bus = make(io());
    log mail;
    listen(*bus, "mail", mail);
    start(*bus);
    std::vector<std::vector<ports::event>> batches;
    std::map<std::string, std::vector<std::string>> expected;
    for (int publisher = 0; publisher < 40; ++publisher) {
      auto events = some(static_cast<int>(random.between(1, 40)), 3);
      for (auto& each : events) {
        each.key = fmt::format("{} of {}", each.key, publisher);
        expected[each.key].push_back(each.id);
      }
      batches.push_back(std::move(events));
    }
    std::vector<rt::task<bool>> work;
    for (auto& each : batches)
      work.push_back(publish_later(*bus, std::chrono::milliseconds(random.between(0, 50)), each));
    test::run_all(context_, std::move(work));
    std::size_t total = 0;
    for (const auto& each : batches) total += each.size();
    wait_until([&] { return mail.events.size() >= total; });
    EXPECT_EQ(by_key(mail.events), expected);
    stop(*bus);
  }

  /// Whoever reads a partition, and however often it changes hands and its events fail.
  void processes_may_come_and_go_at_any_time() {
    TICKETSHOW_SEEDED(random);
    log mail;  // of all processes
    std::vector<ports::event> sent;
    std::vector<std::unique_ptr<ports::event_bus>> processes;
    const auto publisher = make(io());
    start(*publisher);
    for (int round = 0; round < 12; ++round) {
      if (processes.empty() || (processes.size() < 3 && random.one_in(2))) {
        processes.push_back(start_listening(mail));
      } else {
        stop(*processes.front());
        processes.erase(processes.begin());
      }
      mail.failures_to_come += static_cast<int>(random.between(0, 2));
      auto some_more = some(40, 7);
      sent.insert(sent.end(), some_more.begin(), some_more.end());
      publish(*publisher, std::move(some_more));
      run(rt::sleep_for(std::chrono::milliseconds(random.between(0, 300))));
    }
    if (processes.empty()) processes.push_back(start_listening(mail));
    wait_until([&] { return first_deliveries(mail.events).size() >= sent.size(); });
    EXPECT_EQ(by_key(first_deliveries(mail.events)), by_key(sent));
    for (const auto& each : processes) stop(*each);
    stop(*publisher);
  }

  boost::asio::io_context context_{1};

 private:
  static rt::task<bool> publish_later(ports::event_bus& bus, std::chrono::milliseconds after,
                                      std::vector<ports::event> what) {
    co_await rt::sleep_for(after);
    co_await bus.publish(rt::deadline::after(std::chrono::seconds(20)), std::move(what));
    co_return true;
  }

  int made_ = 0;
};

}  // namespace ticketshow::test

#define TICKETSHOW_EVENT_BUS_PROMISE(fixture, name) \
  TEST_F(fixture, name) { event_bus_conformance::name(); }

#define TICKETSHOW_EVENT_BUS_CONFORMANCE(fixture)                                                       \
  TICKETSHOW_EVENT_BUS_PROMISE(fixture, every_consumer_gets_everything_in_order_of_its_key)             \
  TICKETSHOW_EVENT_BUS_PROMISE(fixture, an_event_arrives_as_it_was)                                     \
  TICKETSHOW_EVENT_BUS_PROMISE(fixture, what_could_not_be_handled_comes_again_in_order)                 \
  TICKETSHOW_EVENT_BUS_PROMISE(fixture, a_process_is_not_ready_while_a_vital_consumer_fails_for_long)   \
  TICKETSHOW_EVENT_BUS_PROMISE(fixture, a_restart_goes_on_where_the_last_one_stopped)                   \
  TICKETSHOW_EVENT_BUS_PROMISE(fixture, a_process_that_could_not_handle_events_leaves_them_to_the_next) \
  TICKETSHOW_EVENT_BUS_PROMISE(fixture, a_new_consumer_gets_what_was_published_before_it)               \
  TICKETSHOW_EVENT_BUS_PROMISE(fixture, a_topic_that_the_bus_was_not_told_of_is_refused)                \
  TICKETSHOW_EVENT_BUS_PROMISE(fixture, processes_of_one_consumer_share_its_events)                     \
  TICKETSHOW_EVENT_BUS_PROMISE(fixture, a_process_that_left_is_replaced)                                \
  TICKETSHOW_EVENT_BUS_PROMISE(fixture, nothing_is_lost_among_many_publishers)                          \
  TICKETSHOW_EVENT_BUS_PROMISE(fixture, processes_may_come_and_go_at_any_time)
