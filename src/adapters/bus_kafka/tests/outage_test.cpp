#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <iostream>
#include <unistd.h>

#include "adapters/bus_kafka/tests/kafka.hpp"
#include "rt/unavailable.hpp"

namespace ticketshow::bus_kafka {
namespace {

using namespace std::chrono_literals;

struct closed {
  void operator()(std::FILE* pipe) const { ::pclose(pipe); }
};
using pipe = std::unique_ptr<std::FILE, closed>;

pipe started(const std::string& command) { return pipe(::popen(command.c_str(), "r")); }

/// Its next line, without the end; empty at the end of the output.
std::string next_line(const pipe& from) {
  std::array<char, 256> line{};
  if (std::fgets(line.data(), line.size(), from.get()) == nullptr) return "";
  const std::string_view text(line.data());
  return std::string(text.substr(0, text.find('\n')));
}

std::filesystem::path own_program() { return std::filesystem::read_symlink("/proc/self/exe"); }

/// A Kafka that a test has to itself, to stop and to start again.
class own_kafka {
 public:
  own_kafka() {
    stop();  // should an earlier run have been interrupted
    std::filesystem::remove_all(place_);
    address_ = start();
  }
  own_kafka(const own_kafka&) = delete;
  own_kafka& operator=(const own_kafka&) = delete;
  ~own_kafka() { stop(); }

  std::string start() const { return stack("start"); }
  void stop() const { stack("stop"); }
  [[nodiscard]] const std::string& address() const { return address_; }

 private:
  std::string stack(const std::string& word) const {
    return next_line(started("cd '" TICKETSHOW_ROOT "' && python3 -m tests.stack " + word + " kafka '" + place_ + "'"));
  }

  const std::string place_ = own_program().parent_path() / "kafka-of-the-outage-test";
  std::string address_;
};

class outage_test : public kafka_test {
 protected:
  /// Publishes batches one after another, each again until it is taken, as the relay of an outbox does.
  struct relay {
    std::vector<ports::event> taken;
    int batches = 0;
    int failures = 0;
    bool enough = false;
    bool ended = false;
  };

  rt::task<> publish_on(ports::event_bus& bus, relay& state) {
    while (!state.enough) {
      const auto events = some(10, 4);
      bool taken = false;
      while (!taken) {
        try {
          co_await bus.publish(rt::deadline::after(1s), events);
          taken = true;
        } catch (const rt::unavailable&) {
          ++state.failures;
        }
        co_await rt::sleep_for(20ms);
      }
      state.taken.insert(state.taken.end(), events.begin(), events.end());
      ++state.batches;
    }
    state.ended = true;
  }

  /// Does something slow beside the running context.
  void meanwhile(std::function<void()> work) {
    auto running = std::async(std::launch::async, std::move(work));
    wait_until([&] { return running.wait_for(0s) == std::future_status::ready; });
  }
};

/// The process to be killed: says who it is when it has events, and never comes to an end with them.
void be_doomed(boost::asio::io_context& context, random_source& random, options chosen, const std::string& suffix) {
  const auto topic = "conformance.things" + suffix;
  chosen.topics = {{topic, 4}};
  bus doomed(context.get_executor(), random, std::move(chosen));
  doomed.subscribe({"mail" + suffix, {topic}, [](auto) -> rt::task<> {
                      std::cout << "pid " << ::getpid() << std::endl;
                      co_await rt::sleep_for(1min);
                    }});
  rt::run(context, doomed.start());
  rt::run(context, rt::sleep_for(1min));
}

TEST_F(outage_test, kafka_may_stop_under_load_and_come_back) {
  const own_kafka kafka;
  auto impatient = chosen(kafka.address());
  impatient.away_ms = 1'200;
  bus shared(io(), random, impatient);
  log mail;
  listen(shared, "mail", mail);
  start(shared);
  relay state;
  rt::asio::co_spawn(io(), publish_on(shared, state), rt::asio::detached);
  wait_until([&] { return state.batches >= 5 && mail.events.size() >= 30; });
  EXPECT_TRUE(shared.ready());

  meanwhile([&] { kafka.stop(); });
  wait_until([&] { return state.failures > 0 && !shared.ready(); });
  const int before = state.batches;
  meanwhile([&] { EXPECT_EQ(kafka.start(), kafka.address()); });
  wait_until([&] { return state.batches >= before + 5 && shared.ready(); });

  state.enough = true;
  wait_until([&] { return state.ended; });
  wait_until([&] { return first_deliveries(mail.events).size() >= state.taken.size(); });
  EXPECT_EQ(by_key(first_deliveries(mail.events)), by_key(state.taken));

  meanwhile([&] { kafka.stop(); });
  const auto began = rt::steady_clock::now();
  stop(shared);
  EXPECT_LT(rt::steady_clock::now() - began, 5s) << "it waited for a broker that is away";
}

TEST_F(outage_test, a_process_killed_between_effect_and_commit_is_replaced) {
  // The same test in another process plays the one that is killed.
  const char* part = std::getenv("TICKETSHOW_TEST_DOOMED");  // NOLINT(concurrency-mt-unsafe): never set by us
  if (part != nullptr) return be_doomed(context_, random, chosen(), part);

  const auto publisher = make(io());
  start(*publisher);
  const auto sent = some(20, 5);
  publish(*publisher, sent);

  const auto doomed = started("TICKETSHOW_TEST_DOOMED=" + suffix + " exec '" + own_program().string() +
                              "' --gtest_filter='*a_process_killed_between_effect_and_commit_is_replaced'");
  std::string line;
  do line = next_line(doomed);
  while (!line.empty() && !line.starts_with("pid "));
  ASSERT_FALSE(line.empty()) << "it ended without an event";
  ::kill(std::stoi(line.substr(4)), SIGKILL);

  log mail;
  const auto heir = start_listening(mail);
  wait_until([&] { return mail.events.size() >= sent.size(); });
  EXPECT_EQ(by_key(mail.events), by_key(sent));
  stop(*heir);
  stop(*publisher);
}

}  // namespace
}  // namespace ticketshow::bus_kafka
