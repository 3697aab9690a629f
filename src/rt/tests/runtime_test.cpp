// Modules, workers, deadlines and sleep.
#include <condition_variable>
#include <mutex>
#include <sys/resource.h>
#include <thread>

#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>

#include "rt/call.hpp"
#include "rt/gate.hpp"
#include "rt/metrics.hpp"
#include "rt/module.hpp"
#include "rt/worker_pool.hpp"

namespace ticketshow::rt {
namespace {

using namespace std::chrono_literals;
using events = std::vector<std::string>;

class noted final : public module {
 public:
  enum class trait { none, fails_to_start, fails_to_stop };

  noted(std::string name, events& log, trait how = trait::none) : name_(std::move(name)), log_(log), how_(how) {}
  ~noted() override { log_.push_back("destroy " + name_); }
  [[nodiscard]] std::string name() const override { return name_; }
  task<> start() override {
    co_await sleep_for(1ms);
    if (how_ == trait::fails_to_start) throw std::runtime_error(name_ + " cannot start");
    log_.push_back("start " + name_);
  }
  task<> stop(deadline /*until*/) override {
    co_await sleep_for(1ms);
    log_.push_back("stop " + name_);
    if (how_ == trait::fails_to_stop) throw std::runtime_error(name_ + " cannot stop");
  }
  [[nodiscard]] bool ready() const override { return is_ready; }

  bool is_ready = true;

 private:
  std::string name_;
  events& log_;
  trait how_;
};

TEST(module_graph, starts_in_order_and_stops_and_is_destroyed_in_reverse) {
  asio::io_context io;
  events log;
  {
    module_graph graph;
    graph.add(std::make_unique<noted>("pool", log));
    graph.add(std::make_unique<noted>("service", log));
    run(io, graph.start());
    EXPECT_EQ(graph.not_ready(), events{});
    run(io, graph.stop(deadline::after(1s)));
  }
  EXPECT_EQ(log,
            (events{"start pool", "start service", "stop service", "stop pool", "destroy service", "destroy pool"}));
}

TEST(module_graph, stops_it_and_what_was_started_when_one_fails_to_start) {
  asio::io_context io;
  events log;
  module_graph graph;
  graph.add(std::make_unique<noted>("pool", log));
  graph.add(std::make_unique<noted>("broken", log, noted::trait::fails_to_start));
  graph.add(std::make_unique<noted>("later", log));
  try {
    run(io, graph.start());
    FAIL() << "it started";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "broken cannot start");
  }
  EXPECT_EQ(log, (events{"start pool", "stop broken", "stop pool"}));
}

TEST(module_graph, a_module_that_fails_to_stop_does_not_keep_the_others_from_it) {
  asio::io_context io;
  events log;
  module_graph graph;
  graph.add(std::make_unique<noted>("pool", log));
  graph.add(std::make_unique<noted>("broken", log, noted::trait::fails_to_stop));
  run(io, graph.start());
  run(io, graph.stop(deadline::after(1s)));
  EXPECT_EQ(log, (events{"start pool", "start broken", "stop broken", "stop pool"}));
}

TEST(module_graph, names_who_is_not_ready) {
  asio::io_context io;
  events log;
  module_graph graph;
  auto& pool = graph.add(std::make_unique<noted>("pool", log));
  graph.add(std::make_unique<noted>("service", log));
  run(io, graph.start());
  pool.is_ready = false;
  EXPECT_EQ(graph.not_ready(), events{"pool"});
  run(io, graph.stop(deadline::after(1s)));
}

task<> run_on_worker(worker_pool& workers, std::function<int()> work, std::vector<int>& results) {
  const auto result = co_await workers.run(std::move(work));
  results.push_back(result.value_or(-1));
}

TEST(worker_pool, runs_elsewhere_and_comes_back) {
  asio::io_context io;
  worker_pool workers(1, 1);
  const auto here = std::this_thread::get_id();
  const auto elsewhere = run(io, workers.run([] { return std::this_thread::get_id(); }));
  ASSERT_TRUE(elsewhere);
  EXPECT_NE(*elsewhere, here);
  EXPECT_EQ(workers.busy(), 0U);
}

TEST(worker_pool, hands_exceptions_over_and_frees_the_place) {
  asio::io_context io;
  worker_pool workers(1, 1);
  const auto work = []() -> int { throw std::runtime_error("too hard"); };
  EXPECT_THROW(run(io, workers.run(work)), std::runtime_error);
  EXPECT_EQ(workers.busy(), 0U);
  EXPECT_EQ(run(io, workers.run([] { return 7; })), 7);
}

TEST(worker_pool, in_background_gives_way_to_everybody_else) {
  asio::io_context io;
  const auto niceness = [] { return getpriority(PRIO_PROCESS, 0); };
  const auto own = niceness();
  worker_pool hasty(1, 1);
  worker_pool modest(1, 1, worker_pool::haste::in_background);
  EXPECT_EQ(run(io, hasty.run(niceness)), own);
  EXPECT_EQ(run(io, modest.run(niceness)), std::max(own, 10));
  EXPECT_EQ(niceness(), own) << "the thread's alone";
}

TEST(worker_pool, refuses_what_exceeds_its_capacity) {
  asio::io_context io;
  worker_pool workers(1, 2);
  std::mutex mutex;
  std::condition_variable opened;
  bool open = false;
  const auto wait = [&] {
    std::unique_lock lock(mutex);
    opened.wait(lock, [&] { return open; });
    return 1;
  };
  std::vector<int> results;
  gate tasks(io.get_executor(), "workers");
  for (int i = 0; i < 4; ++i) tasks.spawn(run_on_worker(workers, wait, results));
  while (results.size() < 2 && io.run_one() != 0) {
  }
  EXPECT_EQ(results, (std::vector{-1, -1}));  // two wait or run, two were refused
  EXPECT_EQ(workers.busy(), 2U);
  {
    const std::lock_guard lock(mutex);
    open = true;
  }
  opened.notify_all();
  EXPECT_TRUE(run(io, tasks.drain(deadline::after(5s))));
  EXPECT_EQ(results, (std::vector{-1, -1, 1, 1}));
}

TEST(deadline, counts_down_and_never_below_zero) {
  EXPECT_TRUE(deadline::after(0s).passed());
  EXPECT_EQ(deadline::after(-1s).left(), 0s);
  const auto later = deadline::after(1h);
  EXPECT_FALSE(later.passed());
  EXPECT_GT(later.left(), 59min);
  EXPECT_FALSE(deadline::never().passed());
  EXPECT_GT(deadline::never().left(), 1h);
}

TEST(deadline, is_only_ever_shortened) {
  const auto soon = deadline::after(1s);
  EXPECT_EQ(soon.no_later_than(1h).at(), soon.at());
  EXPECT_LT(soon.no_later_than(10ms).at(), soon.at());
  EXPECT_LT(deadline::never().no_later_than(1s).at(), deadline::after(2s).at());
}

TEST(sleep_for, lasts_at_least_as_long_as_asked) {
  asio::io_context io;
  const auto began = steady_clock::now();
  run(io, sleep_for(20ms));
  EXPECT_GE(steady_clock::now() - began, 20ms);
}

task<> note_after_sleep(events& log) {
  co_await sleep_for(1h);
  log.push_back("woken");
}

TEST(sleep_for, ends_early_without_an_exception_when_cancelled) {
  asio::io_context io;
  gate tasks(io.get_executor(), "sleepers");
  events log;
  tasks.spawn(note_after_sleep(log));
  run(io, sleep_for(1ms));
  EXPECT_TRUE(run(io, tasks.close(deadline::after(5s))));
  EXPECT_EQ(log, events{"woken"});
}

struct no_default {
  explicit no_default(int v) : value(v) {}
  int value;
};
task<no_default> make_no_default() { co_return no_default(3); }
task<int> throw_in_task() {
  co_await sleep_for(0ms);
  throw std::logic_error("wrong");
}

TEST(run, returns_values_and_throws_on_what_the_task_throws) {
  asio::io_context io;
  EXPECT_EQ(run(io, make_no_default()).value, 3);
  EXPECT_THROW(run(io, throw_in_task()), std::logic_error);
}

TEST(metrics, the_same_name_and_labels_are_the_same_instrument) {
  auto& one = metrics::counter("ticketshow_test_total", "help", {{"kind", "a"}});
  auto& same = metrics::counter("ticketshow_test_total", "help", {{"kind", "a"}});
  auto& other = metrics::counter("ticketshow_test_total", "help", {{"kind", "b"}});
  EXPECT_EQ(&one, &same);
  EXPECT_NE(&one, &other);
  one.Increment(2);
  EXPECT_NE(metrics::scrape().find("ticketshow_test_total{kind=\"a\"} 2"), std::string::npos);
}

}  // namespace
}  // namespace ticketshow::rt
