#include "adapters/bus_kafka/bus_kafka.hpp"

#include "adapters/bus_kafka/librdkafka.hpp"
#include "adapters/bus_kafka/message.hpp"
#include "adapters/bus_kafka/producer.hpp"
#include "adapters/bus_kafka/tests/kafka.hpp"
#include "rt/unavailable.hpp"

namespace ticketshow::bus_kafka {
namespace {

using namespace std::chrono_literals;

class bus_kafka_test : public kafka_test {
 protected:
  /// What the bus says when it does not start.
  std::string refusal_of(bus& starting) {
    try {
      start(starting);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "it started";
  }

  bool is_taken(producer& by, const std::vector<ports::event>& events) {
    try {
      run(by.publish(rt::deadline::after(1s), events));
      return true;
    } catch (const rt::unavailable&) {
      return false;
    }
  }
};

/// Its first call takes four seconds.
rt::task<> handle_slowly(std::vector<ports::event>& handled, std::vector<ports::event> events) {
  if (handled.empty()) co_await rt::sleep_for(4s);
  for (auto& each : events) handled.push_back(std::move(each));
}

TICKETSHOW_EVENT_BUS_CONFORMANCE(bus_kafka_test)

TEST_F(bus_kafka_test, a_start_without_a_broker_fails_with_its_address) {
  const auto alone = chosen("127.0.0.1:1");
  bus away(io(), random, alone);
  EXPECT_THAT(refusal_of(away), testing::AllOf(testing::StartsWith("no Kafka broker answers at 127.0.0.1:1 ("),
                                               testing::HasSubstr("Connection refused")));
  EXPECT_THROW(run(away.publish(rt::deadline::after(100ms), some(1, 1))), rt::unavailable);
  stop(away);
}

TEST_F(bus_kafka_test, a_topic_that_is_made_has_the_partitions_and_replicas_of_the_settings) {
  auto sized = chosen();
  const auto name = topic + "-sized";
  sized.topics = {{name, 7}};
  sized.replicas = 1;
  bus made(io(), random, sized);
  start(made);
  const auto asking = make_client(RD_KAFKA_PRODUCER, sized, {}, 0);
  const topic_handle about(rd_kafka_topic_new(asking.get(), name.c_str(), nullptr));
  const struct rd_kafka_metadata* told = nullptr;
  ASSERT_EQ(rd_kafka_metadata(asking.get(), 0, about.get(), &told, 10'000), RD_KAFKA_RESP_ERR_NO_ERROR);
  const owned<const struct rd_kafka_metadata, rd_kafka_metadata_destroy> answer(told);
  ASSERT_EQ(answer->topic_cnt, 1);
  ASSERT_EQ(answer->topics[0].partition_cnt, 7);
  for (int i = 0; i < 7; ++i) EXPECT_EQ(answer->topics[0].partitions[i].replica_cnt, 1);
  stop(made);
}

TEST_F(bus_kafka_test, more_replicas_than_there_are_brokers_are_refused_with_a_sentence) {
  auto lonely = chosen();
  lonely.topics = {{topic + "-lonely", 1}};
  lonely.replicas = 3;
  bus away(io(), random, lonely);
  EXPECT_THAT(refusal_of(away), testing::AllOf(testing::HasSubstr(topic + "-lonely"), testing::HasSubstr("replica")));
  stop(away);
}

TEST_F(bus_kafka_test, a_setting_that_cannot_be_is_told) {
  auto odd = chosen();
  odd.security.protocol = "smoke_signals";
  bus away(io(), random, odd);
  EXPECT_THAT(refusal_of(away), testing::HasSubstr("security.protocol"));
  stop(away);
}

TEST_F(bus_kafka_test, who_knows_the_password_gets_in_and_nobody_else) {
  // tests/stack/kafka.py: the port after the main one asks for it.
  const auto open = test_brokers();
  const auto colon = open.find(':');
  auto how = chosen(open.substr(0, colon + 1) + std::to_string(std::stoi(open.substr(colon + 1)) + 1));
  how.security = {.protocol = "sasl_plaintext", .user = "ticketshow", .password = "kafka-test-password"};
  bus inside(io(), random, how);
  log mail;
  listen(inside, "mail", mail);
  start(inside);
  publish(inside, some(5, 1));
  wait_until([&] { return mail.events.size() == 5; });
  stop(inside);

  how.security.password = "guessed";
  bus outside(io(), random, how);
  EXPECT_THAT(refusal_of(outside), testing::HasSubstr("Authentication failed"));
  stop(outside);
}

TEST_F(bus_kafka_test, a_process_whose_failing_events_went_to_another_is_ready_again) {
  stuck_ms = 300;
  log failing{.events = {}, .failures_to_come = 1'000'000};
  log mail;
  const auto one = start_listening(failing);
  publish(*one, some(1, 1));  // in one partition, and the group deals partitions out by chance
  wait_until([&] { return !one->ready(); });
  std::vector<std::unique_ptr<ports::event_bus>> others;
  while (mail.events.empty() && others.size() < 6) {
    others.push_back(start_listening(mail));
    const auto give_up = rt::deadline::after(8s);
    while (mail.events.empty() && !give_up.passed()) run(rt::sleep_for(20ms));
  }
  ASSERT_EQ(mail.events.size(), 1U) << "chance never gave the partition to another process";
  wait_until([&] { return one->ready(); });
  for (const auto& each : others) stop(*each);
  stop(*one);
}

/// The group takes a process that is silent for three sessions for dead.
TEST_F(bus_kafka_test, a_handler_may_take_longer_than_the_group_waits_for_a_sign_of_life) {
  auto quick = chosen();
  quick.session_ms = 1'000;
  bus slow(io(), random, quick);
  log mail;
  slow.subscribe({"mail" + suffix, {topic}, [&](std::vector<ports::event> events) {
                    return handle_slowly(mail.events, std::move(events));
                  }});
  start(slow);
  auto sent = some(1, 1);
  publish(slow, sent);
  wait_until([&] { return mail.events.size() == 1; });
  const auto later = some(20, 4);
  sent.insert(sent.end(), later.begin(), later.end());
  publish(slow, later);
  wait_until([&] { return mail.events.size() >= 21; });
  EXPECT_EQ(by_key(mail.events), by_key(sent)) << "it lost its partitions and got events again";
  stop(slow);
}

TEST_F(bus_kafka_test, a_message_of_another_program_is_an_event_too) {
  const auto bus = make(io());
  log mail;
  listen(*bus, "mail", mail);
  start(*bus);
  const auto other = make_client(RD_KAFKA_PRODUCER, chosen(), {}, 0);
  const std::array<rd_kafka_vu_t, 3> bare{
      rd_kafka_vu_t{.vtype = RD_KAFKA_VTYPE_TOPIC, .u = {.cstr = topic.c_str()}},
      rd_kafka_vu_t{.vtype = RD_KAFKA_VTYPE_PARTITION, .u = {.i32 = 2}},
      rd_kafka_vu_t{.vtype = RD_KAFKA_VTYPE_VALUE, .u = {.mem = {.ptr = nullptr, .size = 0}}},
  };
  ASSERT_EQ(rd_kafka_produceva(other.get(), bare.data(), bare.size()), nullptr);
  wait_until([&] { return mail.events.size() == 1; });
  const auto& got = mail.events.front();
  EXPECT_EQ(got.id, topic + "/2/0");
  EXPECT_EQ(got.key, "");
  EXPECT_EQ(got.payload, "");
  EXPECT_EQ(got.schema_version, 1);
  EXPECT_EQ(got.correlation_id, "");
  EXPECT_LT(system_clock_source().now() - got.time, 1min);
  stop(*bus);
}

/// Java's clients and all processes of this system, today and later, find a key in the same partition.
TEST_F(bus_kafka_test, a_key_has_the_partition_that_java_gives_it) {
  const auto bus = make(io());
  start(*bus);
  auto events = some(1, 1);
  events[0].key = "foobar";  // org.apache.kafka.common.utils.UtilsTest: murmur2("foobar") is -790332482
  publish(*bus, events);
  constexpr std::int32_t expected = (-790332482 & 0x7fffffff) % 4;

  const auto reader = make_client(RD_KAFKA_CONSUMER, chosen(), {{"group.id", "reader" + suffix}}, 0);
  const offset_list place(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(place.get(), topic.c_str(), expected)->offset = RD_KAFKA_OFFSET_BEGINNING;
  ASSERT_EQ(rd_kafka_assign(reader.get(), place.get()), RD_KAFKA_RESP_ERR_NO_ERROR);
  const owned<rd_kafka_message_t, rd_kafka_message_destroy> message(rd_kafka_consumer_poll(reader.get(), 10'000));
  ASSERT_NE(message, nullptr);
  EXPECT_EQ(bus_kafka::read(*message).id, events[0].id);
  stop(*bus);
}

TEST_F(bus_kafka_test, an_event_that_is_too_large_is_refused_for_good_and_others_are_taken) {
  const auto bus = make(io());
  log mail;
  listen(*bus, "mail", mail);
  start(*bus);
  auto events = some(3, 1);
  events[1].payload = std::string(3UZ * 1024 * 1024, 'x');
  EXPECT_THROW(publish(*bus, events), ports::event_refused);
  events.erase(events.begin() + 1);
  publish(*bus, events);
  wait_until([&] { return first_deliveries(mail.events).size() == 2; });
  EXPECT_EQ(by_key(first_deliveries(mail.events)), by_key(events));
  stop(*bus);
}

TEST_F(bus_kafka_test, a_producer_that_broke_is_replaced) {
  rt::gate background(io(), "test");
  const auto how = chosen();
  producer breaking(io(), how);
  run(breaking.start(background));
  wait_until([&] { return is_taken(breaking, some(3, 1)); });
  const std::string before = rd_kafka_name(breaking.client());
  rd_kafka_test_fatal_error(breaking.client(), RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, "as a test wants it");
  EXPECT_FALSE(is_taken(breaking, some(1, 1)));
  wait_until([&] { return is_taken(breaking, some(3, 1)); });
  EXPECT_NE(rd_kafka_name(breaking.client()), before);
  run(background.close(rt::deadline::after(5s)));
}

}  // namespace
}  // namespace ticketshow::bus_kafka
